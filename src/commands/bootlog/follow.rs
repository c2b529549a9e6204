//! `bootlog --follow`: polls the console output and prints what is new.

use std::convert::Infallible;
use std::time::Duration;

use tokio::time::sleep;

use super::answer::BootlogOutput;
use super::continuation::{Addition, Continuation};
use crate::account::Account;
use crate::api::operations::ConsoleOutput;
use crate::command_error::CommandError;
use crate::commands::serving;
use crate::console::boot_log::{ACTION, request};
use crate::instances::{OperationError, ResolvedInstance};
use crate::system::clock::iso_8601;
use crate::terminal::output::Output;
use crate::text::sanitize::sanitize_lines;

/// The warning where an answer does not continue the one before.
const GAP: &str =
    "this does not continue what was printed before: the instance has started again, or lines between them were lost";

/// An output that is followed.
pub(super) struct Follower<'a> {
    pub(super) account: &'a Account,
    pub(super) instance: &'a ResolvedInstance,
    /// The time between two requests.
    pub(super) interval: Duration,
    /// Whether control characters are kept.
    pub(super) is_raw: bool,
    pub(super) output: Output,
}

impl Follower<'_> {
    /// Prints the first answer, and what later ones add to it, until Ctrl-C or an error that does not pass.
    pub(super) async fn follow(&self, first: ConsoleOutput) -> Result<Infallible, CommandError> {
        let Self { account, instance: ResolvedInstance { id, region, .. }, output, .. } = self;
        serving::begin();
        if first.console_output.0.is_empty() {
            output.note(&format!("{id} has written nothing to its console yet"));
        }
        let mut continuation = Continuation::default();
        self.print(&mut continuation, first)?;
        let (mut has_failed, mut pause) = (false, self.interval);
        loop {
            sleep(pause).await;
            pause = self.interval;
            match request(account, self.instance.clone(), account.limit_from_now()).await {
                Ok(answer) => {
                    if std::mem::take(&mut has_failed) {
                        output.note("the console output can be read again");
                    }
                    self.print(&mut continuation, answer.value)?;
                }
                Err(OperationError::Api(error)) if error.is_passing() => {
                    let text = format!("could not read the console output of {id}, trying again: {error}");
                    // One that lasts is told once.
                    if std::mem::replace(&mut has_failed, true) {
                        output.detail(1, &text);
                    } else {
                        output.warning(&text);
                    }
                    pause = pause.max(error.retry_after().unwrap_or_default());
                }
                Err(OperationError::Other(error)) => return Err(error),
                Err(OperationError::Api(error)) => {
                    return Err(account.explain(error, ACTION, region, id, None).of_instance(id));
                }
            }
        }
    }

    /// Prints what an answer adds.
    fn print(&self, continuation: &mut Continuation, answer: ConsoleOutput) -> Result<(), CommandError> {
        let Self { instance: ResolvedInstance { id, region, .. }, is_raw, output, .. } = self;
        let ConsoleOutput { console_output, last_update_time, request_id } = answer;
        let Addition { text, has_gap, before_gap } = continuation.add(console_output.0);
        let print = |text: &[u8], has_gap| match text.is_empty() {
            true => Ok(()),
            false if output.is_json() => output.json(&BootlogOutput {
                instance_id: id,
                region_id: region,
                last_update_time: last_update_time.map(iso_8601),
                console_output: &String::from_utf8_lossy(text),
                has_gap: Some(has_gap),
                request_id: &request_id,
            }),
            false if *is_raw => output.bytes(text),
            false => output.bytes(sanitize_lines(text).as_bytes()),
        };
        print(&before_gap, false)?;
        if has_gap {
            output.warning(GAP);
        }
        print(&text, has_gap)
    }
}
