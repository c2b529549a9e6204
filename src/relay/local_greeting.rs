//! Greets a viewer in place of the console, so that a connection that is no viewer costs no VncUrl and no session.
//!
//! ```text
//! viewer ← "RFB 003.008\n"           viewer → its version, 12 bytes: only now the console is opened
//! Greeted: the session reads that version again, and the console's own greeting is dropped
//! ```
//!
//! To the session on top of it, a [`Greeted`] viewer looks as if it had not been greeted yet.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::time::timeout;

use crate::rfb::protocol::length;
use crate::rfb::{NotAVersion, Version};

/// How long a viewer may take to answer the greeting.
const GREETING_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a connection is not served.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum NoViewer {
    #[error("it left before it sent an RFB version")]
    Left,
    #[error("it sent no RFB version within {} s", GREETING_TIMEOUT.as_secs())]
    Silent,
    #[error("it does not speak RFB")]
    OtherProtocol,
}

/// Why a greeted viewer cannot have the console.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum GreetingFault {
    /// The next viewer is greeted with this version.
    #[error("the console speaks an older RFB version than the viewer was greeted with; connect the viewer again")]
    OlderConsole,
    #[error("the console sent {0}")]
    NotAVersion(#[from] NotAVersion),
}

/// The greeting of one console, for all its viewers.
#[derive(Clone, Debug)]
pub(crate) struct LocalGreeting(Arc<Mutex<Version>>);

impl Default for LocalGreeting {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Version::V3_8)))
    }
}

impl LocalGreeting {
    /// Greets a viewer, and waits for its version for at most 5 s.
    pub(crate) async fn greet<V>(&self, mut viewer: V) -> Result<Greeted<V>, NoViewer>
    where
        V: AsyncRead + AsyncWrite + Unpin,
    {
        let (answer, chosen) =
            timeout(GREETING_TIMEOUT, exchange(&mut viewer, self.version())).await.unwrap_or(Err(NoViewer::Silent))?;
        let replay = Replay {
            answer,
            chosen,
            read: 0,
            console: [0; length::VERSION],
            received: 0,
            greeting: self.clone(),
            fault: Arc::default(),
        };
        Ok(Greeted { viewer, replay })
    }

    fn version(&self) -> Version {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, version: Version) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = version;
    }
}

/// Sends the greeting and reads the viewer's answer.
async fn exchange<V>(viewer: &mut V, version: Version) -> Result<([u8; length::VERSION], Version), NoViewer>
where
    V: AsyncRead + AsyncWrite + Unpin,
{
    const START: &[u8] = b"RFB ";
    viewer.write_all(&version.encode()).await.map_err(|_| NoViewer::Left)?;
    let (mut answer, mut received) = ([0; length::VERSION], 0);
    while received < answer.len() {
        match viewer.read(&mut answer[received..]).await {
            Ok(0) | Err(_) => return Err(NoViewer::Left),
            Ok(count) => received += count,
        }
        let start = received.min(START.len());
        if answer[..start] != START[..start] {
            return Err(NoViewer::OtherProtocol);
        }
    }
    let chosen = Version::try_from(answer).map_err(|_| NoViewer::OtherProtocol)?;
    Ok((answer, chosen))
}

/// A viewer that was greeted and has answered.
pub(crate) struct Greeted<V> {
    viewer: V,
    replay: Replay,
}

impl<V> Greeted<V> {
    /// Is set when the console's greeting has come and the viewer cannot be served.
    pub(crate) fn fault(&self) -> Arc<OnceLock<GreetingFault>> {
        self.replay.fault.clone()
    }
}

/// What is left of the greeting.
struct Replay {
    /// The viewer's ProtocolVersion message.
    answer: [u8; length::VERSION],
    chosen: Version,
    /// How many bytes of the answer were read again.
    read: usize,
    /// The console's ProtocolVersion message.
    console: [u8; length::VERSION],
    /// How many bytes of it were received.
    received: usize,
    greeting: LocalGreeting,
    fault: Arc<OnceLock<GreetingFault>>,
}

impl Replay {
    /// Takes bytes from the console as far as they are its greeting, and returns how many they were. An error if the
    /// viewer was greeted with a later version than the console has: the next viewer is greeted with that one.
    fn receive(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = &mut self.console[self.received..];
        let count = bytes.len().min(left.len());
        left[..count].copy_from_slice(&bytes[..count]);
        self.received += count;
        if count > 0 && self.received == length::VERSION {
            self.check().map_err(|fault| io::Error::other(self.fault.get_or_init(|| fault).clone()))?;
        }
        Ok(count)
    }

    fn check(&self) -> Result<(), GreetingFault> {
        let version = Version::try_from(self.console)?;
        if version < self.chosen {
            self.greeting.remember(version);
            return Err(GreetingFault::OlderConsole);
        }
        Ok(())
    }
}

impl<V: AsyncRead + Unpin> AsyncRead for Greeted<V> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let Self { viewer, replay } = self.get_mut();
        let left = &replay.answer[replay.read..];
        if left.is_empty() {
            return Pin::new(viewer).poll_read(cx, into);
        }
        let count = left.len().min(into.remaining());
        into.put_slice(&left[..count]);
        replay.read += count;
        Poll::Ready(Ok(()))
    }
}

impl<V: AsyncWrite + Unpin> AsyncWrite for Greeted<V> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Self { viewer, replay } = self.get_mut();
        match replay.receive(bytes) {
            Ok(0) => Pin::new(viewer).poll_write(cx, bytes),
            taken => Poll::Ready(taken),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let Self { viewer, replay } = self.get_mut();
        let first = slices.iter().find(|slice| !slice.is_empty()).map_or(&[][..], |slice| slice);
        match replay.receive(first) {
            Ok(0) => Pin::new(viewer).poll_write_vectored(cx, slices),
            taken => Poll::Ready(taken),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.viewer.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().viewer).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().viewer).poll_shutdown(cx)
    }
}
