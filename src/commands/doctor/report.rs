//! What was checked, and what was found: a line each, or one JSON object.

use serde::Serialize;

use crate::command_error::{Candidate, CommandError};
use crate::error_kind::ExitCode;
use crate::terminal::output::Output;
use crate::text::sanitize::sanitize;
use crate::text::table::{CellStyle, TableLayout};

/// The longest text that is shown of one finding, in characters.
const LONGEST: usize = 600;

/// How many of several instances are named.
const CANDIDATES: usize = 4;

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Mark {
    Ok,
    Warn,
    Fail,
    Skip,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Check {
    check: String,
    result: Mark,
    detail: String,
    hint: Option<String>,
}

/// All checks so far, in order.
#[derive(Debug, Default)]
pub(crate) struct Report {
    checks: Vec<Check>,
    /// Of the first that failed.
    exit: Option<ExitCode>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Line<'a> {
    checks: &'a [Check],
    ready: bool,
    exit_code: u8,
}

impl Mark {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "FAIL",
            Self::Skip => "skip",
        }
    }

    /// The state of an instance that has the colour of this mark.
    fn like(self) -> Option<&'static str> {
        match self {
            Self::Ok => Some("Running"),
            Self::Warn => Some("Starting"),
            Self::Fail => Some("Stopped"),
            Self::Skip => None,
        }
    }
}

impl Report {
    /// All is well.
    pub(crate) fn ok(&mut self, check: &str, detail: impl AsRef<str>) {
        self.push(check, Mark::Ok, detail.as_ref(), None);
    }

    /// `open` works all the same.
    pub(crate) fn warn(&mut self, check: &str, detail: impl AsRef<str>, hint: Option<String>) {
        self.push(check, Mark::Warn, detail.as_ref(), hint);
    }

    /// `open` would end like this.
    pub(crate) fn fail(&mut self, check: &str, failure: &CommandError) {
        let mut detail = format!("{:#}", failure.error);
        if !failure.candidates.is_empty() {
            let some: Vec<String> = failure.candidates.iter().take(CANDIDATES).map(candidate).collect();
            let more = if failure.candidates.len() > CANDIDATES { ", …" } else { "" };
            detail = format!("{detail}: {}{more}", some.join(", "));
        }
        self.exit.get_or_insert(failure.kind.exit_code());
        self.push(check, Mark::Fail, &detail, failure.hint.clone());
    }

    /// Not checked, for this reason.
    pub(crate) fn skip(&mut self, check: &str, why: &str) {
        self.push(check, Mark::Skip, &format!("skipped: {why}"), None);
    }

    /// Those of `checks` that failed.
    pub(crate) fn failed(&self, checks: &[&str]) -> Vec<&str> {
        let failed = self.checks.iter().filter(|found| found.result == Mark::Fail);
        failed.map(|found| found.check.as_str()).filter(|check| checks.contains(check)).collect()
    }

    /// Whether this was found already.
    pub(crate) fn has(&self, detail: &str) -> bool {
        let detail = sanitize(detail, LONGEST);
        self.checks.iter().any(|check| check.detail == detail)
    }

    fn push(&mut self, check: &str, result: Mark, detail: &str, hint: Option<String>) {
        let (detail, hint) = (sanitize(detail, LONGEST), hint.map(|hint| sanitize(&hint, LONGEST)));
        self.checks.push(Check { check: check.to_owned(), result, detail, hint });
    }

    /// Writes it, and gives the exit code it comes to.
    pub(crate) fn print(&self, output: Output) -> Result<ExitCode, CommandError> {
        let exit = self.exit.unwrap_or(ExitCode::SUCCESS);
        if output.is_json() {
            let line = Line { checks: &self.checks, ready: self.exit.is_none(), exit_code: exit.number() };
            output.json(&line)?;
            return Ok(exit);
        }
        let cells = |check: &Check| [check.result.word(), &check.check, &check.detail].map(str::to_owned).to_vec();
        let rows: Vec<Vec<String>> = self.checks.iter().map(cells).collect();
        let mut layout = TableLayout::new(&["warn", "", ""]);
        layout.fit_rows(rows.iter().map(Vec::as_slice));
        for (check, row) in self.checks.iter().zip(&rows) {
            let style = |index, _: &str| match (index, check.result.like()) {
                (0, Some(status)) => output.status_style(status),
                _ => CellStyle::default(),
            };
            output.line(&layout.format_styled_row(row, style))?;
            if let Some(hint) = &check.hint {
                output.line(&format!("      hint: {hint}"))?;
            }
        }
        output.line(&match self.exit {
            None => "All set: ecs-vnc open should work.".to_owned(),
            Some(exit) => {
                format!("Not ready: ecs-vnc open would fail (exit code {}). Fix each FAIL above.", exit.number())
            }
        })?;
        Ok(exit)
    }
}

fn candidate(one: &Candidate) -> String {
    format!("{} in {} ({})", one.instance_id, one.region_id, one.status)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error_kind::ErrorKind;

    #[test]
    fn the_first_that_failed_decides() {
        let mut report = Report::default();
        report.ok("a", "1");
        report.warn("b", "2", None);
        assert_eq!(report.exit, None);
        report.fail("c", &CommandError::message(ErrorKind::WrongState, "3"));
        report.fail("d", &CommandError::message(ErrorKind::Credentials, "4"));
        assert_eq!(report.exit, Some(ErrorKind::WrongState.exit_code()));
    }

    #[test]
    fn what_is_found_moves_no_cursor() {
        let mut report = Report::default();
        report.warn("a", "x\u{1b}[2J", Some("y\n\u{202e}".to_owned()));
        let check = &report.checks[0];
        assert!(!check.detail.contains('\u{1b}') && !check.hint.as_ref().unwrap().contains(['\n', '\u{202e}']));
        assert!(report.has("x\u{1b}[2J") && !report.has("x"));
    }
}
