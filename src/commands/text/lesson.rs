//! `--learn`: a file of rows that stand on the screen, and what they teach.

use std::io;
use std::path::Path;
use std::time::Duration;

use crate::command_error::CommandError;
use crate::console::learned_cache::LearnedCache;
use crate::error_kind::ErrorKind;
use crate::picture::{Picture, Rectangle};
use crate::screen_text::{
    KnownText, LearnedGlyphs, Lesson, LessonFault, Pixels, Position, Screen, can_be_learned, learn, pixels_of,
};
use crate::settings::Context;
use crate::system::blocking;
use crate::text::quoted::Shown as _;
use crate::text::sanitize::is_unsafe;

/// The longest file, in bytes.
const MAX_FILE_LEN: usize = 1 << 20;

/// The most rows and columns: more than a screen of 2560 x 2048 pixels has of the smallest characters.
const MAX_ROWS: usize = 400;
const MAX_COLUMNS: usize = 600;

const FIRST_LINE: &str = "the first line is the first row of the screen or of --area; an empty line leaves a row out";

/// So many faults are told; the others are counted.
const MAX_FAULTS_TOLD: usize = 10;

/// The known text of a screen.
pub(super) struct TextFile {
    /// The name of the file.
    name: String,
    text: String,
}

impl TextFile {
    /// Reads a file of UTF-8 text. A pipe or a device may take `limit`.
    pub(super) fn read(path: &Path, limit: Duration) -> Result<Self, CommandError> {
        let name = path.shown();
        let bytes = blocking::read_public_file(path, MAX_FILE_LEN, limit).map_err(|error| {
            let kind = if error.kind() == io::ErrorKind::TimedOut { ErrorKind::TimeLimit } else { ErrorKind::Usage };
            CommandError::new(kind, anyhow::Error::new(error).context(format!("cannot read {name}")))
        })?;
        let usage = |message: String| CommandError::message(ErrorKind::Usage, message);
        let text = String::from_utf8(bytes).map_err(|_| usage(format!("{name} is not UTF-8 text")))?;
        // Some editors write a byte order mark.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
        for (number, line) in (1..).zip(text.lines()) {
            if let Some(character) = line.chars().find(|c| is_unsafe(*c) || *c != ' ' && !can_be_learned(*c)) {
                let code = u32::from(character);
                return Err(usage(format!("{name}, line {number}: U+{code:04X} cannot be learned"))
                    .hint("use spaces in place of tabs"));
            }
        }
        if text.lines().count() > MAX_ROWS || text.lines().any(|line| line.chars().count() > MAX_COLUMNS) {
            let message =
                format!("{name} has more than {MAX_ROWS} lines or {MAX_COLUMNS} columns, and so more than a screen");
            return Err(usage(message));
        }
        match text.trim().is_empty() {
            true => Err(usage(format!("{name} has no text to learn from"))),
            false => Ok(Self { name, text }),
        }
    }

    /// Learns from a screen, which was read as `screen`, and keeps it for later commands. The first line is the first row of the
    /// area, or of the screen. Faults of the text are warnings.
    pub(super) fn teach(
        &self,
        picture: &Picture,
        screen: &Screen,
        area: Option<Rectangle>,
        context: &Context,
    ) -> Result<LearnedGlyphs, CommandError> {
        let (output, cache) = (context.output, LearnedCache::of_user(context));
        let pixels = pixels_of(picture);
        let size = (picture.width() as usize, picture.height() as usize);
        let known = self.known_text(area)?;
        let lesson = Pixels::new(size.0, size.1, &pixels).filter(|_| screen.exact);
        let lesson = lesson.and_then(|pixels| learn(pixels, screen, &known)).ok_or_else(|| nothing_learned(screen))?;
        let is_refused = |fault: &&LessonFault| matches!(fault, LessonFault::OtherText { .. });
        let rows = known.lines.iter().filter(|line| !line.is_empty()).count();
        if lesson.faults.iter().filter(is_refused).count() == rows {
            return Err(nothing_learned(screen));
        }
        let end = known.start.row + known.lines.len();
        if end > lesson.grid.rows {
            let message = format!("{} reaches beyond the screen, which has {} rows", self.name, lesson.grid.rows);
            return Err(CommandError::message(ErrorKind::Usage, message).hint(FIRST_LINE));
        }
        let mut learned = cache.load();
        let (before, mut conflicts) = (learned.len(), 0);
        for (bitmap, character) in &lesson.glyphs {
            if let Some(other) = learned.add(*bitmap, *character) {
                conflicts += 1;
                output
                    .warning(&format!("{character} has the same bitmap as {other}, learned before; both are dropped"));
            }
        }
        self.tell(&lesson, context);
        if learned.len() != before || conflicts > 0 {
            cache.store(&learned)?;
        }
        let count = (learned.len() + conflicts).saturating_sub(before);
        output.note(&format!("learned {count} character{}", if count == 1 { "" } else { "s" }));
        Ok(learned)
    }

    /// The text with the place where it stands.
    fn known_text(&self, area: Option<Rectangle>) -> Result<KnownText<'_>, CommandError> {
        let lines: Vec<&str> = self.text.lines().map(|line| line.trim_end_matches(' ')).collect();
        let Some(area) = area else {
            return Ok(KnownText { start: Position { column: 0, row: 0 }, columns: None, lines });
        };
        if lines.len() > area.height.into() {
            let message =
                format!("{} has {} lines, but --area {area} has {} rows", self.name, lines.len(), area.height);
            return Err(CommandError::message(ErrorKind::Usage, message).hint(FIRST_LINE));
        }
        let start = Position { column: area.x.into(), row: area.y.into() };
        Ok(KnownText { start, columns: Some(area.width.into()), lines })
    }

    /// Warns of rows and characters that were not used.
    fn tell(&self, lesson: &Lesson, context: &Context) {
        for fault in lesson.faults.iter().take(MAX_FAULTS_TOLD) {
            context.output.warning(&describe(fault));
        }
        if let more @ 1.. = lesson.faults.len().saturating_sub(MAX_FAULTS_TOLD) {
            context.output.warning(&format!("{more} more places of {} do not fit the screen", self.name));
        }
    }
}

/// The error where nothing can be learned from a screen.
fn nothing_learned(screen: &Screen) -> CommandError {
    let message = match screen.exact {
        true => "nothing was learned: the text does not fit the screen, whatever the size of its characters",
        false => "nothing can be learned from a compressed or scaled picture",
    };
    let hint = match screen.exact {
        true => "give at least two whole rows of text",
        false => "use --via vnc, or a PNG in the size of the screen",
    };
    CommandError::message(ErrorKind::NoText, message).hint(hint)
}

fn describe(fault: &LessonFault) -> String {
    let place = |at: &Position| format!("row {}, column {} of the screen", at.row, at.column);
    match fault {
        LessonFault::OtherText { at } => format!("{}: this is another text; the row is not used", place(at)),
        LessonFault::Known { at, shown, given } => format!("{}: this is {shown} and not {given}", place(at)),
        LessonFault::Contradiction { at, given, before } => {
            format!("{}: {given} has the same bitmap as {before} elsewhere; neither is learned", place(at))
        }
    }
}
