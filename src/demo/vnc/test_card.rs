//! The picture on a demo console: pure.
//!
//! From top to bottom: colour bars, a grey ramp, the desktop's name, and a block that changes with every key, with the
//! keys in words beside it. All in a border of one pixel, by which a viewer that cuts something off is found out.

use super::area::Area;
use super::font;

/// The picture's width in pixels.
pub const WIDTH: u16 = 640;
/// The picture's height in pixels.
pub const HEIGHT: u16 = 400;
/// All that a key can change.
pub const CHANGING: Area = Area { left: BLOCK.left, top: BLOCK.top, right: 632, bottom: BLOCK.bottom };

const BARS_END: u16 = 160;
const RAMP_END: u16 = 200;
/// 8 by 4 cells, one for each bit of the last keysym.
const BLOCK: Area = Area { left: 16, top: 284, right: 144, bottom: 380 };
const CELL: (u16, u16) = (16, 24);
const TEXT_LEFT: u16 = 160;
/// As many characters as fit beside the block behind `> `, with a cursor.
const LONGEST: usize = 36;

const BLACK: [u8; 3] = [0, 0, 0];
const WHITE: [u8; 3] = [255, 255, 255];
const BARS: [[u8; 3]; 8] =
    [WHITE, [255, 255, 0], [0, 255, 255], [0, 255, 0], [255, 0, 255], [255, 0, 0], [0, 0, 255], BLACK];
/// The block's colours, in turn.
const TURNS: [[u8; 3]; 6] =
    [[40, 110, 200], [220, 130, 30], [60, 160, 80], [200, 60, 90], [140, 90, 190], [210, 190, 50]];

/// RFC 6143, section 7.5.4.
const BACK_SPACE: u32 = 0xff08;
/// RFC 6143, section 7.5.4.
const RETURN: u32 = 0xff0d;

/// A console's picture, as the keys pressed so far have made it.
#[derive(Clone, Debug)]
pub struct TestCard {
    title: String,
    subtitle: String,
    keys: u32,
    last: u32,
    typed: String,
    lines: [String; 2],
}

impl TestCard {
    /// A card that nobody has typed on. It shows `name` up to the first space large, and the rest below.
    pub fn new(name: &str) -> Self {
        let (title, subtitle) = name.split_once(' ').unwrap_or((name, ""));
        let mut card = Self {
            title: title.to_owned(),
            subtitle: subtitle.to_owned(),
            keys: 0,
            last: 0,
            typed: String::new(),
            lines: Default::default(),
        };
        card.write_lines();
        card
    }

    /// A key goes down: the block changes, and what is printable ASCII is typed.
    pub fn press(&mut self, keysym: u32) {
        self.keys = self.keys.wrapping_add(1);
        self.last = keysym;
        match keysym {
            BACK_SPACE => _ = self.typed.pop(),
            RETURN => self.typed.clear(),
            // RFC 6143, section 7.5.4: for these a keysym is the character itself.
            0x20..=0x7e => self.typed.extend(char::from_u32(keysym)),
            _ => {}
        }
        if self.typed.len() > LONGEST {
            self.typed.remove(0);
        }
        self.write_lines();
    }

    /// The colour (red, green, blue) at a place; outside the picture it is black.
    pub fn pixel(&self, x: u16, y: u16) -> [u8; 3] {
        if x >= WIDTH || y >= HEIGHT {
            return BLACK;
        }
        if x == 0 || y == 0 || x == WIDTH - 1 || y == HEIGHT - 1 {
            return WHITE;
        }
        if y < BARS_END {
            return turn(&BARS, u32::from(x / (WIDTH / 8)));
        }
        if y < RAMP_END {
            return [u8::try_from(u32::from(x) * 255 / u32::from(WIDTH - 1)).unwrap_or(u8::MAX); 3];
        }
        if BLOCK.contains(x, y) {
            return self.block(x, y);
        }
        let [first, second] = &self.lines;
        let inked = text(&self.title, 3, x.checked_sub(BLOCK.left), y.checked_sub(212))
            || text(&self.subtitle, 2, x.checked_sub(BLOCK.left), y.checked_sub(244))
            || text(first, 2, x.checked_sub(TEXT_LEFT), y.checked_sub(300))
            || text(second, 2, x.checked_sub(TEXT_LEFT), y.checked_sub(346));
        if inked { WHITE } else { BLACK }
    }

    /// The bits of the last keysym, from the highest, row by row: black where set.
    fn block(&self, x: u16, y: u16) -> [u8; 3] {
        let bit = (y - BLOCK.top) / CELL.1 * 8 + (x - BLOCK.left) / CELL.0;
        let set = (self.last >> 31u16.saturating_sub(bit)) & 1 == 1;
        if set { BLACK } else { turn(&TURNS, self.keys) }
    }

