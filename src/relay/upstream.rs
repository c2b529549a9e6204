//! From the viewer to the console.

use std::io;
use std::pin::pin;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, sleep_until, timeout};

use super::buffer_pool::Buffer;
use super::context::BridgeContext;
use super::drain::{QUIET_TIME, discard_input};

use super::frame_writer::{FrameWriter, SendError};
use super::shared::Shared;
use crate::websocket::frame::Opcode;

/// Longer than any session.
const NEVER: Duration = Duration::from_secs(365 * 24 * 3600);

pub(super) enum UpstreamEnd<'a, C> {
    /// The viewer closed its sending side and may still read. The Close frame must still be sent.
    HalfClosed(FrameWriter<'a, C>),
    /// The viewer's connection is broken. The Close frame must still be sent.
    ViewerGone(FrameWriter<'a, C>),
    /// Downstream has ended, and its Close frame was sent.
    CloseSent,
    /// Writing to the console failed.
    WriteFailed(String),
    /// The console accepted nothing for [`STALL_TIMEOUT`](super::drain::STALL_TIMEOUT).
    Stalled,
}

enum Event<'a> {
    /// Downstream wants a control frame to be sent.
    ControlPending,
    /// The viewer sent something, or its input ended.
    ViewerInput(io::Result<Buffer<'a>>),
    /// The viewer may have been silent for the keepalive interval.
    KeepaliveCheck,
}

/// Copies bytes to the console until the viewer's input ends or downstream asks for a Close frame. A frame is always sent
/// completely before the next one.
pub(super) async fn run<'a, V, C>(
    from_viewer: &mut V,
    mut writer: FrameWriter<'a, C>,
    shared: &Shared,
    context: &BridgeContext,
    began: Instant,
) -> UpstreamEnd<'a, C>
where
    V: AsyncRead + Unpin,
    C: AsyncWrite + Unpin,
{
    let BridgeContext { clock, pool, keepalive, .. } = context;
    let mut is_desynced = false;
    let mut check = pin!(sleep_until(began + keepalive.map_or(NEVER, |keepalive| keepalive.interval)));
    loop {
        let event = tokio::select! {
            biased;
            () = shared.wake.notified() => Event::ControlPending,
            input = pool.read(from_viewer) => Event::ViewerInput(input),
            () = &mut check => Event::KeepaliveCheck,
        };
        let sent = match event {
            Event::ControlPending => {
                let (ping, close) = {
                    let mut pending = shared.pending();
                    (pending.ping.take(), pending.close.take())
                };
                match (close, ping) {
                    (Some(close), _) => match writer.close(&close).await {
                        Ok(()) => return UpstreamEnd::CloseSent,
                        error => error,
                    },
                    (None, Some(ping)) => writer.control(Opcode::Pong, &ping).await,
                    (None, None) => Ok(()),
                }
            }
            Event::ViewerInput(Ok(mut buffer)) if !buffer.bytes().is_empty() => {
                if !is_desynced {
                    let mut observer = shared.observer();
                    observer.add_client_bytes(buffer.bytes());
                    if let Some(reason) = observer.desync_reason() {
                        is_desynced = true;
                        (context.on_desync)(reason);
                    }
                }
                *shared.last_sent() = clock.instant();
                writer.data(&mut buffer).await
            }
            Event::ViewerInput(Ok(_)) => return UpstreamEnd::HalfClosed(writer),
            Event::ViewerInput(Err(_)) => return UpstreamEnd::ViewerGone(writer),
            Event::KeepaliveCheck => {
                let (now, last_sent) = (clock.instant(), *shared.last_sent());
                let interval = keepalive.map_or(NEVER, |keepalive| keepalive.interval);
                let is_over = keepalive.is_none_or(|keepalive| now - began >= keepalive.until);
                let is_due = now - last_sent >= interval;
                // Nothing is inserted into a message that the viewer has sent in part.
                let request = if is_due && !is_over { shared.observer().keepalive() } else { None };
                let next = if is_over {
                    now + NEVER
                } else if is_due {
                    now + interval
                } else {
                    last_sent + interval
                };
                check.as_mut().reset(next);
                match request {
                    Some(request) => {
                        *shared.last_sent() = now;
                        writer.data(&mut pool.copy(&request)).await
                    }
                    None => Ok(()),
                }
            }
        };
        match sent {
            Ok(()) => {}
            Err(SendError::Io(error)) => return UpstreamEnd::WriteFailed(error.to_string()),
            // While the console accepted nothing, the viewer was not read: it may have left, which is no lost connection.
            Err(SendError::Stalled) if timeout(QUIET_TIME, discard_input(from_viewer)).await == Ok(true) => {
                return UpstreamEnd::ViewerGone(writer);
            }
            Err(SendError::Stalled) => return UpstreamEnd::Stalled,
        }
    }
}
