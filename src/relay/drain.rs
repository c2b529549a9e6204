//! The end of a session: the last bytes for the viewer are delivered before its connection is closed.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;

/// A peer that accepts no byte for this long counts as gone. Long enough for a network that fails for some seconds; what
/// the operating system buffers comes on top.
pub(super) const STALL_TIMEOUT: Duration = Duration::from_secs(30);

/// After a Close frame was sent, a console that sends nothing for this long has nothing left to send. This is also how
/// long the end of a viewer's process may go unnoticed: a closed socket looks like a half-closed one until something is
/// written to it.
pub(super) const QUIET_TIME: Duration = Duration::from_secs(2);

/// The most bytes read from a viewer that has not noticed the end yet, such as a large paste.
const MAX_DISCARDED_LEN: u64 = 64 << 20;

/// Counts the bytes that were received for the viewer, and those of them that were delivered.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    received: AtomicUsize,
    delivered: AtomicUsize,
}

impl Backlog {
    pub(super) fn add_received(&self, count: usize) {
        self.received.fetch_add(count, Ordering::Relaxed);
    }

    pub(super) fn add_delivered(&self, count: usize) {
        self.delivered.fetch_add(count, Ordering::Relaxed);
    }

    fn counts(&self) -> (usize, usize) {
        (self.received.load(Ordering::Relaxed), self.delivered.load(Ordering::Relaxed))
    }
}

/// Waits for downstream to end. Gives up, with `None`, when everything is delivered and nothing comes for [`QUIET_TIME`],
/// or when the viewer accepts nothing for [`STALL_TIMEOUT`].
pub(super) async fn wait_for_downstream<F: Future>(
    mut downstream: Pin<&mut F>,
    backlog: &Backlog,
) -> Option<F::Output> {
    let mut stalled = Duration::ZERO;
    while stalled < STALL_TIMEOUT {
        let before = backlog.counts();
        if let Ok(ended) = timeout(QUIET_TIME, downstream.as_mut()).await {
            return Some(ended);
        }
        let now @ (received, delivered) = backlog.counts();
        if now != before {
            stalled = Duration::ZERO;
        } else if received == delivered {
            return None;
        } else {
            stalled += QUIET_TIME;
        }
    }
    None
}

/// Closes a viewer's connection so that everything written to it still arrives. Takes at most 30 s.
///
/// A socket that is dropped with unread bytes is reset, which discards the last bytes written to it: RFC 1122, section
/// 4.2.2.13. So the viewer's input is read until the viewer closes too.
pub(crate) async fn drain<V: AsyncRead + AsyncWrite + Unpin>(mut viewer: V) {
    let closing = async {
        _ = viewer.shutdown().await;
        discard_input(&mut viewer).await;
    };
    _ = timeout(STALL_TIMEOUT, closing).await;
}

/// Reads and discards a viewer's input, at most 64 MiB. Returns whether the input ended.
pub(super) async fn discard_input<V: AsyncRead + Unpin>(viewer: &mut V) -> bool {
    let count = tokio::io::copy(&mut viewer.take(MAX_DISCARDED_LEN), &mut tokio::io::sink()).await;
    !count.is_ok_and(|count| count == MAX_DISCARDED_LEN)
}

#[cfg(test)]
#[path = "drain_tests.rs"]
mod tests;
