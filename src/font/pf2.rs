//! PF2, the format of GRUB's fonts. Source: GRUB's developer manual, "PFF2 Font File Format",
//! <https://www.gnu.org/software/grub/manual/grub-dev/html_node/PFF2-Font-File-Format.html>. All numbers are big-endian.

use super::Font;
use super::bitmap::{PlacedGlyph, cell_width};
use super::font_error::{FontError, MAX_GLYPHS, cell_size};

/// The first bytes of a file: the section `FILE` with its length.
pub(super) const MAGIC: [u8; 12] = *b"FILE\0\0\0\x04PFF2";

/// The section that says where the glyphs are: for each a code point of 4 bytes, a byte of flags and the place in the file in 4
/// bytes.
const INDEX_SECTION: &[u8; 4] = b"CHIX";
const INDEX_ENTRY_BYTES: usize = 9;

/// The last section: the glyphs. Its length is not given.
const DATA_SECTION: &[u8; 4] = b"DATA";

/// The flags that say how a glyph is packed: 0 is not at all. GRUB knows nothing else.
const COMPRESSION_FLAGS: u8 = 0x07;

/// Width, height, x, y and advance, 2 bytes each.
const GLYPH_HEADER_BYTES: usize = 10;

/// Bitmaps that are wider or higher are no characters of a console.
const MAX_BITMAP_SIDE: u16 = 64;

/// What GRUB takes for the height of a font that does not give it (`grub_virtual_screen_setup`, grub-core/term/gfxterm.c).
const DEFAULT_HEIGHT: u16 = 16;

/// Reads a file that starts with [`MAGIC`]. Glyphs are placed as GRUB's gfxterm places them. Those of another width than that of
/// the cells, as the double-width ones of GNU Unifont, are left out.
pub(super) fn parse(name: &str, bytes: &[u8]) -> Result<Font, FontError> {
    let mut rest = &bytes[MAGIC.len()..];
    let (mut max_width, mut max_height, mut ascent) = (0, 0, 0);
    let mut index: &[u8] = &[];
    while let Some((kind, length)) = rest.split_first_chunk::<4>().and_then(|(kind, rest)| Some((kind, rest.get(..4)?)))
    {
        if kind == DATA_SECTION {
            break;
        }
        let length = length.iter().fold(0usize, |value, byte| value << 8 | usize::from(*byte));
        let (content, behind) = rest[8..].split_at_checked(length).ok_or(FontError::Damaged("a section is cut off"))?;
        match kind {
            b"MAXW" => max_width = number(content)?,
            b"MAXH" => max_height = number(content)?,
            b"ASCE" => ascent = number(content)?,
            INDEX_SECTION => index = content,
            _ => {}
        }
        rest = behind;
    }
    if index.len() > MAX_GLYPHS * INDEX_ENTRY_BYTES {
        return Err(FontError::TooLarge);
    }
    let mut glyphs = Vec::new();
    for entry in index.chunks_exact(INDEX_ENTRY_BYTES) {
        glyphs.extend(glyph(bytes, entry, ascent)?);
    }
    let max_height = if max_height == 0 { DEFAULT_HEIGHT } else { max_height };
    let (width, height) = cell_size(cell_width(&glyphs).unwrap_or(max_width.into()), max_height.into())?;
    let fitting = (0..=u16::MAX).zip(&glyphs).filter(|(_, glyph)| glyph.advance == i64::from(width));
    let glyphs = fitting.map(|(position, glyph)| glyph.in_cell((width, height), position)).collect();
    Ok(Font { name: name.to_owned(), width, height, glyphs })
}

fn number(content: &[u8]) -> Result<u16, FontError> {
    let bytes = content.try_into().map_err(|_| FontError::Damaged("a number is not two bytes long"))?;
    Ok(u16::from_be_bytes(bytes))
}

/// The glyph of an entry of the index. `None` if it is packed, or too large for any cell.
fn glyph(bytes: &[u8], entry: &[u8], ascent: u16) -> Result<Option<PlacedGlyph>, FontError> {
    let number = |bytes: &[u8]| bytes.iter().fold(0u32, |value, byte| value << 8 | u32::from(*byte));
    let (character, flags, offset) = (char::from_u32(number(&entry[..4])), entry[4], number(&entry[5..]));
    let start = usize::try_from(offset).unwrap_or(usize::MAX);
    let (header, bitmap) = bytes
        .get(start..)
        .and_then(<[u8]>::split_first_chunk::<GLYPH_HEADER_BYTES>)
        .ok_or(FontError::Damaged("a glyph is cut off"))?;
    let field = |index: usize| [header[2 * index], header[2 * index + 1]];
    let [width, height] = [0, 1].map(|index| u16::from_be_bytes(field(index)));
    let [x, y, advance] = [2, 3, 4].map(|index| i64::from(i16::from_be_bytes(field(index))));
    if flags & COMPRESSION_FLAGS != 0 || width > MAX_BITMAP_SIDE || height > MAX_BITMAP_SIDE {
        return Ok(None);
    }
    // Rows follow each other without a gap.
    let bit = |index: usize| bitmap[index / 8] >> (7 - index % 8) & 1;
    let (columns, count) = (usize::from(width), usize::from(height));
    if bitmap.len() < (columns * count).div_ceil(8) {
        return Err(FontError::Damaged("a glyph is cut off"));
    }
    let row = |row: usize| (0..columns).fold(0, |bits, column| bits << 1 | u64::from(bit(row * columns + column)));
    let rows = (0..count).map(row).collect();
    let top = i64::from(ascent) - y - i64::from(height);
    Ok(Some(PlacedGlyph { character, advance, left: x, top, width: width.into(), rows }))
}
