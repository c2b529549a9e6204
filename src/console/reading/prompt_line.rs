//! The line in which a guest waits for input: the last one that holds text. Messages of the kernel and of services that were
//! written behind a prompt are left out: they do not end its wait.
//!
//! A message that begins in the prompt's row was written while the guest waited: Enter would have begun a new row first. Where
//! all messages have rows of their own, the prompt may have been answered before.

use std::sync::LazyLock;

use regex::Regex;

use super::rows::{Line, TextRows};
use crate::screen_text::{Position, Screen};

/// What begins a message that any process may have caused: Linux's printk with time stamps, the status of systemd's units,
/// cloud-init, and a syslog priority.
static MESSAGE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern =
        r"\[ *\d+\.\d{6}\](?:\[ *[CT]\d+\])? |\[(?:  OK  |FAILED|DEPEND| INFO | TIME | WARN )\] |ci-info: |<\d{1,3}>";
    Regex::new(pattern).expect("the pattern is valid")
});

/// A line that may be a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PromptLine {
    /// Its first row on the screen.
    pub(crate) row: usize,
    /// Without spaces at its end.
    pub(crate) text: String,
    /// The line above that holds text; empty if there is none.
    pub(crate) above: String,
    /// Where the cursor is.
    pub(crate) cursor: CursorPlace,
    /// Whether the row above is full, so that this may be the end of a longer line.
    pub(crate) may_continue: bool,
    /// Whether messages in rows of their own follow, so that the prompt may have been answered.
    pub(crate) may_be_answered: bool,
}

impl PromptLine {
    /// The same, as if no messages in rows of their own followed.
    pub(crate) fn unanswered(&self) -> Self {
        Self { may_be_answered: false, ..self.clone() }
    }
}

/// Where the cursor is, seen from a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CursorPlace {
    /// Behind the text.
    Behind,
    Elsewhere,
    /// It is dark at the moment, or there is none.
    Unseen,
}

/// What may be the prompt of a screen, the most likely first: the last row with text by itself, the same with the rows that it
/// continues, and what is left of both without messages. None on a screen that is not text.
pub(crate) fn prompt_lines(screen: &Screen) -> Vec<PromptLine> {
    let rows = TextRows::of_screen(screen);
    let mut lines = rows.lines();
    while lines.pop_if(|line| line.text.is_empty()).is_some() {}
    let mut found = Vec::new();
    let Some(last) = lines.last() else { return found };
    let above = |lines: &[Line], row: usize| {
        let above = lines.iter().rfind(|line| line.row + line.height <= row && !line.text.is_empty());
        above.map(|line| line.text.clone()).unwrap_or_default()
    };
    let end = last.row + last.height - 1;
    let cursor = cursor_place(screen.cursor, end, &rows.rows()[end], rows.columns());
    if last.height > 1 {
        let (text, above) = (rows.rows()[end].clone(), rows.rows()[end - 1].clone());
        found.push(PromptLine { row: end, text, above, cursor, may_continue: true, may_be_answered: false });
    }
    found.push(PromptLine {
        row: last.row,
        text: last.text.clone(),
        above: above(&lines, last.row),
        cursor,
        may_continue: false,
        may_be_answered: false,
    });
    let messages_from = lines.iter().rposition(|line| !begins_with_message(&line.text)).map_or(0, |index| index + 1);
    if let Some(line) = lines[..messages_from].iter().rfind(|line| !line.text.is_empty()) {
        let text = without_message(&line.text);
        let may_be_answered = messages_from < lines.len();
        if may_be_answered || text.len() < line.text.len() {
            let end = line.row + line.height - 1;
            let cursor = match screen.cursor {
                None => CursorPlace::Unseen,
                Some(cursor) if may_be_answered && cursor.row >= end => CursorPlace::Behind,
                // Messages end with a line feed.
                Some(Position { row, column: 0 }) if row == end + 1 => CursorPlace::Behind,
                Some(_) => cursor,
            };
            let (text, above) = (text.to_owned(), above(&lines, line.row));
            found.push(PromptLine { row: line.row, text, above, cursor, may_continue: false, may_be_answered });
        }
    }
    found
}

fn begins_with_message(line: &str) -> bool {
    line.is_empty() || is_message(line)
}

/// Whether a text begins with what begins a message that any process may have caused.
pub(crate) fn is_message(text: &str) -> bool {
    MESSAGE.find(text).is_some_and(|found| found.start() == 0)
}

/// A line up to a message that was written behind its text.
fn without_message(line: &str) -> &str {
    let start = MESSAGE.find(line).map_or(line.len(), |found| found.start());
    line[..start].trim_end_matches(' ')
}

