//! What is told of a screen that was waited for in vain.

use crate::command_error::CommandError;
use crate::console::reading::rows::TextRows;
use crate::console::reading::typed_words::Masking;
use crate::console::remote_screen::RemoteScreen;
use crate::error_kind::ErrorKind;
use crate::screen_text::{Screen, ScreenKind};
use crate::system::clock::Deadline;
use crate::terminal::output::Output;

/// So many rows of the screen are shown.
const MAX_SHOWN_ROWS: usize = 10;

/// The longest text of a screen in an error, in characters.
pub(crate) const MAX_QUOTED: usize = 300;

/// Why the text of a screen cannot be read, if it cannot.
pub(crate) fn unreadable(seen: &Screen, id: &str) -> Option<String> {
    match seen.kind {
        ScreenKind::Text => None,
        ScreenKind::Blank => Some(format!("the screen of {id} is blank")),
        ScreenKind::NotText => Some(format!("the screen of {id} shows no text that can be read")),
        ScreenKind::UnknownFont => Some(format!("the screen of {id} has text in an unknown font")),
    }
}

/// The error of a wait whose time has passed. Shows the last rows of the screen before it, on stderr.
pub(crate) fn timed_out(
    screen: &RemoteScreen,
    seen: Option<&Screen>,
    message: &str,
    deadline: Deadline,
    output: Output,
) -> CommandError {
    let id = &screen.instance().id;
    if let Some(seen) = seen {
        show_last_rows(screen, seen, output);
    }
    let hint = match seen.map(|seen| seen.kind) {
        None | Some(ScreenKind::Text) => "wait longer with --timeout SECONDS".to_owned(),
        Some(ScreenKind::Blank) => format!("wake a sleeping screen with `ecs-vnc key {id} shift`"),
        Some(ScreenKind::NotText | ScreenKind::UnknownFont) => {
            format!("look at it with `ecs-vnc screenshot {id} --via vnc --show`")
        }
    };
    let message = format!("{message} (waited {} s)", deadline.total.as_secs_f64());
    CommandError::message(ErrorKind::TimeLimit, message).hint(hint).of_instance(id)
}

/// The error of what has not come to a screen on which there was no text that can be read, neither at the end nor before, if
/// it is one.
pub(crate) fn no_text(seen: Option<&Screen>, id: &str, rest: &str) -> Option<CommandError> {
    let seen = seen.filter(|seen| matches!(seen.kind, ScreenKind::NotText | ScreenKind::UnknownFont))?;
    let hint = format!("look at it with `ecs-vnc screenshot {id} --via vnc --show`");
    let message = format!("{}{rest}", unreadable(seen, id)?);
    Some(CommandError::message(ErrorKind::NoText, message).hint(hint).of_instance(id))
}

/// The error of a prompt that has not come. `message` says what is wrong with a screen that is text. `has_no_text`: there was
/// no text before either.
pub(crate) fn no_prompt(
    screen: &RemoteScreen,
    seen: Option<&Screen>,
    message: &str,
    has_no_text: bool,
    deadline: Deadline,
    output: Output,
) -> CommandError {
    let id = &screen.instance().id;
    if let Some(error) = no_text(seen, id, "; nothing was typed").filter(|_| has_no_text) {
        return error;
    }
    match seen.and_then(|seen| unreadable(seen, id)) {
        Some(why) => timed_out(screen, seen, &format!("{why}; nothing was typed"), deadline, output),
        None => timed_out(screen, seen, message, deadline, output),
    }
}

/// Shows the last rows that hold text, on stderr.
pub(crate) fn show_last_rows(screen: &RemoteScreen, seen: &Screen, output: Output) {
    let rows = TextRows::of_screen(seen).masked(&screen.typed, Masking::Parts);
    let rows = rows.last(MAX_SHOWN_ROWS);
    if !rows.is_empty() {
        output.note("the last rows of the screen:");
        rows.iter().for_each(|row| output.note(&format!("| {row}")));
    }
}
