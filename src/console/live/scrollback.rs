//! Which lines have scrolled off a guest's screen. Pure.
//!
//! A screen says nothing of scrolling, so it is found by comparing frames. A frame that was taken while the guest drew shows
//! parts of several moments: a line may be in it twice, be missing, or be made of two. So no frame is believed alone. These are
//! the rules:
//!
//! 1. Lines are known when two frames show them one below the other at different heights, at least three that are not blank:
//!    a tear has moved meanwhile, text has not. Two lines that are the same may be a tear all the same.
//! 2. All lines above the one that is being written are known when the screen stands still.
//! 3. Known lines follow those before them if both share a line in a frame. Otherwise lines were lost, which is told.
//! 4. A known line has left once a line below it is the first one that is shown.

use std::cmp::Reverse;

use super::frame_comparison::{
    MIN_SAME_LINES, first_open_row, has_same_text, have_same_text, is_back, is_filled_stream, is_stream, is_torn,
    text_rows, written_row, written_rows,
};
use super::frame_runs::{Run, moved_runs};
use super::glyph::{Frame, Row, is_blank};
use super::known_lines::{Lines, Seen};
use crate::console::screen_rows::REPLACEMENT;

/// How much of a screen's text stays when rows change in their places, as in `top`: 40 %.
const IN_PLACE_PERCENT: usize = 40;

/// With so many of the last frames the next one is compared.
const MAX_RECENT: usize = 3;

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

