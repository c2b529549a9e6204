//! Compares what a screen shows with what was typed.

use super::prompt_line::is_message;
use super::rows::TextRows;
use crate::screen_text::{Position, Screen};

/// Where typed text will appear: at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    start: Position,
    /// What is before it in its row.
    before: Vec<char>,
    /// The size of the screen in cells.
    columns: usize,
    rows: usize,
}

/// What is at the place now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Readback {
    /// The text, and nothing behind it.
    Equal,
    Differs {
        /// How many characters are the same.
        common: usize,
        /// The line from the place on.
        seen: String,
    },
}

impl Place {
    /// The place of the cursor, if it is seen.
    pub(crate) fn of_cursor(screen: &Screen) -> Option<Self> {
        let (start, rows) = (screen.cursor?, TextRows::of_screen(screen));
        let before = cells(&rows, start.row)?.into_iter().take(start.column).collect();
        Some(Self { start, before, columns: rows.columns(), rows: rows.rows().len() })
    }

    /// How much of a text of `length` characters can be read back at once, at least 1. It does not scroll out of the screen, and
    /// does not fill a row: the cursor then stays in the last column, although the next character is in the next row.
    pub(crate) fn capacity(&self, length: usize) -> usize {
        let most = (self.columns * self.rows / 4).min(length);
        let fills_row = most < length && (self.start.column + most).is_multiple_of(self.columns.max(1));
        most.saturating_sub(usize::from(fills_row)).max(1)
    }

    /// Whether the row, up to the cursor, ends with `words`: their Enter has not been taken then.
    pub(crate) fn is_behind(&self, words: &str) -> bool {
        let before: String = self.before.iter().collect();
        !words.is_empty() && before.ends_with(words)
    }

    /// Whether the row is still the same up to the place.
    pub(crate) fn is_on(&self, screen: &Screen) -> bool {
        self.is_in_row(&TextRows::of_screen(screen), self.start.row)
    }

    fn is_in_row(&self, rows: &TextRows, row: usize) -> bool {
        cells(rows, row).is_some_and(|cells| cells.starts_with(&self.before))
    }

    /// Compares `text` with what the screen shows from the place on. The text goes on in the next row where one is full, or where
    /// the kernel or a service has written a message in between. Both may have scrolled the screen.
    pub(crate) fn read_back(&self, screen: &Screen, text: &str) -> Readback {
        let (rows, text) = (TextRows::of_screen(screen), text.chars().collect::<Vec<_>>());
        let most = (self.start.column + text.len()) / rows.columns().max(1);
        let scrolls = (0..=self.start.row).filter(|scrolled| self.is_in_row(&rows, self.start.row - scrolled));
        let reads = scrolls.filter_map(|scrolled| {
            let row = self.start.row - scrolled;
            let (read, height) = compare(&self.cells_from(&rows, row), &text, rows.columns().max(1), self.start.column);
            // A line of fewer rows than that is an older one with the same words.
            let read = self.with_cursor(read, screen.cursor, row, &text, rows.columns());
            (scrolled <= most || scrolled <= height).then_some(read)
        });
        let best = reads.max_by_key(|read| match read {
            Readback::Equal => usize::MAX,
            Readback::Differs { common, .. } => *common,
        });
        let last = || rows.last(1).first().map(|row| (*row).to_owned()).unwrap_or_default();
        best.unwrap_or_else(|| Readback::Differs { common: 0, seen: last() })
    }

    /// Spaces at the end of a text look like no text: the cursor has to be behind them.
    fn with_cursor(
        &self,
        read: Readback,
        cursor: Option<Position>,
        row: usize,
        text: &[char],
        columns: usize,
    ) -> Readback {
        let words = text.iter().rposition(|character| *character != ' ').map_or(0, |last| last + 1);
        if read != Readback::Equal || words == text.len() || columns == 0 {
            return read;
        }
        let seen = cursor.map(|cursor| cursor.row * columns + cursor.column);
        let common = seen.and_then(|seen| seen.checked_sub(row * columns + self.start.column)).unwrap_or_default();
        // Behind a full row it may stay in the last column.
        let is_full = (self.start.column + text.len()).is_multiple_of(columns);
        // A message in between moves the cursor on.
        if common >= text.len() || is_full && common + 1 == text.len() {
            return Readback::Equal;
        }
        Readback::Differs { common: common.max(words), seen: text[..words].iter().collect() }
    }

    /// All cells from the place on, if it is in this row now.
    fn cells_from(&self, rows: &TextRows, row: usize) -> Vec<char> {
        let cells = (row..rows.rows().len()).filter_map(|row| cells(rows, row)).flatten();
        cells.skip(self.start.column).collect()
    }
}

