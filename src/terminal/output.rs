//! The only writer of standard output and standard error.
//!
//! Results go to stdout, everything else to stderr. Failing to write a result is an error; failing to write to stderr is
//! ignored. The progress line is erased before anything else is written.

use std::io::{self, IsTerminal};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use clap::builder::StyledStr;
use serde::Serialize;

use super::error_report::{ErrorOutput, candidate_table};
use super::{hyperlinks, late_warnings, stderr};
use crate::command_error::CommandError;
use crate::language::translate;
use crate::system::environment::Environment;
use crate::system::platform;
use crate::text::program_name;
use crate::text::sanitize::{is_unsafe, sanitize, sanitize_lines};
use crate::text::table::CellStyle;

/// The longest line on stderr, in characters; longer ones are cut.
const MAX_LINE_LEN: usize = 2000;

/// The format of results and errors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text for people
    #[default]
    Text,
    /// One JSON object per line
    Json,
}

/// When to use color.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// Use color on a terminal
    #[default]
    Auto,
    /// Use color everywhere
    Always,
    /// Use no color
    Never,
}

/// Writes results to stdout, and everything else to stderr.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub(crate) format: Format,
    /// Whether stderr gets errors only.
    pub(crate) quiet: bool,
    /// The number of `-v` flags.
    pub(crate) verbose: u8,
    is_stderr_colored: bool,
    is_stdout_colored: bool,
    is_stdout_terminal: bool,
    has_hyperlinks: bool,
    has_file_links: bool,
    shows_progress: bool,
    /// Whether `--no-input` was given.
    is_without_input: bool,
    is_terminal: bool,
}

/// Which of the two are terminals.
#[derive(Clone, Copy)]
struct Terminals {
    stdout: bool,
    stderr: bool,
}

impl Output {
    /// Detects what stdout and stderr are.
    pub fn new(format: Format, color: Color, quiet: bool, verbose: u8, env: &Environment) -> Self {
        let terminals = Terminals { stdout: io::stdout().is_terminal(), stderr: io::stderr().is_terminal() };
        let is_any = terminals.stdout || terminals.stderr;
        let is_dumb = env.get("TERM") == Some("dumb") || (is_any && !platform::enable_escape_sequences());
        let is_monochrome = env.get("NO_COLOR").is_some();
        let on = Self::on(terminals, color, is_monochrome, is_dumb, quiet);
        let has_hyperlinks = on.has_hyperlinks && hyperlinks::are_supported(env);
        let has_file_links = has_hyperlinks && hyperlinks::has_files(env);
        Self { format, verbose, has_hyperlinks, has_file_links, ..on }
    }

