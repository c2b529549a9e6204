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

use super::known_viewers::{HERE, Known, PLAIN};
use crate::system::environment::Environment;
use crate::system::platform;
use crate::text::sanitize::sanitize;

/// As much of a viewer's last words is kept, in bytes.
const LAST_WORDS: usize = 2048;

/// How long its last words may take after its end.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often it is looked whether a viewer has ended.
const LOOK: Duration = Duration::from_millis(50);

/// Where a console is served, and what it is called.
#[derive(Clone, Debug, Default)]
pub(crate) struct ViewerAddress {
    /// The address, and the port there.
    pub(crate) host: String,
    /// See `host`; 0 where there is a socket.
    pub(crate) port: u16,
    /// The Unix socket, in place of both.
    pub(crate) socket: PathBuf,
    /// What a window may be called.
    pub(crate) title: String,
}

/// A viewer, and how it is told where to connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Viewer {
    /// What people call it.
    pub(crate) name: String,
    /// Whether one process of it may show other consoles too, so that it is not this command's to end.
    pub(crate) is_shared: bool,
    program: PathBuf,
    /// With `{host}`, `{port}`, `{display}`, `{socket}` and `{title}` in them.
    arguments: Vec<String>,
}

/// Why no viewer was started.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum ViewerError {
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
    pub(crate) fn chosen(command: &str, env: &Environment) -> Result<Self, ViewerError> {
        let mut words = platform::words(command).unwrap_or_default();
        if words.is_empty() {
            return Err(ViewerError::Failed(format!("{command:?} is no command line")));
        }
        let name = words.remove(0);
        let missing = || ViewerError::Failed(format!("there is no program {}", sanitize(&name, 200)));
        let program = platform::find_program(Path::new(&name), env).ok_or_else(missing)?;
        let known = HERE.iter().find(|known| known.is_called(&program));
        if !words.iter().any(|word| holds_a_place(word)) {
            words.extend(known.map_or(PLAIN, |known| known.arguments).iter().map(|word| (*word).to_owned()));
        }
        let is_shared = known.is_some_and(|known| known.is_shared);
        Ok(Self { name: sanitize(&name, 200), is_shared, program, arguments: words })
    }

    /// The first of those that this system usually has.
    pub(crate) fn find(env: &Environment) -> Result<Self, ViewerError> {
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
    pub(crate) fn wants_socket(&self) -> bool {
        self.arguments.iter().any(|word| word.contains("{socket}"))
    }

    /// Whether it is told a display, of which there are 100: port 5900 and up.
    pub(crate) fn wants_display(&self) -> bool {
        self.arguments.iter().any(|word| word.contains("{display}"))
    }

    /// Starts it. One that shows nothing else ends with this process at the latest.
    pub(crate) fn start(&self, spot: &ViewerAddress) -> Result<Running, ViewerError> {
        let failed = |error: io::Error| ViewerError::Failed(format!("{} did not start: {error}", self.name));
        let mut command = Command::new(&self.program);
        command.args(self.arguments.iter().map(|word| filled(word, spot)));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        // A script that has started the viewer proper is ended with it.
        platform::detach(&mut command);
        let mut viewers = Viewers::of_process();
        if viewers.has_ended {
            return Err(failed(io::ErrorKind::Interrupted.into()));
        }
        let mut child = command.spawn().map_err(failed)?;
        let stderr = child.stderr.take();
        let child = Arc::new(Mutex::new(child));
        if !self.is_shared {
            viewers.running.push(child.clone());
        }
        Ok(Running { child, said: tokio::spawn(last_words(stderr)) })
    }
}

/// The viewers that do not outlive this process.
static VIEWERS: Mutex<Viewers> = Mutex::new(Viewers { running: Vec::new(), has_ended: false });

struct Viewers {
    running: Vec<Arc<Mutex<Child>>>,
    /// No new one comes.
    has_ended: bool,
}

impl Viewers {
    fn of_process() -> MutexGuard<'static, Self> {
        VIEWERS.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends them all, for the end of the process, which drops nothing.
pub fn end() {
    let mut viewers = Viewers::of_process();
    viewers.has_ended = true;
    for child in viewers.running.drain(..) {
        // It may have ended by itself.
        let _ = platform::end(&mut lock(&child));
    }
}

fn lock(child: &Mutex<Child>) -> MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A viewer that was started.
#[derive(Debug)]
pub(crate) struct Running {
    child: Arc<Mutex<Child>>,
    said: JoinHandle<String>,
}

impl Running {
    /// Waits for its end: by looking, since whoever waited in one place could not end it from another.
    pub(crate) async fn ended(&mut self) -> io::Result<ExitStatus> {
        loop {
            let status = lock(&self.child).try_wait()?;
            match status {
                Some(status) => return Ok(status),
                None => sleep(LOOK).await,
            }
        }
    }

    /// Ends it: by force, if it does not take the hint.
    pub(crate) async fn end(mut self) {
        // It may have ended by itself.
        let _ = platform::end(&mut lock(&self.child));
        if timeout(PATIENCE, self.ended()).await.is_err() {
            let mut child = lock(&self.child);
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// The last line it has said on stderr, once it has ended.
    pub(crate) async fn last_line(&mut self) -> String {
        // What it has started may hold its stderr open.
        let said = timeout(PATIENCE, &mut self.said).await.ok().and_then(Result::ok).unwrap_or_default();
        sanitize(said.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default(), 200)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        Viewers::of_process().running.retain(|child| !Arc::ptr_eq(child, &self.child));
    }
}

async fn last_words(stderr: Option<ChildStderr>) -> String {
    let (mut said, mut piece) = (Vec::new(), [0; LAST_WORDS]);
    if let Some(mut stderr) = stderr.and_then(|stderr| tokio::process::ChildStderr::from_std(stderr).ok()) {
        while let Ok(count @ 1..) = stderr.read(&mut piece).await {
            said.extend_from_slice(&piece[..count]);
            said.drain(..said.len().saturating_sub(LAST_WORDS));
        }
    }
    String::from_utf8_lossy(&said).into_owned()
}

/// The places, and what stands there.
fn places(spot: &ViewerAddress) -> [(&'static str, String); 5] {
    [
        ("{host}", spot.host.clone()),
        ("{port}", spot.port.to_string()),
        ("{display}", i32::from(spot.port).saturating_sub(5900).to_string()),
        ("{socket}", spot.socket.display().to_string()),
        ("{title}", spot.title.clone()),
    ]
}

fn holds_a_place(word: &str) -> bool {
    places(&ViewerAddress::default()).iter().any(|(place, _)| word.contains(place))
}

/// The word with all its places filled, each once: what is filled in is not looked at again.
fn filled(word: &str, spot: &ViewerAddress) -> String {
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
