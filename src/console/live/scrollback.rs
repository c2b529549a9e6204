//! Which lines have scrolled off a guest's screen. Pure.
//!
//! A screen says nothing of scrolling, so it is found by comparing each frame with the last one that was understood. A frame
//! that was taken while the guest drew shows parts of two; it must not repeat a line, so it waits until a later frame explains
//! it. What explains a frame:
//!
//! 1. The lines above the one that is being written have moved up, all of them, and three that are not blank are left; on a
//!    screen that stands still, one is enough. The smallest such distance counts. Lines that only the last frame had may be
//!    torn, so this holds without them too.
//! 2. The screen stands still. Then rows have changed in their places, or others have replaced them.
//! 3. Two frames, one after the other, explain each other as in 1. Then those before them have been replaced: lines were
//!    lost.

use super::glyph::{Frame, Row, is_blank};

/// So many lines that are not blank must be the same in two frames of a screen that does not stand still.
const MIN_SAME_LINES: usize = 3;

/// How much of a screen's text stays when rows change in their places, as in `top`: 40 %.
const IN_PLACE_PERCENT: usize = 40;

/// How a screen came to show what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Motion {
    /// Not known yet: a later frame or a still screen will tell.
    Unknown,
    /// Rows have changed in their places, or new ones follow.
    InPlace,
    /// So many rows have left at the top.
    Scrolled(usize),
    /// Rows came back at the top, as in a pager.
    Back,
    /// All rows are others. `is_lost`: most likely, some that were between them were never seen.
    Replaced { is_lost: bool },
}

/// A step of a screen: what happened, and the rows that are gone for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) motion: Motion,
    /// In their order, from the top.
    pub(super) gone: Vec<Row>,
}

impl Step {
    /// Rows have left that were not seen well.
    fn lost() -> Self {
        Self { motion: Motion::Replaced { is_lost: true }, gone: Vec::new() }
    }
}

/// The frames that are compared.
#[derive(Default)]
pub(super) struct Scrollback {
    /// The last frame that was understood.
    base: Option<Frame>,
    /// How many of its rows two frames had, or a screen that stood still.
    confirmed: usize,
    /// Whether rows of it that are not confirmed are those of the frame before, in the same places: it may be torn, and stand
    /// still all the same while a guest is slow.
    is_suspect: bool,
    /// The last frame, if it was not understood.
    unexplained: Option<Frame>,
}

impl Scrollback {
    /// Takes the next frame. `is_still` is whether the screen has shown it for so long that the guest is done with it.
    pub(super) fn see(&mut self, frame: &Frame, is_still: bool) -> Vec<Step> {
        self.take_frame(frame, is_still, is_still)
    }

    /// Takes a frame that the screen has shown for a moment. It may be torn all the same, if the guest is slow.
    pub(super) fn see_pause(&mut self, frame: &Frame) -> Vec<Step> {
        self.take_frame(frame, true, false)
    }

