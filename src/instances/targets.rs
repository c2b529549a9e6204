//! From a selection to its instances, one after another: no more of them are in memory than are worked on.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::{Stream, StreamExt as _, stream};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::JoinSet;

use super::resolve::resolve;
use super::{ResolvedInstance, Selection};
use crate::account::Account;
use crate::command_error::CommandError;
use crate::terminal::output::Output;

/// How many names are resolved at the same time.
const MAX_CONCURRENT_LOOKUPS: usize = 8;

/// How many instances may wait until they are worked on.
const MAX_WAITING: usize = 32;

/// An instance to work on, or why there is none.
#[derive(Debug)]
pub(crate) struct Target {
    /// What it is called in errors: as the user named it.
    pub(crate) label: String,
    pub(crate) instance: Result<ResolvedInstance, CommandError>,
}

/// The instances of a selection, in its order. Dropping it ends the requests for more of them.
pub(crate) struct Targets {
    waiting: Receiver<Target>,
    _finding: JoinSet<()>,
}

/// Starts to find the instances of a selection. One that may select several begins a run of the account.
///
/// An id whose region is set needs no request, unless `look_up` wants the instance's status.
pub(crate) async fn find_targets(
    account: &Arc<Account>,
    selection: &Selection,
    look_up: bool,
    output: Output,
) -> Targets {
    let (sender, waiting) = mpsc::channel(MAX_WAITING);
    let mut finding = JoinSet::new();
    if selection.is_several() {
        account.begin_run();
        let (account, selection) = (account.clone(), selection.clone());
        finding.spawn(async move { find(&account, &selection, look_up, output.without_progress(), &sender).await });
    } else {
        // Before the command's own progress is shown, which would take turns with that of the search.
        find(account, selection, look_up, output, &sender).await;
    }
    Targets { waiting, _finding: finding }
}

/// Sends the instances until the receiver is gone.
async fn find(account: &Account, selection: &Selection, look_up: bool, output: Output, sender: &Sender<Target>) {
    let mut resolving = Vec::new();
    for selector in &selection.selectors {
        resolving.push(async {
            let instance = resolve(account, selector, look_up, output).await;
            Target { label: selector.to_string(), instance }
        });
    }
    let mut resolved = stream::iter(resolving).buffered(MAX_CONCURRENT_LOOKUPS);
    while let Some(target) = resolved.next().await {
        if sender.send(target).await.is_err() {
            return;
        }
    }
}

impl Stream for Targets {
    type Item = Target;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Target>> {
        self.waiting.poll_recv(context)
    }
}
