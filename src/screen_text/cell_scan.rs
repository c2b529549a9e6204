//! What a cell shows: one colour, two, or more.

use super::pixels::Pixels;
use crate::font::KeyHasher;

/// What a cell shows. Its top-left pixel has the colour `first`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CellScan {
    pub(super) shape: Shape,
    pub(super) first: u32,
    /// The other colour; `first` if there is no other.
    pub(super) second: u32,
}

impl CellScan {
    /// A cell of one colour.
    pub(super) fn blank(colour: u32) -> Self {
        Self { shape: Shape::Blank, first: colour, second: colour }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// All pixels have one colour.
    Blank,
    /// Two colours, and the key of the bitmap of the pixels that do not have the colour of the top-left one.
    TwoColours(u64),
    /// Three colours or more, or a cell that is not wholly on the screen: no character.
    Multi,
}

/// Reads a cell of at most 32 pixels width.
pub(super) fn scan(pixels: Pixels<'_>, at: (usize, usize), (width, height): (usize, usize)) -> CellScan {
    // As constants, the common widths let the compiler use vector instructions.
    match width {
        8 => scan_rows(pixels, at, 8, height),
        9 => scan_rows(pixels, at, 9, height),
        16 => scan_rows(pixels, at, 16, height),
        _ => scan_rows(pixels, at, width, height),
    }
}

#[inline(always)]
fn scan_rows(pixels: Pixels<'_>, (x, y): (usize, usize), width: usize, height: usize) -> CellScan {
    let first = pixels.row(x, y, 1).first().copied().unwrap_or_default();
    let (mut second, mut hasher) = (first, KeyHasher::new());
    for y in y..y + height {
        match row_bits(pixels.row(x, y, width), width, first, &mut second) {
            Some(bits) => hasher.row(bits, width as u32),
            None => return CellScan { shape: Shape::Multi, first, second },
        }
    }
    let shape = if second == first { Shape::Blank } else { Shape::TwoColours(hasher.finish()) };
    CellScan { shape, first, second }
}

/// The bitmap of a cell with at most two colours, the leftmost pixel of a row in bit `width - 1`; set bits are pixels that do
/// not have the colour of the top-left one. `None` for [`Shape::Multi`].
pub(super) fn bitmap(pixels: Pixels<'_>, (x, y): (usize, usize), (width, height): (usize, usize)) -> Option<Vec<u32>> {
    let first = *pixels.row(x, y, 1).first()?;
    let mut second = first;
    (y..y + height).map(|y| row_bits(pixels.row(x, y, width), width, first, &mut second)).collect()
}

/// The bits of a row. `second` is the other colour once it is known, and `first` before.
#[inline(always)]
fn row_bits(row: &[u32], width: usize, first: u32, second: &mut u32) -> Option<u32> {
    let row = row.get(..width).filter(|row| row.len() == width)?;
    if row.iter().fold(0, |differing, pixel| differing | (pixel ^ first)) == 0 {
        return Some(0);
    }
    if *second == first {
        *second = row.iter().copied().find(|pixel| *pixel != first)?;
    }
    let other = *second;
    if row.iter().any(|pixel| *pixel != first && *pixel != other) {
        return None;
    }
    Some(row.iter().fold(0, |bits, pixel| bits << 1 | u32::from(*pixel != first)))
}
