//! `--watch`: which results differ from those of the last round. Pure.

use std::collections::HashMap;

use super::printer::Checked;
use crate::command_error::CommandError;
use crate::console::liveness::Liveness;
use crate::error_kind::ErrorKind;

/// What was told of each instance in the last round, by what it is called in errors: no more than are selected.
#[derive(Default)]
pub(super) struct ChangeFilter(HashMap<String, Told>);

/// What makes a result another one. The row itself may change all the time, and so may the text of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    State { state: String, rule: Option<String>, liveness: Option<Liveness> },
    Failed(ErrorKind),
}

impl Told {
    pub(super) fn of(checked: &Result<Checked, CommandError>) -> Self {
        match checked {
            Ok(Checked { probe, verdict, .. }) => Self::State {
                state: verdict.state.clone(),
                rule: verdict.rule.clone(),
                liveness: probe.map(|probe| probe.liveness()),
            },
            Err(error) => Self::Failed(error.kind),
        }
    }
}

impl ChangeFilter {
    /// Whether something else is told of an instance than in the last round.
    pub(super) fn is_new(&mut self, label: &str, now: Told) -> bool {
        let before = self.0.insert(label.to_owned(), now.clone());
        before != Some(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_that_freezes_and_an_instance_that_comes_back_are_changes() {
        let state = |liveness| Told::State { state: "login".to_owned(), rule: None, liveness };
        let mut filter = ChangeFilter::default();
        for (round, (now, is_new)) in [
            (state(Some(Liveness::Idle)), true),
            (state(Some(Liveness::Idle)), false),
            (state(Some(Liveness::Frozen)), true),
            (Told::Failed(ErrorKind::CannotConnect), true),
            (Told::Failed(ErrorKind::CannotConnect), false),
            (Told::Failed(ErrorKind::NotFound), true),
            (state(Some(Liveness::Frozen)), true),
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(filter.is_new("web-01", now), is_new, "{round}");
        }
        assert!(filter.is_new("web-02", state(None)));
    }
}