/// All cells of a row.
fn cells(rows: &TextRows, row: usize) -> Option<Vec<char>> {
    let text = rows.rows().get(row)?;
    Some(text.chars().chain(std::iter::repeat(' ')).take(rows.columns()).collect())
}

/// Compares a text with cells, the first of which is in the column `start`, and tells how many ends of rows are in what was read.
fn compare(cells: &[char], text: &[char], columns: usize, start: usize) -> (Readback, usize) {
    let (mut common, mut at) = (0, 0);
    while common < text.len() {
        if cells.get(at) == Some(&text[common]) {
            (common, at) = (common + 1, at + 1);
        } else if let Some(end) = end_of_message(cells, at, columns, start) {
            at = end;
        } else {
            break;
        }
    }
    if common == text.len() {
        // The rest of the row in which the text ends.
        let end = at + (columns - (start + at) % columns) % columns;
        let rest = cells.get(at..end).unwrap_or_default();
        let message = end_of_message(cells, at, columns, start).filter(|_| at < end);
        if rest.iter().all(|cell| *cell == ' ') || message.is_some() {
            return (Readback::Equal, (start + message.unwrap_or(at)) / columns);
        }
    }
    let height = (start + at) / columns;
    // The row in which the text would end, and the following ones while they are full.
    let end = at.max(text.len());
    let mut end = end + (columns - (start + end) % columns) % columns;
    while end > 0 && cells.get(end - 1).is_some_and(|cell| *cell != ' ') {
        end += columns;
    }
    let seen: String = cells[..end.min(cells.len())].iter().collect();
    (Readback::Differs { common, seen: seen.trim_end().to_owned() }, height)
}

