//! A display shared by the session at the console and the API, which takes screenshots of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::keyboard::Code;
use super::{Display, Frame};

#[derive(Clone, Debug)]
pub(crate) struct SharedDisplay(Arc<Mutex<Display>>);

impl SharedDisplay {
    pub(crate) fn new(display: Display) -> Self {
        Self(Arc::new(Mutex::new(display)))
    }

    /// What is shown, as [`Display::frame`] returns it.
    pub(crate) fn frame(&self, now: Instant) -> Frame {
        self.lock().frame(now)
    }

    /// Presses or releases a key, as [`Display::press`] does.
    pub(crate) fn press(&self, code: Code, is_down: bool, now: Instant) {
        self.lock().press(code, is_down, now);
    }

    /// When the screen changes next, as [`Display::next_change`] returns it.
    pub(crate) fn next_change(&self, now: Instant) -> Option<Duration> {
        self.lock().next_change(now)
    }

    /// Shuts the guest down, as [`Display::shut_down`] does.
    pub(crate) fn shut_down(&self, is_reboot: bool, now: Instant) {
        self.lock().shut_down(is_reboot, now);
    }

    /// Boots the guest, as [`Display::boot`] does.
    pub(crate) fn boot(&self, at: Instant) {
        self.lock().boot(at);
    }

    /// Sets the note on the screen, as [`Display::set_note`] does.
    pub(crate) fn set_note(&self, note: &str) {
        self.lock().set_note(note);
    }

    fn lock(&self) -> MutexGuard<'_, Display> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
