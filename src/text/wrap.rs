//! Breaks text into lines, in scripts without spaces between words too.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Marks that do not begin a line. Source: W3C, Requirements for Chinese Text Layout, section 3.1.3.
const NOT_FIRST: &str = "，。；：、！？）》」』”’…";

/// Marks that do not end a line. Source: as above.
const NOT_LAST: &str = "（《「『“‘";

/// Breaks `text` into lines of at most `columns` columns: at spaces, and beside Chinese characters. A word that is longer
/// has a line of its own.
pub(crate) fn wrap(text: &str, columns: usize) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| wrap_line(line, columns)).collect();
    lines.join("\n")
}

fn wrap_line(text: &str, columns: usize) -> String {
    let (mut lines, mut used) = (String::new(), 0);
    for piece in pieces(text) {
        let width = piece.trim_end().width();
        if used > 0 && used + width > columns {
            lines.truncate(lines.trim_end().len());
            lines.push('\n');
            used = 0;
        }
        lines.push_str(piece);
        used += piece.width();
    }
    lines
}

/// The pieces between which a line may be broken: words with the spaces behind them, and wide characters.
fn pieces(text: &str) -> Vec<&str> {
    let (mut pieces, mut start) = (Vec::new(), 0);
    let mut characters = text.char_indices().peekable();
    while let Some((_, c)) = characters.next() {
        let Some((next_position, next)) = characters.peek().copied() else { break };
        let is_break = match (c, next) {
            (_, ' ') => false,
            // What stands in brackets stays together.
            (' ', _) => !text[start..].starts_with('[') || text[start..next_position].contains(']'),
            (c, next) => (is_wide(c) || is_wide(next)) && !NOT_LAST.contains(c) && !NOT_FIRST.contains(next),
        };
        if is_break {
            pieces.push(&text[start..next_position]);
            start = next_position;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

fn is_wide(c: char) -> bool {
    c.width() == Some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_together() {
        assert_eq!(wrap("one two three", 7), "one two\nthree");
        assert_eq!(wrap("a-very-long-word b", 4), "a-very-long-word\nb");
        assert_eq!(wrap("short", 80), "short");
        assert_eq!(wrap("two\nlines", 80), "two\nlines");
        assert_eq!(wrap("", 4), "");
        assert_eq!(wrap("a [b: c] d", 4), "a\n[b: c]\nd");
    }

    #[test]
    fn chinese_is_broken_between_characters_but_not_before_a_mark() {
        assert_eq!(wrap("控制台被他人接管", 6), "控制台\n被他人\n接管");
        assert_eq!(wrap("控制台，被接管", 6), "控制\n台，被\n接管");
        assert_eq!(wrap("使用 ecs-vnc list 列出实例", 12), "使用 ecs-vnc\nlist 列出实\n例");
        assert_eq!(wrap("请（重试）", 4), "请\n（重\n试）");
    }
}
