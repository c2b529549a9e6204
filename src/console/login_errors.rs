//! The errors of a login on a guest's console.

use crate::command_error::CommandError;
use crate::console::reading::login_prompt::LoginPrompt;
use crate::console::reading::login_watch::{LoginEvent, Prompt};
use crate::console::reading::typed_words::Masking;
use crate::console::remote_screen::RemoteScreen;
use crate::console::screen_report::{MAX_QUOTED, no_prompt, timed_out};
use crate::error_kind::ErrorKind;
use crate::screen_text::{Screen, ScreenKind};
use crate::system::clock::Deadline;
use crate::terminal::output::Output;
use crate::text::sanitize::sanitize;

/// What the errors of a login say.
pub(crate) struct LoginErrors<'a> {
    pub(crate) user: &'a str,
    pub(crate) deadline: Deadline,
    pub(crate) output: Output,
}

impl LoginErrors<'_> {
    /// No prompt was there in time; nothing was typed.
    pub(crate) fn no_start(&self, screen: &RemoteScreen, seen: Option<&Screen>, was_text: bool) -> CommandError {
        let id = &screen.instance().id;
        let why = match has_no_cursor(seen) {
            true => "no text cursor is seen",
            false => "the last row with text is no login prompt",
        };
        let message = format!("{id}: nothing was typed: {why}");
        let error = no_prompt(screen, seen, &message, !was_text, self.deadline, self.output);
        let hint = error.hint.clone().unwrap_or_default() + "; --prompt REGEX names another prompt for the name";
        error.hint(hint)
    }

    /// What should follow a name or a password did not come in time.
    pub(crate) fn nothing_came(&self, screen: &RemoteScreen, seen: Option<&Screen>, what: &str) -> CommandError {
        let cursor = if has_no_cursor(seen) { ", and no text cursor is seen" } else { "" };
        let message = format!("{}: no {what} came for {}{cursor}", screen.instance().id, self.user);
        timed_out(screen, seen, &message, self.deadline, self.output)
    }

    /// A prompt for a password stands there that is not one of this login.
    pub(crate) fn other_prompt(&self, screen: &RemoteScreen, prompt: &Prompt) -> CommandError {
        let id = &screen.instance().id;
        let (message, hint) = match prompt.kind {
            LoginPrompt::Maintenance => (
                "the guest is in emergency mode, and asks for root's password".to_owned(),
                "log in with --user root".to_owned(),
            ),
            _ => (
                format!(
                    "the guest asks for a password already, and not for that of {}: \"{}\"",
                    self.user,
                    quote(&prompt.text)
                ),
                format!(
                    "end what waits there, for example with `ecs-vnc key {id} ctrl-c`; a login gives up by itself after a minute"
                ),
            ),
        };
        let message = format!("{id}: nothing was typed: {message}");
        CommandError::message(ErrorKind::WrongState, message).hint(hint).of_instance(id)
    }

    /// The guest did not let the user in.
    pub(crate) fn failed(&self, screen: &RemoteScreen, event: &LoginEvent) -> CommandError {
        let (id, user) = (&screen.instance().id, self.user);
        let masked = |row: &str| quote(&screen.typed.mask(row, Masking::Parts));
        let (message, hint) = match event {
            LoginEvent::Refused(row) => (
                format!("the guest does not let {user} in: \"{}\"", masked(row)),
                "check the name and the password; a --layout that is not the guest's types other characters",
            ),
            LoginEvent::Expired(row) => (
                format!("the password of {user} has to be changed first: \"{}\"", masked(row)),
                "change it on the console: `ecs-vnc open` or `ecs-vnc view`",
            ),
            LoginEvent::Prompt(prompt) => (
                format!("the guest does not let {user} in: it asks again: \"{}\"", masked(&prompt.text)),
                "check the name and the password",
            ),
            LoginEvent::Dark => ("the screen has become dark".to_owned(), "try again"),
        };
        CommandError::message(ErrorKind::Credentials, format!("{id}: {message}")).hint(hint).of_instance(id)
    }
}

/// A prompt for a password counts only with the cursor.
fn has_no_cursor(seen: Option<&Screen>) -> bool {
    seen.is_some_and(|seen| seen.kind == ScreenKind::Text && seen.cursor.is_none())
}

fn quote(row: &str) -> String {
    sanitize(row, MAX_QUOTED)
}
