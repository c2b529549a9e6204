//! Text from outside, made fit for a terminal.

/// `text` on one line, without control characters, and no longer than `limit` characters.
///
/// An answer from the network may hold escape sequences that would rewrite the user's screen.
pub fn printable(text: &str, limit: usize) -> String {
    let mut line = String::new();
    for (index, c) in text.trim().chars().enumerate() {
        if index == limit {
            line.push('…');
            break;
        }
        match c {
            '\n' | '\r' | '\t' => line.push(' '),
            c if is_unsafe(c) => line.push('\u{FFFD}'),
            c => line.push(c),
        }
    }
    line
}

/// Controls, and the marks that reorder text (Unicode Standard Annex 9) and so could disguise it.
pub fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn escapes_do_not_reach_the_terminal() {
        assert_eq!(printable("a\x1b[2Jb\u{9b}c\u{202e}d", 99), "a\u{FFFD}[2Jb\u{FFFD}c\u{FFFD}d");
        assert_eq!(printable("  two\nlines\t实例 ", 99), "two lines 实例");
        assert_eq!(printable("abcdef", 3), "abc…");
    }
}
