//! The picture of a simulated Windows. Pure.
//!
//! From top to bottom: colour bars, gradients, patterns of single pixels, the instance and all of ASCII in small letters;
//! then a block that changes with every key, the locks, and what was typed. A border of one pixel surrounds all this, so
//! that a viewer that cuts something off can be recognised.

use super::card_font;
use super::echo::Echo;
use super::keyboard::{Code, Keyboard, LOCKS};
use crate::picture::Rectangle;

/// Width in pixels.
pub(crate) const WIDTH: u16 = 1024;
/// Height in pixels.
pub(crate) const HEIGHT: u16 = 768;

const BARS_END: u16 = 120;
const RAMP_END: u16 = 148;
const COLOURS_END: u16 = 176;
const PATTERNS_END: u16 = 200;
/// 8 x 4 cells, one for each bit of the last key's number.
const BLOCK: Rectangle = Rectangle { x: 16, y: 284, width: 128, height: 96 };
const CELL: (u16, u16) = (16, 24);
const MARGIN: u16 = 16;
const TEXT_LEFT: u16 = 160;
const ECHO_TOP: u16 = 308;
/// The height of a line of letters of twice their size, with a gap of two pixels.
const ECHO_LINE: u16 = 18;
const TITLE_TOP: u16 = 208;

const BLACK: [u8; 3] = [0, 0, 0];
const DIM: [u8; 3] = [72, 72, 72];
const GREEN: [u8; 3] = [64, 255, 64];
const WHITE: [u8; 3] = [255, 255, 255];
const BARS: [[u8; 3]; 8] =
    [WHITE, [255, 255, 0], [0, 255, 255], [0, 255, 0], [255, 0, 255], [255, 0, 0], [0, 0, 255], BLACK];
/// The block's colours, one after another.
const TURNS: [[u8; 3]; 6] =
    [[40, 110, 200], [220, 130, 30], [60, 160, 80], [200, 60, 90], [140, 90, 190], [210, 190, 50]];

/// The state of the picture.
#[derive(Clone, Debug)]
pub(crate) struct TestCard {
    keyboard: Keyboard,
    echo: Echo,
    keys: u32,
    last: Option<Code>,
    /// The lines that keys do not change: the instance, its system, all of ASCII, and the note.
    heads: [Line; 4],
    /// The lines that keys change.
    texts: Vec<Line>,
}

/// A line of letters.
#[derive(Clone, Debug, Default)]
struct Line {
    text: Vec<char>,
    colour: [u8; 3],
    scale: u16,
    left: u16,
    top: u16,
}

impl Line {
    fn new(text: &str, colour: [u8; 3], scale: u16, left: u16, top: u16) -> Self {
        Self { text: text.chars().collect(), colour, scale, left, top }
    }

    /// The line's colour where a letter has ink.
    fn ink(&self, x: u16, y: u16) -> Option<[u8; 3]> {
        let (x, y) = (x.checked_sub(self.left)? / self.scale, y.checked_sub(self.top)? / self.scale);
        let character = self.text.get(usize::from(x / card_font::CELL_WIDTH)).filter(|_| y < card_font::CELL_HEIGHT)?;
        card_font::ink(*character, x % card_font::CELL_WIDTH, y).then_some(self.colour)
    }
}

impl TestCard {
    /// A card before the first key. It shows `title` large, and `subtitle` below.
    pub(crate) fn new(title: &str, subtitle: &str) -> Self {
        let columns = (WIDTH - MARGIN - TEXT_LEFT) / (2 * card_font::CELL_WIDTH);
        let rows = (HEIGHT - MARGIN - ECHO_TOP) / ECHO_LINE;
        let fit = |text: &str, scale: u16| {
            let most = (WIDTH - 2 * MARGIN) / (scale * card_font::CELL_WIDTH);
            text.chars().take(usize::from(most)).collect::<String>()
        };
        let ascii: String = (' '..='~').collect();
        let mut card = Self {
            keyboard: Keyboard::default(),
            echo: Echo::new(columns.into(), rows.into()),
            keys: 0,
            last: None,
            heads: [
                Line::new(&fit(title, 3), WHITE, 3, MARGIN, TITLE_TOP),
                Line::new(&fit(subtitle, 2), WHITE, 2, MARGIN, 238),
                Line::new(&ascii, WHITE, 1, MARGIN, 260),
                Line::new("no session yet", WHITE, 1, MARGIN, 272),
            ],
            texts: Vec::new(),
        };
        card.write_texts();
        card
    }

    /// All that a key can change.
    fn typing_area() -> Rectangle {
        let Rectangle { x, y, .. } = BLOCK;
        Rectangle { x, y, width: WIDTH - MARGIN - x, height: HEIGHT - MARGIN - y }
    }

