//! Which pages are there, and which one is asked for next.

use std::collections::BTreeMap;

use super::page::Footer;

/// What has come so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Transfer {
    /// The rows of the pages, by the number of their first row.
    pages: BTreeMap<usize, Vec<String>>,
    total: usize,
}

/// What is typed next; Enter follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// Enter alone gives the page after the one that is shown.
    Next,
    /// The page that begins with this row.
    Page(usize),
    /// All is there.
    Done,
}

impl Transfer {
    /// Takes a page.
    pub(crate) fn add(&mut self, first: usize, total: usize, rows: Vec<String>) {
        self.total = total;
        self.pages.insert(first, rows);
    }

    /// What to ask for while this page is shown, whose pages have `page_rows` rows each.
    pub(crate) fn next(&self, shown: &Footer, page_rows: usize) -> Request {
        let missing = (0..).map(|page| 1 + page * page_rows).take_while(|first| *first <= shown.total);
        match missing.into_iter().find(|first| !self.pages.contains_key(first)) {
            None => Request::Done,
            Some(first) if first == shown.first + page_rows => Request::Next,
            Some(first) => Request::Page(first),
        }
    }

    /// Whether the page that begins with this row is one, and has not come.
    pub(crate) fn lacks(&self, first: usize, page_rows: usize) -> bool {
        (first - 1).is_multiple_of(page_rows) && !self.pages.contains_key(&first)
    }

    /// How far it is.
    pub(crate) fn progress(&self) -> String {
        format!("reading the output: row {} of {}", self.received(), self.total)
    }

    /// How many rows have come.
    pub(crate) fn received(&self) -> usize {
        self.pages.values().map(Vec::len).sum()
    }

    /// All rows, joined.
    pub(crate) fn text(&self) -> String {
        self.pages.values().flatten().map(String::as_str).collect()
    }
}

impl Request {
    /// The words before Enter.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Next | Self::Done => String::new(),
            Self::Page(first) => format!("i={first}"),
        }
    }
}
