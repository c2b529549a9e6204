//! `list --columns` and `list --sort`: pure.

use std::cmp::Ordering;
use std::net::IpAddr;
use std::str::FromStr;

use clap::ValueEnum;

use super::query::{Row, STATE_TITLE, TITLES};

/// A column of the table, in the order of [`TITLES`] and the column of `--check` behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Column {
    /// The ID of the instance
    Id,
    /// The name of the instance
    Name,
    /// The state, such as Running
    Status,
    /// `linux` or `windows`
    Os,
    /// The ID of the region
    Region,
    /// First private IP address
    Private,
    /// First public or elastic IP address
    Public,
    /// What the machine is at; needs --check
    Screen,
}

impl Column {
    /// All columns, the one of `--check` last.
    const ALL: [Self; 8] =
        [Self::Id, Self::Name, Self::Status, Self::Os, Self::Region, Self::Private, Self::Public, Self::Screen];

    /// The columns without `--columns`.
    pub(crate) fn usual(with_check: bool) -> Vec<Self> {
        Self::ALL.into_iter().filter(|column| with_check || *column != Self::Screen).collect()
    }

    /// The columns that can be left out of the usual ones, the most expendable first. All instances of one region have the same;
    /// an id and a name are what an instance is called by, and a state is why most lists are read.
    pub(crate) fn expendable(is_of_one_region: bool) -> &'static [Self] {
        match is_of_one_region {
            true => &[Self::Os, Self::Region, Self::Public, Self::Private],
            false => &[Self::Os, Self::Public, Self::Private, Self::Region],
        }
    }

    /// Its place in a row.
    pub(crate) fn index(self) -> usize {
        Self::ALL.iter().position(|column| *column == self).unwrap_or_default()
    }

    pub(crate) fn title(self) -> &'static str {
        TITLES.get(self.index()).copied().unwrap_or(STATE_TITLE)
    }
}

/// The column by which rows are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sort {
    pub(crate) column: Column,
    is_descending: bool,
}

impl FromStr for Sort {
    type Err = String;

    /// Parses a column, with `-` before it for the reverse order.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (is_descending, name) = text.strip_prefix('-').map_or((false, text), |name| (true, name));
        let column = Column::from_str(name.trim(), true).map_err(|_| {
            let names: Vec<&str> = Column::ALL.iter().map(|column| column.title()).collect();
            format!("a column is one of {}", names.join(", ").to_lowercase())
        })?;
        Ok(Self { column, is_descending })
    }
}

impl Sort {
    /// The order of two rows. Rows that are equal keep their order.
    pub(crate) fn compare(self, a: &Row, b: &Row) -> Ordering {
        let cell = |row: &Row| row.get(self.column.index()).cloned().unwrap_or_default();
        let order = compare_cells(&cell(a), &cell(b));
        if self.is_descending { order.reverse() } else { order }
    }
}

/// Compares IP addresses as numbers, and other texts letter by letter, except that numbers in them count: web-9 comes before
/// web-10. Addresses come before other texts, because the order must be total, and cells without a value come last.
fn compare_cells(a: &str, b: &str) -> Ordering {
    let addresses = [a, b].map(|text| text.parse::<IpAddr>().ok());
    let kinds = [(a == "-", addresses[0].is_none()), (b == "-", addresses[1].is_none())];
    // Words, each with the number behind it.
    let pieces = |text: &str| {
        let mut pieces: Vec<(String, Option<u128>)> = Vec::new();
        let (mut rest, mut word) = (text, String::new());
        while let Some(c) = rest.chars().next() {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            match rest[..digits].parse() {
                Ok(number) => {
                    pieces.push((std::mem::take(&mut word), Some(number)));
                    rest = &rest[digits..];
                }
                Err(_) => {
                    word.push(c);
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        pieces.push((word, None));
        pieces
    };
    let by_value = || match addresses {
        [Some(a), Some(b)] => a.cmp(&b),
        _ => pieces(a).cmp(&pieces(b)),
    };
    kinds[0].cmp(&kinds[1]).then_with(by_value).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(by: &str, cells: &[&str]) -> Vec<String> {
        let sort: Sort = by.parse().unwrap();
        let row = |cell: &&str| {
            let mut row = vec![String::new(); TITLES.len()];
            (*cell).clone_into(&mut row[sort.column.index()]);
            row
        };
        let mut rows: Vec<Row> = cells.iter().map(row).collect();
        rows.sort_by(|a, b| sort.compare(a, b));
        rows.iter().map(|row| row[sort.column.index()].clone()).collect()
    }

    #[test]
    fn the_order_is_the_same_however_the_rows_came() {
        for names in [["a::", "a0::", "a5"], ["a5", "a::", "a0::"], ["a0::", "a5", "a::"]] {
            assert_eq!(sorted("name", &names), ["a::", "a0::", "a5"]);
        }
        assert_eq!(sorted("name", &["a5", "b", "-", "a::", "7"]), ["a::", "7", "a5", "b", "-"]);
    }

    #[test]
    fn numbers_in_names_and_addresses_count_as_numbers() {
        assert_eq!(sorted("name", &["web-10", "web-9", "db-2", "web", "-"]), ["db-2", "web", "web-9", "web-10", "-"]);
        assert_eq!(sorted("-name", &["web-9", "web-10"]), ["web-10", "web-9"]);
        assert_eq!(
            sorted("private", &["10.0.0.9", "-", "10.0.0.10", "9.0.0.1"]),
            ["9.0.0.1", "10.0.0.9", "10.0.0.10", "-"]
        );
        let long = "9".repeat(60);
        assert_eq!(sorted("name", &[&long, "数据库-2", ""]).len(), 3);
    }

    #[test]
    fn a_column_that_is_none_is_answered_with_those_that_there_are() {
        assert!("size".parse::<Sort>().unwrap_err().contains("id, name, status, os, region, private, public, screen"));
        assert_eq!(Column::usual(false).len(), TITLES.len());
        assert_eq!(Column::usual(true).last().map(|column| column.title()), Some(STATE_TITLE));
    }
}
