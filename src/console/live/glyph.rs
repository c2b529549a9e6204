//! The cells of a screen as a terminal can show them. Pure.

use unicode_width::UnicodeWidthChar as _;

use crate::console::screen_colours::palette_index;
use crate::console::screen_rows::{REPLACEMENT, printable};
use crate::screen_text::{Cell, Screen};

/// The foreground and background that a terminal has by default: light gray on black, as on a text console.
const DEFAULT_FOREGROUND: u8 = 7;
const DEFAULT_BACKGROUND: u8 = 0;

/// The colours of a cell, as indices of the 16 colours that every terminal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    pub(super) foreground: u8,
    pub(super) background: u8,
    is_dim: bool,
    is_reverse: bool,
}

impl Style {
    pub(crate) const DEFAULT: Self =
        Self { foreground: DEFAULT_FOREGROUND, background: DEFAULT_BACKGROUND, is_dim: false, is_reverse: false };
    /// For what this program adds to the guest's lines.
    pub(crate) const DIM: Self = Self { is_dim: true, ..Self::DEFAULT };
    /// For the line of this program's own prompt and messages.
    pub(crate) const STATUS: Self = Self { is_reverse: true, ..Self::DEFAULT };

    /// The SGR sequence (ECMA-48, section 8.3.117) that sets this style. Without colours, a light background becomes reverse
    /// video.
    pub(super) fn sequence(self, has_colours: bool) -> String {
        let mut codes = vec!["0".to_owned()];
        let code = |index: u8, base: u8| if index < 8 { base + index } else { base + 60 + index - 8 }.to_string();
        if self.is_dim {
            codes.push("2".to_owned());
        }
        if self.is_reverse || !has_colours && self.background != DEFAULT_BACKGROUND {
            codes.push("7".to_owned());
        }
        if has_colours && self.foreground != DEFAULT_FOREGROUND {
            codes.push(code(self.foreground, 30));
        }
        if has_colours && self.background != DEFAULT_BACKGROUND {
            codes.push(code(self.background, 40));
        }
        format!("\x1b[{}m", codes.join(";"))
    }
}

/// A character of one column, and its style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Glyph {
    pub(super) character: char,
    pub(super) style: Style,
}

/// Stands for the second column of a wide character, as in our own Chinese lines. Guests have no wide characters.
pub(super) const SECOND_COLUMN: char = '\0';

/// The glyphs of a line, from the left.
pub(crate) type Row = Vec<Glyph>;

impl Glyph {
    pub(super) const BLANK: Self = Self { character: ' ', style: Style::DEFAULT };

    /// A font may name any character: one that a terminal may act on, or that has not one column, becomes U+FFFD.
    fn of(cell: &Cell) -> Self {
        let character = printable(cell.character);
        let character = if character.width() == Some(1) { character } else { REPLACEMENT };
        let background = palette_index(cell.background);
        // The foreground of a space cannot be seen.
        let foreground = if character == ' ' { DEFAULT_FOREGROUND } else { palette_index(cell.foreground) };
        Self { character, style: Style { foreground, background, ..Style::DEFAULT } }
    }
}

/// A text in one style, without characters that a terminal may act on. Behind a wide character stands
/// [`SECOND_COLUMN`].
pub(crate) fn styled(text: &str, style: Style) -> Row {
    let mut row = Row::new();
    for character in text.chars().map(printable) {
        let width = character.width();
        let character = if matches!(width, Some(1 | 2)) { character } else { REPLACEMENT };
        row.push(Glyph { character, style });
        if width == Some(2) {
            row.push(Glyph { character: SECOND_COLUMN, style });
        }
    }
    row
}

/// The text of a row, without the spaces at its end.
pub(crate) fn text_of(row: &[Glyph]) -> String {
    let text: String = row.iter().map(|glyph| glyph.character).filter(|c| *c != SECOND_COLUMN).collect();
    text.trim_end_matches(' ').to_owned()
}

/// Whether a row has no text.
pub(super) fn is_blank(row: &[Glyph]) -> bool {
    row.iter().all(|glyph| glyph.character == ' ')
}

/// A text screen of a guest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frame {
    /// All rows, of the same length.
    pub(super) rows: Vec<Row>,
    /// The column and the row of the text cursor, where one was seen.
    pub(super) cursor: Option<(usize, usize)>,
}

impl Frame {
    pub(crate) fn of(screen: &Screen) -> Self {
        let rows = screen.rows().map(|row| row.iter().map(Glyph::of).collect()).collect();
        Self { rows, cursor: screen.cursor.map(|cursor| (cursor.column, cursor.row)) }
    }

    pub(super) fn columns(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }

    /// The index of the last row that holds text.
    pub(super) fn last_text_row(&self) -> Option<usize> {
        self.rows.iter().rposition(|row| !is_blank(row))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A frame of rows of text, and a cursor.
    pub(crate) fn frame(columns: usize, rows: &[&str], cursor: Option<(usize, usize)>) -> Frame {
        let row = |text: &&str| {
            let mut row = styled(text, Style::DEFAULT);
            row.resize(columns, Glyph::BLANK);
            row
        };
        Frame { rows: rows.iter().map(row).collect(), cursor }
    }

    #[test]
    fn no_character_acts_on_the_terminal_and_each_takes_one_column() {
        let cell = |character| Cell { character, foreground: 0xaa_aaaa, background: 0 };
        for unsafe_or_wide in ['\u{1b}', '\u{9b}', '\u{202e}', '\0', '\u{301}', '实', '\u{ad}'] {
            assert_eq!(Glyph::of(&cell(unsafe_or_wide)).character, '\u{fffd}', "{unsafe_or_wide:?}");
        }
        for plain in ['a', 'é', '│', '█', '\u{fffd}', ' '] {
            assert_eq!(Glyph::of(&cell(plain)).character, plain);
        }
        assert_eq!(text_of(&styled("a\x1b[2J\u{202e}b ", Style::STATUS)), "a\u{fffd}[2J\u{fffd}b");
    }

    #[test]
    fn styles_are_sequences() {
        let style = |foreground, background| Style { foreground, background, ..Style::DEFAULT };
        assert_eq!(style(7, 0).sequence(true), "\x1b[0m");
        assert_eq!(style(1, 0).sequence(true), "\x1b[0;31m");
        assert_eq!(style(15, 12).sequence(true), "\x1b[0;97;104m");
        assert_eq!(style(0, 7).sequence(false), "\x1b[0;7m");
        assert_eq!(Style::DIM.sequence(true), "\x1b[0;2m");
        assert_eq!(Style::STATUS.sequence(false), "\x1b[0;7m");
    }
}
