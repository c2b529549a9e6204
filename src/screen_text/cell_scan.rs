//! What a cell shows: one colour, two, or more.

use super::glyph_table::{GlyphRange, SizeTable};
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
    /// Two colours, and a bitmap that a font has.
    Known(GlyphRange),
    /// Two colours, and another bitmap, with its key.
    Unknown(u64),
    /// Three colours or more, or a cell that is not wholly on the screen: no character.
    Multi,
}

/// The rows of pixels of a row of cells.
pub(super) struct Band<'a>(Vec<&'a [u32]>);

impl<'a> Band<'a> {
    /// `height` rows from `y` on; those below the screen are empty.
    pub(super) fn new(pixels: Pixels<'a>, y: usize, height: usize) -> Self {
        Self((y..y + height).map(|y| pixels.row(0, y, pixels.width())).collect())
    }
}

/// Reads the cell at `x`, of the size of the table.
pub(super) fn scan(band: &Band<'_>, x: usize, table: &SizeTable) -> CellScan {
    // As constants, the common widths let the compiler unroll loops and use vector instructions.
    match table.width {
        8 => scan_width::<8>(band, x, table),
        9 => scan_width::<9>(band, x, table),
        16 => scan_width::<16>(band, x, table),
        width => scan_rows(band, x, table, |row, colour| differing(row.get(x..x + width)?, colour)),
    }
}

fn scan_width<const WIDTH: usize>(band: &Band<'_>, x: usize, table: &SizeTable) -> CellScan {
    // The bit of each pixel. A mask instead of a shift a pixel is what vector instructions can do.
    let bits: [u32; WIDTH] = std::array::from_fn(|index| 1 << (WIDTH - 1 - index));
    scan_rows(band, x, table, |row, colour| {
        let row: &[u32; WIDTH] = row.get(x..)?.first_chunk()?;
        let set: [u32; WIDTH] = std::array::from_fn(|index| if row[index] == colour { 0 } else { bits[index] });
        Some(set.iter().fold(0, |all, bit| all | bit))
    })
}

/// Reads a cell. `differing` returns the pixels of the cell's part of a row that do not have a colour, the leftmost in bit
/// `width - 1`; `None` if the row is too short.
#[inline(always)]
fn scan_rows(band: &Band<'_>, x: usize, table: &SizeTable, differing: impl Fn(&[u32], u32) -> Option<u32>) -> CellScan {
    let width = table.width;
    let all = u32::MAX >> (32 - width);
    let first = band.0.first().and_then(|row| row.get(x)).copied().unwrap_or_default();
    let (mut second, mut hasher) = (first, KeyHasher::new());
    for row in &band.0 {
        let Some(bits) = differing(row, first) else { return CellScan { shape: Shape::Multi, first, second } };
        if bits != 0 {
            if second == first {
                second = row.get(x + width - 1 - bits.ilog2() as usize).copied().unwrap_or(first);
            }
            // All that is not of the one colour must be of the other.
            if differing(row, second) != Some(all & !bits) {
                return CellScan { shape: Shape::Multi, first, second };
            }
        }
        hasher.row(bits, width as u32);
    }
    if second == first {
        return CellScan::blank(first);
    }
    let key = hasher.finish();
    CellScan { shape: table.find_range(key).map_or(Shape::Unknown(key), Shape::Known), first, second }
}

/// The pixels of a row that do not have a colour.
fn differing(row: &[u32], colour: u32) -> Option<u32> {
    Some(row.iter().fold(0, |bits, pixel| bits << 1 | u32::from(*pixel != colour)))
}

/// The bitmap of a cell with at most two colours, the leftmost pixel of a row in bit `width - 1`; set bits are pixels that do
/// not have the colour of the top-left one. `None` for a cell that is not wholly on the screen.
pub(super) fn bitmap(pixels: Pixels<'_>, (x, y): (usize, usize), (width, height): (usize, usize)) -> Option<Vec<u32>> {
    let first = *pixels.row(x, y, 1).first()?;
    (y..y + height).map(|y| differing(pixels.row(x, y, width).get(..width)?, first)).collect()
}