    /// The output for these terminals. A dumb one understands no escape sequences.
    fn on(terminals: Terminals, color: Color, is_monochrome: bool, is_dumb: bool, quiet: bool) -> Self {
        let is_colored = |is_terminal: bool| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => !is_monochrome && !is_dumb && is_terminal,
        };
        let has_hyperlinks = terminals.stdout && !is_dumb;
        Self {
            format: Format::default(),
            quiet,
            verbose: 0,
            is_stderr_colored: is_colored(terminals.stderr),
            is_stdout_colored: is_colored(terminals.stdout),
            is_stdout_terminal: terminals.stdout,
            has_hyperlinks,
            has_file_links: has_hyperlinks,
            shows_progress: terminals.stderr && !is_dumb && !quiet,
            is_without_input: false,
            is_terminal: io::stdin().is_terminal() && terminals.stderr && terminals.stdout && !is_dumb,
        }
    }

    /// The same, which asks nothing if `is_without_input`.
    pub(crate) fn without_input(self, is_without_input: bool) -> Self {
        Self { is_without_input, ..self }
    }

    /// Whether `--no-input` was given.
    pub(crate) fn is_without_input(&self) -> bool {
        self.is_without_input
    }

    /// Whether questions may be asked on the terminal that stdin is.
    pub(crate) fn may_ask(&self) -> bool {
        !self.is_without_input && io::stdin().is_terminal()
    }

    /// Whether the user may pick from a list: all three streams are a terminal, and nothing else is done beside it.
    pub(crate) fn may_pick(&self) -> bool {
        !self.is_without_input && self.is_terminal
    }

    /// Whether stderr may have colour.
    pub(crate) fn is_stderr_colored(&self) -> bool {
        self.is_stderr_colored
    }

    /// The same output without progress lines and lists to pick from, for work beside other work that shows its progress.
    pub(crate) fn without_progress(self) -> Self {
        Self { shows_progress: false, is_terminal: false, ..self }
    }

    /// The same, with only errors on stderr.
    pub(crate) fn quietly(self) -> Self {
        Self { quiet: true, shows_progress: false, ..self }
    }

    /// Whether results are JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    pub(crate) fn is_stdout_terminal(&self) -> bool {
        self.is_stdout_terminal
    }

    /// Whether results may have colour.
    pub(crate) fn is_stdout_colored(&self) -> bool {
        self.is_stdout_colored
    }

    /// Writes a line of the result.
    pub(crate) fn line(&self, text: &str) -> Result<(), CommandError> {
        self.bytes(format!("{text}\n").as_bytes())
    }

    /// Writes a URL as a line of the result. It is a hyperlink on a terminal that is known to support them.
    pub(crate) fn link(&self, url: &str) -> Result<(), CommandError> {
        match self.has_hyperlinks {
            true => self.line(&hyperlinks::hyperlink(url, url)),
            false => self.line(url),
        }
    }

    /// Returns the path of a file that was written, for a line of the result: a hyperlink where [`Output::link`] writes one.
    pub(crate) fn file_link(&self, path: &Path) -> String {
        let shown = path.display().to_string();
        let absolute = self.has_file_links.then(|| std::path::absolute(path).ok()).flatten();
        let url = absolute.and_then(|path| hyperlinks::file_url(&path));
        url.map_or(shown.clone(), |url| hyperlinks::hyperlink(&url, &safe(&shown)))
    }

    /// The columns of the terminal that stdout is; `None` if it is none, or does not know.
    pub(crate) fn columns(&self) -> Option<usize> {
        let size = platform::terminal_size().filter(|size| self.is_stdout_terminal && size.columns > 0)?;
        Some(usize::from(size.columns))
    }

    /// Writes a line of the result, as JSON.
    pub(crate) fn json(&self, value: &impl Serialize) -> Result<(), CommandError> {
        self.line(&json(value))
    }

    /// Writes a part of the result as it is.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> Result<(), CommandError> {
        stderr::erase_progress();
        platform::write_stdout(&io::stdout(), bytes).map_err(CommandError::stdout)
    }

    /// Writes what a command in a guest wrote to its stderr, as it is.
    pub(crate) fn guest_stderr(&self, bytes: &[u8]) {
        stderr::write_bytes(bytes);
    }

    /// Writes the help or the version, with colour where results may have colour.
    pub(crate) fn help(&self, text: &StyledStr) -> Result<(), CommandError> {
        let text = if self.is_stdout_colored { text.ansi().to_string() } else { text.to_string() };
        self.bytes(program_name::in_text(&text).as_bytes())
    }

    /// Reports arguments that clap does not understand, in its words.
    pub(crate) fn usage_error(&self, text: &StyledStr) {
        let text = if self.is_stderr_colored { text.ansi().to_string() } else { text.to_string() };
        stderr::write_bytes(program_name::in_text(&text).as_bytes());
    }

    /// Writes a result that came from outside: without escape sequences and control characters, which act on the terminal
    /// that a pipe or a file ends up on, and with a newline at its end.
    pub(crate) fn document(&self, bytes: &[u8]) -> Result<(), CommandError> {
        let text = sanitize_lines(bytes);
        let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        self.bytes(format!("{text}{end}").as_bytes())
    }

    /// Reports an error with its candidates and its hint, after the late warnings and, with `-v`, its details. Ctrl-C and a
    /// closed stdout are not reported.
    pub fn failure(&self, error: &CommandError) {
        if error.is_silent() {
            return;
        }
        self.write_late_warnings();
        error.details.iter().for_each(|line| self.detail(1, line));
        if self.is_json() {
            return stderr::write_line(&json(&ErrorOutput::from(error)));
        }
        let label = error.instance.as_ref().and_then(|instance| instance.label.as_deref());
        let instance = label.map(|label| format!("{label}: ")).unwrap_or_default();
        self.labelled("error:", AnsiColor::Red, &format!("{instance}{}", error_text(&error.error)));
        candidate_table(&error.candidates).iter().for_each(|line| stderr::write_line(&format!("  {line}")));
        if let Some(hint) = &error.hint {
            self.labelled("hint:", AnsiColor::Cyan, &translate(hint));
        }
    }

    /// Reports something that the user should fix, unless `--quiet` was given.
    pub(crate) fn warning(&self, text: &str) {
        if !self.quiet {
            self.labelled("warning:", AnsiColor::Yellow, &translate(text));
        }
    }

    /// Keeps a warning back until [`Output::write_late_warnings`]: it must not come between the user and the result.
    pub(crate) fn late_warning(&self, text: &str) {
        late_warnings::add(text);
    }

    /// Writes the warnings that were kept back. Commands that serve call it when they do; main calls it at the end.
    pub fn write_late_warnings(&self) {
        late_warnings::take().iter().for_each(|text| self.warning(text));
    }

    /// Reports something that the user should know, unless `--quiet` was given.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            stderr::write_line(&safe(&translate(text)));
        }
    }

    /// Reports a detail if at least `level` `-v` flags were given.
    pub(crate) fn detail(&self, level: u8, text: &str) {
        if self.verbose >= level {
            stderr::write_line(&safe(&translate(text)));
        }
    }

    /// Shows how far the work is, on a line of the terminal that the next line replaces.
    pub(crate) fn progress(&self, text: &str) {
        if self.shows_progress {
            stderr::show_progress(&safe(&translate(text)));
        }
    }

    /// Returns the colour of an instance's status in a table.
    pub(crate) fn status_style(&self, status: &str) -> CellStyle {
        let color = match status {
            "Running" => AnsiColor::Green,
            "Stopped" => AnsiColor::Red,
            _ => AnsiColor::Yellow,
        };
        self.cell_style(color)
    }

    /// Returns this colour for a cell of a table, where results may have colour.
    pub(crate) fn cell_style(&self, color: AnsiColor) -> CellStyle {
        let style = if self.is_stdout_colored { Style::new().fg_color(Some(color.into())) } else { Style::new() };
        CellStyle { before: format!("{style}"), after: format!("{style:#}") }
    }

    fn labelled(&self, label: &str, color: AnsiColor, text: &str) {
        let style =
            if self.is_stderr_colored { Style::new().bold().fg_color(Some(color.into())) } else { Style::new() };
        let label = translate(label);
        // The mark of Chinese has its own space.
        let gap = if label.ends_with('：') { "" } else { " " };
        stderr::write_line(&format!("{style}{label}{style:#}{gap}{}", safe(&program_name::in_text(text))));
    }
}