    fn take_frame(&mut self, frame: &Frame, is_still: bool, is_settled: bool) -> Vec<Step> {
        let Some(base) = &self.base else {
            self.take(frame, is_still, 0, false);
            return vec![Step { motion: Motion::InPlace, gone: Vec::new() }];
        };
        if base.columns() != frame.columns() || base.rows.len() != frame.rows.len() {
            // The console has another mode or font.
            let step = Step { motion: Motion::Replaced { is_lost: false }, gone: rows_to_keep(base) };
            self.take(frame, is_still, 0, false);
            return vec![step];
        }
        if let Some((mut step, confirmed)) = explain(base, self.confirmed, frame, is_still) {
            step.gone = without_repeated(&step.gone, self.confirmed, frame);
            let is_suspect = match step.motion {
                Motion::Scrolled(_) => is_suspect(base, frame, confirmed),
                _ => self.is_suspect && base.rows == frame.rows,
            };
            let confirmed = if is_suspect { confirmed.min(self.confirmed) } else { confirmed };
            self.take(frame, is_still && !is_suspect, confirmed, is_suspect);
            return vec![step];
        }
        if is_still && (!is_settled || is_torn(base, frame)) {
            // A later frame will explain it.
            self.unexplained = Some(frame.clone());
            return vec![Step { motion: Motion::Unknown, gone: Vec::new() }];
        }
        if is_still {
            let step = changed(base, frame, self.confirmed);
            self.take(frame, is_still, 0, false);
            return vec![step];
        }
        if let Some(unexplained) = &self.unexplained
            && let Some((step, confirmed)) = explain(unexplained, 0, frame, false)
            && !matches!(step.motion, Motion::Back)
        {
            let known = explain(base, self.confirmed, unexplained, true).map(|(step, _)| step);
            let mut first = known.unwrap_or_else(|| changed(base, unexplained, self.confirmed));
            // The rows that have left between the two frames may be torn: only one frame had them.
            let is_told = first.motion == Motion::Replaced { is_lost: true };
            let has_unconfirmed = !is_told && !step.gone.is_empty();
            first.gone = without_repeated(&first.gone, self.confirmed, frame);
            self.take(frame, is_still, confirmed, false);
            return if has_unconfirmed { vec![first, Step::lost()] } else { vec![first] };
        }
        self.unexplained = Some(frame.clone());
        vec![Step { motion: Motion::Unknown, gone: Vec::new() }]
    }

    fn take(&mut self, frame: &Frame, is_still: bool, confirmed: usize, is_suspect: bool) {
        self.is_suspect = is_suspect;
        self.confirmed = if is_still { written_row(frame) + 1 } else { confirmed };
        self.base = Some(frame.clone());
        self.unexplained = None;
    }
}

/// The row that is being written. Rows below it are not counted on.
pub(super) fn written_row(frame: &Frame) -> usize {
    let last = frame.last_text_row().unwrap_or(0);
    frame.cursor.map_or(last, |(_, row)| row)
}

/// Whether a screen is written from the top down, as by a shell: nothing is below the cursor.
pub(super) fn is_stream(frame: &Frame) -> bool {
    frame.last_text_row().is_none_or(|last| last <= written_row(frame))
}

/// How the second frame came from the first by scrolling, and how many of its rows both have; `None` if it did not.
/// `confirmed` rows of the first are not torn.
fn explain(before: &Frame, confirmed: usize, after: &Frame, is_still: bool) -> Option<(Step, usize)> {
    let written = written_row(before);
    if before == after {
        return Some((Step { motion: Motion::InPlace, gone: Vec::new() }, written + 1));
    }
    let has_all_text = |end: usize| text_rows(&before.rows[end..written]) == 0;
    let needed = |end: usize| if is_still && has_all_text(end) { 1 } else { MIN_SAME_LINES };
    // With more of the rows, a longer distance can be seen.
    for end in [confirmed.min(written), written] {
        for distance in 0..=end {
            let stays = &before.rows[distance..end];
            let is_continued =
                (distance, end) == (0, written) && is_continued(&before.rows[written], &after.rows[written]);
            if have_same_text(stays, &after.rows) && (is_continued || text_rows(stays) >= needed(end)) {
                let motion = if distance == 0 { Motion::InPlace } else { Motion::Scrolled(distance) };
                let all = have_same_text(&before.rows[distance..written], &after.rows);
                let confirmed = if all { written } else { end } - distance;
                return Some((Step { motion, gone: before.rows[..distance].to_vec() }, confirmed));
            }
        }
    }
    for distance in 1..written {
        let stays = &before.rows[..written - distance];
        if have_same_text(stays, &after.rows[distance..]) && text_rows(stays) >= MIN_SAME_LINES {
            return Some((Step { motion: Motion::Back, gone: Vec::new() }, 0));
        }
    }
    None
}

fn have_same_text(rows: &[Row], others: &[Row]) -> bool {
    rows.iter().zip(others).all(|(row, other)| has_same_text(row, other))
}

