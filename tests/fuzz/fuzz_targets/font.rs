//! Font files and tables of keys: no panic on any bytes, and what is read keeps its promises.
#![no_main]

use ecs_vnc::font::{key, parse, parse_keys};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(font) = parse("fuzz", bytes) {
        assert!((1..=32).contains(&font.width) && (1..=64).contains(&font.height));
        assert!(!font.glyphs.is_empty() && font.glyphs.len() <= 1 << 16);
        for glyph in &font.glyphs {
            assert_eq!(glyph.rows.len(), usize::from(font.height));
            assert!(glyph.rows.iter().all(|row| u64::from(*row) >> font.width == 0));
            assert!(glyph.characters.iter().all(|character| !character.is_control()));
            key(&glyph.rows, font.width);
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = parse_keys("fuzz", text);
    }
});
