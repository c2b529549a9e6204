//! The line in which a guest waits for input: the last one that holds text. Messages of the kernel and of services that were
//! written behind a prompt are left out: they do not end its wait.

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
    /// Without spaces at its end.
    pub(crate) text: String,
    /// The line above that holds text; empty if there is none.
    pub(crate) above: String,
    /// Where the cursor is.
    pub(crate) cursor: CursorPlace,
    /// Whether the row above is full, so that this may be the end of a longer line.
    pub(crate) may_continue: bool,
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
    if last.height > 1 {
        let text = rows.rows()[end].clone();
        let cursor = cursor_place(screen.cursor, end, &text, rows.columns());
        let above = rows.rows()[end - 1].clone();
        found.push(PromptLine { text, above, cursor, may_continue: true });
    }
    let cursor = cursor_place(screen.cursor, end, &rows.rows()[end], rows.columns());
    let (text, above_it) = (last.text.clone(), above(&lines, last.row));
    found.push(PromptLine { text, above: above_it, cursor, may_continue: false });
    let messages_from = lines.iter().rposition(|line| !begins_with_message(&line.text)).map_or(0, |index| index + 1);
    if let Some(line) = lines[..messages_from].iter().rfind(|line| !line.text.is_empty()) {
        let text = without_message(&line.text);
        if messages_from < lines.len() || text.len() < line.text.len() {
            let end = line.row + line.height - 1;
            let cursor = match screen.cursor {
                None => CursorPlace::Unseen,
                Some(cursor) if cursor.row >= end => CursorPlace::Behind,
                Some(_) => CursorPlace::Elsewhere,
            };
            let (text, above) = (text.to_owned(), above(&lines, line.row));
            found.push(PromptLine { text, above, cursor, may_continue: false });
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
        // Behind a message, it is somewhere below.
        let rows = ["a", "login: [    1.000000] b", ""];
        let message = |row| prompt_lines(&with_cursor(screen(40, &rows), 0, row)).pop().unwrap();
        assert_eq!((message(2).text.as_str(), message(2).cursor), ("login:", CursorPlace::Behind));
        assert_eq!(message(0).cursor, CursorPlace::Elsewhere);
    }
}
