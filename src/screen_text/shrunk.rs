//! Cells of a picture that was made smaller, compared with glyphs that are made smaller in the same way.

use super::bits::Bits;
use super::pixels::Pixels;

/// Below this share of its light from inside the cell, a pixel says more about the neighbours.
const MIN_SHARE: f32 = 0.3;

/// A smaller picture, and the size that it had.
#[derive(Clone, Copy)]
pub(super) struct Shrunk<'a> {
    pub(super) pixels: Pixels<'a>,
    pub(super) full_size: (usize, usize),
}

/// The pixels of a cell in the smaller picture.
pub(super) struct ShrunkCell {
    /// The width of the cell at full size.
    width: usize,
    columns: Vec<Taps>,
    rows: Vec<Taps>,
    values: Vec<f32>,
    /// How much each pixel counts: its share of light from inside the cell.
    weights: Vec<f32>,
}

/// Where the light of a column, or of a row, of the smaller picture is from.
struct Taps {
    /// The first column of the cell at full size that has a share.
    first: usize,
    /// The shares of this and the following columns of the cell. All that is missing from 1 is from outside.
    shares: Vec<f32>,
}

impl Shrunk<'_> {
    /// A cell that is at `corner` at full size. `value` is the brightness of a pixel.
    pub(super) fn cell(&self, corner: (usize, usize), size: (usize, usize), value: impl Fn(u32) -> f32) -> ShrunkCell {
        let (x, columns) = taps(corner.0, size.0, self.pixels.width(), self.full_size.0);
        let (y, rows) = taps(corner.1, size.1, self.pixels.height(), self.full_size.1);
        let shown = (y..y + rows.len()).flat_map(|y| self.pixels.row(x, y, columns.len()));
        let weights = rows.iter().flat_map(|row| columns.iter().map(|column| row.share() * column.share()));
        let weights = weights.collect();
        ShrunkCell { width: size.0, values: shown.map(|pixel| value(*pixel)).collect(), columns, rows, weights }
    }
}

/// The first pixel of a cell in the smaller picture, and where each pixel's light is from: a triangle as wide as two of the
/// smaller pixels, as most programs scale.
fn taps(start: usize, length: usize, small: usize, full: usize) -> (usize, Vec<Taps>) {
    let ratio = full as f32 / small as f32;
    let centre = |pixel: usize| (pixel as f32 + 0.5) * ratio - start as f32;
    let first = (start * small / full).saturating_sub(1);
    let pixels = (first..small).take_while(|pixel| centre(*pixel) < length as f32 + ratio);
    let taps = pixels.map(|pixel| {
        let near = |place: f32| (1.0 - (place + 0.5 - centre(pixel)).abs() / ratio).max(0.0);
        // All of a pixel's light counts as 1, with what is from outside the cell.
        let reach = ratio.ceil() as usize + 1;
        let total: f32 = (0..length + 2 * reach).map(|place| near(place as f32 - reach as f32)).sum();
        let shares = (0..length).map(|place| near(place as f32) / total);
        let first = shares.clone().take_while(|share| *share == 0.0).count();
        Taps { first, shares: shares.skip(first).take_while(|share| *share > 0.0).collect() }
    });
    let all: Vec<Taps> = taps.collect();
    let skipped = all.iter().take_while(|taps| taps.share() < MIN_SHARE).count();
    let kept = all.into_iter().skip(skipped).take_while(|taps| taps.share() >= MIN_SHARE);
    (first + skipped, kept.collect())
}

impl Taps {
    fn share(&self) -> f32 {
        self.shares.iter().sum()
    }

    fn sum(&self, value: impl Fn(usize) -> f32) -> f32 {
        (self.first..).zip(&self.shares).map(|(place, share)| share * value(place)).sum()
    }
}

