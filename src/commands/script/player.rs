//! Runs the lines of a script on a console.

use serde::Serialize;

use super::line::with_line;
use super::step::{ScriptLine, Step};
use crate::command_error::CommandError;
use crate::commands::wait;
use crate::console::picture_file::{self, PictureTarget};
use crate::console::reading::text_match::TextMatch;
use crate::console::remote_screen::RemoteScreen;
use crate::console::screen_wait;
use crate::error_kind::ErrorKind;
use crate::picture::Picture;
use crate::system::clock::iso_8601;
use crate::terminal::output::Output;
use crate::text::sanitize::sanitize;

/// `-o json`: a picture that was taken.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PictureOutput<'a> {
    instance_id: &'a str,
    line: usize,
    file: &'a str,
    width: u32,
    height: u32,
    time: String,
}

/// `-o json`: a text that was waited for.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TextOutput<'a> {
    instance_id: &'a str,
    line: usize,
    text: &'a str,
    row: usize,
    column: usize,
}

pub(crate) struct ScriptPlayer {
    screen: RemoteScreen,
    /// The screen before the last key, text or pointer event, if a `wait --change` comes next.
    before: Option<Picture>,
    output: Output,
}

impl ScriptPlayer {
    pub(crate) fn new(screen: RemoteScreen, output: Output) -> Self {
        Self { screen, before: None, output }
    }

    /// Runs the lines until one fails.
    pub(crate) async fn play(mut self, lines: &[ScriptLine]) -> Result<(), CommandError> {
        for (index, line) in lines.iter().enumerate() {
            self.output.detail(1, &format!("line {}: {}", line.number, line.step.command()));
            let next = lines[index + 1..].iter().map(|line| &line.step).find(|step| step.changes_or_waits());
            if let Err(error) = self.play_line(line, next).await {
                // The console still has to receive the keys of earlier lines. The error of the line is the one to report.
                let _ = self.screen.close().await;
                return Err(with_line(line.number, error));
            }
        }
        self.screen.close().await
    }

    /// Runs a line. `next` is the next step that sends input or waits.
    async fn play_line(&mut self, line: &ScriptLine, next: Option<&Step>) -> Result<(), CommandError> {
        let Self { screen, before, output } = self;
        let limit = screen.answer_deadline();
        if line.step.sends_input() {
            let is_compared = matches!(next, Some(Step::Wait { condition, .. }) if condition.is_change());
            *before = if is_compared { Some(screen.picture(limit).await?) } else { None };
        }
        match &line.step {
            Step::Key { actions, keysyms } => screen.press_keys(actions, *keysyms).await,
            Step::Type { text, timeout } => text.type_on(screen, *timeout, *output).await,
            Step::Login { login, timeout } => {
                login.perform(screen, *timeout, *output).await?.note(screen, *output);
                Ok(())
            }
            Step::Point { pointing, timeout, .. } => {
                let at = pointing.perform_on(screen, *timeout, *output).await?;
                output.detail(1, &format!("the pointer is at {at}"));
                Ok(())
            }
            Step::Text(text) => text.run(screen, line.number, *output).await,
            Step::Wait { condition, timeout, save } => {
                let limit = screen.clock().deadline(*timeout);
                let met = screen_wait::wait_for_screen(screen, condition, before.take(), limit, *output).await;
                if let (Err(error), Some(path)) = (&met, save)
                    && matches!(error.kind, ErrorKind::TimeLimit | ErrorKind::NoText)
                {
                    wait::save(screen, path, *timeout, *output);
                }
                self.print(met?.found.as_ref(), line.number)
            }
            Step::Screenshot(target) => {
                let picture = screen.picture(limit).await?;
                self.save(&picture, target, line.number)
            }
            Step::Sleep(time) => screen.drain_for(*time).await,
            Step::Log(text) => {
                output.note(&sanitize(text, 500));
                Ok(())
            }
        }
    }

    /// Prints the text that a wait has found.
    fn print(&self, found: Option<&TextMatch>, line: usize) -> Result<(), CommandError> {
        let Self { screen, output, .. } = self;
        match found {
            None => Ok(()),
            Some(found) if output.is_json() => output.json(&TextOutput {
                instance_id: &screen.instance().id,
                line,
                text: &found.text,
                row: found.position.row,
                column: found.position.column,
            }),
            Some(found) => output.line(&found.text),
        }
    }

    /// Saves a picture, and prints the name of its file.
    fn save(&self, picture: &Picture, target: &PictureTarget, line: usize) -> Result<(), CommandError> {
        let Self { screen, output, .. } = self;
        let (instance, time) = (&screen.instance().id, screen.clock().utc());
        let path = match target {
            PictureTarget::Stdout => return output.bytes(&picture_file::encode(picture)?),
            PictureTarget::File(name) => name.fill(instance, time),
        };
        picture_file::write(picture, &path, screen.answer_deadline().total)?;
        let file = path.display().to_string();
        match output.is_json() {
            true => output.json(&PictureOutput {
                instance_id: instance,
                line,
                file: &file,
                width: picture.width(),
                height: picture.height(),
                time: iso_8601(time),
            }),
            false => output.line(&file),
        }
    }
}
