//! What has come to a screen since an earlier read.

use super::rows::TextRows;

/// The rows of a screen at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RowsBefore(Vec<String>);

impl RowsBefore {
    pub(crate) fn new(rows: &TextRows) -> Self {
        Self(with_text(rows))
    }

    /// The rows that have come since then, below those that were there and may have scrolled. All rows, if none of those is left:
    /// the screen was cleared, or has scrolled by more than its height. The last row of before may have got longer.
    pub(crate) fn new_rows(&self, rows: &TextRows) -> Vec<String> {
        with_text(rows).split_off(self.first_new(rows))
    }

    /// The first of these rows. If none has come, the one below the last row that holds text.
    pub(crate) fn first_new(&self, rows: &TextRows) -> usize {
        let now = with_text(rows);
        let Some((last, _)) = self.0.split_last() else { return 0 };
        for scrolled in 0..self.0.len() {
            let kept = &self.0[scrolled..];
            let (count, before_last) = (kept.len(), kept.len() - 1);
            if now.len() >= count && now[..before_last] == kept[..before_last] && now[before_last].starts_with(last) {
                return count;
            }
        }
        0
    }
}

/// The rows down to the last one that holds text.
fn with_text(rows: &TextRows) -> Vec<String> {
    let mut rows = rows.rows().to_vec();
    while rows.pop_if(|row| row.is_empty()).is_some() {}
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::reading::test_screens::screen;

    fn new(before: &[&str], now: &[&str]) -> Vec<String> {
        let rows = |rows| TextRows::of_screen(&screen(20, rows));
        RowsBefore::new(&rows(before)).new_rows(&rows(now))
    }

    #[test]
    fn they_are_below_those_that_were_there() {
        assert_eq!(new(&["a", "b", "", ""], &["a", "b", "c", ""]), ["c"]);
        assert_eq!(new(&["a", "b", ""], &["a", "b", ""]), [""; 0]);
        assert_eq!(new(&["a", "Password:", ""], &["a", "Password: ***", "c"]), ["c"]);
        assert_eq!(new(&["a", "b", "c"], &["c", "", "d"]), ["", "d"], "scrolled by two");
        assert_eq!(new(&["a", "b", "c"], &["x", "y", "z"]), ["x", "y", "z"]);
        assert_eq!(new(&["", ""], &["a", ""]), ["a"]);
        assert_eq!(new(&["a"], &[""]), [""; 0], "cleared");
    }

    #[test]
    fn what_stood_there_before_is_not_new() {
        let failed = ["login: root", "Password:", "Login incorrect", "login: root", "Password:"];
        let again = ["Login incorrect", "login: root", "Password:", "Login incorrect", "login:"];
        assert_eq!(new(&failed, &again), ["Login incorrect", "login:"]);
        let done = ["Password:", "Login incorrect", "login: root", "Password:", "$"];
        assert_eq!(new(&failed, &done), ["$"]);
    }
}
