//! A page on the screen: rows of base64, and below them a row with the number of the first one and the SHA-1 of all. Below the whole
//! output, their count follows:
//!
//! ```text
//! H4sIAAAAAAAAA+3TPQrCQBCG4X5OsSfQmd1kcx8RC0ELA8bfm0f8A7FQsBLep9liWPaDj/F1O5v8
//! 1 5f8e1c0c4d2a0f6e3b7a9d8c5b4a3f2e1d0c9b8a b 1 b
//! ```
//!
//! Messages of the kernel may stand between the rows and behind them: they begin where the cursor is, and end their row.

use super::outcome::sha1_of;

/// What the row below a page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Footer {
    /// The page's first row, from 1.
    pub(crate) first: usize,
    /// How many rows there are in all, if the page is to hold them all.
    pub(crate) total: Option<usize>,
    sha1: String,
}

/// A page that is on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// All of its rows, which have the right checksum.
    Whole(Footer, Vec<String>),
    /// Rows are missing, or something has been written between them.
    Torn(Footer),
}

/// How the output is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Division {
    /// How many rows a page has, but the last one.
    pub(crate) page_rows: usize,
    /// How many rows there are in all; 0 if that is not known yet.
    pub(crate) total: usize,
}

impl Division {
    /// How many rows the page has that begins with this one.
    fn rows_from(self, first: usize) -> usize {
        (self.total + 1).saturating_sub(first).min(self.page_rows)
    }
}

/// The page on a screen with these rows, if its footer is there.
pub(crate) fn find_page(rows: &[String], division: Division) -> Option<Sight> {
    let (place, footer) = rows.iter().enumerate().rev().find_map(|(place, row)| Some((place, footer(row)?)))?;
    let count = footer.total.unwrap_or_else(|| division.rows_from(footer.first));
    let has_last = footer.total.is_some() || footer.first + count > division.total;
    let candidates: Vec<&str> = rows[..place].iter().filter_map(|row| encoded(row)).collect();
    // All rows but the last one of the output have the same length.
    let length = usual_length(&candidates);
    let is_row = |index: usize, row: &str| row.len() == length || has_last && index + 1 == candidates.len();
    let found = candidates.iter().enumerate().filter(|(index, row)| is_row(*index, row)).map(|(_, row)| *row);
    let found: Vec<&str> = found.collect();
    let found = &found[found.len().saturating_sub(count)..];
    let text: String = found.iter().flat_map(|row| [row, "\n"]).collect();
    Some(match sha1_of(text.as_bytes()) == footer.sha1 && found.len() == count {
        true => Sight::Whole(footer, found.iter().map(|row| (*row).to_owned()).collect()),
        false => Sight::Torn(footer),
    })
}

/// The length that most rows have.
fn usual_length(rows: &[&str]) -> usize {
    let count = |length: usize| rows.iter().filter(|row| row.len() == length).count();
    rows.iter().map(|row| row.len()).max_by_key(|length| (count(*length), *length)).unwrap_or_default()
}

/// What a row says below a page. A message may follow it.
fn footer(row: &str) -> Option<Footer> {
    let mut words = row.split(' ').filter(|word| !word.is_empty());
    let [first, sha1, file] = [words.next()?, words.next()?, words.next()?];
    let is_file =
        |word: &str, name: char| word.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('['));
    let total = match (file, words.next()) {
        ("b", Some(total)) => Some(number(total).filter(|_| words.next().is_some_and(|word| is_file(word, 'b')))?),
        (file, _) if is_file(file, 'q') => None,
        _ => return None,
    };
    let is_hash = sha1.len() == 40 && sha1.bytes().all(|byte| byte.is_ascii_hexdigit());
    let first = number(first).filter(|first| *first > 0 && is_hash)?;
    Some(Footer { first, total, sha1: sha1.to_owned() })
}

fn number(text: &str) -> Option<usize> {
    // Nine digits are enough, and overflow nothing.
    (text.len() < 10 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// The row of base64 that a row of the screen begins with, if it is one or a message follows it.
fn encoded(row: &str) -> Option<&str> {
    let end = row.bytes().position(|byte| !is_base64(byte)).unwrap_or(row.len());
    let (encoded, rest) = row.split_at(end);
    (!encoded.is_empty() && (rest.is_empty() || rest.starts_with('['))).then_some(encoded)
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
