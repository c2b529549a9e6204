//! From what is read of a screen to what the terminal and the log get.

use std::future::pending;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::display::{Content, Display};
use super::glyph::{Frame, Style, styled};
use super::line_log::{LineLog, PlainText};
use super::scrollback::{Motion, Scrollback, Step};
use super::transcript::{LOST, Piece, Transcript};
use crate::command_error::CommandError;
use crate::console::reading::TICK;
use crate::picture::Picture;
use crate::screen_text::{Screen, ScreenKind};
use crate::system::clock::Clock;

/// A cursor blinks: it is gone once it was not seen for this time.
const CURSOR_TIME: Duration = Duration::from_millis(1500);

/// A screen that was text is drawn as a picture once it was no text for this time: a frame may be torn.
const PICTURE_DELAY: Duration = Duration::from_millis(250);

/// A screen that has not changed for this time is not in the middle of scrolling, however slow its guest is.
const SETTLE_TIME: Duration = Duration::from_millis(600);

/// It gets so much more time once, if it may be torn all the same: a guest that its host holds up stands still in the middle
/// of scrolling.
const LAST_WAIT: Duration = Duration::from_millis(2400);

/// The time from one picture to the next.
const PICTURE_INTERVAL: Duration = Duration::from_millis(200);

/// What was seen of the screen.
pub(crate) struct Feed {
    scrollback: Scrollback,
    transcript: Transcript,
    plain: PlainText,
    log: Option<LineLog>,
    clock: Clock,
    /// The last text, with the cursor that is shown.
    frame: Option<Arc<Frame>>,
    /// The same text, with the cursor that was seen with it: that of an earlier text is in another row.
    seen: Frame,
    cursor_seen_at: Instant,
    /// When the text will have stood still for [`TICK`].
    still_at: Option<Instant>,
    /// When it will have stood still for [`SETTLE_TIME`], if it is not understood.
    settled_at: Option<Instant>,
    has_last_wait: bool,
    /// Since when the screen is no text.
    picture_since: Option<Instant>,
    /// When the last picture was shown, if one is.
    pictured_at: Option<Instant>,
}

impl Feed {
    pub(crate) fn new(clock: &Clock) -> Self {
        Self {
            scrollback: Scrollback::default(),
            transcript: Transcript::default(),
            plain: PlainText::default(),
            log: None,
            clock: clock.clone(),
            frame: None,
            seen: Frame::default(),
            cursor_seen_at: clock.instant(),
            still_at: None,
            settled_at: None,
            has_last_wait: false,
            picture_since: None,
            pictured_at: None,
        }
    }

    /// Opens a log file.
    pub(crate) fn start_log(&mut self, path: &Path, has_timestamps: bool) -> Result<(), CommandError> {
        self.log = Some(LineLog::open(path, has_timestamps)?);
        Ok(())
    }

    pub(super) fn has_log(&self) -> bool {
        self.log.is_some()
    }

    /// Waits until the log could not be written. The error comes once.
    pub(super) async fn log_failure(&self) -> CommandError {
        match &self.log {
            Some(log) => log.failure().await,
            None => pending().await,
        }
    }

    /// Ends the log with what the screen shows now. The result waits until it is written.
    pub(super) fn finish_log(&mut self, display: &Display) -> impl Future<Output = Result<(), CommandError>> + use<> {
        if self.log.is_some() && self.frame.is_some() {
            self.pass_on_waiting(display);
        }
        let log = self.log.take();
        let open = self.transcript.open_line();
        if let Some(log) = log.as_ref().filter(|_| !open.is_empty()) {
            log.write(&[Piece::Line(open.to_owned())], self.clock.utc());
        }
        async {
            match log {
                Some(log) => log.finish().await,
                None => Ok(()),
            }
        }
    }

    /// When to call [`Feed::wait_is_over`] if the screen does not change.
    pub(super) fn next_time(&self) -> Option<Instant> {
        let cursor = self.frame.as_ref().and_then(|frame| frame.cursor).map(|_| self.cursor_seen_at + CURSOR_TIME);
        let picture = self.picture_since.map(|_| self.picture_time());
        [self.still_at, self.settled_at, cursor, picture].into_iter().flatten().min()
    }

    /// Takes what the screen shows. `picture` makes a picture of it.
    pub(super) fn see(&mut self, screen: &Screen, picture: impl FnOnce() -> Option<Picture>, display: &Display) {
        let now = self.clock.instant();
        match screen.kind {
            ScreenKind::Text | ScreenKind::Blank => {
                (self.picture_since, self.pictured_at) = (None, None);
                let mut frame = Frame::of(screen);
                if frame.rows.is_empty() {
                    // A screen that sleeps. What it showed comes back.
                    self.frame = None;
                    (self.still_at, self.settled_at) = (None, None);
                    return display.show(Content::Text(Arc::default()));
                }
                self.see_text(&mut frame, now, display);
            }
            ScreenKind::NotText | ScreenKind::UnknownFont => {
                self.picture_since.get_or_insert(now);
                if now >= self.picture_time() {
                    (self.pictured_at, self.frame) = (Some(now), None);
                    (self.still_at, self.settled_at) = (None, None);
                    self.picture_since = None;
                    if let Some(picture) = picture() {
                        display.show(Content::Picture(Arc::new(picture)));
                    }
                }
            }
        }
    }

