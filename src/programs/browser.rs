//! Finds the user's browser and starts it.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use thiserror::Error;
use tokio::process::Command;
use tokio::time::timeout;

use crate::secret::Secret;
use crate::system::environment::Environment;
use crate::system::platform;

/// An opener that fails does so at once; one that runs longer than this is the browser itself.
const WATCHED: Duration = Duration::from_millis(700);

/// How a browser is started here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Browser {
    /// The entries of `$BROWSER`, each split into words.
    Chosen(Vec<Vec<String>>),
    /// The desktop's own opener.
    Desktop,
}

/// Why no browser was started.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum BrowserError {
    /// There is none here, for this reason.
    #[error("{0}")]
    None(String),
    /// There is one, but it did not start.
    #[error("the browser did not start: {0}")]
    Failed(String),
}

impl Browser {
    /// `$BROWSER` first, display or not: who sets it knows how to reach a browser from here. Then the desktop's.
    pub(crate) fn find(env: &Environment) -> Result<Self, BrowserError> {
        if let Some(list) = env.get("BROWSER") {
            let entries = list.split(platform::LIST_SEPARATOR).filter_map(platform::words);
            let entries: Vec<_> = entries.filter(|words| !words.is_empty()).collect();
            return match entries.is_empty() {
                true => Err(BrowserError::Failed("$BROWSER names no command".to_owned())),
                false => Ok(Self::Chosen(entries)),
            };
        }
        if let Some(reason) = platform::no_display(env) {
            return Err(BrowserError::None(reason.to_owned()));
        }
        if cfg!(unix) && !open::commands("").iter().any(|command| is_installed(command.get_program(), env)) {
            return Err(BrowserError::None("there is no browser here (not even xdg-open)".to_owned()));
        }
        Ok(Self::Desktop)
    }

    /// Whether one of its commands is there, as far as that can be told without starting it.
    pub(crate) fn is_there(&self, env: &Environment) -> bool {
        match self {
            Self::Chosen(entries) if cfg!(unix) => entries.iter().any(|words| is_installed(words[0].as_ref(), env)),
            _ => true,
        }
    }

    /// Starts it on `url`, trying each command until one holds. It outlives this process.
    pub(crate) async fn start(&self, url: &Secret) -> Result<(), BrowserError> {
        let commands = match self {
            Self::Chosen(entries) => entries.iter().map(|words| with_url(words, url.expose())).collect(),
            Self::Desktop => open::commands(url.expose()),
        };
        let mut why = Vec::new();
        for command in commands {
            let program = Path::new(command.get_program()).display().to_string();
            match start(command).await {
                Ok(()) => return Ok(()),
                Err(error) => why.push(format!("{program}: {error}")),
            }
        }
        Err(BrowserError::Failed(why.join("; ")))
    }
}

/// `%s` is the URL's place; without one it comes last. Source: the convention of xdg-open and Python's webbrowser.
fn with_url(words: &[String], url: &str) -> std::process::Command {
    let mut command = std::process::Command::new(&words[0]);
    command.args(words[1..].iter().map(|word| word.replace("%s", url)));
    if !words.iter().any(|word| word.contains("%s")) {
        command.arg(url);
    }
    command
}

async fn start(mut command: std::process::Command) -> Result<(), String> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    platform::detach(&mut command);
    let mut child = Command::from(command).spawn().map_err(|error| error.to_string())?;
    match timeout(WATCHED, child.wait()).await {
        // Windows' Explorer reports failure when it has succeeded.
        Ok(Ok(status)) if status.success() || cfg!(windows) => Ok(()),
        Ok(Ok(status)) => Err(status.to_string()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Ok(()),
    }
}

fn is_installed(program: &OsStr, env: &Environment) -> bool {
    platform::find_program(Path::new(program), env).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(pairs: &[(&str, &str)]) -> Result<Browser, BrowserError> {
        Browser::find(&pairs.iter().copied().collect())
    }

    #[cfg(unix)]
    #[test]
    fn browser_is_a_list_of_command_lines() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let expected = Browser::Chosen(vec![words(&["my browser", "--new", "%s"]), words(&["w3m"])]);
        assert_eq!(find(&[("BROWSER", "'my browser' --new %s:w3m"), ("SSH_CONNECTION", "x")]), Ok(expected));
        assert!(matches!(find(&[("BROWSER", "::")]), Err(BrowserError::Failed(_))));
    }

    #[cfg(unix)]
    #[test]
    fn one_command_that_is_there_is_enough() {
        let is_there = |list: &str| {
            let env = [("BROWSER", list), ("PATH", "/nonexistent:/bin")].into_iter().collect();
            Browser::find(&env).unwrap().is_there(&env)
        };
        assert!(is_there("none-such:sh %s") && is_there("/bin/sh -x"));
        assert!(!is_there("none-such") && !is_there("/bin/none-such") && !is_there("./sh"));
    }

    #[test]
    fn the_url_has_its_place_or_comes_last() {
        let line = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            let command = with_url(&words, "http://x/");
            command.get_args().map(|arg| arg.to_string_lossy().into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(line(&["b", "--url=%s", "-n"]), ["--url=http://x/", "-n"]);
        assert_eq!(line(&["b", "-n"]), ["-n", "http://x/"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn no_display_or_no_opener_is_no_browser() {
        assert!(matches!(find(&[("SSH_TTY", "x")]), Err(BrowserError::None(_))));
        assert!(matches!(find(&[("DISPLAY", ":0"), ("PATH", "/nonexistent")]), Err(BrowserError::None(_))));
    }
}
