//! A command to run in a guest, and whether it can be typed.

use std::time::Duration;

use crate::command_error::CommandError;
use crate::console::reading::pattern::Pattern;
use crate::console::typing::KeyboardArgs;
use crate::error_kind::ErrorKind;
use crate::keyboard::{KeyEncoding, text_to_keystrokes};
use crate::terminal::output::Output;
use crate::text::shell::single_quoted;

/// The longest command in quotes, in bytes. Typing it takes four minutes.
const MAX_COMMAND_LEN: usize = 16 << 10;

/// A command to run in a guest.
#[derive(Clone, Debug)]
pub(crate) struct GuestCommand<'a> {
    /// What `sh -c` runs.
    pub(crate) command: &'a str,
    pub(crate) is_merged: bool,
    pub(crate) input: Option<&'a [u8]>,
    /// What recognises the prompt in place of the usual signs.
    pub(crate) prompt: Option<&'a Pattern>,
    pub(crate) keyboard: &'a KeyboardArgs,
}

/// One run of a command.
pub(crate) struct Run<'a> {
    pub(crate) command: &'a GuestCommand<'a>,
    /// How long the command may take.
    pub(crate) limit: Option<Duration>,
    pub(crate) output: Output,
}

impl GuestCommand<'_> {
    /// Checks that the command can be typed.
    pub(crate) fn check(&self) -> Result<(), CommandError> {
        let layout = self.keyboard.layout()?;
        if let Some(control) = self.command.chars().find(|character| character.is_control() && *character != '\n') {
            let message =
                format!("the command has the control character U+{:04X}, which cannot be typed", u32::from(control));
            return Err(CommandError::message(ErrorKind::Usage, message));
        }
        let length = single_quoted(self.command).len();
        if length > MAX_COMMAND_LEN {
            let message = format!(
                "the command has {length} bytes in quotes of the shell, of which {MAX_COMMAND_LEN} can be typed"
            );
            return Err(CommandError::message(ErrorKind::Usage, message).hint("send a script with --stdin -- sh"));
        }
        let typable = text_to_keystrokes(self.command, layout, KeyEncoding::Scancodes);
        typable.map(drop).map_err(|error| {
            let hint = "send a script with --stdin -- sh: it may have any characters";
            CommandError::new(ErrorKind::Usage, error).hint(hint)
        })
    }
}