    fn write_lines(&mut self) {
        let Self { keys, last, typed, .. } = self;
        let keys = match keys {
            0 => "no key yet".to_owned(),
            1 => format!("1 key, {last:#x}"),
            _ => format!("{keys} keys, last {last:#x}"),
        };
        self.lines = [keys, format!("> {typed}_")];
    }
}

fn turn<const N: usize>(colours: &[[u8; 3]; N], number: u32) -> [u8; 3] {
    colours.iter().copied().cycle().nth(number as usize % N).unwrap_or(BLACK)
}

/// Whether `line`, its letters `scale` times as large, is inked at `x`, `y` from its upper left corner.
fn text(line: &str, scale: u16, x: Option<u16>, y: Option<u16>) -> bool {
    let (Some(x), Some(y)) = (x.map(|x| x / scale), y.map(|y| y / scale)) else { return false };
    let character = line.chars().nth(usize::from(x / font::CELL_WIDTH));
    character.is_some_and(|character| font::ink(character, x % font::CELL_WIDTH, y))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(card: &TestCard) -> Vec<(u16, u16, [u8; 3])> {
        let places = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
        places.map(|(x, y)| (x, y, card.pixel(x, y))).collect()
    }

    #[test]
    fn bars_ramp_and_border_are_where_they_belong() {
        let card = TestCard::new("i-1 (here)");
        assert_eq!(card.pixel(1, 1), WHITE);
        assert_eq!(card.pixel(79, 80), WHITE);
        assert_eq!(card.pixel(80, 80), [255, 255, 0]);
        assert_eq!(card.pixel(600, 159), BLACK);
        assert_eq!(card.pixel(1, 180), BLACK);
        assert_eq!(card.pixel(320, 180), [127; 3]);
        assert_eq!(card.pixel(638, 199), [254; 3]);
        for (x, y) in [(0, 0), (639, 0), (0, 399), (639, 399), (0, 300), (320, 399)] {
            assert_eq!(card.pixel(x, y), WHITE, "({x}, {y})");
        }
        for (x, y) in [(640, 0), (0, 400), (u16::MAX, u16::MAX)] {
            assert_eq!(card.pixel(x, y), BLACK, "({x}, {y})");
        }
    }

    #[test]
    fn a_key_changes_the_block_and_nothing_outside_what_may_change() {
        let mut card = TestCard::new("i-1");
        for keysym in [0x61, 0x61, 0x61, RETURN, BACK_SPACE, 0, u32::MAX] {
            let before = picture(&card);
            card.press(keysym);
            let changed: Vec<_> = picture(&card).into_iter().zip(before).filter(|(now, then)| now != then).collect();
            let in_block = |x, y| (16..144).contains(&x) && (284..380).contains(&y);
            assert!(changed.iter().any(|((x, y, _), _)| in_block(*x, *y)), "{keysym:#x}");
            let may_change = |x, y| (16..632).contains(&x) && (284..380).contains(&y);
            assert!(changed.iter().all(|((x, y, _), _)| may_change(*x, *y)), "{keysym:#x}");
        }
    }

    #[test]
    fn the_block_shows_the_keysym_in_bits() {
        let mut card = TestCard::new("i-1");
        card.press(0x8000_0001);
        let cell = |column: u16, row: u16| card.pixel(16 + column * 16 + 8, 284 + row * 24 + 12);
        let black: Vec<_> =
            (0..4).flat_map(|y| (0..8).map(move |x| (x, y))).filter(|&(x, y)| cell(x, y) == BLACK).collect();
        assert_eq!(black, [(0, 0), (7, 3)]);
    }

    #[test]
    fn what_is_typed_is_shown() {
        let mut card = TestCard::new("i-1");
        let mut press = |keysyms: &[u32]| {
            keysyms.iter().for_each(|&keysym| card.press(keysym));
            card.lines.clone()
        };
        assert_eq!(press(&[]), ["no key yet", "> _"]);
        assert_eq!(press(&[0x68]), ["1 key, 0x68", "> h_"]);
        assert_eq!(press(&[0x7f, 0x69, 0x20, 0x7e, 0x1f]), ["6 keys, last 0x1f", "> hi ~_"]);
        assert_eq!(press(&[BACK_SPACE]), ["7 keys, last 0xff08", "> hi _"]);
        assert_eq!(press(&[RETURN, BACK_SPACE])[1], "> _");
        assert_eq!(press(&[0x61; 40])[1], format!("> {}_", "a".repeat(36)));
        assert!(card.pixel(160, 300 + 2 * 4) == WHITE, "the 4 of 49 keys reaches left in its fifth line");
    }
}
