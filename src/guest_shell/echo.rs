//! Compares what a terminal echoes with what was typed.

/// Where the line begins that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineStart<'a> {
    /// Behind this prompt, which has no spaces at its end.
    Behind(&'a str),
    /// In the first column.
    Column0,
}

/// Whether the last rows with text are this line, all of it and nothing else. A line that is longer than a row goes on in the next
/// one. `rows` have no spaces at their end.
pub(crate) fn is_echoed(rows: &[String], columns: usize, start: LineStart<'_>, text: &str) -> bool {
    let Some(last) = rows.iter().rposition(|row| !row.is_empty()) else {
        return start == LineStart::Column0 && text.trim_end().is_empty();
    };
    match start {
        LineStart::Column0 => ends_with(rows, last, columns, text),
        // One space or none is between the two.
        LineStart::Behind(prompt) => {
            ["", " "].iter().any(|space| ends_with(rows, last, columns, &format!("{prompt}{space}{text}")))
        }
    }
}

fn ends_with(rows: &[String], last: usize, columns: usize, text: &str) -> bool {
    let expected: Vec<char> = text.trim_end().chars().collect();
    if expected.is_empty() || columns == 0 {
        return false;
    }
    let height = expected.len().div_ceil(columns);
    let Some(first) = (last + 1).checked_sub(height) else { return false };
    rows[first..=last].iter().zip(expected.chunks(columns)).all(|(row, part)| {
        let part: String = part.iter().collect();
        *row == part.trim_end()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_echoed_in(rows: &[&str], start: LineStart<'_>, text: &str) -> bool {
        let rows: Vec<String> = rows.iter().map(|row| (*row).to_owned()).collect();
        is_echoed(&rows, 8, start, text)
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
        assert!(is_echoed_in(&["abcdefg", "ij"], Column0, "abcdefg ij"), "a space at the end of a row");
        assert!(!is_echoed_in(&["ij"], Column0, "abcdefghij"), "its beginning has scrolled away");
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
}
