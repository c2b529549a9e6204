//! Waits until a screen shows a text, or does not show it any more.

use std::time::Duration;

use crate::command_error::CommandError;
use crate::console::reading::rows::TextRows;
use crate::console::reading::text_match::TextMatch;
use crate::console::reading::text_matcher::{Sight, TextCondition, TextGoal, TextMatcher};
use crate::console::remote_screen::RemoteScreen;
use crate::console::screen_watch::Watch;
use crate::console::verdict::Verdict;
use crate::error_kind::ErrorKind;
use crate::screen_text::{Screen, ScreenKind};
use crate::system::clock::Deadline;
use crate::terminal::output::Output;
use crate::text::sanitize::sanitize;

/// A screen that has not changed for this time is not in the middle of a frame.
pub(crate) const TICK: Duration = Duration::from_millis(50);

/// So many rows are shown of a screen that was waited for in vain.
const MAX_SHOWN_ROWS: usize = 10;

/// The longest text of a screen in an error, in characters.
pub(crate) const MAX_QUOTED: usize = 300;

/// Waits until the screen shows what `condition` says. Returns what matches, where a text is waited for.
pub(crate) async fn wait_for_text(
    screen: &mut RemoteScreen,
    condition: &TextCondition,
    deadline: Deadline,
    output: Output,
) -> Result<Option<TextMatch>, CommandError> {
    let mut matcher = TextMatcher::new(condition);
    let mut last = None;
    let progress = format!("waiting for text on the screen of {}", screen.instance().id);
    let watch = Watch { area: None, deadline, progress: &progress, output };
    let sight = watch.until(screen, |screen, now| {
        let seen = screen.read_text();
        let sight = matcher.observe(&seen)?;
        last = Some(seen);
        Ok(match sight {
            Sight::Met(_) | Sight::Failed(_) => Verdict::Done(sight),
            Sight::Unsure => Verdict::NotBefore(now + TICK),
            Sight::NotYet => Verdict::NotYet,
        })
    });
    match sight.await? {
        Some(Sight::Met(found)) => Ok(found),
        Some(Sight::Failed(found)) => Err(failed(screen, &found)),
        Some(Sight::Unsure | Sight::NotYet) | None => {
            let id = &screen.instance().id;
            let message = match (&condition.goal, last.as_ref().and_then(|seen| unreadable(seen, id))) {
                (TextGoal::ShowsNot(pattern), None) => {
                    format!("{id}: the screen still has text that matches {pattern}")
                }
                (TextGoal::Shows(pattern), None) => format!("{id}: no text on the screen matches {pattern}"),
                (_, Some(why)) => why,
            };
            Err(timed_out(screen, last.as_ref(), &message, deadline, output))
        }
    }
}

fn failed(screen: &RemoteScreen, found: &TextMatch) -> CommandError {
    let (id, row) = (&screen.instance().id, sanitize(&found.line, MAX_QUOTED));
    CommandError::message(ErrorKind::WrongState, format!("{id}: the screen shows \"{row}\"")).of_instance(id)
}

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
        show_last_rows(seen, output);
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

fn show_last_rows(seen: &Screen, output: Output) {
    let rows = TextRows::of_screen(seen);
    let rows = rows.last(MAX_SHOWN_ROWS);
    if !rows.is_empty() {
        output.note("the last rows of the screen:");
        rows.iter().for_each(|row| output.note(&format!("| {row}")));
    }
}
