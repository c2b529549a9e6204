//! Which of the characters of a glyph is shown.

/// The lower, the sooner a glyph is read as this character: ASCII, then Latin-1, then box drawing and blocks, then the rest. Of
/// characters that look the same, which one was printed cannot be known.
pub(crate) fn character_rank(character: char) -> (u8, char) {
    let class = match character {
        ' '..='~' => 0,
        '\u{a1}'..='\u{ff}' => 1,
        '\u{2500}'..='\u{259f}' => 2,
        _ => 3,
    };
    (class, character)
}