    /// The areas that may differ from an earlier state of the card. A note is written before a session begins, so that
    /// it is never news.
    pub(crate) fn changes_since(&self, before: &Self) -> Vec<Rectangle> {
        if self.keys == before.keys { Vec::new() } else { vec![Self::typing_area()] }
    }

    /// Writes a note in the smallest letters, at most 90 characters.
    pub(crate) fn set_note(&mut self, text: &str) {
        let [.., note] = &mut self.heads;
        note.text = text.chars().take(90).collect();
    }

    /// A key goes down or up. One that goes down changes the block, and what is printable ASCII is typed.
    pub(crate) fn press(&mut self, code: Code, is_down: bool) {
        let effect = self.keyboard.press(code, is_down);
        if is_down {
            self.keys = self.keys.wrapping_add(1);
            self.last = Some(code);
            effect.into_iter().for_each(|effect| self.echo.show(effect));
            self.write_texts();
        }
    }

    /// The colour (red, green, blue) of a pixel; outside the picture it is black.
    pub(crate) fn pixel(&self, x: u16, y: u16) -> [u8; 3] {
        if x >= WIDTH || y >= HEIGHT {
            return BLACK;
        }
        if x == 0 || y == 0 || x == WIDTH - 1 || y == HEIGHT - 1 {
            return WHITE;
        }
        let across = u8::try_from(u32::from(x) * 255 / u32::from(WIDTH - 1)).unwrap_or(u8::MAX);
        match y {
            _ if y < BARS_END => turn(&BARS, u32::from(x / (WIDTH / 8))),
            _ if y < RAMP_END => [across; 3],
            _ if y < COLOURS_END => {
                let down = (y - RAMP_END) * 255 / (COLOURS_END - RAMP_END - 1);
                [across, u8::try_from(down).unwrap_or(u8::MAX), 255 - across]
            }
            _ if y < PATTERNS_END => pattern(x / (WIDTH / 4), x, y),
            _ if BLOCK.contains(x, y) => self.block(x, y),
            _ if y < BLOCK.y => self.heads.iter().find_map(|line| line.ink(x, y)).unwrap_or(BLACK),
            _ => self.texts.iter().find_map(|line| line.ink(x, y)).unwrap_or(BLACK),
        }
    }

    /// The bits of the last key's number, from the highest, row by row: black where set.
    fn block(&self, x: u16, y: u16) -> [u8; 3] {
        let (Code::Keysym(last) | Code::Scancode(last)) = self.last.unwrap_or(Code::Keysym(0));
        let bit = (y - BLOCK.y) / CELL.1 * 8 + (x - BLOCK.x) / CELL.0;
        let set = (last >> 31u16.saturating_sub(bit)) & 1 == 1;
        if set { BLACK } else { turn(&TURNS, self.keys) }
    }

    fn write_texts(&mut self) {
        let last = match self.last {
            None => "no key yet".to_owned(),
            Some(Code::Keysym(last)) => format!("key {}: keysym {last:#x}", self.keys),
            Some(Code::Scancode(last)) => format!("key {}: scancode {last:#x}", self.keys),
        };
        let lock = |index: usize| {
            let colour = if self.keyboard.locks[index] { GREEN } else { DIM };
            let left = TEXT_LEFT + [0, 4, 9][index] * 2 * card_font::CELL_WIDTH;
            Line::new(LOCKS[index], colour, 2, left, BLOCK.y)
        };
        // After the locks.
        let place = TEXT_LEFT + 16 * 2 * card_font::CELL_WIDTH;
        let typed = (0..).zip(self.echo.lines());
        let typed = typed.map(|(row, line)| Line::new(&line, WHITE, 2, TEXT_LEFT, ECHO_TOP + row * ECHO_LINE));
        let keys = Line::new(&last, WHITE, 1, place, BLOCK.y + 4);
        self.texts = [keys, lock(0), lock(1), lock(2)].into_iter().chain(typed).collect();
    }
}

/// Lines and dots of one pixel, and a grid of eight.
fn pattern(number: u16, x: u16, y: u16) -> [u8; 3] {
    let is_white = match number {
        0 => x.is_multiple_of(2),
        1 => y.is_multiple_of(2),
        2 => (x + y).is_multiple_of(2),
        _ => x.is_multiple_of(8) || y.is_multiple_of(8),
    };
    if is_white { WHITE } else { BLACK }
}

fn turn<const N: usize>(colours: &[[u8; 3]; N], number: u32) -> [u8; 3] {
    colours.iter().copied().cycle().nth(number as usize % N).unwrap_or(BLACK)
}

#[cfg(test)]
#[path = "test_card_tests.rs"]
mod tests;
