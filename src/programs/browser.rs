//! Finds and starts the user's browser.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use thiserror::Error;
use tokio::process::Command;
use tokio::time::timeout;

use super::child;
use crate::secret::Secret;
use crate::system::command_line;
use crate::system::environment::Environment;
use crate::system::exit_status::describe;
use crate::system::platform::{self, System};

/// A launcher that fails exits within this time. A command that runs longer is the browser itself.
const LAUNCH_TIME: Duration = Duration::from_millis(700);

/// PowerShell is never the browser, and takes seconds to start on a slow machine.
const POWERSHELL_TIME: Duration = Duration::from_secs(15);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Browser {
    /// The commands in `$BROWSER`, each split into words.
    Commands(Vec<Vec<String>>),
    /// The desktop's default browser.
    Desktop,
}

#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum BrowserError {
    /// This machine has no display or no browser.
    #[error("{0}")]
    Unavailable(String),
    #[error("could not start the browser: {0}")]
    StartFailed(String),
    /// Commands were started, and each reported a failure. The browser may still open the link: under WSL, explorer.exe
    /// reports a failure even if it succeeded.
    #[error("the program that opens links reported a failure: {0}")]
    ReportedFailure(String),
}

/// Why a command is not the browser.
enum CommandFault {
    NotStarted(String),
    Failed(String),
}

impl Browser {
    /// Uses `$BROWSER` if it is set, even without a display; otherwise the desktop's default browser.
    pub(crate) fn find(env: &Environment) -> Result<Self, BrowserError> {
        if let Some(list) = env.get("BROWSER") {
            let entries =
                list.split(platform::LIST_SEPARATOR).filter_map(|entry| command_line::split(entry, System::THIS));
            let entries: Vec<_> = entries.filter(|words| !words.is_empty()).collect();
            return match entries.is_empty() {
                true => Err(BrowserError::StartFailed("BROWSER contains no command".to_owned())),
                false => Ok(Self::Commands(entries)),
            };
        }
        if let Some(reason) = platform::no_display(env) {
            return Err(BrowserError::Unavailable(reason.to_owned()));
        }
        if cfg!(unix) && !open::commands("").iter().any(|command| is_installed(command.get_program(), env)) {
            return Err(BrowserError::Unavailable("no browser found (not even xdg-open)".to_owned()));
        }
        Ok(Self::Desktop)
    }

    /// Whether one of its commands is installed. Always `true` where that cannot be checked without starting it.
    pub(crate) fn is_installed(&self, env: &Environment) -> bool {
        match self {
            Self::Commands(entries) if cfg!(unix) => entries.iter().any(|words| is_installed(words[0].as_ref(), env)),
            _ => true,
        }
    }

    /// Opens `url` with the first command that works. The browser keeps running when this process ends.
    pub(crate) async fn start(&self, url: &Secret) -> Result<(), BrowserError> {
        let commands = match self {
            Self::Commands(entries) => entries.iter().map(|words| with_url(words, url.expose())).collect(),
            Self::Desktop => open::commands(url.expose()),
        };
        let (mut not_started, mut failed) = (Vec::new(), Vec::new());
        for command in commands {
            let program = Path::new(command.get_program()).display().to_string();
            match start(command).await {
                Ok(()) => return Ok(()),
                Err(CommandFault::NotStarted(error)) => not_started.push(format!("{program}: {error}")),
                Err(CommandFault::Failed(error)) => failed.push(format!("{program}: {error}")),
            }
        }
        match failed.is_empty() {
            true => Err(BrowserError::StartFailed(not_started.join("; "))),
            false => Err(BrowserError::ReportedFailure(failed.join("; "))),
        }
    }
}

/// Replaces `%s` with the URL, or appends the URL. Source: the convention of xdg-open and Python's webbrowser.
fn with_url(words: &[String], url: &str) -> std::process::Command {
    let mut command = std::process::Command::new(&words[0]);
    command.args(words[1..].iter().map(|word| word.replace("%s", url)));
    if !words.iter().any(|word| word.contains("%s")) {
        command.arg(url);
    }
    command
}

