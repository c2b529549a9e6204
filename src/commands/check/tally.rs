//! What a whole round ends with: the states of `--fail-on`, and boot logs that could not be read.

use std::collections::BTreeMap;

use super::printer::Checked;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::terminal::output::Output;

/// The counts of a round.
pub(super) struct Tally<'a> {
    fail_on: &'a [String],
    checked: usize,
    /// How many instances are in each state of `fail_on`.
    failed: BTreeMap<String, usize>,
    /// How many boot logs could not be read, and why the first could not.
    unread: (usize, Option<String>),
}

impl<'a> Tally<'a> {
    pub(super) fn new(fail_on: &'a [String]) -> Self {
        Self { fail_on, checked: 0, failed: BTreeMap::new(), unread: (0, None) }
    }

    pub(super) fn count(&mut self, Checked { instance, verdict, probe, log_error, .. }: &Checked) {
        self.checked += 1;
        let probe = probe.map(|probe| probe.liveness().name());
        let mut states = [Some(verdict.state.as_str()), probe].into_iter().flatten();
        if let Some(state) = states.find(|state| self.fail_on.iter().any(|one| one == state)) {
            *self.failed.entry(state.to_owned()).or_default() += 1;
        }
        if let Some(error) = log_error {
            self.unread.0 += 1;
            self.unread.1.get_or_insert_with(|| format!("{}: {:#}", instance.id, error.error));
        }
    }

    /// Tells of boot logs that could not be read: states may be missed without them.
    pub(super) fn warn_of_boot_logs(&self, output: Output) {
        if let (count, Some(first)) = &self.unread {
            let what = if *count == 1 { "a boot log".to_owned() } else { format!("{count} boot logs") };
            output.warning(&format!("could not read {what} (--no-bootlog leaves them out); {first}"));
        }
    }

    /// The error for states of `--fail-on`.
    pub(super) fn failure(&self) -> Option<CommandError> {
        if self.failed.is_empty() {
            return None;
        }
        let states: Vec<String> = self.failed.iter().map(|(state, count)| format!("{count} {state}")).collect();
        let message = format!(
            "{} of {} checked are in a state of --fail-on: {}",
            self.failed.values().sum::<usize>(),
            self.checked,
            states.join(", ")
        );
        Some(CommandError::message(ErrorKind::ActionFailed, message))
    }
}