/// How many rows hold text.
fn text_rows(rows: &[Row]) -> usize {
    rows.iter().filter(|row| !is_blank(row)).count()
}

/// What has happened between two frames that scrolling does not explain. `confirmed` rows of the first are not torn.
fn changed(before: &Frame, after: &Frame, confirmed: usize) -> Step {
    let pairs = || before.rows.iter().zip(&after.rows).filter(|(before, _)| !is_blank(before));
    let same_rows = pairs().filter(|(before, after)| has_same_text(before, after)).count();
    let cells = || pairs().flat_map(|(before, after)| before.iter().zip(after)).filter(|(one, _)| one.character != ' ');
    let same_cells = cells().filter(|(one, other)| one.character == other.character).count();
    let is_in_place = if is_stream(before) && is_stream(after) {
        // Lines of a log are alike, but seldom the same.
        2 * same_rows > pairs().count()
    } else {
        same_rows > 0 && 100 * same_cells >= IN_PLACE_PERCENT * cells().count()
    };
    if is_in_place {
        return Step { motion: Motion::InPlace, gone: Vec::new() };
    }
    // A screen that was cleared begins at its top. A torn frame may lack its last rows.
    let is_filled = |frame: &Frame| frame.last_text_row().is_some_and(|last| 2 * (last + 1) >= frame.rows.len());
    let gone = without_repeated(&rows_to_keep(before), confirmed, after);
    let is_lost = is_stream(after) && is_filled(after);
    Step { motion: Motion::Replaced { is_lost }, gone }
}

/// Rows that are gone, without those that a torn frame has twice: where they were before they moved up, too. The last of them
/// may still be at the top of the frame after. `confirmed` rows are not torn.
fn without_repeated(rows: &[Row], confirmed: usize, after: &Frame) -> Vec<Row> {
    let is_still_shown = |count: &usize| {
        let last = &rows[rows.len() - count..];
        have_same_text(last, &after.rows) && last.iter().all(|row| !is_blank(row))
    };
    let shown = (1..=rows.len().saturating_sub(confirmed).min(after.rows.len())).rev().find(is_still_shown);
    let rows = &rows[..rows.len() - shown.unwrap_or(0)];
    let is_repeated = |index: usize| {
        let (above, row) = (&rows[..index], &rows[index]);
        index >= confirmed && !is_blank(row) && above.iter().any(|other| has_same_text(other, row))
    };
    (0..rows.len()).filter(|index| !is_repeated(*index)).map(|index| rows[index].clone()).collect()
}

/// Whether a frame that has scrolled has rows of the one before in the same places.
fn is_suspect(before: &Frame, after: &Frame, confirmed: usize) -> bool {
    let pairs = before.rows.iter().zip(&after.rows).skip(confirmed);
    pairs.into_iter().any(|(before, after)| !is_blank(after) && has_same_text(before, after))
}

/// Whether the upper rows of a frame have moved up, and the others have not yet: it was taken while the guest scrolled.
fn is_torn(before: &Frame, after: &Frame) -> bool {
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

/// The rows that are kept of a screen that others replace: those of a stream. A screen that is drawn all over, such as an
/// editor's, is none.
fn rows_to_keep(frame: &Frame) -> Vec<Row> {
    match frame.last_text_row() {
        Some(last) if is_stream(frame) => frame.rows[..=last].to_vec(),
        _ => Vec::new(),
    }
}

fn has_same_text(one: &Row, other: &Row) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.character == other.character)
}

/// Whether a line begins with the text of a shorter one.
fn is_continued(before: &Row, after: &Row) -> bool {
    let end = before.iter().rposition(|glyph| glyph.character != ' ').map_or(0, |last| last + 1);
    end > 0 && before[..end].iter().zip(after).all(|(one, other)| one.character == other.character)
}

#[cfg(test)]
#[path = "scrollback_tests.rs"]
mod tests;