async fn start(mut command: std::process::Command) -> Result<(), CommandFault> {
    let program = command.get_program().to_owned();
    child::isolate(&mut command);
    command.stderr(Stdio::null());
    let mut child = Command::from(command).spawn().map_err(|error| CommandFault::NotStarted(error.to_string()))?;
    match timeout(launch_time(&program), child.wait()).await {
        Ok(Ok(status)) if status.success() || reports_failure_always(&program, System::THIS) => Ok(()),
        Ok(Ok(status)) => Err(CommandFault::Failed(describe(status))),
        Ok(Err(error)) => Err(CommandFault::Failed(error.to_string())),
        Err(_) => Ok(()),
    }
}

/// How long the program may take to fail.
fn launch_time(program: &OsStr) -> Duration {
    if is_called(program, "powershell") { POWERSHELL_TIME } else { LAUNCH_TIME }
}

/// Whether a failure that a program reports says nothing: Explorer on Windows does so even if it has opened the link. Under WSL,
/// where it is started too, the command before it may have failed for the same reason, so that is told.
fn reports_failure_always(program: &OsStr, system: System) -> bool {
    system == System::Windows && is_called(program, "explorer")
}

/// Whether a program's file has this name. Windows ignores case, and `.exe` may be left out.
fn is_called(program: &OsStr, name: &str) -> bool {
    let program = program.to_string_lossy().to_ascii_lowercase();
    let file = program.rsplit(['/', '\\']).next().unwrap_or_default();
    file.strip_suffix(".exe").unwrap_or(file) == name
}

fn is_installed(program: &OsStr, env: &Environment) -> bool {
    platform::find_program(Path::new(program), env).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    fn find(pairs: &[(&str, &str)]) -> Result<Browser, BrowserError> {
        Browser::find(&pairs.iter().copied().collect())
    }

    #[cfg(unix)]
    #[test]
    fn browser_is_a_list_of_command_lines() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let expected = Browser::Commands(vec![words(&["my browser", "--new", "%s"]), words(&["w3m"])]);
        assert_eq!(find(&[("BROWSER", "'my browser' --new %s:w3m"), ("SSH_CONNECTION", "x")]), Ok(expected));
        assert!(matches!(find(&[("BROWSER", "::")]), Err(BrowserError::StartFailed(_))));
    }

    #[cfg(unix)]
    #[test]
    fn one_installed_command_is_enough() {
        let is_installed = |list: &str| {
            let env = [("BROWSER", list), ("PATH", "/nonexistent:/bin")].into_iter().collect();
            Browser::find(&env).unwrap().is_installed(&env)
        };
        assert!(is_installed("none-such:sh %s") && is_installed("/bin/sh -x"));
        assert!(!is_installed("none-such") && !is_installed("/bin/none-such") && !is_installed("./sh"));
    }

    #[test]
    fn the_url_replaces_the_placeholder_or_is_appended() {
        let line = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            let command = with_url(&words, "http://x/");
            command.get_args().map(|arg| arg.to_string_lossy().into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(line(&["b", "--url=%s", "-n"]), ["--url=http://x/", "-n"]);
        assert_eq!(line(&["b", "-n"]), ["-n", "http://x/"]);
    }

    /// Source: `open::commands` tries PowerShell, then Explorer, on Windows.
    #[test]
    fn only_the_failure_of_explorer_counts_as_success() {
        let counts = |program: &str, system| reports_failure_always(OsStr::new(program), system);
        assert!(counts("explorer.exe", System::Windows) && counts("C:\\Windows\\Explorer.EXE", System::Windows));
        assert!(!counts("powershell.exe", System::Windows) && !counts("firefox.exe", System::Windows));
        assert!(!counts("explorer.exe", System::Linux) && !counts("my-explorer.exe", System::Windows));
        assert_eq!(launch_time(OsStr::new("powershell.exe")), POWERSHELL_TIME);
        assert_eq!(launch_time(OsStr::new("xdg-open")), LAUNCH_TIME);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn without_a_display_or_a_launcher_there_is_no_browser() {
        assert!(matches!(find(&[("SSH_TTY", "x")]), Err(BrowserError::Unavailable(_))));
        assert!(matches!(find(&[("DISPLAY", ":0"), ("PATH", "/nonexistent")]), Err(BrowserError::Unavailable(_))));
    }
}
