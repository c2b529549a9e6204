//! Which of the characters of a glyph is shown.

/// The lower, the sooner a glyph is read as this character: ASCII, then Latin-1, then box drawing and blocks, then arrows and
/// shapes, then the letters of Greek and Russian, then the rest. Of characters that look the same, which one was printed cannot
/// be known.
pub(crate) fn character_rank(character: char) -> (u8, char) {
    let class = match character {
        ' '..='~' => 0,
        '\u{a1}'..='\u{ff}' => 1,
        '\u{2500}'..='\u{259f}' => 2,
        '←'..='↕' | '\u{25a0}'..='\u{25ff}' => 3,
        'Α'..='Ω' | 'ά'..='ώ' | 'А'..='я' | 'Ё' | 'ё' => 4,
        _ => 5,
    };
    (class, character)
}

/// The characters that a glyph can be read as, by rank. Control characters are left out, and those of private use, whose
/// meaning only the font's author knows.
pub(super) fn named_characters(characters: impl IntoIterator<Item = char>) -> Vec<char> {
    let is_private = |character| matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
    let mut named: Vec<char> = characters.into_iter().filter(|c| !c.is_control() && !is_private(*c)).collect();
    named.sort_by_key(|character| character_rank(*character));
    named.dedup();
    named
}

/// What a glyph at this position of a font without a table of characters is taken for: ASCII where ASCII is, or nothing.
pub(super) fn ascii_at(position: u16) -> Vec<char> {
    u8::try_from(position)
        .map(char::from)
        .ok()
        .filter(|character| (' '..='~').contains(character))
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_come_by_rank() {
        let characters = "\u{138}Α▲↑─\u{7}AÀ\u{f001}A\u{9b}\u{10fffd}".chars();
        assert_eq!(named_characters(characters), ['A', 'À', '─', '↑', '▲', 'Α', 'ĸ']);
    }
}
