//! The bitmaps of fonts that cannot be shipped, as keys that were observed on a guest's screen.

use super::character_rank::named_characters;
use super::font_error::{FontError, cell_size};
use super::{ObservedFont, ObservedGlyph};

/// How they were made: `data/README.md`.
const TABLES: [(&str, &str); 5] = [
    ("kernel-8x16", include_str!("data/observed/kernel-8x16.keys")),
    ("kernel-16x32", include_str!("data/observed/kernel-16x32.keys")),
    ("kernel-8x8", include_str!("data/observed/kernel-8x8.keys")),
    ("eurlatgr", include_str!("data/observed/eurlatgr.keys")),
    ("latarcyrheb-sun16", include_str!("data/observed/latarcyrheb-sun16.keys")),
];

/// The most lines of a table.
const MAX_LINES: usize = 1 << 16;

/// All observed fonts that are built in, the preferred ones first.
pub fn observed() -> Vec<ObservedFont> {
    TABLES.iter().filter_map(|(name, text)| parse_keys(name, text).ok()).collect()
}

/// Reads a table of keys. Lines that start with `#` are comments. The first other one is `cell WIDTH HEIGHT`; each further one
/// has a [`key`](super::key) of 16 hexadecimal digits, the word `flipped` if the top-left pixel belongs to the character, and
/// the characters as `U+0041`.
pub fn parse_keys(name: &str, text: &str) -> Result<ObservedFont, FontError> {
    let mut lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let size = lines.next().and_then(|line| line.strip_prefix("cell ")).and_then(|line| line.split_once(' '));
    let size = size.and_then(|(width, height)| width.parse::<u8>().ok().zip(height.trim_end().parse::<u8>().ok()));
    let (width, height) = size.ok_or(FontError::Damaged("the first line is not `cell WIDTH HEIGHT`"))?;
    let (width, height) = cell_size(width.into(), height.into())?;
    let mut glyphs = Vec::new();
    for line in lines {
        if glyphs.len() == MAX_LINES {
            return Err(FontError::TooLarge);
        }
        glyphs.push(glyph(line).ok_or(FontError::Damaged("a line is not a key with characters"))?);
    }
    Ok(ObservedFont { name: name.to_owned(), width, height, glyphs })
}

fn glyph(line: &str) -> Option<ObservedGlyph> {
    let mut words = line.split_whitespace().peekable();
    let key = words.next().filter(|word| word.len() == 16)?;
    let key = u64::from_str_radix(key, 16).ok()?;
    let is_flipped = words.next_if_eq(&"flipped").is_some();
    let code = |word: &str| u32::from_str_radix(word.strip_prefix("U+")?, 16).ok();
    let characters: Vec<char> = words.map(|word| code(word).and_then(char::from_u32)).collect::<Option<_>>()?;
    Some(ObservedGlyph { key, is_flipped, characters: named_characters(characters) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_tables_are_read() {
        let fonts = observed();
        assert_eq!(fonts.len(), TABLES.len());
        let characters =
            |font: &ObservedFont| font.glyphs.iter().filter_map(|glyph| glyph.characters.first()).copied().collect();
        for font in &fonts {
            let characters: std::collections::HashSet<char> = characters(font);
            let missing = ('!'..='~').find(|character| !characters.contains(character));
            assert_eq!(missing, None, "{}", font.name);
        }
    }

    #[test]
    fn a_table_has_keys_with_characters() {
        let font = parse_keys(
            "x",
            "# A comment.\ncell 8 16\n00000000000000ff U+0391 U+0041\nf000000000000000 flipped U+2580\n",
        );
        let font = font.unwrap();
        let glyphs: Vec<_> =
            font.glyphs.iter().map(|glyph| (glyph.key, glyph.is_flipped, &glyph.characters[..])).collect();
        assert_eq!((font.width, font.height), (8, 16));
        assert_eq!(glyphs, [(0xff, false, &['A', 'Α'][..]), (0xf << 60, true, &['▀'][..])]);
    }

    #[test]
    fn a_table_that_is_none_is_refused() {
        for text in ["", "cell 8", "cell 0 16", "cell 8 65", "cell 8 16\nff U+0041", "cell 8 16\n00000000000000ff A"] {
            assert!(parse_keys("x", text).is_err(), "{text}");
        }
        assert!(parse_keys("x", "cell 8 16\n00000000000000ff U+110000").is_err());
    }
}
