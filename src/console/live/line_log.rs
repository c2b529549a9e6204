//! Where the lines of a transcript go: a log file, and stdout without cursor movement.

use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::file_writer::FileWriter;
use super::transcript::Piece;
use crate::command_error::CommandError;
use crate::console::result_file;
use crate::error_kind::ErrorKind;
use crate::system::clock::iso_8601;
use crate::text::quoted::Shown as _;

/// A file that gets each complete line.
pub(super) struct LineLog {
    path: PathBuf,
    writer: FileWriter,
    has_timestamps: bool,
}

impl LineLog {
    /// Opens the file at its end.
    pub(super) fn open(path: &Path, has_timestamps: bool) -> Result<Self, CommandError> {
        let file = result_file::open(path, true)?;
        let writer = FileWriter::start(file).map_err(|error| failed(path, error))?;
        Ok(Self { path: path.to_owned(), writer, has_timestamps })
    }

    /// Adds the complete ones of these lines. They are written soon.
    pub(super) fn write(&self, pieces: &[Piece], time: DateTime<Utc>) {
        let before = if self.has_timestamps { format!("{} ", iso_8601(time)) } else { String::new() };
        let mut text = String::new();
        for piece in pieces {
            if let Piece::Line(line) = piece {
                text.push_str(&before);
                text.push_str(line);
                text.push('\n');
            }
        }
        if !text.is_empty() {
            self.writer.append(&text);
        }
    }

    /// Waits until writing has failed.
    pub(super) async fn failure(&self) -> CommandError {
        failed(&self.path, self.writer.failure().await)
    }

    /// Waits until all is written, for a while.
    pub(super) async fn finish(self) -> Result<(), CommandError> {
        self.writer.finish().await.map_err(|error| failed(&self.path, error))
    }
}

fn failed(path: &Path, error: io::Error) -> CommandError {
    let error = anyhow::Error::new(error).context(format!("the log {} has ended", path.shown()));
    CommandError::new(ErrorKind::ActionFailed, error)
}

/// Makes text that is only appended to: the line that is being written grows at its end. Pure.
#[derive(Debug, Default)]
pub(super) struct PlainText {
    /// What was written of the last line.
    open: String,
}

impl PlainText {
    /// The text to append.
    pub(super) fn append(&mut self, pieces: &[Piece]) -> String {
        let mut text = String::new();
        for piece in pieces {
            let (Piece::Line(line) | Piece::Open(line)) = piece;
            match line.strip_prefix(self.open.as_str()) {
                Some(rest) => text.push_str(rest),
                None => {
                    text.push('\n');
                    text.push_str(line);
                }
            }
            self.open.clone_from(line);
            if matches!(piece, Piece::Line(_)) {
                text.push('\n');
                self.open.clear();
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_is_written_grows() {
        let (line, open) = (|text: &str| Piece::Line(text.to_owned()), |text: &str| Piece::Open(text.to_owned()));
        let mut plain = PlainText::default();
        assert_eq!(plain.append(&[line("a"), open("login:")]), "a\nlogin:");
        assert_eq!(plain.append(&[open("login: ro")]), " ro");
        assert_eq!(plain.append(&[open("login: r")]), "\nlogin: r", "a line that was corrected comes again");
        assert_eq!(plain.append(&[line("login: root"), line(""), open("#")]), "oot\n\n#");
        assert_eq!(plain.append(&[open("")]), "\n");
        assert_eq!(plain.append(&[line("b")]), "b\n");
    }

    #[tokio::test]
    async fn a_log_is_added_to_and_has_times_if_wanted() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        let time = DateTime::from_timestamp(0, 0).unwrap();
        let pieces = [Piece::Line("a".to_owned()), Piece::Open("b".to_owned())];
        for has_timestamps in [false, true] {
            let log = LineLog::open(&path, has_timestamps).unwrap();
            log.write(&pieces, time);
            log.finish().await.unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a\n1970-01-01T00:00:00Z a\n");
    }
}
