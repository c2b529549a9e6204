//! What is typed on the terminal: for the console, and for this program.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::escape_prompt::{FileUse, PromptCommand, Taken};
use super::key_mapping::{can_be_held, chord};
use super::session::{HOLD_LIMIT, LiveConsole, Stop};
use crate::console::picture_file::{self, PictureTarget};
use crate::console::text_source::read_file;
use crate::console::typing::MAX_TEXT_LEN;
use crate::secret::Secret;
use crate::system::blocking;
use crate::terminal::input::{KeyEvent, KeyEventKind};
use crate::text::quoted::Shown as _;

/// How long a file may take, if it is a pipe or a device.
const FILE_TIMEOUT: Duration = Duration::from_secs(5);

/// From so many keys on, a paste is announced: it takes seconds.
const LONG_PASTE: usize = 60;

impl LiveConsole {
    pub(super) async fn take_key(&mut self, event: &KeyEvent) -> Result<(), Stop> {
        if event.kind == KeyEventKind::Release {
            self.has_releases = true;
            if can_be_held(event) {
                self.queue.release_held();
            }
            return Ok(());
        }
        let had_line = self.prompt.line().is_some();
        let taken = self.prompt.take(event);
        if had_line || self.prompt.line().is_some() {
            self.show_status();
        }
        match taken {
            Taken::ByPrompt => {}
            Taken::Command(command) => return self.perform(command).await,
            Taken::No => self.type_key(event),
        }
        Ok(())
    }

    fn type_key(&mut self, event: &KeyEvent) {
        if self.options.is_read_only {
            return self.tell("read-only: keys are not sent".to_owned());
        }
        match self.mapping.presses(event) {
            Err(error) => self.tell(format!("{error}; see --layout")),
            Ok(presses) if self.has_releases && can_be_held(event) => {
                self.held_until = self.clock.instant() + HOLD_LIMIT;
                presses.iter().for_each(|press| self.queue.hold(press));
            }
            Ok(presses) => {
                if !self.queue.tap(&presses, Duration::ZERO) {
                    self.tell("the console takes no keys; this one was dropped".to_owned());
                }
            }
        }
    }

    /// Types a text that was pasted, or adds it to the prompt's line.
    pub(super) fn paste(&mut self, text: &Secret) {
        if self.prompt.paste(text.expose()) {
            self.show_status();
        } else {
            self.type_text(text);
        }
    }

    fn type_text(&mut self, text: &Secret) {
        if self.options.is_read_only {
            return self.tell("read-only: nothing is typed".to_owned());
        }
        if text.expose().len() > MAX_TEXT_LEN {
            return self.tell(format!("nothing was typed: at most {} KiB can be", MAX_TEXT_LEN >> 10));
        }
        let presses = match self.mapping.text(text.expose()) {
            Ok(presses) => presses,
            Err(error) => return self.tell(format!("nothing was typed: {error}")),
        };
        if !self.queue.tap(&presses, self.options.paste_interval) {
            return self.tell("nothing was typed: too many keys wait already".to_owned());
        }
        if presses.len() >= LONG_PASTE {
            let escape = self.options.escape.map(|key| format!("; {key} x stops")).unwrap_or_default();
            self.tell_until_changed(format!("typing {} keys{escape}", presses.len()));
        }
    }

    /// Does what the prompt was told.
    async fn perform(&mut self, command: PromptCommand) -> Result<(), Stop> {
        match command {
            PromptCommand::Leave => return Err(Stop::Left),
            PromptCommand::CtrlAltDelete => self.press("ctrl-alt-delete"),
            PromptCommand::FunctionKey(number) => self.press(&format!("ctrl-alt-f{number}")),
            PromptCommand::SysRq(key) => self.press(&format!("alt-sysrq-{key}")),
            PromptCommand::TypeEscape => {
                if let Some(escape) = self.options.escape {
                    self.type_key(&escape.event());
                }
            }
            PromptCommand::StopTyping => {
                let count = self.queue.len();
                self.queue.stop();
                self.tell(format!("stopped; {count} key events were not sent"));
            }
            PromptCommand::Redraw => self.display.redraw(),
            PromptCommand::ToggleLog => {
                if self.feed.has_log() {
                    self.ended_logs.spawn(self.feed.finish_log(&self.display));
                    self.tell("the log is off".to_owned());
                } else {
                    self.prompt.ask_file(FileUse::Log);
                    self.show_status();
                }
            }
            PromptCommand::File(FileUse::Log, name) => {
                match self.feed.start_log(Path::new(&name), self.options.log_timestamps) {
                    Ok(()) => self.tell(format!("the log goes to {name}")),
                    Err(error) => self.tell(format!("{:#}", error.error)),
                }
            }
            PromptCommand::File(FileUse::Paste, name) => {
                let path = PathBuf::from(name);
                match blocking::run(move || read_file(&path, FILE_TIMEOUT)).await {
                    Ok(Ok(text)) => self.type_text(&text),
                    Ok(Err(error)) => self.tell(format!("nothing was typed: {:#}", error.error)),
                    Err(error) => self.tell(format!("nothing was typed: {error}")),
                }
            }
            PromptCommand::File(FileUse::Picture, name) => self.save_picture(&name).await,
        }
        Ok(())
    }

    fn press(&mut self, name: &str) {
        if self.options.is_read_only {
            return self.tell("read-only: keys are not sent".to_owned());
        }
        let is_pressed = chord(name).is_some_and(|press| self.queue.tap(&[press], Duration::ZERO));
        self.tell(if is_pressed { format!("pressed {name}") } else { format!("{name} was not pressed") });
    }

    /// Saves what the screen shows. An empty name is that of `screenshot`.
    async fn save_picture(&mut self, name: &str) {
        let target = match name {
            "" => Ok(PictureTarget::default()),
            name => PictureTarget::parse(name),
        };
        let path = match target {
            Ok(PictureTarget::File(name)) => name.fill(&self.screen.instance().id, self.clock.utc()),
            Ok(PictureTarget::Stdout) => return self.tell("the terminal is in use; name a file".to_owned()),
            Err(error) => return self.tell(error),
        };
        let saved = match self.screen.received_picture() {
            Ok(picture) => {
                let path = path.clone();
                blocking::run(move || picture_file::write(&picture, &path, FILE_TIMEOUT)).await
            }
            Err(error) => Ok(Err(error)),
        };
        match saved {
            Ok(Ok(())) => self.tell(format!("saved {}", path.shown())),
            Ok(Err(error)) => self.tell(format!("{:#}", error.error)),
            Err(error) => self.tell(error.to_string()),
        }
    }
}
