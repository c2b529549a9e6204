//! Which connections are in use. One that is not yet in use gives way to a newer one when there are too many.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::task::Context;

use futures_util::task::AtomicWaker;

/// The state of one connection. Its server calls [`Usage::begin`] when the other end has proved what it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usage(Arc<State>);

#[derive(Debug, Default)]
struct State {
    is_used: AtomicBool,
    has_given_way: AtomicBool,
    reader: AtomicWaker,
}

impl Usage {
    /// From now on the connection does not give way.
    pub(crate) fn begin(&self) {
        self.0.is_used.store(true, Ordering::SeqCst);
    }

    /// Whether reading must fail, as the connection gave way. Otherwise the reader is woken when it does.
    pub(super) fn poll_has_given_way(&self, cx: &Context<'_>) -> bool {
        if self.0.is_used.load(Ordering::SeqCst) {
            return false;
        }
        self.0.reader.register(cx.waker());
        self.0.has_given_way.load(Ordering::SeqCst)
    }
}

/// The connections of a listener that are not in use yet, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Unused(VecDeque<Weak<State>>);

impl Unused {
    /// Adds a connection, and forgets those that have ended or are in use.
    pub(super) fn push(&mut self, usage: &Usage) {
        self.0.retain(|state| state.upgrade().is_some_and(|state| !state.is_used.load(Ordering::SeqCst)));
        self.0.push_back(Arc::downgrade(&usage.0));
    }

    /// Makes the oldest connection give way: its next read fails.
    pub(super) fn evict_oldest(&mut self) {
        while let Some(state) = self.0.pop_front() {
            if let Some(state) = state.upgrade().filter(|state| !state.is_used.load(Ordering::SeqCst)) {
                state.has_given_way.store(true, Ordering::SeqCst);
                state.reader.wake();
                return;
            }
        }
    }
}
