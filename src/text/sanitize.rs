//! Makes text from other sources safe to print on a terminal. Pure.

/// Puts `text` on one line, replaces control characters by U+FFFD, and cuts it after `limit` characters.
///
/// Otherwise an answer from the network could contain escape sequences that rewrite the user's screen.
pub(crate) fn sanitize(text: &str, limit: usize) -> String {
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

/// Removes everything that acts on a terminal from a text of several lines.
///
/// That are escape sequences (ECMA-48, section 5.4) and control characters other than tabs and line ends. A carriage return
/// that would overwrite a line starts a new line instead, so that no text is lost. Bytes that are not UTF-8 become U+FFFD.
pub(crate) fn sanitize_lines(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\x1b' => skip_escape(&mut rest),
            '\u{9b}' => skip_sequence(&mut rest),
            '\n' | '\t' => lines.push(c),
            '\r' => {
                while rest.next_if_eq(&'\r').is_some() {}
                if rest.peek() != Some(&'\n') && !lines.is_empty() && !lines.ends_with('\n') {
                    lines.push('\n');
                }
            }
            c if c.is_control() => {}
            c if is_unsafe(c) => lines.push('\u{FFFD}'),
            c => lines.push(c),
        }
    }
    lines
}

type Characters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn skip_escape(rest: &mut Characters<'_>) {
    match rest.peek() {
        Some('[') => {
            rest.next();
            skip_sequence(rest);
        }
        // A control string ends with BEL, with ESC \ (which is the next escape sequence), or at the latest with the line.
        Some(']' | 'P' | 'X' | '^' | '_') => {
            while rest.next_if(|c| !matches!(c, '\n' | '\x07' | '\x1b' | '\u{9c}')).is_some() {}
        }
        _ => {
            while rest.next_if(|c| (' '..='/').contains(c)).is_some() {}
            rest.next_if(|c| ('0'..='~').contains(c));
        }
    }
}

/// Skips what follows a CSI: parameters, and one final character. A control character ends the sequence.
fn skip_sequence(rest: &mut Characters<'_>) {
    while rest.next_if(|c| (' '..='?').contains(c)).is_some() {}
    rest.next_if(|c| ('@'..='~').contains(c));
}

/// Whether a character is a control character, or could disguise a text: a mark that reorders it (Unicode Standard Annex 9),
/// or one that has no width.
pub(crate) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{AD}' | '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{is_unsafe, sanitize, sanitize_lines};

    #[test]
    fn escapes_do_not_reach_the_terminal() {
        assert_eq!(sanitize("a\x1b[2Jb\u{9b}c\u{202e}d", 99), "a\u{FFFD}[2Jb\u{FFFD}c\u{FFFD}d");
        assert_eq!(sanitize("  two\nlines\t实例 ", 99), "two lines 实例");
        assert_eq!(sanitize("abcdef", 3), "abc…");
    }

    #[test]
    fn lines_are_kept_and_escape_sequences_are_not() {
        for (text, plain) in [
            ("[\x1b[0;32m  OK  \x1b[0m] Started.\r\n", "[  OK  ] Started.\n"),
            ("\x1bc\x1b[2J\x1b[01;01H\x1b[?25lGRUB\x1b(B\x1b)0\x1b=!", "GRUB!"),
            ("\x1b]0;title\x07a\x1b]8;;http://x\x1b\\b\x1bPq#0\x1b\\c", "abc"),
            ("a\x1b]0;never ended\nb", "a\nb"),
            ("a\x1b[12\nb\x1b", "a\nb"),
            ("1 %\r2 %\r\r3 %\r\r\nend\r", "1 %\n2 %\n3 %\nend\n"),
            ("\0a\x08b\x7f\tc\u{9b}2Jd\u{85}\u{202e}", "ab\tcd\u{FFFD}"),
            ("实例 é", "实例 é"),
        ] {
            assert_eq!(sanitize_lines(text.as_bytes()), plain, "{text:?}");
        }
        assert_eq!(sanitize_lines(b"a\xff\xfeb"), "a\u{FFFD}\u{FFFD}b");
    }

    proptest! {
        #[test]
        fn no_bytes_act_on_a_terminal(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(!sanitize_lines(&bytes).contains(|c| is_unsafe(c) && c != '\n' && c != '\t'));
        }
    }
}
