//! Finds the row of a screen that tells the state of its machine.

use super::rules::{Rule, RuleSet};

/// What a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) state: String,
    /// The number of the row, from 0.
    pub(crate) row: usize,
    /// The row, and what follows it on the next one where it fills the screen's width.
    pub(crate) text: String,
    /// The name of the rule that matched.
    pub(crate) rule: String,
}

/// Finds the lowest row that some rule matches. `columns` is the width of the screen: a row that fills it may go on in the next.
/// `None` if no row says anything.
pub(crate) fn classify(rules: &RuleSet, rows: &[String], columns: usize) -> Option<Finding> {
    find(rules, rows, columns, false).or_else(|| find(rules, rows, columns, true))
}

fn find(rules: &RuleSet, rows: &[String], columns: usize, is_weak: bool) -> Option<Finding> {
    (0..rows.len()).rev().find_map(|row| {
        let text = with_rest(rows, row, columns);
        let rule = rules.rules().iter().filter(|rule| rule.is_weak == is_weak).find(|rule| matches(rule, &text))?;
        Some(Finding { state: rule.state.clone(), row, text, rule: rule.name.clone() })
    })
}

/// A prompt ends with a space, which no row has at its end.
fn matches(rule: &Rule, row: &str) -> bool {
    rule.pattern.is_match(row) || rule.pattern.is_match(&format!("{row} "))
}

/// A row, and the next one if this one fills the width.
fn with_rest(rows: &[String], row: usize, columns: usize) -> String {
    let text = rows[row].clone();
    match rows.get(row + 1) {
        Some(next) if columns > 0 && text.chars().count() >= columns => text + next,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(rows: &[&str]) -> Option<(String, usize)> {
        let rows: Vec<String> = rows.iter().map(|row| (*row).to_owned()).collect();
        classify(&RuleSet::built_in().unwrap(), &rows, 80).map(|finding| (finding.state, finding.row))
    }

    #[test]
    fn the_lowest_row_decides() {
        let panic = "[    1.5] Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b";
        assert_eq!(state(&[panic, "", "web-01 login:"]), Some(("login".to_owned(), 2)));
        assert_eq!(state(&["web-01 login:", panic]), Some(("panic".to_owned(), 1)));
    }

    #[test]
    fn rows_of_every_boot_decide_only_where_nothing_else_does() {
        let trace = "[    1.512399] Call Trace:";
        let panic = "[    1.512345] Kernel panic - not syncing: VFS: Unable to mount root fs";
        assert_eq!(state(&["SeaBIOS (version 1.16.2)", panic, trace]), Some(("panic".to_owned(), 1)));
        assert_eq!(state(&["SeaBIOS (version 1.16.2)", trace]), Some(("boot".to_owned(), 1)));
        assert_eq!(state(&["SeaBIOS (version 1.16.2)", ""]), Some(("firmware".to_owned(), 0)));
        assert_eq!(state(&["total 12", ""]), None);
    }

    #[test]
    fn a_row_that_fills_the_screen_goes_on_in_the_next() {
        let long = format!("[    1.512345] {:60}Kerne", "x");
        assert_eq!(long.len(), 80);
        assert_eq!(state(&[&long, "l panic - not syncing: y"]), Some(("panic".to_owned(), 0)));
    }
}
