//! A sealed environment for the real binary: no variable and no file of the machine's user reaches it.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;
use ecs_vnc::demo::{self, Demo, Options};
use ecs_vnc::system::clock::Clock;
use tempfile::TempDir;

/// How a run ended and what it wrote.
#[derive(Debug)]
pub(crate) struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// The run, which must have ended with `code`; an error has nothing on stdout and something on stderr.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        if code != 0 {
            assert!(self.stdout.is_empty() && !self.stderr.is_empty(), "{self:#?}");
        }
        self
    }

    /// The run, whose stderr must contain each of `words`.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.stderr.contains(word), "`{word}` is not in {}", self.stderr);
        }
        self
    }

    /// The result's only line.
    #[track_caller]
    pub(crate) fn line(&self) -> &str {
        let line = self.stdout.strip_suffix('\n').expect("the result ends with a newline");
        assert!(!line.contains('\n'), "more than one line: {}", self.stdout);
        line
    }

    /// The lines of the result as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Vec<serde_json::Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
    }

    /// What stands in the last line of stderr under `Error`.
    #[track_caller]
    pub(crate) fn json_error(&self) -> serde_json::Value {
        let line = self.stderr.lines().last().expect("there is an error");
        serde_json::from_str::<serde_json::Value>(line).expect("the error is JSON")["Error"].clone()
    }
}

/// A home of its own, and variables.
pub(crate) struct Sandbox {
    home: TempDir,
    env: Vec<(String, String)>,
    stdin: String,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut env = vec![
            ("HOME".to_owned(), home.path().display().to_string()),
            // Windows does not let HOME move the user's directories.
            ("ECS_VNC_HOME".to_owned(), home.path().display().to_string()),
            ("PATH".to_owned(), "/usr/bin:/bin".to_owned()),
            // Nobody's role, should this machine be an instance.
            ("ALIBABA_CLOUD_ECS_METADATA_DISABLED".to_owned(), "true".to_owned()),
        ];
        // Without it, Windows has no sockets and no random numbers.
        env.extend(std::env::var("SystemRoot").map(|root| ("SystemRoot".to_owned(), root)));
        Self { home, env, stdin: String::new() }
    }

    /// With the keys of the simulated account in the environment, and its endpoint.
    pub(crate) fn with_account(endpoint: &str) -> Self {
        Self::new()
            .env("ALIBABA_CLOUD_ACCESS_KEY_ID", demo::ACCESS_KEY_ID)
            .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", demo::ACCESS_KEY_SECRET)
            .env("ALIBABA_CLOUD_REGION_ID", demo::REGION)
            .env("ALIBABA_CLOUD_ENDPOINT", endpoint)
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Without a variable.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.env.retain(|(own, _)| own != name);
        self
    }

    pub(crate) fn stdin(mut self, text: &str) -> Self {
        self.stdin = text.to_owned();
        self
    }

    /// Writes the configuration file, readable by its owner only.
    pub(crate) fn config(self, text: &str) -> Self {
        let file = self.config_file();
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        self.env("ECS_VNC_CONFIG", &file.display().to_string())
    }

    /// Where the configuration is.
    pub(crate) fn config_file(&self) -> PathBuf {
        self.path("conf/config.toml")
    }

    /// A path inside the home.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Writes an executable shell script.
    #[cfg(unix)]
    pub(crate) fn script(&self, name: &str, body: &str) -> String {
        let file = self.path(name);
        fs::write(&file, format!("#!/bin/sh\n{body}\n")).unwrap();
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        file.display().to_string()
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        let mut child = self.spawn(args);
        // A program that ends before it has read its input is fine.
        let _ = child.stdin.take().unwrap().write_all(self.stdin.as_bytes());
        let output = child.wait_with_output().unwrap();
        Run {
            code: output.status.code().expect("it ends by itself"),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// What it writes to stdout and stderr together, in the order in which it writes it.
    pub(crate) fn run_into_one_stream(&self, args: &[&str]) -> String {
        let file = self.path("both.txt");
        let both = fs::OpenOptions::new().create(true).append(true).open(&file).unwrap();
        let mut command = self.command(args);
        command.stdin(Stdio::null()).stdout(both.try_clone().unwrap()).stderr(both).status().unwrap();
        fs::read_to_string(&file).unwrap()
    }

    pub(crate) fn spawn(&self, args: &[&str]) -> Child {
        self.command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// The command in a shell, in which it is `"$0" "$@"`.
    #[cfg(unix)]
    pub(crate) fn in_shell(&self, script: &str, args: &[&str]) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]).arg(cargo_bin("ecs-vnc")).args(args);
        command.env_clear().envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }

    /// The command, with nothing said of its stdin, stdout and stderr.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(cargo_bin("ecs-vnc"));
        command.args(args).env_clear().envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Starts another program in this environment.
    #[cfg(unix)]
    pub(crate) fn spawn_program(&self, program: impl AsRef<std::ffi::OsStr>, args: &[&str]) -> Child {
        Command::new(program)
            .args(args)
            .env_clear()
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }
}

