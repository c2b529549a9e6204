//! `--list-rules`: the rules in the order in which they decide about a row.

use serde::Serialize;

use crate::command_error::CommandError;
use crate::screen_state::{Rule, RuleSet};
use crate::terminal::output::Output;
use crate::text::table::format_table;

/// `-o json`: a rule.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RuleOutput<'a> {
    rule: &'a str,
    state: &'a str,
    pattern: &'a str,
    background: bool,
    ends: &'a [String],
    source: &'a str,
}

pub(super) fn print_rules(rules: &RuleSet, output: Output) -> Result<(), CommandError> {
    if output.is_json() {
        return rules.rules().iter().try_for_each(|rule| {
            output.json(&RuleOutput {
                rule: &rule.name,
                state: &rule.state,
                pattern: rule.pattern.as_str(),
                background: rule.is_background,
                ends: &rule.ends,
                source: &rule.source,
            })
        });
    }
    let row = |rule: &Rule| vec![rule.state.clone(), rule.name.clone(), rule.pattern.as_str().to_owned()];
    let rows: Vec<Vec<String>> = rules.rules().iter().map(row).collect();
    format_table(&["STATE", "RULE", "PATTERN"], &rows).iter().try_for_each(|line| output.line(line))
}
