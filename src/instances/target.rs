//! An instance that a command works on, and how many there are.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::ResolvedInstance;
use crate::command_error::CommandError;

/// An instance to work on, or why there is none.
#[derive(Debug)]
pub(crate) struct Target {
    /// What it is called in errors: what the user typed, or the id of an instance that a pattern matches.
    pub(crate) label: String,
    /// Whether it is one instance, rather than a pattern that matches none.
    pub(crate) is_instance: bool,
    pub(crate) instance: Result<ResolvedInstance, CommandError>,
}

impl Target {
    /// A pattern, or another part of a selection, that gave no instance.
    pub(super) fn missing(label: &str, error: CommandError) -> Self {
        Self { label: label.to_owned(), is_instance: false, instance: Err(error) }
    }
}

/// How many instances a selection has, as far as it is known.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    selected: AtomicUsize,
    is_complete: AtomicBool,
    in_wrong_state: AtomicUsize,
    done_before: AtomicUsize,
}

impl Tally {
    pub(super) fn add_selected(&self) {
        self.selected.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn add_in_wrong_state(&self, count: usize) {
        self.in_wrong_state.fetch_add(count, Ordering::Relaxed);
    }

    pub(super) fn add_done_before(&self) {
        self.done_before.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn complete(&self) {
        self.is_complete.store(true, Ordering::Relaxed);
    }

    /// The instances that were found so far.
    pub(crate) fn selected(&self) -> usize {
        self.selected.load(Ordering::Relaxed)
    }

    /// Whether all instances are found.
    pub(crate) fn is_complete(&self) -> bool {
        self.is_complete.load(Ordering::Relaxed)
    }

    /// The instances that match but are left out, since the command cannot use their state.
    pub(crate) fn in_wrong_state(&self) -> usize {
        self.in_wrong_state.load(Ordering::Relaxed)
    }

    /// The instances that are left out, since an earlier command has done them.
    pub(crate) fn done_before(&self) -> usize {
        self.done_before.load(Ordering::Relaxed)
    }
}
