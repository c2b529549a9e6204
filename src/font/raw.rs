//! Fonts without a table of characters: 256 glyphs in the order of code page 437.

use super::{Font, Glyph};

/// The characters of code page 437 in their order. The first 32 are those that IBM's screens show. Sources: the Unicode
/// consortium's CP437.TXT and IBMGRAPH.TXT.
const CODE_PAGE_437: &str = concat!(
    " ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼ !\"#$%&'()*+,-./0123456789:;<=>?",
    "@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~⌂",
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐",
    "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
);

/// The number of glyphs.
pub(super) const GLYPHS: usize = 256;

/// Reads 256 glyphs of 8 pixels width, a byte a row, the leftmost pixel in the highest bit. `None` unless there are as many
/// bytes as such a font of this height has.
pub(super) fn parse(name: &str, height: u8, bytes: &[u8]) -> Option<Font> {
    if height == 0 || bytes.len() != GLYPHS * usize::from(height) {
        return None;
    }
    let glyph = |((position, character), rows): ((u16, char), &[u8])| Glyph {
        rows: rows.iter().map(|row| u32::from(*row)).collect(),
        characters: vec![character],
        position,
    };
    let characters = (0..).zip(CODE_PAGE_437.chars());
    let glyphs = characters.zip(bytes.chunks_exact(height.into())).map(glyph).collect();
    Some(Font { name: name.to_owned(), width: 8, height, glyphs })
}
