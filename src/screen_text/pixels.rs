//! The pixels that are read.

use crate::picture::Picture;

/// Pixels in rows from the top, each `0x00RRGGBB`.
#[derive(Clone, Copy)]
pub struct Pixels<'a> {
    width: usize,
    height: usize,
    pixels: &'a [u32],
    /// The colour of each row that has but one; empty if they were not looked for.
    row_colours: &'a [Option<u32>],
}

impl<'a> Pixels<'a> {
    /// `None` unless there are `width * height` pixels, and at least one.
    pub fn new(width: usize, height: usize, pixels: &'a [u32]) -> Option<Self> {
        let count = width.checked_mul(height)?;
        (count > 0 && count == pixels.len()).then_some(Self { width, height, pixels, row_colours: &[] })
    }

    /// The width in pixels.
    pub(super) fn width(self) -> usize {
        self.width
    }

    /// The height in pixels.
    pub(super) fn height(self) -> usize {
        self.height
    }

    /// `width` pixels of the row `y`, from `x` on. Shorter, or empty, outside.
    pub(super) fn row(self, x: usize, y: usize, width: usize) -> &'a [u32] {
        if x >= self.width || y >= self.height {
            return &[];
        }
        let start = y * self.width + x;
        let end = start + width.min(self.width - x);
        self.pixels.get(start..end).unwrap_or_default()
    }

    /// The colour of each row that has but one.
    pub(super) fn find_row_colours(self) -> Vec<Option<u32>> {
        let colour = |row: &[u32]| {
            let first = *row.first()?;
            // By parts of a fixed length, in which nothing ends the loop early: the compiler uses vector instructions.
            let (parts, rest) = row.as_chunks::<32>();
            let is_first = |part: &[u32]| part.iter().fold(0, |differing, pixel| differing | (pixel ^ first)) == 0;
            (parts.iter().all(|part| is_first(part)) && is_first(rest)).then_some(first)
        };
        self.pixels.chunks_exact(self.width).map(colour).collect()
    }

    /// With what [`Self::find_row_colours`] found, blank parts are read faster.
    pub(super) fn with_row_colours(self, row_colours: &'a [Option<u32>]) -> Self {
        Self { row_colours, ..self }
    }

    /// The colour of `height` rows from `y` on, if they are known to have one.
    pub(super) fn band_colour(self, y: usize, height: usize) -> Option<u32> {
        let rows = self.row_colours.get(y..y + height)?;
        let first = (*rows.first()?)?;
        rows.iter().all(|colour| *colour == Some(first)).then_some(first)
    }
}

/// The pixels of a picture as the reader takes them.
pub fn pixels_of(picture: &Picture) -> Vec<u32> {
    let pixels = picture.rgb().as_chunks::<3>().0;
    pixels.iter().map(|[red, green, blue]| u32::from_be_bytes([0, *red, *green, *blue])).collect()
}
