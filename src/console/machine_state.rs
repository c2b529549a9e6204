//! What a machine is at, told from its screen, its boot log and its status.

use chrono::{DateTime, Utc};

use crate::console::picture_source::{BootLog, Look, Shot};
use crate::console::screen_reader::ScreenReader;
use crate::console::screen_rows::plain;
use crate::screen_state::{
    BLANK, Finding, PICTURE, RuleSet, STOPPED, TEXT, UNKNOWN_FONT, WindowsFinding, classify, windows_state,
};
use crate::screen_text::{Screen, ScreenKind};
use crate::terminal::output::Output;
use crate::text::sanitize::sanitize_lines;

/// So many lines at the end of a boot log are looked at: more than the trace below a panic has.
const LAST_LINES: usize = 60;

/// States at the end of a boot log that a screen may hide: Linux writes them to some of its consoles only.
const HIDDEN_STATES: [&str; 6] = ["panic", "oops", "emergency", "initramfs", "fsck", "passphrase"];

/// States of a screen that say nothing against [`HIDDEN_STATES`]. All others are later, or the start of the next boot.
const SILENT_STATES: [&str; 5] = [BLANK, PICTURE, UNKNOWN_FONT, TEXT, "boot"];

/// How sure a state is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// Each character was read by its exact bitmap.
    Exact,
    /// The picture was compressed or scaled: characters may be wrong.
    Inexact,
    /// Only colour and layout tell.
    Perhaps,
}

/// Where a state was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Evidence {
    Screen,
    /// The console output of the API.
    BootLog,
    /// The status of the API.
    Status,
}

/// What a machine is at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) state: String,
    pub(crate) certainty: Certainty,
    pub(crate) evidence: Evidence,
    /// The number of the row of the screen, or of the line of the boot log, from 0.
    pub(crate) row: Option<usize>,
    /// The row; without one, what else tells the state. Empty if nothing does.
    pub(crate) line: String,
    pub(crate) rule: Option<String>,
    /// What the end of the boot log says, whether or not it decides.
    pub(crate) boot_log: Option<LogFinding>,
}

/// What the end of a boot log says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogFinding {
    pub(crate) finding: Finding,
    pub(crate) updated: Option<DateTime<Utc>>,
}

/// Tells states, with the fonts and the rules that are known.
pub(crate) struct StateReader {
    pub(crate) reader: ScreenReader,
    pub(crate) rules: RuleSet,
    pub(crate) output: Output,
}

impl StateReader {
    /// The state of an instance. A boot log that could not be read is left out.
    pub(crate) fn judge(&self, look: &Look) -> Verdict {
        self.judge_with_rows(look).0
    }

    /// The state of an instance, and the rows of its screen if they are text.
    pub(crate) fn judge_with_rows(&self, look: &Look) -> (Verdict, Vec<String>) {
        let Some(shot) = &look.shot else {
            let line = format!("Status: {}", look.instance.status());
            let verdict = Verdict { evidence: Evidence::Status, ..without_row(STOPPED, line, Certainty::Exact) };
            return (verdict, Vec::new());
        };
        let is_windows = look.instance.info.as_ref().is_some_and(|info| info.is_windows());
        let screen = self.reader.read_with_system_fonts(&shot.picture, self.output);
        let verdict = self.judge_screen(&screen, shot, is_windows);
        let log = look.boot_log.as_ref().and_then(|log| log.as_ref().ok());
        let rows = if screen.kind == ScreenKind::Text { screen.rows().map(plain).collect() } else { Vec::new() };
        (with_log(verdict, log.and_then(|log| last_of(log, &self.rules))), rows)
    }

    fn judge_screen(&self, screen: &Screen, shot: &Shot, is_windows: bool) -> Verdict {
        let certainty = if screen.exact && !shot.is_lossy { Certainty::Exact } else { Certainty::Inexact };
        if let Some(verdict) = judge_rows(screen, &self.rules, certainty) {
            return verdict;
        }
        if screen.kind == ScreenKind::Blank {
            return without_row(BLANK, String::new(), certainty);
        }
        if let Some(WindowsFinding { state, sign }) = windows_state(&shot.picture).filter(|_| is_windows) {
            return without_row(state, sign.to_owned(), Certainty::Perhaps);
        }
        if screen.kind == ScreenKind::UnknownFont {
            return without_row(UNKNOWN_FONT, String::new(), certainty);
        }
        let size = format!("{}x{} pixels", shot.picture.width(), shot.picture.height());
        without_row(PICTURE, size, certainty)
    }
}

/// What the rows of a screen say; `None` if it has no text, or text in an unknown font that no rule knows.
fn judge_rows(screen: &Screen, rules: &RuleSet, certainty: Certainty) -> Option<Verdict> {
    let rows: Vec<String> = screen.rows().map(plain).collect();
    let columns = screen.grid.map_or(0, |grid| grid.columns);
    if let Some(Finding { state, row, text, rule }) = classify(rules, &rows, columns) {
        let (row, rule, evidence) = (Some(row), Some(rule), Evidence::Screen);
        return Some(Verdict { state, certainty, evidence, row, line: text, rule, boot_log: None });
    }
    let last = rows.iter().rposition(|row| !row.trim().is_empty()).filter(|_| screen.kind == ScreenKind::Text)?;
    Some(Verdict { row: Some(last), ..without_row(TEXT, rows[last].clone(), certainty) })
}

fn without_row(state: &str, line: String, certainty: Certainty) -> Verdict {
    let (state, evidence) = (state.to_owned(), Evidence::Screen);
    Verdict { state, certainty, evidence, row: None, line, rule: None, boot_log: None }
}

/// What the end of a boot log says.
fn last_of(log: &BootLog, rules: &RuleSet) -> Option<LogFinding> {
    let text = sanitize_lines(&log.bytes);
    let lines: Vec<&str> = text.lines().collect();
    let before = lines.len().saturating_sub(LAST_LINES);
    let last: Vec<String> = lines[before..].iter().map(|line| (*line).to_owned()).collect();
    let finding = classify(rules, &last, 0)?;
    Some(LogFinding { finding: Finding { row: before + finding.row, ..finding }, updated: log.updated })
}

/// Decides between a screen and a boot log. The log counts only where it ends with what a screen may hide, and the screen shows
/// nothing later.
fn with_log(screen: Verdict, log: Option<LogFinding>) -> Verdict {
    let hidden = log.as_ref().map(|log| &log.finding).filter(|finding| HIDDEN_STATES.contains(&finding.state.as_str()));
    match hidden.filter(|_| SILENT_STATES.contains(&screen.state.as_str())) {
        Some(Finding { state, row, text, rule }) => Verdict {
            state: state.clone(),
            certainty: Certainty::Exact,
            evidence: Evidence::BootLog,
            row: Some(*row),
            line: text.clone(),
            rule: Some(rule.clone()),
            boot_log: log,
        },
        None => Verdict { boot_log: log, ..screen },
    }
}

#[cfg(test)]
#[path = "machine_state_tests.rs"]
mod tests;
