//! The lines of a screen one after another, as a log has them. Pure.

use super::frame_comparison::{is_stream, written_row};
use super::glyph::{Frame, Row, text_of};
use super::scrollback::{Motion, Step};

/// Stands where lines scrolled by unseen.
pub(super) const LOST: &str = "-- lines lost --";

/// A part of the transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A line that is complete.
    Line(String),
    /// The line that is being written, as it is now. The next piece is the same line, with more or other text.
    Open(String),
}

/// What was passed on of the screen as it is now.
#[derive(Default)]
pub(super) struct Transcript {
    /// The first rows of the screen, which are complete.
    complete: Vec<String>,
    /// The row after them, if a part of it was passed on.
    open: String,
}

impl Transcript {
    /// Takes the steps to a frame. Rows of a screen that does not stand still are passed on once they have left it.
    pub(super) fn see(&mut self, steps: &[Step], frame: &Frame, is_still: bool) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for Step { motion, gone } in steps {
            match motion {
                Motion::Unknown => return pieces,
                Motion::InPlace | Motion::Back => {}
                Motion::Scrolled(count) => {
                    self.pass_on_rest(gone, &mut pieces);
                    self.complete.drain(..(*count).min(self.complete.len()));
                }
                Motion::Replaced { is_lost } => {
                    self.pass_on_rest(gone, &mut pieces);
                    self.complete.clear();
                    if *is_lost {
                        pieces.push(Piece::Line(LOST.to_owned()));
                    }
                }
            }
        }
        if is_still {
            self.pass_on_screen(frame, &mut pieces);
        }
        pieces
    }

    /// The line that is being written, as far as it was passed on.
    pub(super) fn open_line(&self) -> &str {
        &self.open
    }

    /// The rest of the screen at the end.
    pub(super) fn finish(&mut self, frame: &Frame) -> Vec<Piece> {
        let mut pieces = Vec::new();
        self.pass_on_screen(frame, &mut pieces);
        if !self.open.is_empty() {
            pieces.push(Piece::Line(std::mem::take(&mut self.open)));
        }
        pieces
    }

    /// Passes on rows that have left the screen, but for those that were passed on before.
    fn pass_on_rest(&mut self, gone: &[Row], pieces: &mut Vec<Piece>) {
        for row in gone.iter().skip(self.complete.len()) {
            pieces.push(Piece::Line(text_of(row)));
            self.open.clear();
        }
    }

    fn pass_on_screen(&mut self, frame: &Frame, pieces: &mut Vec<Piece>) {
        let after_last = frame.last_text_row().map_or(0, |last| last + 1);
        let written = if is_stream(frame) { written_row(frame) } else { after_last };
        for (index, row) in frame.rows.iter().take(written).enumerate() {
            let text = text_of(row);
            match self.complete.get_mut(index) {
                Some(passed_on) if *passed_on == text => continue,
                Some(passed_on) => passed_on.clone_from(&text),
                None => self.complete.push(text.clone()),
            }
            self.open.clear();
            pieces.push(Piece::Line(text));
        }
        self.complete.truncate(written);
        let open = frame.rows.get(written).map(|row| text_of(row)).unwrap_or_default();
        if open != self.open {
            self.open.clone_from(&open);
            pieces.push(Piece::Open(open));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::live::glyph::tests::frame;
    use crate::console::live::scrollback::Scrollback;

    /// The pieces of screens that follow each other, as text: an open line ends with `…`.
    fn transcript(screens: &[(&[&str], usize, bool)]) -> Vec<String> {
        let (mut scrollback, mut transcript) = (Scrollback::default(), Transcript::default());
        let mut pieces = Vec::new();
        for (rows, cursor, is_still) in screens {
            let frame = frame(20, rows, Some((0, *cursor)));
            pieces.extend(transcript.see(&scrollback.see(&frame, *is_still), &frame, *is_still));
        }
        if let Some((rows, cursor, _)) = screens.last() {
            pieces.extend(transcript.finish(&frame(20, rows, Some((0, *cursor)))));
        }
        let text = |piece| match piece {
            Piece::Line(text) => text,
            Piece::Open(text) => text + "…",
        };
        pieces.into_iter().map(text).collect()
    }

    #[test]
    fn lines_come_once_and_the_one_that_is_written_last() {
        let lines = transcript(&[
            (&["booting", "login:", "", ""], 1, true),
            (&["booting", "login: root", "", ""], 1, true),
            (&["booting", "login: root", "hello", "#"], 3, false),
            (&["booting", "login: root", "hello", "#"], 3, true),
            (&["login: root", "hello", "# ls", "a"], 3, false),
            (&["hello", "# ls", "a", "b"], 3, true),
        ]);
        assert_eq!(lines, ["booting", "login:…", "login: root…", "login: root", "hello", "#…", "# ls", "a", "b…", "b"]);
    }

    #[test]
    fn a_row_that_changes_comes_again_and_a_menu_comes_whole() {
        let menu = transcript(&[
            (&["Choose", "* one", "  two", "help"], 0, true),
            (&["Choose", "  one", "* two", "help"], 0, true),
        ]);
        assert_eq!(menu, ["Choose", "* one", "  two", "help", "  one", "* two"]);
    }

    #[test]
    fn lost_lines_are_told() {
        let lines = transcript(&[
            (&["a", "b", "c", "d"], 3, true),
            (&["u", "v", "w", "x"], 3, false),
            (&["u", "v", "w", "x"], 3, true),
        ]);
        assert_eq!(lines, ["a", "b", "c", "d…", "d", LOST, "u", "v", "w", "x…", "x"]);
    }
}
