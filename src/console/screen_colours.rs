//! Rows of a screen with the colours that they have there, as ECMA-48's SGR sequences. Pure.
//!
//! The colours are the 16 that every terminal has. Each screen colour becomes the nearest: screens differ in the exact
//! values, and a terminal's own are readable on its background. The most common pair of colours becomes the terminal's
//! default.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::screen_rows::printable;
use crate::screen_text::Cell;

/// The colours of SGR 30 to 37 and 90 to 97 on a text console. Source: `default_red`, `default_grn` and `default_blu` in Linux's
/// drivers/tty/vt/vt.c.
pub(crate) const PALETTE: [u32; 16] = [
    0x00_0000, 0xaa_0000, 0x00_aa00, 0xaa_5500, 0x00_00aa, 0xaa_00aa, 0x00_aaaa, 0xaa_aaaa, 0x55_5555, 0xff_5555,
    0x55_ff55, 0xff_ff55, 0x55_55ff, 0xff_55ff, 0x55_ffff, 0xff_ffff,
];

/// The indices of a foreground and a background in [`PALETTE`].
type Pair = (usize, usize);

/// Turns rows into coloured lines.
pub(crate) struct Colours {
    default: Pair,
}

impl Colours {
    /// Takes the most common colours of the screen's characters as the terminal's default.
    pub(crate) fn of(cells: &[Cell]) -> Self {
        let mut counts: BTreeMap<Pair, usize> = BTreeMap::new();
        for cell in cells.iter().filter(|cell| cell.character != ' ') {
            *counts.entry(pair(cell)).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        Self { default: most.map_or((7, 0), |(pair, _)| pair) }
    }

    /// The text of a row, without the spaces at its end that have the default background. It ends in the default colours.
    pub(crate) fn line(&self, row: &[Cell]) -> String {
        let end = row.iter().rposition(|cell| cell.character != ' ' || self.style(cell).1 != self.default.1);
        let (mut text, mut current) = (String::new(), self.default);
        for cell in &row[..end.map_or(0, |end| end + 1)] {
            let style = self.style(cell);
            // The foreground of a space cannot be seen.
            let is_same = style == current || cell.character == ' ' && style.1 == current.1;
            if !is_same {
                text.push_str(&self.sequence(style));
                current = style;
            }
            text.push(printable(cell.character));
        }
        if current != self.default {
            text.push_str("\x1b[0m");
        }
        text
    }

    fn style(&self, cell: &Cell) -> Pair {
        let (foreground, background) = pair(cell);
        (if cell.character == ' ' { self.default.0 } else { foreground }, background)
    }

    fn sequence(&self, (foreground, background): Pair) -> String {
        let mut text = String::from("\x1b[0");
        let code = |index: usize, base: usize| if index < 8 { base + index } else { base + 60 + index - 8 };
        if foreground != self.default.0 {
            let _ = write!(text, ";{}", code(foreground, 30));
        }
        if background != self.default.1 {
            let _ = write!(text, ";{}", code(background, 40));
        }
        text + "m"
    }
}

fn pair(cell: &Cell) -> Pair {
    (nearest(cell.foreground), nearest(cell.background))
}

/// The index of the nearest of the 16 colours of a text console, in the order of SGR 30 to 37 and 90 to 97.
pub(crate) fn palette_index(colour: u32) -> u8 {
    nearest(colour) as u8
}

fn nearest(colour: u32) -> usize {
    let distance = |other: u32| -> u32 {
        let channels = colour.to_be_bytes().into_iter().zip(other.to_be_bytes());
        channels.map(|(one, other)| u32::from(one.abs_diff(other)).pow(2)).sum()
    };
    (0..PALETTE.len()).min_by_key(|index| distance(PALETTE[*index])).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(parts: &[(&str, u32, u32)]) -> Vec<Cell> {
        let cell = |character, foreground, background| Cell { character, foreground, background };
        parts.iter().flat_map(|(text, ink, ground)| text.chars().map(|c| cell(c, *ink, *ground))).collect()
    }

    #[test]
    fn colours_are_the_nearest_of_16_and_the_most_common_ones_are_none() {
        // Linux's palette and QEMU's: 0xaa and 0xa8.
        let boot = row(&[
            ("[  ", 0xaa_aaaa, 0),
            ("OK", 0x00_a800, 0),
            ("  ] Started ", 0xaa_aaaa, 0),
            ("sshd", 0xff_ffff, 0),
            (".   ", 0xaa_aaaa, 0),
        ]);
        let colours = Colours::of(&boot);
        assert_eq!(colours.line(&boot), "[  \x1b[0;32mOK  \x1b[0m] Started \x1b[0;97msshd\x1b[0m.");
        let menu = row(&[(" * ", 0, 0xaa_aaaa), ("Debian", 0x00_0003, 0xa9_aaab), ("   ", 0, 0xaa_aaaa), ("  ", 0, 0)]);
        assert_eq!(colours.line(&menu), "\x1b[0;47m \x1b[0;30;47m* Debian   \x1b[0m");
    }

    #[test]
    fn a_dark_text_on_a_light_screen_has_no_colour_either() {
        let paper = row(&[("text ", 0, 0xff_ffff)]);
        assert_eq!(Colours::of(&paper).line(&paper), "text");
        assert_eq!(Colours::of(&[]).line(&row(&[("\u{1b}", 0xaa_aaaa, 0), (" ", 0, 0)])), "\u{fffd}");
    }
}
