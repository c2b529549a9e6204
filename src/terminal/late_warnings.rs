//! Warnings that wait until the result is written.

use std::mem;
use std::sync::{Mutex, PoisonError};

/// The process has one result, so it has one list.
static WAITING: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Adds a warning.
pub(super) fn add(text: &str) {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned());
}

/// Removes and returns all warnings, in the order in which they were added.
pub(super) fn take() -> Vec<String> {
    mem::take(&mut *WAITING.lock().unwrap_or_else(PoisonError::into_inner))
}
