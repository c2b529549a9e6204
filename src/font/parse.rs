//! Font files in all formats that are known.

use std::borrow::Cow;
use std::io::Read as _;

use flate2::read::MultiGzDecoder;

use super::font_error::{FontError, MAX_BYTES};
use super::{Font, bdf, pf2, psf1, psf2, raw};

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The heights of fonts without a header, by which they are known.
const RAW_HEIGHTS: [u8; 3] = [8, 14, 16];

/// Reads a font file: PSF1, PSF2, BDF, PF2, or 256 glyphs of 8 pixels width without a header; also packed with gzip. `name` is
/// what the font is called.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Font, FontError> {
    let bytes = unpack(bytes)?;
    let font = if bytes.starts_with(&psf2::MAGIC) {
        psf2::parse(name, &bytes)?
    } else if bytes.starts_with(&psf1::MAGIC) {
        psf1::parse(name, &bytes)?
    } else if bytes.starts_with(&pf2::MAGIC) {
        pf2::parse(name, &bytes)?
    } else if bytes.starts_with(bdf::MAGIC) {
        bdf::parse(name, &bytes)?
    } else {
        let fonts = RAW_HEIGHTS.iter().find_map(|height| raw::parse(name, *height, &bytes));
        fonts.ok_or(FontError::UnknownFormat)?
    };
    if font.glyphs.is_empty() { Err(FontError::NoGlyphs) } else { Ok(font) }
}

fn unpack(bytes: &[u8]) -> Result<Cow<'_, [u8]>, FontError> {
    let unpacked = if bytes.starts_with(&GZIP_MAGIC) {
        let mut unpacked = Vec::new();
        let read = MultiGzDecoder::new(bytes).take(MAX_BYTES as u64 + 1).read_to_end(&mut unpacked);
        read.map_err(|_| FontError::Damaged("it cannot be unpacked"))?;
        Cow::Owned(unpacked)
    } else {
        Cow::Borrowed(bytes)
    };
    if unpacked.len() > MAX_BYTES { Err(FontError::TooLarge) } else { Ok(unpacked) }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
