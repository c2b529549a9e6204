//! A recording of a terminal, in asciicast v2. Source: <https://docs.asciinema.org/manual/asciicast/v2/>.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use serde_json::json;
use tokio::time::Instant;

use crate::command_error::CommandError;
use crate::console::result_file;
use crate::system::clock::Clock;
use crate::text::quoted::Shown as _;

/// A file that gets what is written to a terminal.
pub(crate) struct CastWriter {
    file: File,
    start: Instant,
    clock: Clock,
}

impl CastWriter {
    /// Creates the file, or empties it, and writes its header. `term` is the terminal's type.
    pub(crate) fn create(
        path: &Path,
        (columns, rows): (u16, u16),
        term: Option<&str>,
        title: &str,
        clock: &Clock,
    ) -> Result<Self, CommandError> {
        let mut file = result_file::open(path, false)?;
        let (now, term) = (clock.now(), term.unwrap_or("xterm-256color"));
        let header = json!({
            "version": 2, "width": columns, "height": rows, "timestamp": now.utc.timestamp(), "title": title,
            "env": { "TERM": term },
        });
        writeln!(file, "{header}").map_err(|error| {
            let error = anyhow::Error::new(error).context(format!("could not write {}", path.shown()));
            CommandError::new(crate::error_kind::ErrorKind::ActionFailed, error)
        })?;
        Ok(Self { file, start: now.instant, clock: clock.clone() })
    }

    /// Adds what was written.
    pub(super) fn output(&mut self, text: &str) -> io::Result<()> {
        self.event("o", text)
    }

    /// Adds a change of the terminal's size.
    pub(super) fn resize(&mut self, (columns, rows): (u16, u16)) -> io::Result<()> {
        self.event("r", &format!("{columns}x{rows}"))
    }

    fn event(&mut self, kind: &str, data: &str) -> io::Result<()> {
        let seconds = self.clock.instant().saturating_duration_since(self.start).as_secs_f64();
        // In one piece, so that a reader never sees half an event.
        let line = format!("[{seconds:.6}, {}, {}]\n", json!(kind), json!(data));
        self.file.write_all(line.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_recording_has_a_header_and_an_event_a_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.cast");
        let mut cast = CastWriter::create(&path, (80, 24), Some("xterm"), "web-01", &Clock::system()).unwrap();
        cast.output("\x1b[1;1Hé\"\n").unwrap();
        cast.resize((100, 30)).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(
            (&lines[0]["version"], &lines[0]["width"], &lines[0]["height"]),
            (&json!(2), &json!(80), &json!(24))
        );
        assert!(lines[1][0].is_f64());
        assert_eq!((&lines[1][1], &lines[1][2]), (&json!("o"), &json!("\x1b[1;1Hé\"\n")));
        assert_eq!((&lines[2][1], &lines[2][2]), (&json!("r"), &json!("100x30")));
        assert_eq!(lines.len(), 3);
    }
}
