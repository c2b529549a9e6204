//! PSF version 2. Source: psf.h of kbd, <https://www.win.tue.nl/~aeb/linux/kbd/font-formats-1.html>.

use super::bitmap::{byte_rows, row_bytes};
use super::character_rank::{ascii_at, named_characters};
use super::font_error::{FontError, MAX_GLYPHS, cell_size};
use super::{Font, Glyph};

/// The first bytes of a file.
pub(super) const MAGIC: [u8; 4] = [0x72, 0xb5, 0x4a, 0x86];

/// The size of the header of version 0.
const HEADER_BYTES: usize = 32;

/// The bit of the flags that says that there is a table of characters.
const HAS_TABLE: u32 = 0x01;

/// Bytes of the table of characters that UTF-8 does not have.
const START_OF_SEQUENCE: u8 = 0xfe;
const END_OF_GLYPH: u8 = 0xff;

/// Reads a file that starts with [`MAGIC`]. Without a table of characters, the positions of ASCII are taken for ASCII.
pub(super) fn parse(name: &str, bytes: &[u8]) -> Result<Font, FontError> {
    let header = bytes.get(..HEADER_BYTES).ok_or(FontError::Damaged("the header is cut off"))?;
    let field =
        |index: usize| header[4 * index..][..4].iter().rev().fold(0u32, |value, byte| value << 8 | u32::from(*byte));
    let [header_bytes, flags, count, glyph_bytes, height, width] = [2, 3, 4, 5, 6, 7].map(field);
    let (width, height) = cell_size(width.into(), height.into())?;
    let count = usize::try_from(count).ok().filter(|count| *count <= MAX_GLYPHS).ok_or(FontError::TooLarge)?;
    let size = row_bytes(width) * usize::from(height);
    if usize::try_from(glyph_bytes) != Ok(size) {
        return Err(FontError::Damaged("the size of a bitmap does not fit its width and height"));
    }
    let start = usize::try_from(header_bytes).ok().filter(|start| *start >= HEADER_BYTES);
    let body = start.and_then(|start| bytes.get(start..)).ok_or(FontError::Damaged("the header is cut off"))?;
    let (bitmaps, mut table) =
        body.split_at_checked(count * size).ok_or(FontError::Damaged("the bitmaps are cut off"))?;
    let mut glyphs = Vec::with_capacity(count);
    for (position, bitmap) in (0..=u16::MAX).zip(bitmaps.chunks_exact(size)) {
        let characters = match flags & HAS_TABLE {
            0 => ascii_at(position),
            _ => named_characters(characters_of(&mut table)?),
        };
        glyphs.push(Glyph { rows: byte_rows(bitmap, width), characters, position });
    }
    Ok(Font { name: name.to_owned(), width, height, glyphs })
}

/// The single characters of the next glyph. Sequences of several, which follow them, are left out.
fn characters_of<'a>(table: &mut &'a [u8]) -> Result<std::str::Chars<'a>, FontError> {
    let end = table.iter().position(|byte| *byte == END_OF_GLYPH);
    let (entry, rest) = end
        .and_then(|end| table.split_at_checked(end))
        .ok_or(FontError::Damaged("the table of characters is cut off"))?;
    *table = &rest[1..];
    let single = entry.split(|byte| *byte == START_OF_SEQUENCE).next().unwrap_or_default();
    let single = std::str::from_utf8(single).map_err(|_| FontError::Damaged("the table of characters is not UTF-8"))?;
    Ok(single.chars())
}