/// Where a cursor is, seen from the row `row` with this text. Behind a full row it stays in the last column, or is in the next
/// row.
fn cursor_place(cursor: Option<Position>, row: usize, text: &str, columns: usize) -> CursorPlace {
    let length = text.chars().count();
    match cursor {
        None => CursorPlace::Unseen,
        Some(cursor) if cursor.row == row && cursor.column >= length.min(columns.saturating_sub(1)) => {
            CursorPlace::Behind
        }
        Some(Position { row: next, column: 0 }) if next == row + 1 && length == columns => CursorPlace::Behind,
        Some(_) => CursorPlace::Elsewhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::reading::test_screens::{blank, picture, screen, with_cursor};

    fn texts(columns: usize, rows: &[&str]) -> Vec<String> {
        prompt_lines(&screen(columns, rows)).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn it_is_the_last_line_that_holds_text() {
        assert_eq!(texts(20, &["", "one", "two", "", ""]), ["two"]);
        assert_eq!(prompt_lines(&screen(20, &["", "one", "", "two", ""]))[0].above, "one");
        assert_eq!(prompt_lines(&screen(20, &["two"]))[0].above, "");
        assert_eq!(texts(6, &["a", "full r", "ow:"]), ["ow:", "full row:"], "a row that is full may end there or not");
        assert!(texts(20, &["", ""]).is_empty());
        assert!(prompt_lines(&blank()).is_empty() && prompt_lines(&picture()).is_empty());
    }

    #[test]
    fn messages_behind_a_prompt_do_not_hide_it() {
        let prompt = "web-01 login:";
        for rows in [
            &["web-01 login: [   20.123456] random: crng init done"][..],
            &["web-01 login: ", "[   20.123456] random: crng init done"],
            &["web-01 login:", "[   20.123456][    T1] random:", "[  OK  ] Reached target Cloud-init target."],
            &["web-01 login: <14>Mar  5 20:16:58 cloud-init: ####", "", "ci-info: no authorized keys", ""],
        ] {
            assert_eq!(texts(60, rows).last().unwrap(), prompt, "{rows:?}");
        }
        // One that goes on in the next row.
        assert_eq!(texts(41, &["web-01 login: [   20.123456] random: crng", "init", ""]).last().unwrap(), prompt);
        assert_eq!(texts(60, &["[    0.000000] Linux version"]), ["[    0.000000] Linux version"], "no other line");
        assert_eq!(texts(60, &["[root@web-01 ~]#"]), ["[root@web-01 ~]#"]);
    }

    #[test]
    fn the_cursor_is_behind_the_text_or_elsewhere() {
        let place = |column, row| {
            let screen = with_cursor(screen(10, &["one", "login:", ""]), column, row);
            prompt_lines(&screen)[0].cursor
        };
        assert_eq!([(6, 1), (7, 1), (9, 1)].map(|(column, row)| place(column, row)), [CursorPlace::Behind; 3]);
        assert_eq!([(5, 1), (7, 0), (0, 2)].map(|(column, row)| place(column, row)), [CursorPlace::Elsewhere; 3]);
        assert_eq!(prompt_lines(&screen(10, &["login:"]))[0].cursor, CursorPlace::Unseen);
        let full = |column, row| prompt_lines(&with_cursor(screen(6, &["login:", ""]), column, row))[0].cursor;
        assert_eq!(
            [full(5, 0), full(0, 1), full(1, 1)],
            [CursorPlace::Behind, CursorPlace::Behind, CursorPlace::Elsewhere]
        );
        // Behind a message, it is at its end or in the next row.
        let rows = ["a", "login: [    1.000000] b", "", ""];
        let message = |column, row| {
            let line = prompt_lines(&with_cursor(screen(40, &rows), column, row)).pop().unwrap();
            assert_eq!((line.text.as_str(), line.row, line.may_be_answered), ("login:", 1, false));
            line.cursor
        };
        assert_eq!([(0, 2), (23, 1)].map(|(column, row)| message(column, row)), [CursorPlace::Behind; 2]);
        let elsewhere = [(0, 0), (7, 1), (1, 2), (0, 3)];
        assert_eq!(elsewhere.map(|(column, row)| message(column, row)), [CursorPlace::Elsewhere; 4]);
        // One that goes on in the next row.
        let wrapped = screen(24, &["login: [    1.000000] abc", "de", ""].map(|row| &row[..row.len().min(24)]));
        let place = |column, row| prompt_lines(&with_cursor(wrapped.clone(), column, row)).pop().unwrap().cursor;
        assert_eq!([place(2, 1), place(0, 2), place(0, 1)], {
            [CursorPlace::Behind, CursorPlace::Behind, CursorPlace::Elsewhere]
        });
    }

    #[test]
    fn a_prompt_with_rows_of_messages_below_may_be_answered() {
        for rows in [
            &["login:", "[  OK  ] Reached target x.", ""][..],
            &["login: [    1.000000] b", "[    2.000000] c", ""],
            &["login: [    1.000000] b", "", "[    2.000000] c", ""],
        ] {
            let last = rows.len() - 1;
            let line = prompt_lines(&with_cursor(screen(40, rows), 0, last)).pop().unwrap();
            assert_eq!((line.text.as_str(), line.cursor), ("login:", CursorPlace::Behind), "{rows:?}");
            assert!(line.may_be_answered, "{rows:?}");
            assert_eq!(prompt_lines(&screen(40, rows)).pop().unwrap().cursor, CursorPlace::Unseen);
        }
    }
}
