//! Recognises a text cursor from two pictures of a screen, with and without it: pure.

use crate::picture::{Picture, Rectangle};

/// The largest text cursor, in pixels a side: console fonts have up to 16 x 32.
const MAX_SIDE: u16 = 32;

/// An underline or block is at least this wide, and this high. Linux's and VGA's underlines have two rows; a hyphen in their
/// fonts has one.
const MIN_CELL: (u16, u16) = (4, 2);

/// A bar, as in Windows, is at most this wide, and at least this high.
const BAR: (u16, u16) = (3, 8);

/// Whether `part`, which holds all pixels in which the pictures differ by more than `tolerance`, is a text cursor in one of
/// them: an underline, a block or a bar, and not one character in place of another.
pub(crate) fn is_text_cursor(one: &Picture, other: &Picture, part: Rectangle, tolerance: u8) -> bool {
    let Rectangle { width, height, .. } = part;
    let is_cell = width >= MIN_CELL.0 && height >= MIN_CELL.1;
    let is_bar = width <= BAR.0 && height >= BAR.1;
    let has_size = width <= MAX_SIDE && height <= MAX_SIDE && (is_cell || is_bar);
    has_size && (is_inverted(one, other, part, tolerance) || is_painted(one, part) || is_painted(other, part))
}

/// Whether all pixels differ. Linux's cursor inverts what is below it, and so does any cursor on an empty place.
fn is_inverted(one: &Picture, other: &Picture, part: Rectangle, tolerance: u8) -> bool {
    pixels(part).all(|(x, y)| match (one.pixel(x, y), other.pixel(x, y)) {
        (Some(one), Some(other)) => one.iter().zip(other).any(|(value, other)| value.abs_diff(other) > tolerance),
        _ => false,
    })
}

/// Whether the part has one colour, and stands out from what surrounds it. VGA's cursor hides what is below it. An empty place
/// has one colour too, but the same as around it.
fn is_painted(picture: &Picture, part: Rectangle) -> bool {
    let colour = picture.pixel(part.x.into(), part.y.into());
    if !pixels(part).all(|(x, y)| picture.pixel(x, y) == colour) {
        return false;
    }
    let Rectangle { x, y, width, height } = part;
    let (left, top) = (x.saturating_sub(1), y.saturating_sub(1));
    let wider = Rectangle { x: left, y: top, width: width + 1 + (x - left), height: height + 1 + (y - top) };
    let around = || wider.without(part).flat_map(pixels).filter_map(|(x, y)| picture.pixel(x, y));
    let alike = around().filter(|other| Some(*other) == colour).count();
    2 * alike < around().count()
}

fn pixels(part: Rectangle) -> impl Iterator<Item = (u32, u32)> {
    let columns = u32::from(part.x)..part.right();
    (u32::from(part.y)..part.bottom()).flat_map(move |y| columns.clone().map(move |x| (x, y)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::{Similarity, compare};

    /// A dark screen of 48 x 32 pixels with light pixels where `is_light` says so.
    fn screen(is_light: impl Fn(usize, usize) -> bool) -> Picture {
        let pixels = (0..32).flat_map(|y| (0..48).map(move |x| (x, y)));
        let rgb = pixels.flat_map(|(x, y)| [if is_light(x, y) { 170 } else { 0 }; 3]).collect();
        Picture::new(48, 32, rgb).unwrap()
    }

    /// A character of 8 x 16 pixels in the second column, a byte a row, the leftmost pixel in the highest bit. Source: the font
    /// of IBM's VGA.
    fn glyph(rows: [u8; 16]) -> impl Fn(usize, usize) -> bool {
        move |x, y| (8..16).contains(&x) && rows.get(y).is_some_and(|row| row & (0x80 >> (x - 8)) != 0)
    }

    const ZERO: [u8; 16] = [0, 0, 0x7c, 0xc6, 0xc6, 0xce, 0xde, 0xf6, 0xe6, 0xc6, 0xc6, 0x7c, 0, 0, 0, 0];
    const ONE: [u8; 16] = [0, 0, 0x18, 0x38, 0x78, 0x18, 0x18, 0x18, 0x18, 0x18, 0x18, 0x7e, 0, 0, 0, 0];
    const G: [u8; 16] = [0, 0, 0, 0, 0, 0x76, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0x7c, 0x0c, 0xcc, 0x78, 0];
    const HYPHEN: [u8; 16] = [0, 0, 0, 0, 0, 0, 0, 0xfe, 0, 0, 0, 0, 0, 0, 0, 0];
    const PERIOD: [u8; 16] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x18, 0x18, 0, 0, 0, 0];
    const NOTHING: [u8; 16] = [0; 16];

    fn is_cursor(one: &Picture, other: &Picture) -> bool {
        let differ = |one, other| match compare(one, other, None, 2) {
            Similarity::Pixels { differs: Some(part), .. } => is_text_cursor(one, other, part, 2),
            similarity => panic!("{similarity}"),
        };
        assert_eq!(differ(one, other), differ(other, one), "which of them comes first makes no difference");
        differ(one, other)
    }

    #[test]
    fn an_underline_a_block_and_a_bar_are_cursors() {
        let in_cell = |x: usize| (8..16).contains(&x);
        for below in [NOTHING, ZERO, G] {
            let plain = screen(glyph(below));
            for (name, first_row, end) in [("VGA's underline", 13, 15), ("Linux's underline", 14, 16), ("block", 0, 16)]
            {
                let rows = first_row..end;
                let hides = screen(|x, y| glyph(below)(x, y) || in_cell(x) && rows.contains(&y));
                assert!(is_cursor(&plain, &hides), "{name} that hides {below:x?}");
                let inverts = screen(|x, y| glyph(below)(x, y) != (in_cell(x) && rows.contains(&y)));
                assert!(is_cursor(&plain, &inverts), "{name} that inverts {below:x?}");
            }
        }
        assert!(is_cursor(&screen(|_, _| false), &screen(|x, y| (8..10).contains(&x) && (2..16).contains(&y))));
        assert!(is_cursor(&screen(|_, _| false), &screen(|x, y| x < 8 && y < 16)), "in the corner");
    }

    #[test]
    fn a_character_in_place_of_another_is_no_cursor() {
        for (one, other) in
            [(ZERO, ONE), (ZERO, NOTHING), (ONE, NOTHING), (G, NOTHING), (HYPHEN, NOTHING), (PERIOD, NOTHING)]
        {
            assert!(!is_cursor(&screen(glyph(one)), &screen(glyph(other))), "{one:x?} {other:x?}");
            // In reverse video.
            let (one, other) = (screen(|x, y| !glyph(one)(x, y)), screen(|x, y| !glyph(other)(x, y)));
            assert!(!is_cursor(&one, &other));
        }
        assert!(!is_cursor(&screen(|_, _| false), &screen(|x, _| x < 33)), "larger than a cell");
    }
}
