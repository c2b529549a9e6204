//! Where the lines of a transcript go: a log file, and stdout without cursor movement.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use chrono::{DateTime, Utc};

use super::transcript::Piece;
use crate::command_error::CommandError;
use crate::console::result_file;
use crate::system::clock::iso_8601;

/// A file that gets each complete line.
pub(super) struct LineLog {
    file: File,
    has_timestamps: bool,
}

impl LineLog {
    /// Opens the file at its end.
    pub(super) fn open(path: &Path, has_timestamps: bool) -> Result<Self, CommandError> {
        Ok(Self { file: result_file::open(path, true)?, has_timestamps })
    }

    /// Adds the complete ones of these lines.
    pub(super) fn write(&mut self, pieces: &[Piece], time: DateTime<Utc>) -> io::Result<()> {
        let before = if self.has_timestamps { format!("{} ", iso_8601(time)) } else { String::new() };
        let mut text = String::new();
        for piece in pieces {
            if let Piece::Line(line) = piece {
                text.push_str(&before);
                text.push_str(line);
                text.push('\n');
            }
        }
        if text.is_empty() { Ok(()) } else { self.file.write_all(text.as_bytes()) }
    }
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

    #[test]
    fn a_log_is_added_to_and_has_times_if_wanted() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        let time = DateTime::from_timestamp(0, 0).unwrap();
        let pieces = [Piece::Line("a".to_owned()), Piece::Open("b".to_owned())];
        LineLog::open(&path, false).unwrap().write(&pieces, time).unwrap();
        LineLog::open(&path, true).unwrap().write(&pieces, time).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a\n1970-01-01T00:00:00Z a\n");
    }
}
