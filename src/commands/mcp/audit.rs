//! `--audit`: one line of JSON for each call.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::system::clock::{Clock, iso_8601};
use crate::system::platform::open_private_file;
use crate::terminal::output::json;
use crate::text::quoted::Shown as _;
use crate::text::sanitize::sanitize;

/// The longest argument that is kept whole, in characters.
const MAX_ARGUMENT_LEN: usize = 1000;

/// The arguments that hold what is typed: only their lengths are kept.
const TYPED: [&str; 2] = ["text", "chords"];

/// The file, if there is one.
#[derive(Debug, Default)]
pub(super) struct Audit(Option<Mutex<File>>);

/// A call that has ended, or whose input begins.
#[derive(Debug, Serialize)]
pub(super) struct Record<'a> {
    pub(super) tool: &'a str,
    /// The id, where it is known.
    pub(super) instance: Option<&'a str>,
    /// The ids of several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) instances: Option<&'a [String]>,
    pub(super) arguments: Value,
    /// `begun`, `ok`, `plan`, `refused`, `error`, `cancelled` or `time-limit`.
    pub(super) outcome: &'a str,
    /// The kind of an error: its message may quote a screen.
    pub(super) error: Option<String>,
}

#[derive(Serialize)]
struct Line<'a> {
    time: String,
    #[serde(flatten)]
    record: &'a Record<'a>,
    duration_ms: u64,
}

impl Audit {
    /// Opens the file for more lines. A new one can be read by this user only.
    pub(super) fn open(path: &Path) -> Result<Self, CommandError> {
        let file = open_private_file(path, true).map_err(|error| {
            let error = anyhow::Error::new(error).context(format!("could not open {}", path.shown()));
            CommandError::new(ErrorKind::ActionFailed, error).hint("name a file that you can write with --audit")
        })?;
        Ok(Self(Some(Mutex::new(file))))
    }

    /// Adds a line with one write, so that several servers can share the file.
    pub(super) fn write(&self, record: &Record<'_>, duration: Duration) -> Result<(), CommandError> {
        let Some(file) = &self.0 else { return Ok(()) };
        let duration_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let line = Line { time: iso_8601(Clock::system().utc()), record, duration_ms };
        let line = json(&line) + "\n";
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(line.as_bytes()).map_err(|error| {
            let error = anyhow::Error::new(error).context("could not write the audit file");
            CommandError::new(ErrorKind::ActionFailed, error)
        })
    }
}

/// The arguments of a call as they are kept. `schema` is that of the tool. The value of an argument that it does not have may be
/// a text under a misspelt name.
pub(super) fn arguments(given: &Map<String, Value>, schema: &Map<String, Value>) -> Value {
    let is_known = |name: &str| schema.get("properties").is_some_and(|known| known.get(name).is_some());
    let kept = given.iter().map(|(name, value)| {
        let kept = match value {
            _ if !is_known(name) => "[not kept]".into(),
            value if TYPED.contains(&name.as_str()) => length(value),
            Value::Bool(_) | Value::Number(_) | Value::Null => value.clone(),
            Value::String(text) => sanitize(text, MAX_ARGUMENT_LEN).into(),
            other => sanitize(&other.to_string(), MAX_ARGUMENT_LEN).into(),
        };
        (sanitize(name, 40), kept)
    });
    Value::Object(kept.take(20).collect())
}

fn length(value: &Value) -> Value {
    match value {
        Value::String(text) => format!("[{} characters]", text.chars().count()).into(),
        Value::Array(chords) => format!("[{} chords]", chords.len()).into(),
        _ => "[not kept]".into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_typed_is_kept_as_a_length() {
        let given = json!({ "instance": "web-01", "text": "päss", "enter": true, "chords": ["p", "w"], "env": "ROOT" });
        let expected = json!({
            "instance": "web-01", "text": "[4 characters]", "enter": true, "chords": "[2 chords]", "env": "ROOT"
        });
        let names = ["instance", "text", "enter", "chords", "env", "command"];
        let properties: Map<_, _> = names.iter().map(|name| ((*name).to_owned(), json!({}))).collect();
        let schema = json!({ "properties": properties });
        let arguments = |given: &Value| arguments(given.as_object().unwrap(), schema.as_object().unwrap());
        assert_eq!(arguments(&given), expected);
        let odd = json!({ "text": ["p"], "chords": { "a": "pw" }, "command": "x".repeat(2000) });
        let kept = arguments(&odd).to_string();
        assert!(!kept.contains("pw") && kept.len() < 1200, "{kept}");
        let misspelt = json!({ "txt": "hunter9", "Text": ["hunter9"], "confirm": true });
        let expected = json!({ "txt": "[not kept]", "Text": "[not kept]", "confirm": "[not kept]" });
        assert_eq!(arguments(&misspelt), expected);
    }
}
