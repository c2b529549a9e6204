//! What the two directions of a session share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;

use super::drain::Backlog;
use crate::rfb::Observer;
use crate::websocket::frame::ControlPayload;

pub(super) struct Shared {
    observer: Mutex<Observer>,
    pending: Mutex<Pending>,
    /// Wakes upstream when there is something in `pending`.
    pub(super) wake: Notify,
    /// When the last byte was sent to the console.
    last_sent: Mutex<Instant>,
    /// Bytes for the viewer.
    pub(super) backlog: Backlog,
}

/// Control frames that downstream wants upstream to send.
#[derive(Default)]
pub(super) struct Pending {
    /// The last ping that is not answered yet. Earlier ones need no answer: RFC 6455, section 5.5.3.
    pub(super) ping: Option<ControlPayload>,
    /// The Close frame, which ends upstream.
    pub(super) close: Option<ControlPayload>,
}

impl Shared {
    pub(super) fn new(began: Instant) -> Self {
        Self {
            observer: Mutex::default(),
            pending: Mutex::default(),
            wake: Notify::new(),
            last_sent: Mutex::new(began),
            backlog: Backlog::default(),
        }
    }

    pub(super) fn observer(&self) -> MutexGuard<'_, Observer> {
        self.observer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn last_sent(&self) -> MutexGuard<'_, Instant> {
        self.last_sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
