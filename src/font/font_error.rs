//! Why a font cannot be used.

/// The largest width of a cell in pixels.
pub(super) const MAX_WIDTH: u8 = 32;

/// The largest height of a cell in pixels.
pub(super) const MAX_HEIGHT: u8 = 64;

/// The most bytes of a font file that are read, unpacked. GNU Unifont as BDF, the largest font for consoles, has 10 million.
pub(super) const MAX_BYTES: usize = 16 << 20;

/// The most glyphs of a font.
pub(super) const MAX_GLYPHS: usize = 1 << 16;

/// Why a font file cannot be used. The message does not name the file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FontError {
    /// The file is in none of the formats that are read.
    #[error("not a font that can be read: PSF, BDF, PF2, or 256 glyphs of 8x8, 8x14 or 8x16 pixels without a header")]
    UnknownFormat,
    /// A part of the file is missing or contradicts another one.
    #[error("the font is damaged: {0}")]
    Damaged(&'static str),
    /// The cells have no pixels, or more than fonts of consoles have.
    #[error("cells of {width}x{height} pixels are not supported, only 1x1 to {MAX_WIDTH}x{MAX_HEIGHT}")]
    CellSize {
        /// The width in pixels.
        width: i64,
        /// The height in pixels.
        height: i64,
    },
    /// The file has more bytes or glyphs than are read.
    #[error("the font is too large: more than {} MiB unpacked, or more than {MAX_GLYPHS} glyphs", MAX_BYTES >> 20)]
    TooLarge,
    /// The font has no glyph of the width of its cells.
    #[error("the font has no glyph of the width of its cells")]
    NoGlyphs,
}

/// A cell size that is supported.
pub(super) fn cell_size(width: i64, height: i64) -> Result<(u8, u8), FontError> {
    let limited = |value, max| u8::try_from(value).ok().filter(|value| (1..=max).contains(value));
    let size = limited(width, MAX_WIDTH).zip(limited(height, MAX_HEIGHT));
    size.ok_or(FontError::CellSize { width, height })
}
