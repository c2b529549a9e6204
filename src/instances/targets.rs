//! From a selection to its instances, one after another: no more than [`MAX_WAITING`] of them are in memory at once.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::Stream;
use tokio::sync::mpsc::{self, Receiver};
use tokio::task::JoinSet;

use super::Selection;
use super::finder::Finder;
use super::target::{Tally, Target};
use crate::account::Account;
use crate::api::Pace;
use crate::terminal::output::Output;

/// How many instances may wait until they are worked on. So many that the number of all of them is soon known for most
/// accounts; they take about 1 MB.
const MAX_WAITING: usize = 1000;

/// The instances of a selection, in its order. Dropping it ends the requests for more of them.
pub(crate) struct Targets {
    waiting: Receiver<Target>,
    tally: Arc<Tally>,
    pace: Arc<Pace>,
    _finding: JoinSet<()>,
}

impl Targets {
    pub(super) fn tally(&self) -> Arc<Tally> {
        self.tally.clone()
    }

    /// The pace of the requests for them.
    pub(super) fn pace(&self) -> Arc<Pace> {
        self.pace.clone()
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
    if selection.may_be_several() {
        account.begin_run();
        let output = output.without_progress();
        let finder = Finder::new(account.clone(), selection.clone(), look_up, output, sender, tally.clone());
        finding.spawn(finder.run());
    } else {
        // Before the command's own progress is shown, which would take turns with that of the search.
        Finder::new(account.clone(), selection.clone(), look_up, output, sender, tally.clone()).run().await;
    }
    Targets { waiting, tally, pace: account.clients.first().pace().clone(), _finding: finding }
}

impl Stream for Targets {
    type Item = Target;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Target>> {
        self.waiting.poll_recv(context)
    }
}
