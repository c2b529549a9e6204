//! What a session is given besides its two streams.

use std::sync::Arc;
use std::time::Duration;

use super::buffer_pool::BufferPool;
use crate::rfb::DesyncReason;
use crate::system::clock::Clock;

/// When to send a FramebufferUpdateRequest for a silent viewer, as idle consoles are disconnected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Keepalive {
    /// Sent after this long without a byte from the viewer.
    pub(crate) interval: Duration,
    /// Not sent later than this after the start of the session, so that a forgotten viewer is disconnected in the end.
    pub(crate) until: Duration,
}

#[derive(Clone)]
pub(crate) struct BridgeContext {
    pub(crate) clock: Clock,
    /// Fills a slice with random bytes, for frame masks.
    pub(crate) fill_random: fn(&mut [u8]),
    pub(crate) pool: BufferPool,
    pub(crate) keepalive: Option<Keepalive>,
    /// Called once when the viewer's messages can no longer be followed, which stops the keepalive.
    pub(crate) on_desync: Arc<dyn Fn(DesyncReason) + Send + Sync>,
}
