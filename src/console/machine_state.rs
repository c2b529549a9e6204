//! What a machine is at, told from its screen, its boot log and its status.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::command_error::CommandError;
use crate::console::picture_source::{BootLog, Look, Shot};
use crate::console::screen_reader::ScreenReader;
use crate::console::screen_rows::plain;
use crate::error_kind::ErrorKind;
use crate::screen_state::{
    BLANK, Finding, PICTURE, RuleSet, TEXT, UNKNOWN_FONT, WindowsFinding, classify, state_of_status, windows_state,
};
use crate::screen_text::{Screen, ScreenKind};
use crate::system::blocking;
use crate::system::clock::iso_8601;
use crate::terminal::output::Output;
use crate::text::duration::age;
use crate::text::sanitize::sanitize_lines;

/// So many lines at the end of a boot log are looked at: more than the trace below a panic has.
const LAST_LINES: usize = 60;

/// States at the end of a boot log that a screen may hide: Linux writes them to some of its consoles only. In each of them it
/// stays; after an oops it goes on.
const HIDDEN_STATES: [&str; 4] = ["panic", "emergency", "initramfs", "passphrase"];

/// States of a screen that say nothing against [`HIDDEN_STATES`]. Text is none of them: a program wrote it, perhaps later.
const SILENT_STATES: [&str; 4] = [BLANK, PICTURE, UNKNOWN_FONT, "boot"];

/// A log up to this age is believed whatever else is known.
const FRESH: TimeDelta = TimeDelta::hours(1);

/// How sure a state is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// Each character was read by its exact bitmap.
    Exact,
    /// The picture was compressed or scaled: characters may be wrong.
    Inexact,
    /// Only colour and layout tell, or a boot log: the machine may have gone on since.
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
    /// A row below that does not decide: Linux perhaps goes on after it.
    pub(crate) trouble: Option<Finding>,
}

/// What the end of a boot log says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogFinding {
    pub(crate) finding: Finding,
    pub(crate) updated: Option<DateTime<Utc>>,
    /// How old it was when the picture was taken, such as `8 h ago`; a time if that is later than the picture.
    pub(crate) age: Option<String>,
    /// Whether it does not decide, but says what may be wrong though the screen does not show it.
    pub(crate) is_told: bool,
}

impl Verdict {
    /// [`Verdict::line`], the trouble below it, and what is to be known of the boot log: its age if it decides, or what it
    /// ends in.
    pub(crate) fn line_and_log(&self) -> String {
        // It may be the end of that row.
        let trouble = self.trouble.as_ref().filter(|trouble| Some(trouble.row) != self.row);
        let line = match (self.line.trim(), trouble) {
            (line, Some(trouble)) => &format!("{line}; below it: {}", trouble.text.trim()),
            (line, None) => line,
        };
        match &self.boot_log {
            Some(LogFinding { age: Some(age), .. }) if self.evidence == Evidence::BootLog => format!("{age}: {line}"),
            Some(log) if log.is_told => {
                let state = &log.finding.state;
                let age = log.age.as_ref().map(|age| format!(", {age}")).unwrap_or_default();
                match line.is_empty() {
                    true => format!("its boot log ends in {state}{age}"),
                    false => format!("{line}; its boot log ends in {state}{age}"),
                }
            }
            _ => line.to_owned(),
        }
    }
}

/// Tells states, with the fonts and the rules that are known.
pub(crate) struct StateReader {
    pub(crate) reader: ScreenReader,
    pub(crate) rules: RuleSet,
    pub(crate) output: Output,
}

impl StateReader {
    /// Does something with what is known of an instance on another thread, so that all processors read screens. A thread that
    /// cannot be started is an error.
    pub(crate) async fn on_thread<T: Send + 'static>(
        self: &Arc<Self>,
        look: Look,
        work: impl FnOnce(&Self, Look) -> T + Send + 'static,
    ) -> Result<T, CommandError> {
        let reader = self.clone();
        blocking::compute(move || work(&reader, look)).await.map_err(|error| CommandError::new(ErrorKind::Other, error))
    }

    /// The state of an instance. A boot log that could not be read is left out.
    pub(crate) fn judge(&self, look: &Look) -> Verdict {
        self.judge_with_rows(look).0
    }

    /// The state of an instance, and the rows of its screen if they are text.
    pub(crate) fn judge_with_rows(&self, look: &Look) -> (Verdict, Vec<String>) {
        let Some(shot) = &look.shot else {
            let state = state_of_status(look.instance.status());
            let line = format!("Status: {}", look.instance.status());
            let verdict = Verdict { evidence: Evidence::Status, ..without_row(state, line, Certainty::Exact) };
            return (verdict, Vec::new());
        };
        let is_windows = look.instance.info.as_ref().is_some_and(|info| info.is_windows());
        let screen = self.reader.read_with_system_fonts(&shot.picture, self.output);
        let verdict = self.judge_screen(&screen, shot, is_windows);
        let log = look.boot_log.as_ref().and_then(|log| log.as_ref().ok());
        let rows = if screen.kind == ScreenKind::Text { screen.rows().map(plain).collect() } else { Vec::new() };
        let started = look.instance.info.as_ref().and_then(|info| info.start_time);
        let times = Times { started, now: shot.time.utc };
        (with_log(verdict, log.and_then(|log| last_of(log, &self.rules)), times), rows)
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
    if let Some(Finding { state, row, text, rule, trouble }) = classify(rules, &rows, columns) {
        let (row, rule, trouble) = (Some(row), Some(rule), trouble.map(|trouble| *trouble));
        return Some(Verdict { row, rule, trouble, ..without_row(&state, text, certainty) });
    }
    let last = rows.iter().rposition(|row| !row.trim().is_empty()).filter(|_| screen.kind == ScreenKind::Text)?;
    Some(Verdict { row: Some(last), ..without_row(TEXT, rows[last].clone(), certainty) })
}

