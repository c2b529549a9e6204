//! Where a pattern matches on a screen.

use super::pattern::Pattern;
use super::rows::{Line, TextRows};
use super::typed_words::{Masking, TypedWords};
use crate::screen_text::Position;

/// A place that a pattern matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextMatch {
    /// The text that matches.
    pub(crate) text: String,
    /// The row that it is in, or the joined rows.
    pub(crate) line: String,
    /// Where it begins in the line, in characters.
    pub(crate) index: usize,
    /// Where it begins on the screen.
    pub(crate) position: Position,
}

impl TextMatch {
    /// The match without secrets that were typed.
    pub(crate) fn masked(self, typed: &TypedWords) -> Self {
        let line = typed.mask(&self.line, Masking::Whole);
        // The match may have a part of the secret.
        let text = line.chars().skip(self.index).take(self.text.chars().count()).collect();
        Self { text, line, ..self }
    }
}

/// The first match in each row, from the top, and in joined rows if none of them matches by itself.
pub(crate) fn find_matches(pattern: &Pattern, rows: &TextRows) -> Vec<TextMatch> {
    let mut found = Vec::new();
    for line in rows.lines() {
        let before = found.len();
        for row in line.row..line.row + line.height {
            let row = Line { row, height: 1, text: rows.rows()[row].clone() };
            found.extend(find_match(pattern, rows, &row));
        }
        if line.height > 1 && found.len() == before {
            found.extend(find_match(pattern, rows, &line));
        }
    }
    found
}

fn find_match(pattern: &Pattern, rows: &TextRows, line: &Line) -> Option<TextMatch> {
    let range = pattern.find(&line.text)?;
    let index = line.text[..range.start].chars().count();
    Some(TextMatch {
        text: line.text[range].to_owned(),
        line: line.text.clone(),
        index,
        position: rows.position(line, index),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::reading::test_screens::screen;

    /// Text, column and row of each match.
    fn matches(pattern: &str, columns: usize, rows: &[&str]) -> Vec<(String, usize, usize)> {
        let rows = TextRows::of_screen(&screen(columns, rows));
        let found = find_matches(&pattern.parse().unwrap(), &rows).into_iter();
        found.map(|found| (found.text, found.position.column, found.position.row)).collect()
    }

    #[test]
    fn each_row_and_joined_rows_are_matched() {
        let rows = ["Kernel", "panic", "login:", "oops"];
        assert_eq!(matches("[ln]", 6, &rows), [("n", 3, 0), ("n", 2, 1), ("l", 0, 2)].map(own));
        assert_eq!(matches("^panic$", 6, &rows), [own(("panic", 0, 1))], "a row for itself");
        assert_eq!(matches("lpanic", 6, &rows), [own(("lpanic", 5, 0))], "across the end of a row that is full");
        assert_eq!(matches("panic.*login", 6, &rows), [], "the row before is not full");
        assert_eq!(matches("^Kernelpanic$", 6, &rows), [own(("Kernelpanic", 0, 0))]);
        assert_eq!(matches(":oops$", 6, &rows), [own((":oops", 5, 2))]);
    }

    #[test]
    fn a_match_counts_characters_and_its_row_has_no_spaces_at_its_end() {
        assert_eq!(matches("ü", 9, &["äöß ü"]), [own(("ü", 4, 0))]);
        assert_eq!(matches("login: *$", 20, &["web-01 login: "]), [own(("login:", 7, 0))]);
    }

    fn own((text, column, row): (&str, usize, usize)) -> (String, usize, usize) {
        (text.to_owned(), column, row)
    }
}
