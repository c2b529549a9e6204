//! What can go wrong at a guest's prompt.

use crate::command_error::CommandError;
use crate::console::remote_screen::RemoteScreen;
use crate::console::screen_report::{no_prompt, show_last_rows, unreadable};
use crate::error_kind::ErrorKind;
use crate::screen_text::{Screen, ScreenKind};
use crate::system::clock::Deadline;
use crate::terminal::output::Output;

/// How the last row of a pager begins or ends. Sources: less, more (util-linux, busybox), man.
const PAGER_ROWS: [&str; 4] = ["(END)", "--More--", "lines ", "Manual page "];

/// What the script cannot do without. It has other ways without base64 and gzip.
const NEEDED_PROGRAMS: [&str; 7] = ["mkdir", "rm", "cat", "wc", "head", "tail", "sha1sum"];

/// Whether a screen is text, or blank as one that was cleared.
pub(crate) fn is_text(seen: &Screen) -> bool {
    matches!(seen.kind, ScreenKind::Text | ScreenKind::Blank)
}

/// There is no prompt to type a command at.
pub(crate) fn no_shell(
    screen: &RemoteScreen,
    seen: Option<&Screen>,
    deadline: Deadline,
    output: Output,
) -> CommandError {
    let id = &screen.instance().id;
    let last = seen.and_then(|seen| seen.lines().into_iter().rfind(|row| !row.is_empty())).unwrap_or_default();
    let is_pager = last == ":" || PAGER_ROWS.iter().any(|row| last.starts_with(row) || last.ends_with(row));
    let message = format!("{id}: nothing was typed: the last row with text is no prompt of a shell");
    let error = no_prompt(screen, seen, &message, true, deadline, output);
    if error.kind == ErrorKind::NoText {
        return error;
    }
    let hint = if is_pager {
        format!("a pager is open; leave it with `ecs-vnc key {id} q`")
    } else if last.ends_with("login:") {
        "log in with --user NAME --env VARIABLE".to_owned()
    } else {
        "end what runs there; --prompt REGEX names another prompt".to_owned()
    };
    error.hint(hint)
}

/// The screen cannot hold a page.
pub(crate) fn too_narrow(screen: &RemoteScreen, columns: usize, least: usize) -> CommandError {
    let id = &screen.instance().id;
    let message = format!("{id}: nothing was typed: the screen has {columns} columns, and a page needs {least}");
    CommandError::message(ErrorKind::WrongState, message).hint("choose a smaller font in the guest").of_instance(id)
}

/// The screen has no text any more.
pub(crate) fn no_text(screen: &RemoteScreen, seen: &Screen) -> CommandError {
    let id = &screen.instance().id;
    let why = unreadable(seen, id).unwrap_or_else(|| format!("the screen of {id} has changed"));
    let message = format!("{why} any more, so that the output of the command cannot be read");
    let hint = format!("look at it with `ecs-vnc screenshot {id} --via vnc --show`");
    CommandError::message(ErrorKind::NoText, message).hint(hint).of_instance(id)
}

/// The screen does not show what was typed.
pub(crate) fn lost_keys(screen: &RemoteScreen, typed: &str) -> CommandError {
    let (id, length) = (&screen.instance().id, typed.chars().count());
    // The words may be those of a file that is copied.
    let message = format!("{id}: the screen does not show the {length} characters that were typed");
    let hint = "name the guest's keyboard layout with --layout";
    CommandError::message(ErrorKind::ActionFailed, message).hint(hint).of_instance(id)
}

/// What is behind the prompt does not act as a shell.
pub(crate) fn not_a_shell(screen: &RemoteScreen, seen: Option<&Screen>, output: Output) -> CommandError {
    let id = &screen.instance().id;
    if let Some(seen) = seen {
        show_last_rows(screen, seen, output);
    }
    let message = format!("{id}: what is behind the prompt is no shell, or has no `sh` and `cat`");
    CommandError::message(ErrorKind::WrongState, message).hint("leave it first").of_instance(id)
}

/// The script has ended before all of its output was there.
pub(crate) fn ended(screen: &RemoteScreen, seen: Option<&Screen>, output: Output) -> CommandError {
    let id = &screen.instance().id;
    if let Some(seen) = seen {
        show_last_rows(screen, seen, output);
    }
    if let Some(name) = seen.and_then(|seen| program_not_found(&seen.lines())) {
        return missing_program(screen, name);
    }
    let message = format!("{id}: the guest's shell has a prompt again, but the output of the command did not come");
    let hint = "the guest needs space in /run, /dev/shm or /tmp, and base64 and gzip for what is sent to it";
    CommandError::message(ErrorKind::ActionFailed, message).hint(hint).of_instance(id)
}

/// A program that the script needs is not there.
pub(crate) fn missing_program(screen: &RemoteScreen, name: &str) -> CommandError {
    let id = &screen.instance().id;
    let message = format!("{id}: the guest has no program `{name}`, which carries the output");
    let hint = format!("{} are needed, of coreutils or busybox", NEEDED_PROGRAMS.join(", "));
    CommandError::message(ErrorKind::ActionFailed, message).hint(hint).of_instance(id)
}

/// The needed program that a shell has not found, by what it wrote onto the screen. All that the command itself writes is elsewhere.
pub(crate) fn program_not_found(rows: &[String]) -> Option<&'static str> {
    // bash: `sh: line 3: NAME: command not found`. dash: `sh: 3: NAME: not found`. ash: `sh: NAME: not found`.
    let named = rows.iter().filter_map(|row| {
        let row = row.strip_suffix(": command not found").or_else(|| row.strip_suffix(": not found"))?;
        row.rsplit(' ').next()
    });
    let named: Vec<&str> = named.collect();
    NEEDED_PROGRAMS.into_iter().find(|name| named.contains(name))
}

/// No page has come, or none that was whole.
pub(crate) fn no_page(screen: &RemoteScreen, seen: Option<&Screen>, what: &str, output: Output) -> CommandError {
    let id = &screen.instance().id;
    if let Some(seen) = seen {
        show_last_rows(screen, seen, output);
    }
    let message = format!("{id}: {what}");
    CommandError::message(ErrorKind::ActionFailed, message).of_instance(id)
}

/// The command takes longer than it may.
pub(crate) fn timed_out(screen: &RemoteScreen, seconds: f64) -> CommandError {
    let id = &screen.instance().id;
    let message = format!("{id}: the command has not ended within {seconds} s");
    CommandError::message(ErrorKind::TimeLimit, message).hint("wait longer with --timeout SECONDS").of_instance(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The messages are those of bash 5.2, dash 0.5.12 and busybox 1.35.
    #[test]
    fn shells_name_the_program_that_they_miss() {
        let missing = |row: &str| program_not_found(&["x".to_owned(), row.to_owned()]);
        assert_eq!(missing("sh: line 7: sha1sum: command not found"), Some("sha1sum"));
        assert_eq!(missing("sh: 3: wc: not found"), Some("wc"));
        assert_eq!(missing("sh: tail: not found"), Some("tail"));
        assert_eq!(missing("sh: gzip: not found"), None, "there is another way");
        assert_eq!(missing("sha1sum: found"), None);
    }
}
