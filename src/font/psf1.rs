//! PSF version 1. Source: psf.h of kbd, <https://www.win.tue.nl/~aeb/linux/kbd/font-formats-1.html>.

use super::bitmap::byte_rows;
use super::character_rank::{ascii_at, named_characters};
use super::font_error::{FontError, cell_size};
use super::{Font, Glyph};

/// The first bytes of a file.
pub(super) const MAGIC: [u8; 2] = [0x36, 0x04];

const HEADER_BYTES: usize = 4;

/// Bits of the mode.
const HAS_512_GLYPHS: u8 = 0x01;
const HAS_TABLE: u8 = 0x02;
const HAS_SEQUENCES: u8 = 0x04;

/// Units of the table of characters.
const START_OF_SEQUENCE: u16 = 0xfffe;
const END_OF_GLYPH: u16 = 0xffff;

/// The width of all glyphs in pixels.
const WIDTH: u8 = 8;

/// Reads a file that starts with [`MAGIC`]. Without a table of characters, the positions of ASCII are taken for ASCII.
pub(super) fn parse(name: &str, bytes: &[u8]) -> Result<Font, FontError> {
    let [_, _, mode, height, ..] = *bytes else { return Err(FontError::Damaged("the header is cut off")) };
    let (width, height) = cell_size(WIDTH.into(), height.into())?;
    let count = if mode & HAS_512_GLYPHS != 0 { 512 } else { 256 };
    let (bitmaps, table) = bytes[HEADER_BYTES..]
        .split_at_checked(count * usize::from(height))
        .ok_or(FontError::Damaged("the bitmaps are cut off"))?;
    let mut units = table.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let mut glyphs = Vec::with_capacity(count);
    for (position, bitmap) in (0..).zip(bitmaps.chunks_exact(height.into())) {
        let characters = match mode & (HAS_TABLE | HAS_SEQUENCES) {
            0 => ascii_at(position),
            _ => named_characters(characters_of(&mut units)?),
        };
        glyphs.push(Glyph { rows: byte_rows(bitmap, width), characters, position });
    }
    Ok(Font { name: name.to_owned(), width, height, glyphs })
}

/// The single characters of the next glyph. Sequences of several, which follow them, are left out.
fn characters_of(units: &mut impl Iterator<Item = u16>) -> Result<Vec<char>, FontError> {
    let mut characters = Vec::new();
    let mut is_in_sequence = false;
    loop {
        match units.next().ok_or(FontError::Damaged("the table of characters is cut off"))? {
            END_OF_GLYPH => return Ok(characters),
            START_OF_SEQUENCE => is_in_sequence = true,
            unit if !is_in_sequence => characters.extend(char::from_u32(unit.into())),
            _ => {}
        }
    }
}