impl ShrunkCell {
    /// The correlation with a glyph, as of [`super::bits::Centred`].
    pub(super) fn correlation(&self, glyph: &Bits) -> f32 {
        let columns = self.columns.len();
        let across: Vec<f32> = (0..glyph.len() / self.width)
            .flat_map(|y| self.columns.iter().map(move |column| (y, column)))
            .map(|(y, column)| column.sum(|x| glyph.pixel(y * self.width + x)))
            .collect();
        let expected: Vec<f32> = (self.rows.iter())
            .flat_map(|row| (0..columns).map(move |column| (row, column)))
            .map(|(row, column)| row.sum(|y| across[y * columns + column]))
            .collect();
        weighted_correlation(&self.values, &expected, &self.weights)
    }
}

/// Pearson's correlation of values that count differently; 0 if one side is constant.
fn weighted_correlation(one: &[f32], other: &[f32], weights: &[f32]) -> f32 {
    let total = weights.iter().sum::<f32>();
    let mean = |values: &[f32]| values.iter().zip(weights).map(|(value, weight)| value * weight).sum::<f32>() / total;
    let (mean_of_one, mean_of_other) = (mean(one), mean(other));
    let (mut product, mut square_of_one, mut square_of_other) = (0.0, 0.0, 0.0);
    for ((one, other), weight) in one.iter().zip(other).zip(weights) {
        let (one, other) = (one - mean_of_one, other - mean_of_other);
        product += weight * one * other;
        square_of_one += weight * one * one;
        square_of_other += weight * other * other;
    }
    let length = (square_of_one * square_of_other).sqrt();
    if length > 0.0 { product / length } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::font::{observed, shipped};
    use crate::picture::Picture;
    use crate::screen_text::{GlyphTable, ScreenKind, read_picture};

    #[test]
    fn light_from_outside_the_cell_is_missing() {
        // Eight pixels make six. Of the second four, the pixels 3 to 5 are made, whose middles are at 0.67, 2 and 3.33.
        let (first, taps) = taps(4, 4, 6, 8);
        let shares: Vec<(usize, Vec<f32>)> = taps.into_iter().map(|taps| (taps.first, taps.shares)).collect();
        assert_eq!(first, 3);
        let expected = [(0, vec![0.636, 0.273]), (1, vec![0.5, 0.5]), (2, vec![0.273, 0.636])];
        for ((first, shares), (expected_first, expected)) in shares.iter().zip(&expected) {
            let differ = shares.iter().zip(expected).any(|(one, other)| (one - other).abs() > 0.001);
            assert!(first == expected_first && shares.len() == expected.len() && !differ, "{shares:?}");
        }
        assert_eq!(shares.len(), 3);
    }

    #[test]
    fn the_boot_log_of_a_guest_is_read_at_three_quarters() {
        const ROWS: usize = 12;
        // The guest's font is the kernel's, of which only keys are known: no font that is built in has its v, which is taken for a
        // u or a w.
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/console/l_std_dmesg.png");
        let mut picture = Picture::decode(&fs::read(&file).unwrap()).unwrap();
        // The first rows are enough.
        let rgb = picture.rgb().iter().enumerate();
        let rgb = rgb.map(|(index, value)| if index < 1280 * 3 * 16 * ROWS { *value } else { 0 }).collect();
        picture = Picture::new(1280, 800, rgb).unwrap();
        let truth = fs::read_to_string(file.with_extension("txt")).unwrap();
        let screen = read_picture(&picture.scale_down(960, 600), &GlyphTable::new(shipped(), observed()), None);
        assert_eq!((screen.kind, screen.exact), (ScreenKind::Text, false));
        let lines = screen.lines();
        let rows = truth.lines().zip(&lines).take(ROWS);
        let pairs: Vec<(char, char)> = rows.flat_map(|(line, read)| line.chars().zip(read.chars())).collect();
        let wrong: Vec<&(char, char)> = pairs.iter().filter(|(one, other)| one != other && *one != 'v').collect();
        assert!(pairs.len() > 300 && 300 * wrong.len() < pairs.len(), "of {}: {wrong:?}", pairs.len());
    }
}
