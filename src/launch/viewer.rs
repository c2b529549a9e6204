//! Finds a native VNC viewer and starts it.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use thiserror::Error;
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, ChildStderr, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::viewers::{HERE, Known, PLAIN};
use crate::environment::Environment;
use crate::platform;
use crate::printable::printable;

/// As much of a viewer's last words is kept, in bytes.
const LAST_WORDS: usize = 2048;

/// How long its last words may take after its end.
const PATIENCE: Duration = Duration::from_millis(500);

/// Where a console is served, and what it is called.
#[derive(Clone, Debug, Default)]
pub struct Spot {
    /// The address, and the port there.
    pub host: String,
    /// See `host`; 0 where there is a socket.
    pub port: u16,
    /// The Unix socket, in place of both.
    pub socket: PathBuf,
    /// What a window may be called.
    pub title: String,
}

/// A viewer, and how it is told where to connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// What people call it.
    pub name: String,
    /// Whether one process of it may show other consoles too, so that it is not this command's to end.
    pub is_shared: bool,
    program: PathBuf,
    /// With `{host}`, `{port}`, `{display}`, `{socket}` and `{title}` in them.
    arguments: Vec<String>,
}

/// Why no viewer was started.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ViewerError {
    /// There is none here, for this reason.
    #[error("{0}")]
    None(String),
    /// There is one, or should be, but it did not start.
    #[error("{0}")]
    Failed(String),
}

impl Viewer {
    /// The one that the user names: a command line, with or without places for the address. Whether it can be seen here
    /// is the user's to know.
    pub fn chosen(command: &str, env: &Environment) -> Result<Self, ViewerError> {
        let mut words = platform::words(command).unwrap_or_default();
        if words.is_empty() {
            return Err(ViewerError::Failed(format!("{command:?} is no command line")));
        }
        let name = words.remove(0);
        let missing = || ViewerError::Failed(format!("there is no program {}", printable(&name, 200)));
        let program = platform::find_program(Path::new(&name), env).ok_or_else(missing)?;
        let known = HERE.iter().find(|known| known.is_called(&program));
        if !words.iter().any(|word| holds_a_place(word)) {
            words.extend(known.map_or(PLAIN, |known| known.arguments).iter().map(|word| (*word).to_owned()));
        }
        let is_shared = known.is_some_and(|known| known.is_shared);
        Ok(Self { name: printable(&name, 200), is_shared, program, arguments: words })
    }

    /// The first of those that this system usually has.
    pub fn find(env: &Environment) -> Result<Self, ViewerError> {
        if let Some(reason) = platform::no_display(env) {
            return Err(ViewerError::None(reason.to_owned()));
        }
        let found = |known: &Known| {
            let program = known.programs.iter().find_map(|name| platform::find_program(Path::new(name), env))?;
            let arguments = known.arguments.iter().map(|word| (*word).to_owned()).collect();
            Some(Self { name: known.name.to_owned(), is_shared: known.is_shared, program, arguments })
        };
        HERE.iter().find_map(found).ok_or_else(|| {
            let names: Vec<&str> = HERE.iter().map(|known| known.name).collect();
            ViewerError::None(format!("there is no VNC viewer here (looked for {})", names.join(", ")))
        })
    }

    /// Whether it is told a Unix socket.
    pub fn wants_socket(&self) -> bool {
        self.arguments.iter().any(|word| word.contains("{socket}"))
    }

    /// Whether it is told a display, of which there are 100: port 5900 and up.
    pub fn wants_display(&self) -> bool {
        self.arguments.iter().any(|word| word.contains("{display}"))
    }

    /// Starts it. It is in the terminal's foreground with this process, so that Ctrl-C there ends both.
    pub fn start(&self, spot: &Spot) -> Result<Running, ViewerError> {
        let mut command = Command::new(&self.program);
        command.args(self.arguments.iter().map(|word| filled(word, spot)));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let started = command.spawn();
        let mut child =
            started.map_err(|error| ViewerError::Failed(format!("{} did not start: {error}", self.name)))?;
        let said = tokio::spawn(last_words(child.stderr.take()));
        Ok(Running { child, said })
    }
}

/// A viewer that was started.
#[derive(Debug)]
pub struct Running {
    child: Child,
    said: JoinHandle<String>,
}

impl Running {
    /// Waits for its end.
    pub async fn ended(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Ends it.
    pub async fn end(mut self) {
        // It may have ended by itself.
        let _ = self.child.kill().await;
    }

    /// The last line it has said on stderr, once it has ended.
    pub async fn last_line(self) -> String {
        // What it has started may hold its stderr open.
        let said = timeout(PATIENCE, self.said).await.ok().and_then(Result::ok).unwrap_or_default();
        printable(said.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default(), 200)
    }
}

async fn last_words(stderr: Option<ChildStderr>) -> String {
    let (mut said, mut piece) = (Vec::new(), [0; LAST_WORDS]);
    if let Some(mut stderr) = stderr {
        while let Ok(count @ 1..) = stderr.read(&mut piece).await {
            said.extend_from_slice(&piece[..count]);
            said.drain(..said.len().saturating_sub(LAST_WORDS));
        }
    }
    String::from_utf8_lossy(&said).into_owned()
}

/// The places, and what stands there.
fn places(spot: &Spot) -> [(&'static str, String); 5] {
    [
        ("{host}", spot.host.clone()),
        ("{port}", spot.port.to_string()),
        ("{display}", i32::from(spot.port).saturating_sub(5900).to_string()),
        ("{socket}", spot.socket.display().to_string()),
        ("{title}", spot.title.clone()),
    ]
}

fn holds_a_place(word: &str) -> bool {
    places(&Spot::default()).iter().any(|(place, _)| word.contains(place))
}

/// The word with all its places filled, each once: what is filled in is not looked at again.
fn filled(word: &str, spot: &Spot) -> String {
    let (places, mut left, mut done) = (places(spot), word, String::new());
    while let Some(at) = left.find('{') {
        done += &left[..at];
        left = &left[at..];
        let (name, value) =
            places.iter().find(|(name, _)| left.starts_with(name)).map_or(("{", "{"), |(name, value)| (name, value));
        done += value;
        left = &left[name.len()..];
    }
    done + left
}

#[cfg(test)]
#[path = "viewer_tests.rs"]
mod tests;
