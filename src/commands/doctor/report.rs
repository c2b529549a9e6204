//! The findings of all checks, and how they are printed: one line each, or one JSON object.

use serde::Serialize;

use crate::command_error::{Candidate, CommandError};
use crate::commands::help_language::punctuation;
use crate::error_kind::ExitCode;
use crate::language::translate;
use crate::terminal::output::Output;
use crate::text::program_name::in_text;
use crate::text::sanitize::sanitize;
use crate::text::table::{CellStyle, TableLayout};

/// The maximum length of a detail or a hint, in characters. Longer ones are cut off.
const MAX_TEXT_LEN: usize = 600;

/// How many matching instances are listed if a name matches several.
const MAX_CANDIDATES: usize = 4;

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Ok,
    /// Something is wrong, but `open` should work.
    Warn,
    /// `open` would fail.
    Fail,
    /// Not checked, because an earlier check failed or the service did not tell.
    Skip,
}

/// What one check found. Control characters are removed from its texts.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Finding {
    /// The name of the check, such as `region` or `ecs:DescribeRegions`.
    check: String,
    result: Status,
    detail: String,
    /// What the user can do about it.
    hint: Option<String>,
}

/// The findings so far, in the order of the checks.
#[derive(Debug, Default)]
pub(crate) struct Report {
    findings: Vec<Finding>,
    /// The exit code of the first failed check; `None` if none failed.
    exit_code: Option<ExitCode>,
}

/// The report as `-o json` prints it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ReportOutput<'a> {
    checks: &'a [Finding],
    /// Whether no check failed.
    ready: bool,
    exit_code: u8,
}

impl Status {
    /// The first column of a line.
    fn label(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "FAIL",
            Self::Skip => "skip",
        }
    }

    /// The instance status whose color the label gets; `None` for no color.
    fn color_status(self) -> Option<&'static str> {
        match self {
            Self::Ok => Some("Running"),
            Self::Warn => Some("Starting"),
            Self::Fail => Some("Stopped"),
            Self::Skip => None,
        }
    }
}

impl Report {
    /// Adds a check that found no fault.
    pub(crate) fn ok(&mut self, check: &str, detail: impl AsRef<str>) {
        self.push(check, Status::Ok, detail.as_ref(), None);
    }

    /// Adds a fault that does not stop `open`.
    pub(crate) fn warn(&mut self, check: &str, detail: impl AsRef<str>, hint: Option<String>) {
        self.push(check, Status::Warn, detail.as_ref(), hint);
    }

    /// Adds the error that `open` would end with.
    pub(crate) fn fail(&mut self, check: &str, failure: &CommandError) {
        let mut detail = format!("{:#}", failure.error);
        if !failure.candidates.is_empty() {
            let listed: Vec<String> = failure.candidates.iter().take(MAX_CANDIDATES).map(describe_candidate).collect();
            let more = if failure.candidates.len() > MAX_CANDIDATES { ", …" } else { "" };
            detail = format!("{detail}: {}{more}", listed.join(", "));
        }
        if !failure.details.is_empty() {
            detail = format!("{detail} ({})", failure.details.join("; "));
        }
        self.exit_code.get_or_insert(failure.kind.exit_code());
        self.push(check, Status::Fail, &detail, failure.hint.clone());
    }

    /// Adds a check that could not be done, with the reason.
    pub(crate) fn skip(&mut self, check: &str, reason: &str) {
        self.push(check, Status::Skip, &format!("skipped: {reason}"), None);
    }

    /// Returns those of `checks` that failed, in the order of the report.
    pub(crate) fn failed(&self, checks: &[&str]) -> Vec<&str> {
        let failed = self.findings.iter().filter(|finding| finding.result == Status::Fail);
        failed.map(|finding| finding.check.as_str()).filter(|check| checks.contains(check)).collect()
    }

