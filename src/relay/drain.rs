//! The last bytes for a viewer: they are waited for as long as they come, and are not lost where it still talks.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;

/// Who takes not a byte of what is there for it for so long is gone. A network may be away for some seconds, and a
/// viewer may stand still; what the system holds for both of them comes on top.
pub(super) const STALL: Duration = Duration::from_secs(30);

/// A console that was told of the end has nothing more on its way when nothing has come for so long. This is also how
/// long a viewer's process may be gone unnoticed: a socket that is closed looks as one that is half-closed, until
/// something is written to it.
pub(super) const QUIET: Duration = Duration::from_secs(2);

/// A viewer that does not know of the end yet may still say so much, in bytes: a paste.
const MOST: u64 = 64 << 20;

/// How many bytes have come for the viewer, and how many of them it has taken.
#[derive(Debug, Default)]
pub(super) struct Flow {
    come: AtomicUsize,
    taken: AtomicUsize,
}

impl Flow {
    pub(super) fn come(&self, count: usize) {
        self.come.fetch_add(count, Ordering::Relaxed);
    }

    pub(super) fn taken(&self, count: usize) {
        self.taken.fetch_add(count, Ordering::Relaxed);
    }

    fn now(&self) -> (usize, usize) {
        (self.come.load(Ordering::Relaxed), self.taken.load(Ordering::Relaxed))
    }
}

/// Waits for the way down while something moves there.
pub(super) async fn linger<F: Future>(mut down: Pin<&mut F>, flow: &Flow) -> Option<F::Output> {
    let mut still = Duration::ZERO;
    while still < STALL {
        let before = flow.now();
        if let Ok(ended) = timeout(QUIET, down.as_mut()).await {
            return Some(ended);
        }
        let now @ (come, taken) = flow.now();
        if now != before {
            still = Duration::ZERO;
        } else if come == taken {
            return None;
        } else {
            still += QUIET;
        }
    }
    None
}

/// Leaves a viewer with all that was written to it. It learns from its socket that it is over.
///
/// A socket that is dropped with bytes unread is reset, and takes the last ones written with it: RFC 1122, section
/// 4.2.2.13. So what the viewer says before it notices is read, for 30 s at most.
pub(crate) async fn drain<V: AsyncRead + AsyncWrite + Unpin>(mut viewer: V) {
    let leaving = async {
        _ = viewer.shutdown().await;
        rest(&mut viewer).await;
    };
    _ = timeout(STALL, leaving).await;
}

/// Reads what a viewer still says, for nobody. Whether it has ended.
pub(super) async fn rest<V: AsyncRead + Unpin>(viewer: &mut V) -> bool {
    let count = tokio::io::copy(&mut viewer.take(MOST), &mut tokio::io::sink()).await;
    !count.is_ok_and(|count| count == MOST)
}

#[cfg(test)]
#[path = "drain_tests.rs"]
mod tests;