/// The end of a message that begins here: the beginning of the first row that it does not fill.
fn end_of_message(cells: &[char], at: usize, columns: usize, start: usize) -> Option<usize> {
    let mut end = at + columns - (start + at) % columns;
    let text: String = cells.get(at..end)?.iter().collect();
    if !is_message(&text) {
        return None;
    }
    while cells.get(end - 1).is_some_and(|cell| *cell != ' ') {
        end += columns;
    }
    Some(end.min(cells.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::reading::test_screens::{picture, screen, with_cursor};

    /// The cursor behind a prompt of two columns in this row of four.
    fn place(row: usize) -> Place {
        let mut rows = ["", "", "", ""];
        rows[row] = "#";
        Place::of_cursor(&with_cursor(screen(8, &rows), 2, row)).unwrap()
    }

    fn read(place: &Place, rows: &[&str], text: &str) -> Readback {
        place.read_back(&screen(8, rows), text)
    }

    fn differs(common: usize, seen: &str) -> Readback {
        Readback::Differs { common, seen: seen.to_owned() }
    }

    #[test]
    fn it_reads_from_the_cursor_on() {
        let place = place(1);
        assert_eq!(read(&place, &["abc", "# ls -l", "", ""], "ls -l"), Readback::Equal);
        assert_eq!(read(&place, &["abc", "# s -l", "", ""], "ls -l"), differs(0, "s -l"));
        assert_eq!(read(&place, &["abc", "# ls-l", "", ""], "ls -l"), differs(2, "ls-l"));
        assert_eq!(read(&place, &["abc", "# lls", "", ""], "ls"), differs(1, "lls"));
        assert_eq!(read(&place, &["abc", "# lsx", "", ""], "ls"), differs(2, "lsx"), "more than was typed");
        assert_eq!(read(&place, &["abc", "#", "", ""], "ls"), differs(0, ""));
        assert_eq!(read(&place, &["abc", "", "", "x"], "ls"), differs(0, "x"), "the prompt is gone");
        assert_eq!(place.read_back(&picture(), "ls"), differs(0, ""));
    }

    #[test]
    fn spaces_at_the_end_are_where_the_cursor_is() {
        let read = |cursor: Option<(usize, usize)>, text: &str| {
            let shown = screen(8, &["abc", "# ls", "", ""]);
            let shown = Screen { cursor: cursor.map(|(column, row)| Position { column, row }), ..shown };
            place(1).read_back(&shown, text)
        };
        assert_eq!(read(Some((6, 1)), "ls  "), Readback::Equal);
        assert_eq!(read(Some((5, 1)), "ls  "), differs(3, "ls"));
        assert_eq!(read(Some((4, 1)), "ls  "), differs(2, "ls"));
        assert_eq!(read(Some((0, 3)), "ls  "), Readback::Equal, "behind a message");
        assert_eq!(read(Some((0, 0)), "ls  "), differs(2, "ls"));
        assert_eq!(read(None, "ls  "), differs(2, "ls"));
        assert_eq!(read(None, "ls"), Readback::Equal);
        assert_eq!([(7, 1), (0, 2)].map(|cursor| read(Some(cursor), "ls    ")), [Readback::Equal, Readback::Equal]);
        let blank = place(1).read_back(&with_cursor(screen(8, &["", "#", "", ""]), 4, 1), "  ");
        assert_eq!(blank, Readback::Equal);
    }

    #[test]
    fn a_long_text_goes_on_in_the_next_rows() {
        let rows = ["", "# abcdef", "ghijklmn", "op"];
        assert_eq!(read(&place(1), &rows, "abcdefghijklmnop"), Readback::Equal);
        assert_eq!(read(&place(1), &rows, "abcdefghijklmnoq"), differs(15, "abcdefghijklmnop"));
        assert_eq!(read(&place(1), &["", "# abcdef", "", ""], "abcdef"), Readback::Equal, "up to the last column");
        assert_eq!(read(&place(1), &rows, "abcdef"), Readback::Equal, "the next row may be another's");
        assert_eq!(read(&place(1), &["", "# abcde", "", ""], "abcdef"), differs(5, "abcde"));
    }

    #[test]
    fn a_long_text_may_scroll_the_screen() {
        let text = "abcdefghijklmnop";
        assert_eq!(read(&place(3), &["", "# abcdef", "ghijklmn", "op"], text), Readback::Equal);
        assert_eq!(read(&place(3), &["", "", "# abcdef", "ghijklm"], text), differs(13, "abcdefghijklm"));
        // A prompt above that looks the same is not the one of the text.
        assert_eq!(read(&place(3), &["# abcdef", "# abcdef", "ghijklmn", "op"], text), Readback::Equal);
        assert!(!place(3).is_on(&screen(8, &["", "", "#", ""])) && place(3).is_on(&screen(8, &["", "", "", "# x"])));
    }

    /// As the kernel writes them to the console while a text is typed, and where the echo goes on after them.
    #[test]
    fn messages_in_between_are_not_what_was_typed() {
        let wide = |row: usize| {
            let mut rows = [""; 4];
            rows[row] = "#";
            Place::of_cursor(&with_cursor(screen(30, &rows), 2, row)).unwrap()
        };
        let read = |row: usize, rows: &[&str], text: &str| wide(row).read_back(&screen(30, rows), text);
        let message = "[    7.454191] crng init done";
        let behind = format!("# ls -l{}", &message[..20]);
        assert_eq!(read(0, &[&behind, "", "", ""], "ls -l"), Readback::Equal);
        assert_eq!(read(0, &[&behind, " /root", "", ""], "ls -l /root"), Readback::Equal);
        assert_eq!(
            read(0, &[&behind, " /rot", "", ""], "ls -l /root"),
            differs(9, &format!("{}    /rot", &behind[2..]))
        );
        assert_eq!(read(0, &["# ls -l[  OK  ] Started it.", "", "", ""], "ls -l"), Readback::Equal);
        assert_eq!(read(0, &["# ls -l[a]", "", "", ""], "ls -l"), differs(5, "ls -l[a]"), "this is no message");
        // One that fills its row goes on in the next.
        let full = format!("# ls -l{}", &"[    7.454191] randomize: done"[..23]);
        assert_eq!(full.len(), 30);
        assert_eq!(read(0, &[&full, "e: done", " /root", ""], "ls -l /root"), Readback::Equal);
        // It scrolls the screen; the same words above do not count without one.
        assert_eq!(read(3, &["", "", &behind, ""], "ls -l"), Readback::Equal);
        assert_eq!(read(3, &["", "", "# ls -l", "# ls -"], "ls -l"), differs(4, "ls -"));
    }

    #[test]
    fn a_text_is_read_back_in_parts_that_fit() {
        // 32 cells; behind 2 of 8 columns.
        assert_eq!([7, 8, 9, 100].map(|length| place(1).capacity(length)), [7, 8, 8, 8]);
        let at_start = Place::of_cursor(&with_cursor(screen(8, &["", "#", "", ""]), 0, 0)).unwrap();
        assert_eq!([7, 8, 9].map(|length| at_start.capacity(length)), [7, 8, 7]);
    }

    #[test]
    fn it_tells_whether_words_are_before_it() {
        let place = Place::of_cursor(&with_cursor(screen(8, &["# ls -l"]), 7, 0)).unwrap();
        assert!(place.is_behind("ls -l") && place.is_behind("-l") && !place.is_behind("ls") && !place.is_behind(""));
    }

    #[test]
    fn without_a_cursor_there_is_no_place() {
        assert_eq!(Place::of_cursor(&screen(8, &["#"])), None);
        assert_eq!(Place::of_cursor(&picture()), None);
    }
}
