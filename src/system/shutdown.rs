//! Ctrl-C, for work that must put something right before the process ends.
//!
//! ```text
//! main: Ctrl-C → ask → settled (or a second has passed) → the end
//! work: hold … asked → lets go of keys → the guard is dropped
//! ```

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

static HAS_ASKED: AtomicBool = AtomicBool::new(false);
static ASKED: Notify = Notify::const_new();
static HOLDERS: Mutex<usize> = Mutex::new(0);
static SETTLED: Notify = Notify::const_new();

/// Keeps the process from ending, for a moment.
#[derive(Debug)]
pub(crate) struct Guard(());

/// Something has begun that must be put right.
pub(crate) fn hold() -> Guard {
    *HOLDERS.lock().unwrap_or_else(PoisonError::into_inner) += 1;
    Guard(())
}

impl Drop for Guard {
    fn drop(&mut self) {
        let mut holders = HOLDERS.lock().unwrap_or_else(PoisonError::into_inner);
        *holders -= 1;
        if *holders == 0 {
            SETTLED.notify_one();
        }
    }
}

/// Tells everybody who holds that the end has come.
pub fn ask() {
    HAS_ASKED.store(true, Ordering::SeqCst);
    ASKED.notify_waiters();
}

/// Waits until the end has come.
pub(crate) async fn asked() {
    let told = ASKED.notified();
    tokio::pin!(told);
    // From here on nothing is missed.
    told.as_mut().enable();
    if !HAS_ASKED.load(Ordering::SeqCst) {
        told.await;
    }
}

/// Waits until nobody holds.
pub async fn settled() {
    loop {
        let told = SETTLED.notified();
        if *HOLDERS.lock().unwrap_or_else(PoisonError::into_inner) == 0 {
            return;
        }
        told.await;
    }
}