/// The frames that are compared.
#[derive(Default)]
pub(super) struct Scrollback {
    lines: Lines,
    /// The last frames, the latest one last.
    recent: Vec<Seen>,
    /// The last frame that stood still, if no others have replaced its lines.
    still: Option<Frame>,
    /// Whether frames that are not understood have replaced what was known.
    is_disturbed: bool,
    /// The number of the first line after the last loss.
    lost_at: usize,
    /// Whether the last frame was given more time.
    has_waited: bool,
    /// Whether any line was ever known.
    has_begun: bool,
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
        let mut steps = Vec::new();
        match self.recent.last_mut() {
            None => {
                self.recent.push(Seen { frame: frame.clone(), places: vec![None; frame.rows.len()] });
                if is_still {
                    self.begin(frame, 0);
                }
                return vec![Step { motion: Motion::InPlace, gone: Vec::new() }];
            }
            Some(last) if last.frame.columns() != frame.columns() || last.frame.rows.len() != frame.rows.len() => {
                // The console has another mode or font.
                let gone = self.all_gone();
                *self = Self::default();
                self.take_frame(frame, is_still, is_settled);
                return vec![Step { motion: Motion::Replaced { is_lost: false }, gone }];
            }
            Some(last) if last.frame.rows == frame.rows => last.frame.cursor = frame.cursor,
            Some(_) => self.compare(frame, &mut steps),
        }
        if is_still {
            steps.extend(self.settle(frame, is_settled));
        } else if steps.is_empty() {
            let motion = self.motion_without_steps(frame);
            steps.push(Step { motion, gone: Vec::new() });
        }
        steps
    }

    /// What a frame of a moving screen, of which nothing has left, means.
    fn motion_without_steps(&self, frame: &Frame) -> Motion {
        let Some([before, last]) = self.recent.last_chunk() else { return Motion::Unknown };
        let written = written_row(&before.frame);
        let has_same_rows = have_same_text(&before.frame.rows[..written], &frame.rows);
        match () {
            () if has_same_rows || last.places.iter().any(Option::is_some) => Motion::InPlace,
            () if is_back(&before.frame, frame) => Motion::Back,
            () => Motion::Unknown,
        }
    }

    /// Lines that were written below known ones, or on an empty screen, are known if nothing has moved since.
    fn extend_unmoved(&mut self, frame: &Frame, steps: &mut Vec<Step>) {
        let Some(last) = self.recent.last() else { return };
        let rows = written_rows(&last.frame);
        let known = last.places.iter().take_while(|number| number.is_some()).count();
        if rows.len() <= known || text_rows(rows) == 0 || !have_same_text(rows, &frame.rows) {
            return;
        }
        // A tear stays where it is while only the row that is written changes: in a row that has replaced another one, or that
        // was to be replaced and is there twice.
        let before = self.recent.len().checked_sub(2).map(|index| &self.recent[index].frame);
        let is_doubtful = |before: &Frame, index: usize| match has_same_text(&rows[index], &before.rows[index]) {
            true => is_twice(last, index),
            false => index < first_open_row(before),
        };
        if known > 0 && before.is_some_and(|before| (known..rows.len()).any(|index| is_doubtful(before, index))) {
            return;
        }
        let rows = rows.to_vec();
        if known == 0 && self.has_begun {
            // A screen that was cleared.
            if !is_stream(&last.frame) || last.places.iter().any(Option::is_some) || self.lines.has_any_of(&rows) {
                return;
            }
            let motion = Motion::Replaced { is_lost: is_filled_stream(&last.frame) };
            steps.push(Step { motion, gone: self.all_gone() });
            self.lost_at = self.lines.first;
            self.forget_places();
        } else if known > 0 && last.places[known - 1] != self.lines.end().checked_sub(1) {
            return;
        }
        let end = self.lines.end();
        if let Some(last) = self.recent.last_mut() {
            last.places[known..rows.len()].iter_mut().enumerate().for_each(|(index, place)| *place = Some(end + index));
        }
        self.lines.rows.extend_from_slice(&rows[known..]);
        (self.still, self.has_begun) = (None, true);
    }

    /// Finds the lines that a frame shares with the last ones, at other heights.
    fn compare(&mut self, frame: &Frame, steps: &mut Vec<Step>) {
        self.extend_unmoved(frame, steps);
        let mut places = vec![None; frame.rows.len()];
        if let Some(last) = self.recent.last() {
            for (index, row) in frame.rows.iter().enumerate() {
                // Blank rows do not show whether they have moved, but for the rows above them.
                let is_unmoved = !is_blank(row) || index.checked_sub(1).is_none_or(|above| places[above].is_some());
                if is_unmoved && has_same_text(row, &last.frame.rows[index]) {
                    places[index] = last.places[index];
                }
            }
        }
        let mut runs: Vec<Run> =
            self.recent.iter().rev().flat_map(|seen| moved_runs(&self.recent, seen, frame)).collect();
        // Those that follow known lines first, then from the top.
        runs.sort_by_key(|run| (run.number.is_none(), run.row));
        let mut has_moved = false;
        for run in runs {
            let rows = &frame.rows[run.row..run.row + run.len];
            let number = match run.number {
                Some(number) if self.lines.fits(number, rows) && number <= self.lines.end() => Some(number),
                _ => self.lines.overlap(rows, MIN_SAME_LINES),
            };
            let number = match number {
                Some(number) => number,
                // What is shown after a loss comes again, when it is higher on the screen.
                None if has_moved || self.lines.has_any_of(&frame.rows[..run.row + run.len]) => continue,
                None => {
                    if self.has_begun {
                        let gone = self.all_gone();
                        steps.push(Step { motion: Motion::Replaced { is_lost: true }, gone });
                    }
                    self.lost_at = self.lines.first;
                    self.forget_places();
                    places.fill(None);
                    self.lines.first
                }
            };
            for (index, row) in rows.iter().enumerate() {
                if number + index == self.lines.end() {
                    self.lines.rows.push(row.clone());
                    (self.still, self.has_begun) = (None, true);
                }
                if number + index >= self.lines.first {
                    places[run.row + index] = Some(number + index);
                }
            }
            has_moved = true;
        }
        let shown = places.iter().flatten().count();
        let is_stream = self.still.as_ref().is_none_or(is_stream);
        let is_gone = || {
            is_stream && 2 * shown < text_rows(&self.lines.rows) && self.lines.overlap(written_rows(frame), 1).is_none()
        };
        self.is_disturbed = !has_moved && (self.is_disturbed || is_gone());
        let mut numbers = places.iter().enumerate().filter_map(|(row, number)| Some((*number)?.saturating_sub(row)));
        if has_moved && let Some(first) = numbers.next() {
            // Rows above the first one that is known may be the lines before it.
            let gone = self.lines.take_before(places.iter().flatten().fold(first, |top, number| top.min(*number)));
            if !gone.is_empty() {
                steps.push(Step { motion: Motion::Scrolled(gone.len()), gone });
            }
        }
        self.has_waited = false;
        if self.recent.len() == MAX_RECENT {
            self.recent.remove(0);
        }
        self.recent.push(Seen { frame: frame.clone(), places });
    }

    /// Takes a frame that has stood still, if it is not torn.
    fn settle(&mut self, frame: &Frame, is_settled: bool) -> Vec<Step> {
        let is_torn_frame = match is_settled {
            true if self.still.as_ref().is_some_and(|still| is_torn(still, frame)) => true,
            // It gets more time once.
            true => self.may_be_torn(frame, false) && !std::mem::replace(&mut self.has_waited, true),
            false => self.may_be_torn(frame, true),
        };
        let rows = written_rows(frame);
        let overlap = self.lines.overlap(rows, if self.is_disturbed { MIN_SAME_LINES } else { 1 });
        let overlap = overlap.map(|number| (number - self.lines.first) as isize);
        let mut hidden = 0;
        let step = match self.lines_above(frame).or(overlap) {
            _ if is_torn_frame => return vec![Step { motion: Motion::Unknown, gone: Vec::new() }],
            Some(above) => {
                if above < 0 && self.lines.first != self.lost_at {
                    // These have left before.
                    hidden = above.unsigned_abs();
                }
                let gone = self.lines.take_before(self.lines.first.saturating_add_signed(above));
                let motion = if gone.is_empty() { Motion::InPlace } else { Motion::Scrolled(gone.len()) };
                Step { motion, gone }
            }
            None if !self.has_begun => Step { motion: Motion::InPlace, gone: Vec::new() },
            None if self.still.as_ref().is_some_and(|still| is_back(still, frame)) => {
                Step { motion: Motion::Back, gone: Vec::new() }
            }
            None if !is_settled => return vec![Step { motion: Motion::Unknown, gone: Vec::new() }],
            None => {
                let motion = match &self.still {
                    Some(still) if !self.is_disturbed => motion_in_place(still, frame),
                    _ => Motion::Replaced { is_lost: is_filled_stream(frame) },
                };
                let gone = match (motion, self.lines.overlap(rows, 1)) {
                    (Motion::InPlace, _) => Vec::new(),
                    (_, Some(shown)) => self.lines.take_before(shown),
                    (_, None) => self.all_gone(),
                };
                self.lines.take_before(self.lines.end());
                self.lost_at = self.lines.first;
                Step { motion, gone }
            }
        };
        self.begin(frame, hidden);
        vec![step]
    }

    /// Takes the rows of a frame for the lines that are known. The first `hidden` ones were passed on.
    fn begin(&mut self, frame: &Frame, hidden: usize) {
        let written = written_row(frame);
        let hidden = hidden.min(written);
        self.lines.rows = frame.rows[hidden..written].to_vec();
        self.lines.first += hidden;
        self.still = Some(frame.clone());
        (self.is_disturbed, self.has_begun) = (false, true);
        let first = self.lines.first - hidden;
        let places = (0..frame.rows.len()).map(|index| (index < written).then_some(first + index)).collect();
        // Earlier frames have other numbers.
        self.recent.clear();
        self.recent.push(Seen { frame: frame.clone(), places });
    }

    /// How many known lines are above the last frame, if most of those below them are in their places. Negative: so many rows are
    /// above the first known line.
    fn lines_above(&self, frame: &Frame) -> Option<isize> {
        let last = self.recent.last()?;
        let first = self.lines.first;
        let above = |(row, number): (usize, &Option<usize>)| {
            Some(number.as_ref()?.wrapping_sub(first).wrapping_sub(row) as isize)
        };
        let all = || last.places.iter().enumerate().filter_map(above);
        let count = |above: isize| all().filter(|other| *other == above).count();
        let above = all().max_by_key(|above| (count(*above), Reverse(*above)))?;
        let shown =
            self.lines.rows.iter().enumerate().skip(above.max(0).unsigned_abs()).filter(|(_, row)| !is_blank(row));
        let is_in_place = |(index, row): &(usize, &Row)| {
            let place = index.checked_add_signed(-above).and_then(|place| frame.rows.get(place));
            place.is_some_and(|shown| has_same_text(shown, row))
        };
        (2 * shown.clone().filter(is_in_place).count() > shown.count()).then_some(above)
    }

    /// Whether a frame that stands still for a moment has known lines of two moments, or other rows that may be out of date: the
    /// frame before had them in the same places, or they are there twice.
    fn may_be_torn(&self, frame: &Frame, is_recent: bool) -> bool {
        let Some(last) = self.recent.last() else { return false };
        let before = self.recent.len().checked_sub(2).map(|index| &self.recent[index].frame);
        let is_doubtful = |index: usize| {
            let row = &frame.rows[index];
            let is_stale = before.is_some_and(|before| has_same_text(row, &before.rows[index]));
            let is_unread = row.iter().any(|glyph| glyph.character == REPLACEMENT);
            is_twice(last, index)
                || is_recent && last.places[index].is_none() && !is_blank(row) && (is_unread || is_stale)
        };
        let mut starts =
            last.places.iter().enumerate().filter_map(|(row, number)| Some(number.as_ref()?.wrapping_sub(row)));
        let first = starts.next();
        let is_shifted = starts.any(|start| Some(start) != first);
        is_shifted || self.has_moved(frame) && (0..=written_row(frame)).any(is_doubtful)
    }

    /// Whether a known line is not where it was when the screen stood still.
    fn has_moved(&self, frame: &Frame) -> bool {
        self.has_begun && self.still.as_ref().is_none_or(|still| !have_same_text(written_rows(still), &frame.rows))
    }

    /// Takes off all known lines, and the one that was written below them. Of a screen that was drawn all over, such as an
    /// editor's, none is kept.
    fn all_gone(&mut self) -> Vec<Row> {
        let mut gone = self.lines.take_before(self.lines.end());
        if let Some(still) = self.still.take() {
            match is_stream(&still) {
                // The cursor may be further down than any text.
                true => gone.extend(
                    still
                        .last_text_row()
                        .and_then(|last| still.rows.get(written_row(&still)..=last))
                        .into_iter()
                        .flatten()
                        .cloned(),
                ),
                false => gone.clear(),
            }
        }
        gone
    }

    fn forget_places(&mut self) {
        self.recent.iter_mut().for_each(|seen| seen.places.fill(None));
    }
}

/// Whether a row has the same text as one above it, and is not known to follow the row above.
fn is_twice(seen: &Seen, index: usize) -> bool {
    let row = &seen.frame.rows[index];
    let number_above = index.checked_sub(1).and_then(|above| seen.places[above]);
    let follows = seen.places[index].is_some_and(|number| number_above == number.checked_sub(1));
    !follows && !is_blank(row) && seen.frame.rows[..index].iter().any(|above| has_same_text(above, row))
}

/// What has happened between two frames that stood still and that scrolling does not explain.
fn motion_in_place(before: &Frame, after: &Frame) -> Motion {
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
    if is_in_place { Motion::InPlace } else { Motion::Replaced { is_lost: is_filled_stream(after) } }
}

#[cfg(test)]
#[path = "scrollback_tests.rs"]
mod tests;
