//! Compares what a terminal echoes with what was typed.

use std::sync::LazyLock;

use regex::Regex;

/// What begins a message of the kernel: printk with time stamps.
static MESSAGE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\[ *\d+\.\d{6}\](?:\[ *[CT]\d+\])? ").expect("the pattern is valid"));

/// Where the line begins that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineStart<'a> {
    /// Behind this prompt, which has no spaces at its end.
    Behind(&'a str),
    /// In the first column.
    Column0,
}

/// Whether the last text on the screen is this line, or its beginning of at least `least` characters, and nothing else. A line that is
/// longer than a row goes on in the next one. Messages of the kernel may stand in it: each begins at the cursor, and ends its row.
/// `rows` have no spaces at their end.
pub(crate) fn is_echoed(rows: &[String], columns: usize, start: LineStart<'_>, line: &str, least: usize) -> bool {
    let text = typed_text(rows, columns);
    let mut ends = line.char_indices().map(|(end, _)| end).chain([line.len()]).skip(least);
    ends.any(|end| is_line(&text, start, &line[..end]))
}

/// Whether a text ends with a line that begins there.
fn is_line(text: &str, start: LineStart<'_>, line: &str) -> bool {
    match start {
        LineStart::Column0 if line.trim_end().is_empty() => text.is_empty(),
        LineStart::Column0 => ends_with_line(text, line),
        // One space or none is between the two.
        LineStart::Behind(prompt) => {
            ["", " "].iter().any(|space| ends_with_line(text, &format!("{prompt}{space}{line}")))
        }
    }
}

/// Marks the end of a full row, after which the same line may go on, or another one begin.
const SOFT_END: char = '\u{1}';

/// Marks the end of a row whose last column alone is blank: a line feed, or a space after which the line may go on.
const SPACE_END: char = '\u{2}';

/// The text of rows without messages of the kernel. A line feed ends a row that the next one does not continue.
fn typed_text(rows: &[String], columns: usize) -> String {
    let (mut text, mut is_in_message) = (String::new(), false);
    for row in rows {
        let length = row.chars().count();
        let is_full = length >= columns;
        if is_in_message {
            is_in_message = is_full;
            continue;
        }
        if let Some(message) = MESSAGE.find(row) {
            text.push_str(&row[..message.start()]);
            is_in_message = is_full;
            continue;
        }
        text.push_str(row);
        text.push(match columns.saturating_sub(length) {
            0 => SOFT_END,
            1 => SPACE_END,
            _ => '\n',
        });
    }
    text.truncate(text.trim_end_matches([' ', '\n', SOFT_END, SPACE_END]).len());
    text
}

/// Whether a text ends with a line that begins where one may begin.
fn ends_with_line(text: &str, line: &str) -> bool {
    let mut rest = text.chars().rev().peekable();
    for character in line.trim_end().chars().rev() {
        while rest.next_if_eq(&SOFT_END).is_some() {}
        match rest.next() {
            Some(SPACE_END) if character == ' ' => {}
            Some(shown) if shown == character => {}
            _ => return false,
        }
    }
    rest.next().is_none_or(|before| matches!(before, '\n' | SOFT_END | SPACE_END))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_echoed_in(rows: &[&str], start: LineStart<'_>, text: &str) -> bool {
        let rows: Vec<String> = rows.iter().map(|row| (*row).to_owned()).collect();
        is_echoed(&rows, 8, start, text, text.len())
    }

    #[test]
    fn a_line_is_the_last_one_and_whole() {
        use LineStart::Column0;
        assert!(is_echoed_in(&["a", "cd $d", ""], Column0, "cd $d"));
        assert!(!is_echoed_in(&["a", "cd $d", "b"], Column0, "cd $d"));
        assert!(!is_echoed_in(&["acd $d"], Column0, "cd $d"), "the Enter before it was lost");
        assert!(!is_echoed_in(&["cd d"], Column0, "cd $d"));
        assert!(is_echoed_in(&["abcdefgh", "ij"], Column0, "abcdefghij"));
        assert!(is_echoed_in(&["a", "abcdefgh", ""], Column0, "abcdefgh"));
        assert!(!is_echoed_in(&["ij"], Column0, "abcdefghij"), "its beginning has scrolled away");
        assert!(is_echoed_in(&["abcdefg", "ij"], Column0, "abcdefg ij"), "a space at the end of a row");
        assert!(
            is_echoed_in(&["abcdefg", "ij"], Column0, "ij") && !is_echoed_in(&["abcdef", "ij"], Column0, "abcdef ij")
        );
        assert!(is_echoed_in(&["ab", ""], Column0, "ab "));
        assert!(!is_echoed_in(&["", ""], Column0, "a"));
    }

    #[test]
    fn a_line_may_be_behind_a_prompt() {
        let start = LineStart::Behind("/ #");
        assert!(is_echoed_in(&["x", "/ # ab"], start, "ab"));
        assert!(is_echoed_in(&["x", "/ #  ab"], start, " ab"));
        assert!(is_echoed_in(&["x", "/ # abcd", "ef"], start, "abcdef"));
        assert!(!is_echoed_in(&["x", "/ # aab"], start, "ab"));
        assert!(!is_echoed_in(&["x", "ab"], start, "ab"));
    }

    #[test]
    fn the_end_of_a_line_may_still_be_on_its_way() {
        let rows = ["x".to_owned(), "# abcdef".to_owned(), "gh".to_owned()];
        let is_there = |line, least| is_echoed(&rows, 8, LineStart::Behind("#"), line, least);
        assert!(is_there("abcdefghij", 0) && is_there("abcdefghij", 8) && !is_there("abcdefghij", 9));
        assert!(!is_there("abcdefxhij", 4), "what is there is not the line's beginning");
        assert!(!is_there("abcdefg", 7), "there is more than the line");
    }

    #[test]
    fn messages_of_the_kernel_may_stand_in_a_line() {
        let is_echoed = |rows: &[&str], start, text| {
            let rows: Vec<String> = rows.iter().map(|row| (*row).to_owned()).collect();
            is_echoed(&rows, 24, start, text, text.len())
        };
        let start = LineStart::Behind("#");
        assert!(is_echoed(&["# ab[   12.345678] x", "cd"], start, "abcd"));
        assert!(is_echoed(&["# ab[   12.345678] xxxxxx", "goes on", "cd"], start, "abcd"));
        assert!(is_echoed(&["ab[   12.345678][    T1] x", "", "cd", "[   12.345678] x"], LineStart::Column0, "abcd"));
        assert!(is_echoed(&["x", "ab [   12.345678] x", "cd"], LineStart::Column0, "ab cd"));
        assert!(!is_echoed(&["# ab[   12.345678] x", "d"], start, "abcd"));
        assert!(!is_echoed(&["# ab", "cd"], start, "abcd"));
    }
}
