//! Finds a native VNC viewer and starts it.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use thiserror::Error;
use tokio::io::AsyncReadExt as _;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::child;
use super::known_viewers::{HOST_PORT_ARGUMENTS, KnownViewer, known_viewers};
use crate::system::command_line;
use crate::system::environment::Environment;
use crate::system::platform::{self, System};
use crate::system::shutdown::{CleanupGuard, Shutdown};
use crate::text::sanitize::sanitize;

/// How much of the end of a viewer's stderr is kept, in bytes.
const MAX_STDERR_LEN: usize = 2048;

/// How long a viewer may take to exit when it is asked to, and its stderr to end after that.
const EXIT_TIMEOUT: Duration = Duration::from_millis(500);

const EXIT_POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Where a viewer connects: a TCP port or a Unix socket.
#[derive(Clone, Debug, Default)]
pub(crate) struct ViewerAddress {
    pub(crate) host: String,
    /// 0 for a Unix socket.
    pub(crate) port: u16,
    /// The path of the Unix socket; empty for TCP.
    pub(crate) socket: PathBuf,
    /// The title for the viewer's window.
    pub(crate) title: String,
}

/// A viewer, and the arguments that make it connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Viewer {
    pub(crate) name: String,
    /// Whether the viewer's process may also show other consoles. Such a process must not be terminated.
    pub(crate) is_shared: bool,
    program: PathBuf,
    /// May contain `{host}`, `{port}`, `{display}`, `{socket}` and `{title}`.
    arguments: Vec<String>,
}

#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum ViewerError {
    /// This machine has no display or no viewer.
    #[error("{0}")]
    Unavailable(String),
    /// The viewer's command is wrong, or the viewer exited too early.
    #[error("{0}")]
    StartFailed(String),
}

impl Viewer {
    /// The viewer of a command line. If it has no placeholders, the arguments of the known viewer with this name are
    /// appended, or `{host}::{port}`. Whether there is a display is not checked.
    pub(crate) fn from_command(command: &str, env: &Environment) -> Result<Self, ViewerError> {
        let mut words = command_line::split(command, System::THIS).unwrap_or_default();
        if words.is_empty() {
            return Err(ViewerError::StartFailed(format!("{command:?} is not a command line")));
        }
        let name = words.remove(0);
        let missing = || ViewerError::StartFailed(format!("viewer not found: {}", sanitize(&name, 200)));
        let program = platform::find_program(Path::new(&name), env).ok_or_else(missing)?;
        let known = known_viewers(System::THIS).iter().find(|known| known.is_called(&program));
        if !words.iter().any(|word| has_placeholder(word)) {
            words.extend(
                known.map_or(HOST_PORT_ARGUMENTS, |known| known.arguments).iter().map(|word| (*word).to_owned()),
            );
        }
        let is_shared = known.is_some_and(|known| known.is_shared);
        Ok(Self { name: sanitize(&name, 200), is_shared, program, arguments: words })
    }

    /// The first known viewer that is installed.
    pub(crate) fn find(env: &Environment) -> Result<Self, ViewerError> {
        if let Some(reason) = platform::no_display(env) {
            return Err(ViewerError::Unavailable(reason.to_owned()));
        }
        let found = |known: &KnownViewer| {
            let program = known.programs.iter().find_map(|name| platform::find_program(Path::new(name), env))?;
            let arguments = known.arguments.iter().map(|word| (*word).to_owned()).collect();
            Some(Self { name: known.name.to_owned(), is_shared: known.is_shared, program, arguments })
        };
        known_viewers(System::THIS).iter().find_map(found).ok_or_else(|| {
            let names: Vec<&str> = known_viewers(System::THIS).iter().map(|known| known.name).collect();
            ViewerError::Unavailable(format!("no VNC viewer found (looked for {})", names.join(", ")))
        })
    }

    /// Whether its arguments contain `{socket}`.
    pub(crate) fn wants_socket(&self) -> bool {
        self.arguments.iter().any(|word| word.contains("{socket}"))
    }

    /// Whether its arguments contain `{display}`: displays 0 to 99 are the ports from 5900.
    pub(crate) fn wants_display(&self) -> bool {
        self.arguments.iter().any(|word| word.contains("{display}"))
    }

