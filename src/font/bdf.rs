//! BDF, the text format of X11's bitmap fonts. Source: Adobe's Glyph Bitmap Distribution Format (BDF) Specification, version
//! 2.2, technical note 5005.

use super::Font;
use super::bitmap::{PlacedGlyph, cell_width};
use super::font_error::{FontError, MAX_GLYPHS, cell_size};

/// The first bytes of a file.
pub(super) const MAGIC: &[u8] = b"STARTFONT";

/// Bitmaps that are wider are no characters of a console.
const MAX_BITMAP_WIDTH: u32 = 64;

/// What the encodings of the glyphs are.
enum Charset {
    Unicode,
    Latin1,
    /// Only ASCII is taken for granted.
    Other,
}

/// The size of a bitmap and the place of its lower left corner, from the origin of the character, in pixels. Up is positive.
#[derive(Clone, Copy)]
struct BoundingBox {
    width: i64,
    height: i64,
    x: i64,
    y: i64,
}

/// Reads a file that starts with [`MAGIC`]. Glyphs are placed by the bounding box of the font. Those of another width than that
/// of the cells, as the double-width ones of GNU Unifont, are left out.
pub(super) fn parse(name: &str, bytes: &[u8]) -> Result<Font, FontError> {
    // Comments and names may have any bytes.
    let mut lines = bytes.split(|byte| *byte == b'\n').map(|line| std::str::from_utf8(line).unwrap_or_default().trim());
    let mut font_box = None;
    let (mut registry, mut encoding) = (String::new(), String::new());
    let mut glyphs = Vec::new();
    while let Some(line) = lines.next() {
        let (keyword, value) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let text = || value.trim().trim_matches('"').to_ascii_uppercase();
        match keyword {
            "FONTBOUNDINGBOX" => font_box = Some(bounding_box(value)?),
            "CHARSET_REGISTRY" => registry = text(),
            "CHARSET_ENCODING" => encoding = text(),
            "STARTCHAR" => {
                if glyphs.len() == MAX_GLYPHS {
                    return Err(FontError::TooLarge);
                }
                let font_box = font_box.ok_or(FontError::Damaged("it has no FONTBOUNDINGBOX"))?;
                let charset = charset(&registry, &encoding);
                glyphs.extend(glyph(&mut lines, font_box, &charset)?);
            }
            "ENDFONT" => break,
            _ => {}
        }
    }
    let font_box = font_box.ok_or(FontError::Damaged("it has no FONTBOUNDINGBOX"))?;
    let (width, height) = cell_size(cell_width(&glyphs).unwrap_or(font_box.width), font_box.height)?;
    if i64::from(width) == font_box.width {
        // The box may start beside the origin.
        glyphs.iter_mut().for_each(|glyph| glyph.left -= font_box.x);
    }
    let fitting = (0..=u16::MAX).zip(&glyphs).filter(|(_, glyph)| glyph.advance == i64::from(width));
    let glyphs = fitting.map(|(position, glyph)| glyph.in_cell((width, height), position)).collect();
    Ok(Font { name: name.to_owned(), width, height, glyphs })
}

fn charset(registry: &str, encoding: &str) -> Charset {
    match (registry, encoding) {
        ("" | "ISO10646", _) => Charset::Unicode,
        ("ISO8859", "1") => Charset::Latin1,
        _ => Charset::Other,
    }
}

/// Reads a glyph up to its last line. `None` if it is too wide for any cell.
fn glyph<'a>(
    lines: &mut impl Iterator<Item = &'a str>,
    font_box: BoundingBox,
    charset: &Charset,
) -> Result<Option<PlacedGlyph>, FontError> {
    let mut character = None;
    let mut advance = None;
    let mut own = font_box;
    let mut is_bitmap = false;
    let mut rows = Vec::new();
    loop {
        let line = lines.next().ok_or(FontError::Damaged("a glyph is cut off"))?;
        let (keyword, value) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        match keyword {
            "ENDCHAR" => break,
            "ENCODING" => character = character_of(value, charset),
            "DWIDTH" => advance = value.split_whitespace().next().and_then(|width| width.parse().ok()),
            "BBX" => own = bounding_box(value)?,
            "BITMAP" => is_bitmap = true,
            digits if is_bitmap && (rows.len() as i64) < own.height => rows.push(digits),
            _ => {}
        }
    }
    let width = match u32::try_from(own.width) {
        Ok(width @ 0..=MAX_BITMAP_WIDTH) => width,
        _ => return Ok(None),
    };
    if own.height != rows.len() as i64 {
        return Err(FontError::Damaged("a bitmap has fewer rows than its height"));
    }
    let top = font_box.y + font_box.height - own.y - own.height;
    let rows = rows.into_iter().map(|digits| row(digits, width)).collect::<Option<_>>();
    let rows = rows.ok_or(FontError::Damaged("a row of a bitmap is not hexadecimal, or too short"))?;
    Ok(Some(PlacedGlyph { character, advance: advance.unwrap_or(own.width), left: own.x, top, width, rows }))
}

/// The pixels of a row: hexadecimal digits, the leftmost pixel first, filled up to whole bytes.
fn row(digits: &str, width: u32) -> Option<u64> {
    let digits = digits.get(..digits.len().min(16))?;
    if width == 0 {
        return Some(0);
    }
    let unused_bits = (digits.len() as u32 * 4).checked_sub(width)?;
    Some(u64::from_str_radix(digits, 16).ok()? >> unused_bits)
}

fn character_of(value: &str, charset: &Charset) -> Option<char> {
    let code = value.split_whitespace().next()?.parse().ok()?;
    char::from_u32(code).filter(|character| match charset {
        Charset::Unicode => true,
        Charset::Latin1 => *character <= '\u{ff}',
        Charset::Other => character.is_ascii(),
    })
}

/// Four numbers: the width and the height, and the place of the lower left corner.
fn bounding_box(value: &str) -> Result<BoundingBox, FontError> {
    let numbers: Vec<i64> =
        value.split_whitespace().map_while(|word| word.parse::<i32>().ok()).map(i64::from).collect();
    match numbers[..] {
        [width, height, x, y, ..] if width >= 0 && height >= 0 => Ok(BoundingBox { width, height, x, y }),
        _ => Err(FontError::Damaged("a bounding box is not four numbers")),
    }
}
