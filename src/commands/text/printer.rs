//! What is printed of a screen that was read.

use serde::Serialize;

use super::lesson::TextFile;
use crate::command_error::CommandError;
use crate::console::screen_colours::Colours;
use crate::console::screen_reader::ScreenReader;
use crate::console::screen_rows::{RowSelection, joined, plain};
use crate::error_kind::ErrorKind;
use crate::picture::Picture;
use crate::screen_text::{Position, Screen, ScreenKind};
use crate::settings::Context;
use crate::terminal::output::json as to_json;

/// Where a picture is from.
pub(super) struct Source<'a> {
    /// Its id and its region.
    pub(super) instance: Option<(&'a str, &'a str)>,
    /// The name of the file.
    pub(super) file: Option<&'a str>,
    /// `api`, `vnc` or `image`.
    pub(super) via: &'a str,
    /// RFC 3339; unknown for a file.
    pub(super) time: Option<&'a str>,
    /// Whether compression may have changed its pixels.
    pub(super) is_lossy: bool,
}

/// What goes to stdout and stderr.
pub(super) struct Printed {
    /// The line above the text where there are several.
    heading: String,
    stdout: String,
    note: Option<String>,
    failure: Option<CommandError>,
}

/// Reads pictures and prints their text.
pub(super) struct TextPrinter<'a> {
    pub(super) reader: ScreenReader,
    pub(super) selection: RowSelection,
    /// What to learn from the screen, before it is read.
    pub(super) known: Option<TextFile>,
    pub(super) context: &'a Context,
}

/// `-o json`: a screen and its text.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TextOutput<'a> {
    kind: &'a str,
    exact: bool,
    columns: Option<usize>,
    rows: Option<usize>,
    cell_width: Option<usize>,
    cell_height: Option<usize>,
    offset_x: Option<usize>,
    offset_y: Option<usize>,
    font: Option<&'a str>,
    unknown: usize,
    cursor: Option<CursorOutput>,
    lines: Vec<String>,
    instance_id: Option<&'a str>,
    region_id: Option<&'a str>,
    file: Option<&'a str>,
    via: &'a str,
    taken_at: Option<&'a str>,
}

/// In cells, from 0.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CursorOutput {
    column: usize,
    row: usize,
}

impl TextPrinter<'_> {
    /// Reads a picture. An area that is not inside the screen is an error.
    pub(super) fn read(&self, picture: &Picture, source: &Source<'_>) -> Result<Printed, CommandError> {
        let output = self.context.output;
        let mut screen = self.reader.read_with_system_fonts(picture, output);
        if let Some(known) = &self.known {
            let learned = known.teach(picture, &screen, self.selection.area, self.context)?;
            screen = self.reader.with_learned(learned).read_with_system_fonts(picture, output);
        }
        let rows = self.selection.rows(&screen)?;
        let stdout = if output.is_json() {
            let lines = rows.iter().map(|row| plain(row)).collect();
            to_json(&json(&screen, lines, source)) + "\n"
        } else if output.is_stdout_colored() {
            let colours = Colours::of(&screen.cells);
            joined(rows.iter().map(|row| colours.line(row)).collect())
        } else {
            joined(rows.iter().map(|row| plain(row)).collect())
        };
        let name = source.instance.map(|(id, _)| id).or(source.file).unwrap_or_default();
        let heading = source.time.map_or_else(|| name.to_owned(), |time| format!("{name}, {time}"));
        Ok(Printed { heading, stdout, note: note(&screen, source), failure: failure(&screen, source) })
    }

    /// Writes what was read. Returns the failure that there is no text that can be read.
    pub(super) fn print(
        &self,
        printed: Printed,
        is_one_of_several: bool,
    ) -> Result<Option<CommandError>, CommandError> {
        let Printed { heading, stdout, note, failure } = printed;
        let output = self.context.output;
        // JSON names the instance and the time itself.
        if is_one_of_several && !output.is_json() {
            output.note(&heading);
        }
        if !stdout.is_empty() {
            output.bytes(stdout.as_bytes())?;
        }
        note.iter().for_each(|note| output.note(note));
        Ok(failure)
    }
}

fn json<'a>(screen: &'a Screen, lines: Vec<String>, source: &Source<'a>) -> TextOutput<'a> {
    let grid = screen.grid;
    TextOutput {
        kind: match screen.kind {
            ScreenKind::Text => "text",
            ScreenKind::Blank => "blank",
            ScreenKind::UnknownFont => "unknown-font",
            ScreenKind::NotText => "not-text",
        },
        exact: screen.exact,
        columns: grid.map(|grid| grid.columns),
        rows: grid.map(|grid| grid.rows),
        cell_width: grid.map(|grid| grid.cell_width),
        cell_height: grid.map(|grid| grid.cell_height),
        offset_x: grid.map(|grid| grid.offset_x),
        offset_y: grid.map(|grid| grid.offset_y),
        font: screen.font.as_deref(),
        unknown: screen.unknown,
        cursor: screen.cursor.map(|Position { column, row }| CursorOutput { column, row }),
        lines,
        instance_id: source.instance.map(|(id, _)| id),
        region_id: source.instance.map(|(_, region)| region),
        file: source.file,
        via: source.via,
        taken_at: source.time,
    }
}

/// The words for the screen in messages.
fn screen_of(source: &Source<'_>) -> String {
    match (source.instance, source.file) {
        (Some((id, _)), _) => format!("the screen of {id}"),
        (None, file) => format!("the screen in {}", file.unwrap_or_default()),
    }
}

/// What the user should know of a screen that was read.
fn note(screen: &Screen, source: &Source<'_>) -> Option<String> {
    let name = screen_of(source);
    match screen.kind {
        ScreenKind::Blank if source.instance.is_some() => Some(format!("{name} is blank; --wake wakes a sleeping one")),
        ScreenKind::Blank => Some(format!("{name} is blank")),
        ScreenKind::Text if !screen.exact => {
            let remedy = if source.via == "api" { "; --via vnc is exact" } else { "" };
            Some(format!("{name} was read from a compressed or scaled picture; characters may be wrong{remedy}"))
        }
        _ => None,
    }
}

/// The error of a screen whose text cannot be read.
fn failure(screen: &Screen, source: &Source<'_>) -> Option<CommandError> {
    let name = screen_of(source);
    let message = match screen.kind {
        ScreenKind::Text | ScreenKind::Blank => return None,
        ScreenKind::NotText => format!("{name} shows no text that can be read"),
        ScreenKind::UnknownFont => {
            let inked = screen.cells.iter().filter(|cell| cell.character != ' ').count();
            format!("{name} has text in an unknown font: {} of {inked} characters cannot be read", screen.unknown)
        }
    };
    let look = source.instance.map(|(id, _)| format!("look at it with `ecs-vnc screenshot {id} --show`"));
    let vnc = (source.via == "api" && source.is_lossy)
        .then(|| "the API's picture is a JPG: --via vnc is exact, but disconnects anyone on the console".to_owned());
    let font = (screen.kind == ScreenKind::UnknownFont)
        .then(|| "give the guest's console font with --font FILE, or text that it shows with --learn FILE".to_owned());
    let size = source.file.map(|_| "only a picture in the size of the screen, best a PNG, can be read".to_owned());
    let hints: Vec<String> = [vnc, font, look, size].into_iter().flatten().collect();
    let error = CommandError::message(ErrorKind::NoText, message).hint(hints.join("; "));
    Some(match source.instance {
        Some((id, _)) => error.of_instance(id),
        None => error,
    })
}
