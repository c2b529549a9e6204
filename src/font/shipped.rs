//! The fonts that are built in.

use super::{Font, raw};

/// The VGA's own font. Source and licence: `data/seabios/README.md`.
const VGA_8X16: &[u8] = include_bytes!("data/seabios/vga_8x16.bin");

/// All fonts that are built in, the preferred ones first.
pub fn shipped() -> Vec<Font> {
    raw::parse("vga-8x16", 16, VGA_8X16).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vga_font_has_code_page_437() {
        let fonts = shipped();
        let glyph = |position: usize| (fonts[0].glyphs[position].characters[0], fonts[0].glyphs[position].rows[7]);
        // The middle of the letter A is a full row but for the edges; a full block is a full row.
        assert_eq!((fonts[0].glyphs.len(), glyph(0x41), glyph(0xdb)), (256, ('A', 0xfe), ('\u{2588}', 0xff)));
        assert_eq!([0x01, 0x80, 0xe1, 0xfe].map(|position| glyph(position).0), ['☺', 'Ç', 'ß', '■']);
    }
}
