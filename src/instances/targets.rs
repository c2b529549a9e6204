//! From a selection to its instances, one after another: no more than [`MAX_WAITING`] of them are in memory at once.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};

use futures_util::Stream;
use tokio::sync::mpsc::{self, Receiver};
use tokio::task::JoinSet;

use super::finder::Finder;
use super::{ResolvedInstance, Selection};
use crate::account::Account;
use crate::command_error::CommandError;
use crate::terminal::output::Output;

/// How many instances may wait until they are worked on. So many that the number of all of them is soon known for most
/// accounts; they take about 1 MB.
const MAX_WAITING: usize = 1000;

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

/// The instances of a selection, in its order. Dropping it ends the requests for more of them.
pub(crate) struct Targets {
    waiting: Receiver<Target>,
    tally: Arc<Tally>,
    _finding: JoinSet<()>,
}

impl Targets {
    pub(crate) fn tally(&self) -> Arc<Tally> {
        self.tally.clone()
    }
}

/// Starts to find the instances of a selection. One that may select several begins a run of the account.
///
/// The order is that of the arguments, and for a pattern or `--all` that of the regions' ids, and in a region that of
/// DescribeInstances. An instance comes once where a pattern or `--all` matches it.
///
/// An id whose region is set needs no request, unless `look_up` wants the instance's status.
pub(crate) async fn find_targets(
    account: &Arc<Account>,
    selection: &Selection,
    look_up: bool,
    output: Output,
) -> Targets {
    let (sender, waiting) = mpsc::channel(MAX_WAITING);
    let tally = Arc::new(Tally::default());
    let mut finding = JoinSet::new();
    if selection.is_several() {
        account.begin_run();
        let output = output.without_progress();
        let finder = Finder::new(account.clone(), selection.clone(), look_up, output, sender, tally.clone());
        finding.spawn(finder.run());
    } else {
        // Before the command's own progress is shown, which would take turns with that of the search.
        Finder::new(account.clone(), selection.clone(), look_up, output, sender, tally.clone()).run().await;
    }
    Targets { waiting, tally, _finding: finding }
}

impl Stream for Targets {
    type Item = Target;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Target>> {
        self.waiting.poll_recv(context)
    }
}
