//! A session: both directions, to its end.

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use super::buffer_pool::BufferPool;
use super::downstream::{self, Down};
use super::drain::{Flow, STALL, linger};
use super::upstream::{self, Up, Wire};
use crate::rfb::{DesyncReason, Observer};
use crate::system::clock::Clock;
use crate::websocket::frame::{Close, Control, FrameError};

/// 1000, a normal end: RFC 6455, section 7.4.1.
const NORMAL: [u8; 2] = 1000u16.to_be_bytes();

/// How long the other side may take for the last words to it.
const FAREWELL: Duration = Duration::from_secs(1);

/// When a silent viewer is spoken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Keepalive {
    /// After so long without a byte from the viewer.
    pub(crate) every: Duration,
    /// Not beyond this from the session's beginning: whoever cuts idle consoles has a reason to.
    pub(crate) until: Duration,
}

/// What every session needs.
#[derive(Clone)]
pub(crate) struct BridgeContext {
    /// The time.
    pub(crate) clock: Clock,
    /// Fills with chance, for masks.
    pub(crate) chance: fn(&mut [u8]),
    /// Buffers.
    pub(crate) pool: BufferPool,
    /// The keepalive, if there is to be one.
    pub(crate) keepalive: Option<Keepalive>,
    /// Hears why no keepalive is sent any more.
    pub(crate) lost: Arc<dyn Fn(DesyncReason) + Send + Sync>,
}

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BridgeEnd {
    /// The viewer has left.
    ViewerLeft,
    /// The console has said that it closes.
    Closed(Close),
    /// The console is gone without a word; why, as far as the system knows.
    Vanished(Option<String>),
    /// The console said what nobody understands.
    Broken(FrameError),
}

/// A session that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BridgeOutcome {
    /// How it ended.
    pub(crate) end: BridgeEnd,
    /// Whether the desktop had been shown: who is refused before that has made a mistake of his own.
    pub(crate) has_begun: bool,
    /// From its beginning.
    pub(crate) lasted: Duration,
    /// Since the last byte to the console.
    pub(crate) idle: Duration,
}

/// What the two directions share.
pub(super) struct Shared {
    watch: Mutex<Observer>,
    told: Mutex<Pending>,
    /// Wakes the direction up.
    pub(super) wake: Notify,
    /// When the last byte went up.
    last_up: Mutex<Instant>,
    /// What goes down.
    pub(super) flow: Flow,
}

/// What the direction down has for the direction up.
#[derive(Default)]
pub(super) struct Pending {
    /// To be answered. Of several, the last one: RFC 6455, section 5.5.3.
    pub(super) ping: Option<Control>,
    /// The last thing to say.
    pub(super) close: Option<Control>,
}

impl Shared {
    pub(super) fn watch(&self) -> MutexGuard<'_, Observer> {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn told(&self) -> MutexGuard<'_, Pending> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn last_up(&self) -> MutexGuard<'_, Instant> {
        self.last_up.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Carries a session to its end. `far` is an open WebSocket of which nothing was read.
///
/// Each direction has its own pace, and holds at most one piece: who does not take the bytes stops who sends them. A
/// viewer that has said its last (half-close) still gets what is on its way. Nobody waits for the viewer: whoever gave
/// it has to [`leave`](super::drain()) it.
pub(crate) async fn bridge<V, F>(viewer: &mut V, far: F, means: &BridgeContext) -> BridgeOutcome
where
    V: AsyncRead + AsyncWrite + Unpin,
    F: AsyncRead + AsyncWrite + Unpin,
{
    let began = means.clock.instant();
    let shared = Shared {
        watch: Mutex::default(),
        told: Mutex::default(),
        wake: Notify::new(),
        last_up: Mutex::new(began),
        flow: Flow::default(),
    };
    let (mut from_viewer, mut to_viewer) = tokio::io::split(viewer);
    let (mut from_far, mut to_far) = tokio::io::split(far);
    let wire = Wire::new(&mut to_far, means.chance);
    let mut down = pin!(downstream::run(&mut from_far, &mut to_viewer, &shared, &means.pool));
    let mut up = pin!(upstream::run(&mut from_viewer, wire, &shared, means, began));
    let normal = Control::new(&NORMAL);
    let end = tokio::select! {
        biased;
        ended = &mut down => {
            // What is on its way up has nowhere to go; a Close frame is owed, if it can be said.
            shared.told().close = Some(ended.answer());
            shared.wake.notify_one();
            _ = timeout(FAREWELL, up).await;
            ended.end()
        }
        ended = &mut up => match ended {
            Up::HalfClosed(mut wire) => {
                let mut last = pin!(wire.close(&normal));
                tokio::select! {
                    biased;
                    _ = &mut last => drop(linger(down.as_mut(), &shared.flow).await),
                    // A console that takes nothing now may do so when it has said all.
                    _ = linger(down.as_mut(), &shared.flow) => drop(timeout(FAREWELL, &mut last).await),
                }
                BridgeEnd::ViewerLeft
            }
            Up::Gone(mut wire) => {
                _ = timeout(FAREWELL, wire.close(&normal)).await;
                BridgeEnd::ViewerLeft
            }
            // What could not be sent may have its reason among what is still to be read.
            Up::Refused(why) => match linger(down, &shared.flow).await {
                None | Some(Down::Vanished(None)) => BridgeEnd::Vanished(Some(why)),
                Some(ended) => ended.end(),
            },
            Up::Stalled => BridgeEnd::Vanished(Some(format!("it has taken nothing for {} s", STALL.as_secs()))),
            // It was the way down that wanted it.
            Up::Answered => down.await.end(),
        },
    };
    let now = means.clock.instant();
    let idle = now.saturating_duration_since(*shared.last_up());
    let has_begun = shared.watch().has_started();
    BridgeOutcome { end, has_begun, lasted: now.saturating_duration_since(began), idle }
}

impl Down {
    /// The Close frame for it: a Close is answered with its own code. RFC 6455, section 5.5.1.
    fn answer(&self) -> Control {
        match self {
            Self::Closed(close) => close.echo(),
            _ => Control::new(&[]),
        }
    }

    fn end(self) -> BridgeEnd {
        match self {
            Self::Closed(close) => BridgeEnd::Closed(close),
            Self::Vanished(why) => BridgeEnd::Vanished(why),
            Self::Broken(error) => BridgeEnd::Broken(error),
            Self::ViewerLeft => BridgeEnd::ViewerLeft,
        }
    }
}

#[cfg(test)]
#[path = "bridge_tests.rs"]
pub(super) mod tests;
