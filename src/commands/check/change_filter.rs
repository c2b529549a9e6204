//! `--watch`: which results differ from those of the last round. Pure.

use std::collections::HashMap;

use super::printer::Checked;

/// The last state and rule of each instance, by its id.
#[derive(Default)]
pub(super) struct ChangeFilter(HashMap<String, (String, Option<String>)>);

impl ChangeFilter {
    /// Whether an instance has another state than in the last round, or it is told by another rule. The row itself may change
    /// all the time.
    pub(super) fn is_new(&mut self, checked: &Checked) -> bool {
        let now = (checked.verdict.state.clone(), checked.verdict.rule.clone());
        let before = self.0.insert(checked.look.instance.id.clone(), now.clone());
        before != Some(now)
    }
}
