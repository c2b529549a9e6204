use std::collections::{HashMap, HashSet};

use super::*;
use crate::font::{Glyph, ObservedFont, key, observed, parse_keys};

/// Keys of pages of all characters, as a kernel and a VGA drew them with the fonts of Debian.
const DRAWN: [&str; 3] = [
    include_str!("../../tests/fonts/drawn/Uni2-Fixed16.keys"),
    include_str!("../../tests/fonts/drawn/Lat15-TerminusBold24x12.keys"),
    include_str!("../../tests/fonts/drawn/Lat15-VGA16.keys"),
];

#[test]
fn all_files_are_fonts_of_the_size_in_their_names() {
    let fonts = shipped();
    assert_eq!(fonts.len(), FONTS.len());
    for Font { name, width, height, glyphs } in &fonts {
        assert!(name.ends_with(&format!("-{width}x{height}")), "{name} is {width}x{height}");
        let characters: HashSet<char> = glyphs.iter().filter_map(|glyph| glyph.characters.first()).copied().collect();
        let missing: String = ('!'..='~').filter(|character| !characters.contains(character)).collect();
        assert_eq!(missing, "", "{name}");
        assert!(glyphs.iter().all(|glyph| glyph.rows.len() == usize::from(*height)), "{name}");
    }
}

#[test]
fn the_vga_font_has_code_page_437() {
    let fonts = shipped();
    let glyph = |position: usize| (fonts[0].glyphs[position].characters[0], fonts[0].glyphs[position].rows[7]);
    // The middle of the letter A is a full row but for the edges; a full block is a full row.
    assert_eq!((fonts[0].glyphs.len(), glyph(0x41), glyph(0xdb)), (256, ('A', 0xfe), ('\u{2588}', 0xff)));
    assert_eq!([0x01, 0x80, 0xe1, 0xfe].map(|position| glyph(position).0), ['☺', 'Ç', 'ß', '■']);
}

/// What a key stands for: by the size of the cell and the key, the ASCII characters and a font that has them.
fn ascii_characters() -> HashMap<(u8, u8, u64), HashMap<char, String>> {
    let mut found: HashMap<(u8, u8, u64), HashMap<char, String>> = HashMap::new();
    let mut add = |size: (u8, u8), key, characters: &[char], name: &str| {
        let of_key = found.entry((size.0, size.1, key)).or_default();
        of_key.extend(characters.iter().filter(|c| c.is_ascii_graphic()).map(|c| (*c, name.to_owned())));
    };
    for Font { name, width, height, glyphs } in shipped() {
        glyphs.iter().for_each(|glyph| add((width, height), key(&glyph.rows, width), &glyph.characters, &name));
    }
    for ObservedFont { name, width, height, glyphs } in observed() {
        glyphs.iter().for_each(|glyph| add((width, height), glyph.key, &glyph.characters, &name));
    }
    found
}

#[test]
fn no_key_stands_for_two_ascii_characters() {
    let keys = ascii_characters();
    assert!(keys.len() > 10_000, "only {} keys", keys.len());
    for ((width, height, key), ascii) in keys {
        assert!(ascii.len() <= 1, "{width}x{height}: {key:016x} is {ascii:?}");
    }
}

#[test]
fn a_guest_draws_the_characters_with_these_bitmaps() {
    let fonts = shipped();
    let mut count = 0;
    for page in DRAWN {
        let page = parse_keys("a page", page).unwrap();
        let mut known: HashMap<u64, HashSet<char>> = HashMap::new();
        let fits = |font: &&Font| {
            let is_vga = font.width == 8 && page.width == 9;
            font.height == page.height && (font.width == page.width || is_vga)
        };
        for font in fonts.iter().filter(fits) {
            for glyph in &font.glyphs {
                for key in keys_on_a_screen(glyph, font.width, page.width) {
                    known.entry(key).or_default().extend(&glyph.characters);
                }
            }
        }
        for glyph in &page.glyphs {
            let known = known.get(&glyph.key).unwrap_or_else(|| panic!("{:?} is not known", glyph.characters));
            let missing: Vec<_> = glyph.characters.iter().filter(|character| !known.contains(character)).collect();
            assert!(missing.is_empty(), "{missing:?} are drawn as {known:?}");
            count += 1;
        }
    }
    assert!(count > 1_000, "only {count} glyphs");
}

/// The keys of a glyph in cells of its width, or in the wider ones of a VGA: the ninth column repeats the eighth for characters
/// C0 to DF (IBM's VGA; QEMU: B0 to DF), and is blank for the others.
fn keys_on_a_screen(glyph: &Glyph, width: u8, cell_width: u8) -> Vec<u64> {
    let is_repeated = |first: u16| (first..0xe0).contains(&(glyph.position & 0xff));
    let widen = |is_repeated: bool| {
        let rows: Vec<u32> = glyph.rows.iter().map(|row| row << 1 | if is_repeated { row & 1 } else { 0 }).collect();
        key(&rows, cell_width)
    };
    if width == cell_width {
        vec![key(&glyph.rows, width)]
    } else {
        vec![widen(is_repeated(0xb0)), widen(is_repeated(0xc0))]
    }
}

#[test]
fn reserved_names_are_not_used() {
    for (name, _) in FONTS {
        assert!(!name.contains("terminus") && !name.contains("unifont"), "{name}");
    }
}
