//! A session between a viewer and a console, from the opened WebSocket to its end.

use std::pin::pin;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use super::context::BridgeContext;
use super::downstream::{self, DownstreamEnd};
use super::drain::{STALL_TIMEOUT, wait_for_downstream};
use super::frame_writer::FrameWriter;
use super::shared::Shared;
use super::upstream::{self, UpstreamEnd};
use crate::websocket::frame::{Close, ControlPayload, FrameError};

/// Code 1000, normal closure: RFC 6455, section 7.4.1.
const NORMAL_CLOSURE: [u8; 2] = 1000u16.to_be_bytes();

/// How long sending the Close frame may take.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BridgeEnd {
    /// The viewer closed its connection.
    ViewerLeft,
    /// The console sent a Close frame.
    Closed(Close),
    /// The connection to the console ended without a Close frame, with the error if there was one.
    ConnectionLost(Option<String>),
    /// The console sent an invalid frame.
    ProtocolError(FrameError),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BridgeOutcome {
    pub(crate) end: BridgeEnd,
    /// Whether the RFB handshake succeeded. If not, the viewer or its password was probably refused.
    pub(crate) has_shown_desktop: bool,
    pub(crate) duration: Duration,
    /// The time since the last byte was sent to the console.
    pub(crate) idle: Duration,
}

/// Copies bytes in both directions until the session ends. `console` is an open WebSocket from which nothing was read.
///
/// Each direction has back-pressure of its own and holds at most one buffer. A viewer that closed only its sending side
/// still gets what the console sends. This does not wait for the viewer to read the last bytes: the caller must
/// [`drain`](super::drain()) it.
pub(crate) async fn bridge<V, C>(viewer: &mut V, console: C, context: &BridgeContext) -> BridgeOutcome
where
    V: AsyncRead + AsyncWrite + Unpin,
    C: AsyncRead + AsyncWrite + Unpin,
{
    let began = context.clock.instant();
    let shared = Shared::new(began);
    let (mut from_viewer, mut to_viewer) = tokio::io::split(viewer);
    let (mut from_console, mut to_console) = tokio::io::split(console);
    let writer = FrameWriter::new(&mut to_console, context.fill_random);
    let mut downstream = pin!(downstream::run(&mut from_console, &mut to_viewer, &shared, &context.pool));
    let mut upstream = pin!(upstream::run(&mut from_viewer, writer, &shared, context, began));
    let normal_closure = ControlPayload::new(&NORMAL_CLOSURE);
    let end = tokio::select! {
        biased;
        ended = &mut downstream => {
            // What the viewer still sends is lost, but RFC 6455 requires a Close frame.
            shared.pending().close = Some(ended.close_frame());
            shared.wake.notify_one();
            _ = timeout(CLOSE_TIMEOUT, upstream).await;
            ended.into()
        }
        ended = &mut upstream => match ended {
            UpstreamEnd::HalfClosed(mut writer) => {
                let mut closing = pin!(writer.close(&normal_closure));
                tokio::select! {
                    biased;
                    _ = &mut closing => drop(wait_for_downstream(downstream.as_mut(), &shared.backlog).await),
                    // A console that accepted nothing so far may do so when it has sent everything.
                    _ = wait_for_downstream(downstream.as_mut(), &shared.backlog) => {
                        drop(timeout(CLOSE_TIMEOUT, &mut closing).await);
                    }
                }
                BridgeEnd::ViewerLeft
            }
            UpstreamEnd::ViewerGone(mut writer) => {
                _ = timeout(CLOSE_TIMEOUT, writer.close(&normal_closure)).await;
                BridgeEnd::ViewerLeft
            }
            // The reason may be in what the console sent before.
            UpstreamEnd::WriteFailed(error) => match wait_for_downstream(downstream, &shared.backlog).await {
                None | Some(DownstreamEnd::ConnectionLost(None)) => BridgeEnd::ConnectionLost(Some(error)),
                Some(ended) => ended.into(),
            },
            UpstreamEnd::Stalled => {
                let reason = format!("the console accepted no data for {} s", STALL_TIMEOUT.as_secs());
                BridgeEnd::ConnectionLost(Some(reason))
            }
            // Downstream has ended first and asked for the Close frame.
            UpstreamEnd::CloseSent => downstream.await.into(),
        },
    };
    let now = context.clock.instant();
    let idle = now.saturating_duration_since(*shared.last_sent());
    let has_shown_desktop = shared.observer().has_started();
    BridgeOutcome { end, has_shown_desktop, duration: now.saturating_duration_since(began), idle }
}

impl DownstreamEnd {
    /// The Close frame to answer with: a Close is answered with its own code. RFC 6455, section 5.5.1.
    fn close_frame(&self) -> ControlPayload {
        match self {
            Self::Closed(close) => close.echo(),
            _ => ControlPayload::new(&[]),
        }
    }
}

impl From<DownstreamEnd> for BridgeEnd {
    fn from(end: DownstreamEnd) -> Self {
        match end {
            DownstreamEnd::Closed(close) => Self::Closed(close),
            DownstreamEnd::ConnectionLost(error) => Self::ConnectionLost(error),
            DownstreamEnd::ProtocolError(error) => Self::ProtocolError(error),
            DownstreamEnd::ViewerLeft => Self::ViewerLeft,
        }
    }
}

#[cfg(test)]
#[path = "bridge_tests.rs"]
pub(super) mod tests;
