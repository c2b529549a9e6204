//! Rows that two frames share at different heights. Pure.

use super::frame_comparison::{MIN_SAME_LINES, has_same_text, text_rows, written_row};
use super::glyph::{Frame, is_blank};
use super::known_lines::Seen;

/// Rows of a frame that an earlier one has further down, one below the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// The first one.
    pub(super) row: usize,
    pub(super) len: usize,
    /// The number of the line in the first one, if the earlier frame knows any of them.
    pub(super) number: Option<usize>,
}

/// The longest runs that a frame shares with one of the recent ones, from the top. Each has enough text to be told from a
/// coincidence.
pub(super) fn moved_runs(recent: &[Seen], before: &Seen, after: &Frame) -> Vec<Run> {
    let (end, end_before) = (written_row(after), written_row(&before.frame));
    let is_same = |row: usize, row_before: usize| has_same_text(&after.rows[row], &before.frame.rows[row_before]);
    // A torn frame has lines twice, and another one may have its tear just where that one has moved. A third has not.
    let is_doubtful = |row: usize, row_before: usize| {
        let is_known = before.places[row_before - 1].is_some_and(|above| before.places[row_before] == Some(above + 1));
        let mut above = after.rows[..row].iter().chain(&before.frame.rows[..row_before]);
        !is_known
            && !is_blank(&after.rows[row])
            && above.any(|above| has_same_text(above, &after.rows[row]))
            && heights(recent, after, row) < 3
    };
    let length = |row: usize, row_before: usize| {
        let most = (end - row).min(end_before - row_before);
        let continues = |index: &usize| {
            is_same(row + index, row_before + index) && (*index == 0 || !is_doubtful(row + index, row_before + index))
        };
        (0..most).take_while(continues).count()
    };
    let mut runs = Vec::new();
    let mut row = 0;
    while row < end {
        let starts = row + 1..end_before;
        let longest =
            starts.map(|start| (length(row, start), start)).max_by_key(|(len, start)| (*len, usize::MAX - start));
        let (len, start) = longest.unwrap_or((0, 0));
        if text_rows(&after.rows[row..row + len]) < MIN_SAME_LINES {
            row += 1;
            continue;
        }
        let number = |index: usize| before.places[start + index]?.checked_sub(index);
        runs.push(Run { row, len, number: (0..len).find_map(number) });
        row += len;
    }
    runs
}

/// At how many heights this frame and the recent ones have a row below the one above it.
fn heights(recent: &[Seen], frame: &Frame, row: usize) -> usize {
    let pair = &frame.rows[row - 1..=row];
    let has_pair = |seen: &Seen, at: usize| {
        pair.iter().zip(&seen.frame.rows[at - 1..=at]).all(|(one, other)| has_same_text(one, other))
    };
    let is_at = |at: usize| at == row || recent.iter().any(|seen| has_pair(seen, at));
    (1..frame.rows.len()).filter(|at| is_at(*at)).count()
}
