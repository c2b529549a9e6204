//! The only writer of standard output and standard error.
//!
//! stdout is data, stderr is talk. Talk that cannot be written is dropped; data that cannot be written is a failure.
//! A progress line is gone before anything else is written.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use serde::Serialize;

use crate::command_error::{Candidate, CommandError};
use crate::system::environment::Environment;
use crate::system::shutdown::{CleanupGuard, Shutdown};
use crate::text::sanitize::{document, is_unsafe, sanitize};
use crate::text::table::table;

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

/// Where a command's words go.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// The form of results and errors.
    pub(crate) format: Format,
    /// Only errors on stderr.
    pub(crate) quiet: bool,
    /// How much is told about the way to the result.
    pub(crate) verbose: u8,
    colored: bool,
    rows_colored: bool,
    rows_watched: bool,
    shows_progress: bool,
}

/// Takes a progress line away, and the `^C` that a terminal may have put behind it.
const WIPE: &str = "\r\x1b[K";

/// The progress line that is shown on stderr, if any. The process has one, as it has one terminal.
static PROGRESS: Mutex<Option<ProgressLine>> = Mutex::new(None);

/// A progress line must not be left on the terminal when the process ends.
struct ProgressLine {
    _cleanup: CleanupGuard,
}

impl ProgressLine {
    fn of_process() -> MutexGuard<'static, Option<Self>> {
        PROGRESS.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `None` if the process is ending.
    fn register() -> Option<Self> {
        let cleanup = Shutdown::of_process().register(|| {
            // Another thread may be blocked in writing to the terminal.
            if let Ok(mut shown) = PROGRESS.try_lock() {
                write(erase(&mut shown));
            }
        })?;
        Some(Self { _cleanup: cleanup })
    }
}

/// Returns what must be written to erase the progress line.
fn erase(shown: &mut Option<ProgressLine>) -> &'static str {
    if shown.take().is_some() { WIPE } else { "" }
}

impl Output {
    /// Decides once how to write.
    pub fn new(format: Format, color: Color, quiet: bool, verbose: u8, env: &Environment) -> Self {
        let is_dumb = env.get("TERM") == Some("dumb");
        let is_colored = |is_terminal: bool| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => env.get("NO_COLOR").is_none() && !is_dumb && is_terminal,
        };
        let (is_watched, rows_watched) = (io::stderr().is_terminal(), io::stdout().is_terminal());
        Self {
            format,
            quiet,
            verbose,
            colored: is_colored(is_watched),
            rows_colored: is_colored(rows_watched),
            rows_watched,
            shows_progress: is_watched && !is_dumb && !quiet,
        }
    }

    /// Whether results are JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Whether results go to a terminal.
    pub(crate) fn rows_watched(&self) -> bool {
        self.rows_watched
    }

    /// A line of the result.
    pub(crate) fn line(&self, text: &str) -> Result<(), CommandError> {
        self.bytes(format!("{text}\n").as_bytes())
    }

    /// A line of the result, as JSON.
    pub(crate) fn json(&self, value: &impl Serialize) -> Result<(), CommandError> {
        self.line(&json(value))
    }

    /// The result as it is.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> Result<(), CommandError> {
        wipe();
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(CommandError::stdout)
    }

    /// The result as it is; on a terminal, without what would act on that, and to the end of a line.
    pub(crate) fn document(&self, bytes: &[u8]) -> Result<(), CommandError> {
        if !self.rows_watched {
            return self.bytes(bytes);
        }
        let text = document(bytes);
        let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        self.bytes(format!("{text}{end}").as_bytes())
    }

    /// An error, with its hint.
    pub fn failure(&self, failure: &CommandError) {
        if failure.is_silent() {
            return;
        }
        if self.is_json() {
            return talk(&json(&ErrorLine::from(failure)));
        }
        let about = failure.instance.as_deref().map(|instance| format!("{instance}: ")).unwrap_or_default();
        self.labelled("error:", AnsiColor::Red, &format!("{about}{:#}", failure.error));
        candidates(&failure.candidates).iter().for_each(|line| talk(&format!("  {line}")));
        if let Some(hint) = &failure.hint {
            self.labelled("hint:", AnsiColor::Cyan, hint);
        }
    }

    /// Something the user should mend.
    pub(crate) fn warning(&self, text: &str) {
        if !self.quiet {
            self.labelled("warning:", AnsiColor::Yellow, text);
        }
    }

    /// Something the user wants to know.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            talk(&fit(text));
        }
    }

    /// Something a user who asked for detail wants to know.
    pub(crate) fn detail(&self, level: u8, text: &str) {
        if self.verbose >= level {
            talk(&fit(text));
        }
    }

    /// A question on the terminal, whose answer follows on the same line.
    pub(crate) fn ask(&self, question: &str) {
        wipe();
        let mut stderr = io::stderr().lock();
        let _ = write!(stderr, "{question}").and_then(|()| stderr.flush());
    }

    /// How far the work is, on a line of the terminal that the next one takes the place of.
    pub(crate) fn progress(&self, text: &str) {
        if !self.shows_progress {
            return;
        }
        let mut shown = ProgressLine::of_process();
        if shown.is_none() {
            *shown = ProgressLine::register();
        }
        if shown.is_some() {
            // Without wrapping (DECAWM): of a line that had become two, only one would be taken away.
            write(&format!("{WIPE}\x1b[?7l{}\x1b[?7h", fit(text)));
        }
    }

    /// The colour of an instance's state in a result, as what goes before and after it.
    pub(crate) fn state(&self, status: &str) -> (String, String) {
        let color = match status {
            "Running" => AnsiColor::Green,
            "Stopped" => AnsiColor::Red,
            _ => AnsiColor::Yellow,
        };
        let style = if self.rows_colored { Style::new().fg_color(Some(color.into())) } else { Style::new() };
        (format!("{style}"), format!("{style:#}"))
    }

    fn labelled(&self, label: &str, color: AnsiColor, text: &str) {
        let style = if self.colored { Style::new().bold().fg_color(Some(color.into())) } else { Style::new() };
        talk(&format!("{style}{label}{style:#} {}", fit(text)));
    }
}