fn without_row(state: &str, line: String, certainty: Certainty) -> Verdict {
    let (state, evidence) = (state.to_owned(), Evidence::Screen);
    Verdict { state, certainty, evidence, row: None, line, rule: None, boot_log: None, trouble: None }
}

/// What the end of a boot log says.
fn last_of(log: &BootLog, rules: &RuleSet) -> Option<LogFinding> {
    let text = sanitize_lines(&log.bytes);
    let lines: Vec<&str> = text.lines().collect();
    let before = lines.len().saturating_sub(LAST_LINES);
    let last: Vec<String> = lines[before..].iter().map(|line| (*line).to_owned()).collect();
    let finding = classify(rules, &last, 0)?;
    Some(LogFinding {
        finding: Finding { row: before + finding.row, trouble: None, ..finding },
        updated: log.updated,
        age: None,
        is_told: false,
    })
}

/// When an instance was started, as far as it is known, and when its picture was taken.
#[derive(Clone, Copy)]
struct Times {
    started: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
}

impl Times {
    /// Whether a log from this time can tell what a screen in this state hides. A desktop that is drawn over a dead kernel is
    /// rare, one that was started since the log is not.
    fn allow(self, updated: Option<DateTime<Utc>>, screen: &str) -> bool {
        let Some(updated) = updated else { return false };
        let is_fresh = self.now - updated <= FRESH;
        match self.started {
            Some(started) => updated >= started && (screen != PICTURE || is_fresh),
            None => is_fresh,
        }
    }

    /// Whether a log that does not decide is worth a word: a panic of this run always is, since the guest may be dead below an
    /// old login prompt. Other states pass, unless the screen says nothing.
    fn tell(self, log: &LogFinding, screen: &str) -> bool {
        let is_of_this_run = self.started.zip(log.updated).is_none_or(|(started, updated)| updated >= started);
        let state = log.finding.state.as_str();
        let is_hidden = HIDDEN_STATES.contains(&state) && (screen == TEXT || SILENT_STATES.contains(&screen));
        is_of_this_run && state != screen && (state == "panic" || is_hidden)
    }

    /// How old a log is, in words. One from the future, by this machine's clock, has a time only.
    fn age(self, updated: DateTime<Utc>) -> String {
        age(self.now - updated).map_or_else(|| iso_8601(updated), |age| format!("{age} ago"))
    }
}

/// Decides between a screen and a boot log. The log counts only where it ends with what a screen may hide, is of this run of
/// the instance, and the screen shows nothing later.
fn with_log(screen: Verdict, log: Option<LogFinding>, times: Times) -> Verdict {
    let log = log.map(|log| LogFinding { age: log.updated.map(|updated| times.age(updated)), ..log });
    let can_tell = |log: &&LogFinding| {
        HIDDEN_STATES.contains(&log.finding.state.as_str())
            && SILENT_STATES.contains(&screen.state.as_str())
            && times.allow(log.updated, &screen.state)
    };
    match log.as_ref().filter(can_tell).map(|log| &log.finding) {
        Some(Finding { state, row, text, rule, .. }) => Verdict {
            state: state.clone(),
            certainty: Certainty::Perhaps,
            evidence: Evidence::BootLog,
            row: Some(*row),
            line: text.clone(),
            rule: Some(rule.clone()),
            boot_log: log,
            trouble: None,
        },
        None => {
            let told = |log: LogFinding| LogFinding { is_told: times.tell(&log, &screen.state), ..log };
            Verdict { boot_log: log.map(told), ..screen }
        }
    }
}

#[cfg(test)]
#[path = "machine_state_tests.rs"]
mod tests;