    /// When the next picture may be shown.
    fn picture_time(&self) -> Instant {
        let since = self.picture_since.unwrap_or(self.cursor_seen_at);
        match (self.pictured_at, &self.frame) {
            (Some(last), _) => last + PICTURE_INTERVAL,
            (None, Some(_)) => since + PICTURE_DELAY,
            (None, None) => since,
        }
    }

    fn see_text(&mut self, frame: &mut Frame, now: Instant, display: &Display) {
        let last = self.frame.clone();
        let has_same_rows = last.as_ref().is_some_and(|last| last.rows == frame.rows);
        if !has_same_rows || frame.cursor.is_some() {
            self.seen = frame.clone();
        }
        match frame.cursor {
            Some(_) => self.cursor_seen_at = now,
            None if has_same_rows && now < self.cursor_seen_at + CURSOR_TIME => {
                frame.cursor = last.as_ref().and_then(|last| last.cursor);
            }
            None => {}
        }
        if last.as_deref() == Some(frame) {
            return;
        }
        if has_same_rows {
            return display.show(Content::Text(self.keep(frame)));
        }
        (self.still_at, self.settled_at, self.has_last_wait) = (Some(now + TICK), None, false);
        let steps = self.scrollback.see(frame, false);
        self.pass_on(&steps, frame, false, display);
        if frame.cursor.is_none() && now < self.cursor_seen_at + CURSOR_TIME {
            // In the dark phase of its blinking. The place is drawn when it is seen.
            frame.cursor = last.and_then(|last| last.cursor);
        }
        display.show(Content::Text(self.keep(frame)));
    }

    fn keep(&mut self, frame: &Frame) -> Arc<Frame> {
        let frame = Arc::new(frame.clone());
        self.frame = Some(frame.clone());
        frame
    }

    /// The time of [`Feed::next_time`] has come. Returns whether the screen must be looked at again.
    pub(super) fn wait_is_over(&mut self, display: &Display) -> bool {
        let now = self.clock.instant();
        if let Some(shown) = self.frame.clone() {
            let frame = self.seen.clone();
            if self.still_at.is_some_and(|at| at <= now) {
                self.still_at = None;
                let steps = self.scrollback.see_pause(&frame);
                if steps.iter().any(|step| step.motion == Motion::Unknown) {
                    self.settled_at = Some(now + SETTLE_TIME);
                }
                self.pass_on(&steps, &frame, true, display);
            }
            if self.settled_at.is_some_and(|at| at <= now) {
                self.settled_at = None;
                let steps = self.scrollback.see(&frame, true);
                if steps.iter().any(|step| step.motion == Motion::Unknown) && !self.has_last_wait {
                    (self.settled_at, self.has_last_wait) = (Some(now + LAST_WAIT), true);
                }
                self.pass_on(&steps, &frame, true, display);
            }
            if shown.cursor.is_some() && self.cursor_seen_at + CURSOR_TIME <= now {
                let frame = Frame { cursor: None, ..(*shown).clone() };
                display.show(Content::Text(self.keep(&frame)));
            }
        }
        self.picture_since.is_some() && self.picture_time() <= now
    }

    /// Passes on what is left of the screen at the end.
    pub(super) fn finish(&mut self, display: &Display) {
        if self.frame.is_some() {
            self.pass_on_waiting(display);
            let pieces = self.transcript.finish(&self.seen);
            self.write(&pieces, display);
        }
    }

    /// Passes on what would be passed on once the screen had stood still.
    fn pass_on_waiting(&mut self, display: &Display) {
        if self.still_at.take().is_some() || self.settled_at.take().is_some() {
            let frame = self.seen.clone();
            let steps = self.scrollback.see(&frame, true);
            self.pass_on(&steps, &frame, true, display);
        }
    }

    fn pass_on(&mut self, steps: &[Step], frame: &Frame, is_still: bool, display: &Display) {
        if display.is_drawn() {
            let mut lines = Vec::new();
            for Step { motion, gone } in steps {
                lines.extend(gone.iter().cloned());
                if matches!(motion, Motion::Replaced { is_lost: true }) {
                    lines.push(styled(LOST, Style::DIM));
                }
            }
            if !lines.is_empty() {
                display.scroll_off(lines);
            }
        }
        let pieces = self.transcript.see(steps, frame, is_still);
        self.write(&pieces, display);
    }

    fn write(&mut self, pieces: &[Piece], display: &Display) {
        if !display.is_drawn() {
            let text = self.plain.append(pieces);
            if !text.is_empty() {
                display.append(&text);
            }
        }
        if let Some(log) = &self.log {
            log.write(pieces, self.clock.utc());
        }
    }
}