/// Runs a simulated account until the test's process ends, and gives its endpoint.
pub(crate) fn account(options: Options) -> String {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let demo = Demo::start(0, options).await.unwrap();
            sender.send(demo.endpoint()).unwrap();
            std::future::pending::<()>().await;
        });
    });
    receiver.recv().unwrap()
}

/// An account that behaves as the service does, and a sandbox that knows it.
pub(crate) fn with_account() -> Sandbox {
    Sandbox::with_account(&account(Options::new(Clock::system())))
}

/// Tests all cases at the same time: most of their time is waited.
pub(crate) fn at_once<T: Send>(cases: impl IntoIterator<Item = T>, test: impl Fn(T) + Sync) {
    let test = &test;
    thread::scope(|scope| {
        for case in cases {
            scope.spawn(move || test(case));
        }
    });
}

/// Waits for what another process does, but not for ever.
pub(crate) fn until(what: &str, mut probe: impl FnMut() -> bool) {
    let started = Instant::now();
    while !probe() {
        assert!(started.elapsed() < Duration::from_secs(30), "not within 30 s: {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

/// Ctrl-C for a process, and its exit code; it must end at once.
#[cfg(unix)]
pub(crate) fn interrupt(child: &mut Child) -> Option<i32> {
    signal(child, "INT")
}

/// Lets programs that are started after this not ignore SIGHUP, whether this process was started by nohup or not: a program that
/// is started keeps a signal ignored, but not one that its parent has a handler for. Source: execve(2), and POSIX.
#[cfg(unix)]
pub(crate) fn take_hangups() {
    use tokio::signal::unix::{SignalKind, signal};

    static HANDLER: std::sync::Once = std::sync::Once::new();
    HANDLER.call_once(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        // The handler stays when the stream of signals is dropped.
        drop(runtime.block_on(async { signal(SignalKind::hangup()).unwrap() }));
    });
}

/// A signal that is to end a process, and its exit code.
#[cfg(unix)]
pub(crate) fn signal(child: &mut Child, name: &str) -> Option<i32> {
    // The shell's own: a machine with only Rust may have no other.
    assert!(Command::new("sh").args(["-c", &format!("kill -{name} {}", child.id())]).status().unwrap().success());
    let mut code = None;
    until("the end after a signal", || {
        code = child.try_wait().unwrap();
        code.is_some()
    });
    code.unwrap().code()
}

/// A process that a test leaves behind by no means, not even by failing.
pub(crate) struct Killed(pub Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Ends a process that is not done after a while, so that whoever reads from it fails and does not hang.
pub(crate) fn watchdog(process: u32) -> Sender<()> {
    let (sender, dropped) = channel::<()>();
    thread::spawn(move || {
        if dropped.recv_timeout(Duration::from_secs(60)) == Err(RecvTimeoutError::Timeout) {
            let _ = Command::new("kill").args(["-9", &process.to_string()]).status();
        }
    });
    sender
}