/// The error and its causes, from the outermost inwards.
fn error_text(error: &anyhow::Error) -> String {
    let sentences: Vec<String> = error.chain().map(ToString::to_string).collect();
    translate(&sentences.join(": ")).into_owned()
}

/// Makes a text safe for the terminal: names in it may come from anywhere.
fn safe(text: &str) -> String {
    sanitize(text, MAX_LINE_LEN)
}

/// Returns JSON on one line that is safe for a terminal: characters that a terminal may act on are escaped.
pub(crate) fn json(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).expect("our own types are JSON");
    if !text.contains(is_unsafe) {
        return text;
    }
    // Such characters only occur in strings, and none has more than 16 bits.
    text.chars().map(|c| if is_unsafe(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_without_escape_sequences_gets_none() {
        let both = Terminals { stdout: true, stderr: true };
        let escapes = |output: Output| {
            (output.is_stdout_colored, output.is_stderr_colored, output.has_hyperlinks, output.shows_progress)
        };
        assert_eq!(escapes(Output::on(both, Color::Auto, false, false, false)), (true, true, true, true));
        assert_eq!(escapes(Output::on(both, Color::Auto, false, true, false)), (false, false, false, false));
        let neither = Terminals { stdout: false, stderr: false };
        assert_eq!(escapes(Output::on(neither, Color::Auto, false, false, false)), (false, false, false, false));
        assert_eq!(escapes(Output::on(both, Color::Never, true, false, true)), (false, false, true, false));
    }
}