/// As a table.
fn candidates(candidates: &[Candidate]) -> Vec<String> {
    if candidates.is_empty() {
        return Vec::new();
    }
    let row = |one: &Candidate| {
        let address = one.address.as_deref().unwrap_or("-");
        [&one.instance_id, &one.region_id, &one.status, address, &one.instance_name].map(str::to_owned).to_vec()
    };
    table(&["ID", "REGION", "STATUS", "ADDRESS", "NAME"], &candidates.iter().map(row).collect::<Vec<_>>())
}

/// Names in what is told may come from anywhere; none of it moves the cursor.
fn fit(text: &str) -> String {
    sanitize(text, 2000)
}

/// A line on stderr.
fn talk(text: &str) {
    let mut shown = ProgressLine::of_process();
    write(&format!("{}{text}\n", erase(&mut shown)));
}

/// Takes the progress line away. The lock is not kept: what is written next may take for ever.
fn wipe() {
    write(erase(&mut ProgressLine::of_process()));
}

/// Writes to stderr in one piece. There is nowhere left to report that this failed.
fn write(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// JSON on one line, fit for a terminal: what JSON leaves as it is and a terminal does not is escaped. It means the same.
pub(crate) fn json(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).expect("our own types are JSON");
    if !text.contains(is_unsafe) {
        return text;
    }
    // Such characters stand in strings only, and none is beyond 16 bits.
    text.chars().map(|c| if is_unsafe(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }).collect()
}

/// `{"Error": {…}}`, in the API's own words.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorLine<'a> {
    error: ErrorBody<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorBody<'a> {
    code: Option<&'a str>,
    message: String,
    request_id: Option<&'a str>,
    http_status: Option<u16>,
    hint: Option<&'a str>,
    exit_code: u8,
    instance_id: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    candidates: &'a [Candidate],
}

impl<'a> From<&'a CommandError> for ErrorLine<'a> {
    fn from(failure: &'a CommandError) -> Self {
        let service = failure.service.as_deref();
        Self {
            error: ErrorBody {
                code: service.map(|service| service.code.as_str()),
                message: service.map_or_else(|| format!("{:#}", failure.error), |service| service.message.clone()),
                request_id: service.and_then(|service| service.request_id.as_deref()),
                http_status: service.map(|service| service.http_status),
                hint: failure.hint.as_deref(),
                exit_code: failure.kind.exit_code().number(),
                instance_id: failure.instance.as_deref(),
                candidates: &failure.candidates,
            },
        }
    }
}