    /// Starts the viewer. Unless it is shared, it is terminated when this process ends.
    pub(crate) fn start(&self, address: &ViewerAddress) -> Result<RunningViewer, ViewerError> {
        let failed = |error: io::Error| ViewerError::StartFailed(format!("could not start {}: {error}", self.name));
        let mut command = Command::new(&self.program);
        command.args(self.arguments.iter().map(|word| fill_placeholders(word, address)));
        command.stderr(Stdio::piped());
        // If the command is a script, the viewer that it starts is terminated with it.
        child::isolate(&mut command);
        let spawn = || {
            let child = Arc::new(Mutex::new(command.spawn()?));
            let (viewer, is_shared) = (child.clone(), self.is_shared);
            Ok((child, move || {
                if !is_shared {
                    terminate(&viewer);
                }
            }))
        };
        let (child, cleanup) = Shutdown::of_process().create(spawn).map_err(failed)?;
        let stderr = lock(&child).stderr.take();
        Ok(RunningViewer { child, stderr: tokio::spawn(read_stderr(stderr)), _cleanup: cleanup })
    }
}

/// Locked only for calls that do not block.
fn lock(child: &Mutex<Child>) -> MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Asks the viewer to exit. An error means that it has exited already.
fn terminate(child: &Mutex<Child>) {
    let _ = platform::terminate(&mut lock(child));
}

#[derive(Debug)]
pub(crate) struct RunningViewer {
    child: Arc<Mutex<Child>>,
    /// The end of what the viewer wrote to stderr.
    stderr: JoinHandle<String>,
    _cleanup: CleanupGuard,
}

impl RunningViewer {
    /// Waits until the viewer exits. It is polled, as a blocking wait would lock `child` against its termination.
    pub(crate) async fn wait(&mut self) -> io::Result<ExitStatus> {
        loop {
            let status = lock(&self.child).try_wait()?;
            match status {
                Some(status) => return Ok(status),
                None => sleep(EXIT_POLL_INTERVAL).await,
            }
        }
    }

    /// Terminates the viewer, and kills it if it does not exit within 500 ms.
    pub(crate) async fn terminate(mut self) {
        terminate(&self.child);
        if timeout(EXIT_TIMEOUT, self.wait()).await.is_err() {
            let _ = lock(&self.child).kill();
            let _ = timeout(EXIT_TIMEOUT, self.wait()).await;
        }
    }

    /// The last line that the viewer wrote to stderr. Called after the viewer has exited.
    pub(crate) async fn last_stderr_line(&mut self) -> String {
        // Programs that it started may keep its stderr open.
        let stderr = timeout(EXIT_TIMEOUT, &mut self.stderr).await.ok().and_then(Result::ok).unwrap_or_default();
        sanitize(stderr.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default(), 200)
    }
}

async fn read_stderr(stderr: Option<ChildStderr>) -> String {
    let (mut kept, mut buffer) = (Vec::new(), [0; MAX_STDERR_LEN]);
    if let Some(mut stderr) = stderr.and_then(|stderr| tokio::process::ChildStderr::from_std(stderr).ok()) {
        while let Ok(count @ 1..) = stderr.read(&mut buffer).await {
            kept.extend_from_slice(&buffer[..count]);
            kept.drain(..kept.len().saturating_sub(MAX_STDERR_LEN));
        }
    }
    String::from_utf8_lossy(&kept).into_owned()
}

/// The placeholders and their values.
fn placeholders(address: &ViewerAddress) -> [(&'static str, String); 5] {
    [
        ("{host}", address.host.clone()),
        ("{port}", address.port.to_string()),
        ("{display}", i32::from(address.port).saturating_sub(5900).to_string()),
        ("{socket}", address.socket.display().to_string()),
        ("{title}", address.title.clone()),
    ]
}

fn has_placeholder(word: &str) -> bool {
    placeholders(&ViewerAddress::default()).iter().any(|(place, _)| word.contains(place))
}

/// Replaces the placeholders in a word. A placeholder in a value is not replaced.
fn fill_placeholders(word: &str, address: &ViewerAddress) -> String {
    let (placeholders, mut left, mut done) = (placeholders(address), word, String::new());
    while let Some(at) = left.find('{') {
        done += &left[..at];
        left = &left[at..];
        let (name, value) = placeholders
            .iter()
            .find(|(name, _)| left.starts_with(name))
            .map_or(("{", "{"), |(name, value)| (name, value));
        done += value;
        left = &left[name.len()..];
    }
    done + left
}

#[cfg(test)]
#[path = "viewer_tests.rs"]
mod tests;
