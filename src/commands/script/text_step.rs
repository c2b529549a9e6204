//! `text` in a script: prints the rows of the screen, or writes them to a file.

use std::time::Duration;

use clap::{Args, value_parser};
use serde::Serialize;

use crate::command_error::CommandError;
use crate::console::picture_file::PictureTarget;
use crate::console::reading::TICK;
use crate::console::reading::rows::TextRows;
use crate::console::reading::typed_words::Masking;
use crate::console::remote_screen::RemoteScreen;
use crate::console::result_file;
use crate::console::screen_report::unreadable;
use crate::console::screen_rows::joined;
use crate::console::screen_watch::Watch;
use crate::console::verdict::Verdict;
use crate::error_kind::ErrorKind;
use crate::picture::Rectangle;
use crate::screen_text::{Screen, ScreenKind};
use crate::terminal::output::Output;

/// A screen that changes all the time is read after this time as it is.
const MAX_CHANGE_TIME: Duration = Duration::from_secs(1);

/// Which rows are taken, and where to.
#[derive(Args, Debug)]
pub(crate) struct TextStep {
    /// A file name, perhaps with placeholders; `-` and none are stdout.
    #[arg(value_parser = PictureTarget::parse)]
    file: Option<PictureTarget>,
    /// The part that is taken, in cells.
    #[arg(long)]
    area: Option<Rectangle>,
    /// Only the last rows that hold text.
    #[arg(long, value_parser = value_parser!(u32).range(1..))]
    lines: Option<u32>,
}

/// `-o json`: the rows, or where they are.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RowsOutput<'a> {
    instance_id: &'a str,
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
}

impl TextStep {
    /// Checks that the file can be written.
    pub(super) fn check(&self) -> Result<(), CommandError> {
        match &self.file {
            Some(PictureTarget::File(name)) => name.check(),
            Some(PictureTarget::Stdout) | None => Ok(()),
        }
    }

    /// Reads the screen. `line` is that of the script.
    pub(super) async fn run(&self, screen: &mut RemoteScreen, line: usize, output: Output) -> Result<(), CommandError> {
        let seen = read_still(screen, output).await?;
        let instance_id = &screen.instance().id;
        if seen.kind != ScreenKind::Blank
            && let Some(why) = unreadable(&seen, instance_id)
        {
            let look = format!("look at it with `ecs-vnc screenshot {instance_id} --via vnc --show`");
            return Err(CommandError::message(ErrorKind::NoText, why).hint(look).of_instance(instance_id));
        }
        let rows = TextRows::new(&seen, self.area)?.masked(&screen.typed, Masking::Whole);
        let rows = match self.lines {
            None => rows.rows().to_vec(),
            Some(count) => rows.last(count as usize).into_iter().map(str::to_owned).collect(),
        };
        let Some(PictureTarget::File(name)) = &self.file else {
            return match output.is_json() {
                true => output.json(&RowsOutput { instance_id, line, lines: Some(&rows), file: None }),
                false => output.bytes(joined(rows).as_bytes()),
            };
        };
        let path = name.fill(instance_id, screen.clock().utc());
        result_file::write(joined(rows).into_bytes(), &path, screen.answer_deadline().total)?;
        let file = path.display().to_string();
        match output.is_json() {
            true => output.json(&RowsOutput { instance_id, line, lines: None, file: Some(&file) }),
            false => output.line(&file),
        }
    }
}

/// Reads the screen when two reads, one after the other, have the same rows.
async fn read_still(screen: &mut RemoteScreen, output: Output) -> Result<Screen, CommandError> {
    let mut before: Option<Screen> = None;
    let deadline = screen.answer_deadline();
    let start = screen.clock().instant();
    let watch = Watch { area: None, deadline, progress: "reading the screen", output };
    let still = watch.until(screen, |screen, now| {
        let seen = screen.read_text();
        let is_same = before.as_ref().is_some_and(|before| before.kind == seen.kind && before.cells == seen.cells);
        let is_late = now.saturating_duration_since(start) >= MAX_CHANGE_TIME;
        before = Some(seen);
        Ok(if is_same || is_late { Verdict::Done(()) } else { Verdict::NotBefore(now + TICK) })
    });
    still.await?;
    Ok(match before {
        Some(seen) => seen,
        None => screen.read_text(),
    })
}
