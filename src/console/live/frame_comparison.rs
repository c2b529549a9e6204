//! What two frames of a screen have in common. Pure.

use super::glyph::{Frame, Row, is_blank};

/// So many lines that are not blank must be the same in two frames of a screen that does not stand still.
pub(super) const MIN_SAME_LINES: usize = 3;

/// The row that is being written. Rows below it are not counted on.
pub(super) fn written_row(frame: &Frame) -> usize {
    let last = frame.last_text_row().unwrap_or(0);
    frame.cursor.map_or(last, |(_, row)| row)
}

/// The first row that a line that follows can be in.
pub(super) fn first_open_row(frame: &Frame) -> usize {
    let below = || frame.last_text_row().map_or(0, |last| last + 1);
    frame.cursor.map_or_else(below, |(_, row)| row)
}

/// The rows above that one.
pub(super) fn written_rows(frame: &Frame) -> &[Row] {
    &frame.rows[..written_row(frame).min(frame.rows.len())]
}

/// Whether a screen is written from the top down, as by a shell: nothing is below the cursor.
pub(super) fn is_stream(frame: &Frame) -> bool {
    frame.last_text_row().is_none_or(|last| last <= written_row(frame))
}

pub(super) fn is_filled_stream(frame: &Frame) -> bool {
    // A screen that was cleared begins at its top. A torn frame may lack its last rows.
    is_stream(frame) && frame.last_text_row().is_some_and(|last| 2 * (last + 1) >= frame.rows.len())
}

/// Whether the rows of a frame have moved down, as in a pager.
pub(super) fn is_back(before: &Frame, after: &Frame) -> bool {
    let written = written_row(before);
    let stays = |distance: usize| &before.rows[..written - distance];
    (1..written).any(|distance| {
        have_same_text(stays(distance), &after.rows[distance..]) && text_rows(stays(distance)) >= MIN_SAME_LINES
    })
}

pub(super) fn have_same_text(rows: &[Row], others: &[Row]) -> bool {
    rows.iter().zip(others).all(|(row, other)| has_same_text(row, other))
}

/// How many rows hold text.
pub(super) fn text_rows(rows: &[Row]) -> usize {
    rows.iter().filter(|row| !is_blank(row)).count()
}

/// Whether the upper rows of a frame have moved up, and the others have not yet: it was taken while the guest scrolled.
pub(super) fn is_torn(before: &Frame, after: &Frame) -> bool {
    let (count, written) = (after.rows.len(), written_row(after));
    let stays = |row: &usize| *row == written || has_same_text(&before.rows[*row], &after.rows[*row]);
    let first_that_stays = count - (0..count).rev().take_while(stays).count();
    let has_moved = |distance: usize| {
        let moved = before.rows[distance..].iter().zip(&after.rows);
        let moved: Vec<_> = moved.take_while(|(before, after)| has_same_text(before, after)).collect();
        moved.len() >= first_that_stays && moved.iter().any(|(before, _)| !is_blank(before))
    };
    first_that_stays > 0 && (1..count).any(has_moved)
}

pub(super) fn has_same_text(one: &Row, other: &Row) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.character == other.character)
}
