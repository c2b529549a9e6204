//! A page on the screen: rows of base64, and below them a row with its place, its checksum and a mark:
//!
//! ```text
//! H4sIAAAAAAAAA+3TPQrCQBCG4X5OsSfQmd1kcx8RC0ELA8bfm0f8A7FQsBLep9liWPaDj/F1O5v8
//! 1 14 5f8e1c0c4d2a0f6e3b7a9d8c5b4a3f2e1d0c9b8a kqz
//! ```
//!
//! Messages of the kernel may stand between the rows and behind them: they begin where the cursor is, and end their row.

use sha1::{Digest, Sha1};

/// What the row below a page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Footer {
    /// The page's first row, from 1.
    pub(crate) first: usize,
    /// How many rows there are in all.
    pub(crate) total: usize,
    /// The SHA-1 of the rows, each with a line feed.
    sha1: String,
}

/// A page that is on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// All of its rows, which have the right checksum.
    Whole { footer: Footer, rows: Vec<String> },
    /// Rows are missing, or something has been written between them.
    Torn(Footer),
}

/// The page on a screen with these rows, if its last part is there. `page_rows` is the number of rows of a page but the last one.
pub(crate) fn find_page(rows: &[String], token: &str, page_rows: usize) -> Option<Sight> {
    let (place, footer) = rows.iter().enumerate().rev().find_map(|(place, row)| Some((place, footer(row, token)?)))?;
    let count = page_rows.min(footer.total.saturating_sub(footer.first - 1));
    let candidates: Vec<&str> = rows[..place].iter().filter_map(|row| encoded(row)).collect();
    let longest = candidates.iter().map(|row| row.len()).max().unwrap_or_default();
    let has_last = footer.first + count > footer.total;
    let is_whole = |(index, row): (usize, &&&str)| row.len() == longest || has_last && index + 1 == candidates.len();
    let found: Vec<&str> =
        candidates.iter().enumerate().filter(|(i, row)| is_whole((*i, row))).map(|(_, row)| *row).collect();
    let found = &found[found.len().saturating_sub(count)..];
    let mut sha1 = Sha1::new();
    found.iter().for_each(|row| {
        sha1.update(row);
        sha1.update("\n");
    });
    let sha1: String = sha1.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Some(match sha1 == footer.sha1 && found.len() == count {
        true => Sight::Whole { footer, rows: found.iter().map(|row| (*row).to_owned()).collect() },
        false => Sight::Torn(footer),
    })
}

/// What a row says below a page. A message may follow it.
fn footer(row: &str, token: &str) -> Option<Footer> {
    let mut words = row.split(' ');
    let [first, total, sha1, mark] = [words.next()?, words.next()?, words.next()?, words.next()?];
    let is_mark = mark.strip_prefix(token).is_some_and(|rest| rest.is_empty() || rest.starts_with('['));
    let (first, total) = (number(first)?, number(total)?);
    let is_sound = is_mark && sha1.len() == 40 && (1..=total).contains(&first);
    is_sound.then(|| Footer { first, total, sha1: sha1.to_owned() })
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
