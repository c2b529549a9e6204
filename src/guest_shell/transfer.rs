//! Which pages are there, and which one is asked for next.

use std::collections::BTreeMap;

use super::page::Division;

/// What has come so far.
#[derive(Clone, Debug)]
pub(crate) struct Transfer {
    division: Division,
    /// The rows of the pages, by the number of their first row.
    pages: BTreeMap<usize, Vec<String>>,
}

/// What is typed next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// Enter, for the page after the one that is shown.
    Next,
    /// That the next page begins with this row.
    Page(usize),
    /// All is there.
    Done,
}

impl Transfer {
    pub(crate) fn new(division: Division) -> Self {
        Self { division, pages: BTreeMap::new() }
    }

    pub(crate) fn division(&self) -> Division {
        self.division
    }

    /// Takes a page.
    pub(crate) fn add(&mut self, first: usize, rows: Vec<String>) {
        self.pages.insert(first, rows);
    }

    /// What to ask for while the page is shown that begins with the row `shown`.
    pub(crate) fn next(&self, shown: usize) -> Request {
        let Division { page_rows, total } = self.division;
        let mut pages = (0..).map(|page| 1 + page * page_rows).take_while(|first| *first <= total);
        match pages.find(|first| !self.pages.contains_key(first)) {
            None => Request::Done,
            Some(first) if first == shown + page_rows => Request::Next,
            Some(first) => Request::Page(first),
        }
    }

    /// Whether the page that begins with this row is one, and has not come.
    pub(crate) fn lacks(&self, first: usize) -> bool {
        (first - 1).is_multiple_of(self.division.page_rows) && !self.pages.contains_key(&first)
    }

    /// How far it is.
    pub(crate) fn progress(&self) -> String {
        let received: usize = self.pages.values().map(Vec::len).sum();
        format!("reading the output: row {received} of {}", self.division.total)
    }

    /// All rows, joined.
    pub(crate) fn text(&self) -> String {
        self.pages.values().flatten().map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_asked_for_in_turn_and_missing_ones_again() {
        let mut transfer = Transfer::new(Division { page_rows: 2, total: 5 });
        let rows = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        transfer.add(1, rows("a b"));
        assert_eq!(transfer.next(1), Request::Next);
        // An Enter came late: a page was passed over.
        transfer.add(5, rows("e"));
        assert_eq!(transfer.next(5), Request::Page(3));
        assert!(transfer.lacks(3) && !transfer.lacks(5) && !transfer.lacks(2), "no page begins with the second row");
        transfer.add(3, rows("c d"));
        assert_eq!((transfer.next(3), transfer.text()), (Request::Done, "abcde".to_owned()));
        assert_eq!(transfer.progress(), "reading the output: row 5 of 5");
    }
}