    /// Whether a finding already has exactly this detail.
    pub(crate) fn has_detail(&self, detail: &str) -> bool {
        let detail = sanitize(detail, MAX_TEXT_LEN);
        self.findings.iter().any(|finding| finding.detail == detail)
    }

    fn push(&mut self, check: &str, result: Status, detail: &str, hint: Option<String>) {
        let safe = |text: &str| sanitize(&in_text(text), MAX_TEXT_LEN);
        let (detail, hint) = (safe(detail), hint.map(|hint| safe(&hint)));
        self.findings.push(Finding { check: check.to_owned(), result, detail, hint });
    }

    /// Prints the report to stdout. Returns the exit code of the first failed check, or 0.
    pub(crate) fn print(&self, output: Output) -> Result<ExitCode, CommandError> {
        let exit_code = self.exit_code.unwrap_or(ExitCode::SUCCESS);
        if output.is_json() {
            let ready = self.exit_code.is_none();
            output.json(&ReportOutput { checks: &self.findings, ready, exit_code: exit_code.number() })?;
            return Ok(exit_code);
        }
        // The names of the checks are those of the JSON form.
        let cells = |finding: &Finding| {
            vec![in_language(finding.result.label()), finding.check.clone(), in_language(&finding.detail)]
        };
        let rows: Vec<Vec<String>> = self.findings.iter().map(cells).collect();
        let mut layout = TableLayout::new(&["warn", "", ""]);
        layout.fit_rows(rows.iter().map(Vec::as_slice));
        for (finding, row) in self.findings.iter().zip(&rows) {
            let style = |column, _: &str| match (column, finding.result.color_status()) {
                (0, Some(status)) => output.status_style(status),
                _ => CellStyle::default(),
            };
            output.line(&layout.format_styled_row(row, style))?;
            if let Some(hint) = &finding.hint {
                output.line(&in_language(&format!("      hint: {hint}")))?;
            }
        }
        match self.exit_code {
            None => output.line(&in_text(&in_language("All set: ecs-vnc open should work.")))?,
            Some(_) => self.print_failures(exit_code, output)?,
        }
        Ok(exit_code)
    }

    /// Prints the failed checks once more, each with its hint: the table above may be long.
    fn print_failures(&self, exit_code: ExitCode, output: Output) -> Result<(), CommandError> {
        let verdict = format!("Not ready: ecs-vnc open would fail (exit code {}). To fix:", exit_code.number());
        output.line(&in_text(&in_language(&verdict)))?;
        for Finding { check, detail, hint, .. } in self.findings.iter().filter(|it| it.result == Status::Fail) {
            output.line(&format!("- {check}{}{}", punctuation().colon, in_language(detail)))?;
            if let Some(hint) = hint {
                output.line(&in_language(&format!("  hint: {hint}")))?;
            }
        }
        Ok(())
    }
}

fn in_language(text: &str) -> String {
    translate(text).into_owned()
}

fn describe_candidate(candidate: &Candidate) -> String {
    format!("{} in {} ({})", candidate.instance_id, candidate.region_id, candidate.status)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error_kind::ErrorKind;

    #[test]
    fn the_first_failed_check_decides_the_exit_code() {
        let mut report = Report::default();
        report.ok("a", "1");
        report.warn("b", "2", None);
        assert_eq!(report.exit_code, None);
        report.fail("c", &CommandError::message(ErrorKind::WrongState, "3"));
        report.fail("d", &CommandError::message(ErrorKind::Credentials, "4"));
        assert_eq!(report.exit_code, Some(ErrorKind::WrongState.exit_code()));
    }

    #[test]
    fn findings_contain_no_control_characters() {
        let mut report = Report::default();
        report.warn("a", "x\u{1b}[2J", Some("y\n\u{202e}".to_owned()));
        let finding = &report.findings[0];
        assert!(!finding.detail.contains('\u{1b}') && !finding.hint.as_ref().unwrap().contains(['\n', '\u{202e}']));
        assert!(report.has_detail("x\u{1b}[2J") && !report.has_detail("x"));
    }
}
