//! Waits until a screen shows a text, or does not show it any more.

use crate::command_error::CommandError;
use crate::console::reading::TICK;
use crate::console::reading::text_match::TextMatch;
use crate::console::reading::text_matcher::{Sight, TextCondition, TextGoal, TextMatcher};
use crate::console::reading::typed_words::Masking;
use crate::console::remote_screen::RemoteScreen;
use crate::console::screen_report::{MAX_QUOTED, no_text, timed_out, unreadable};
use crate::console::screen_watch::Watch;
use crate::console::verdict::Verdict;
use crate::error_kind::ErrorKind;
use crate::screen_text::ScreenKind;
use crate::system::clock::Deadline;
use crate::terminal::output::Output;
use crate::text::sanitize::sanitize;

/// Waits until the screen shows what `condition` says. Returns what matches, where a text is waited for. The error is one of
/// time, or that there never was text that can be read.
pub(crate) async fn wait_for_text(
    screen: &mut RemoteScreen,
    condition: &TextCondition,
    deadline: Deadline,
    output: Output,
) -> Result<Option<TextMatch>, CommandError> {
    let mut matcher = TextMatcher::new(condition);
    let (mut last, mut was_text) = (None, false);
    let progress = format!("waiting for text on the screen of {}", screen.instance().id);
    let watch = Watch { area: None, deadline, progress: &progress, output };
    let sight = watch.until(screen, |screen, now| {
        let seen = screen.read_text();
        let sight = matcher.observe(&seen)?;
        was_text |= seen.kind == ScreenKind::Text;
        last = Some(seen);
        Ok(match sight {
            Sight::Met(_) | Sight::Failed(_) => Verdict::Done(sight),
            Sight::Unsure => Verdict::NotBefore(now + TICK),
            Sight::NotYet => Verdict::NotYet,
        })
    });
    match sight.await? {
        Some(Sight::Met(found)) => Ok(found.map(|found| found.masked(&screen.typed))),
        Some(Sight::Failed(found)) => Err(failed(screen, &found)),
        Some(Sight::Unsure | Sight::NotYet) | None => {
            let id = &screen.instance().id;
            let waited = format!(" (waited {} s)", deadline.total.as_secs_f64());
            if let Some(error) = no_text(last.as_ref(), id, &waited).filter(|_| !was_text) {
                return Err(error);
            }
            let message = match (&condition.goal, last.as_ref().and_then(|seen| unreadable(seen, id))) {
                (TextGoal::ShowsNot(pattern), None) => {
                    format!("{id}: the screen still has text that matches \"{pattern}\"")
                }
                (TextGoal::Shows(pattern), None) => format!("{id}: no text on the screen matches \"{pattern}\""),
                (_, Some(why)) => why,
            };
            Err(timed_out(screen, last.as_ref(), &message, deadline, output))
        }
    }
}

fn failed(screen: &RemoteScreen, found: &TextMatch) -> CommandError {
    let row = sanitize(&screen.typed.mask(&found.line, Masking::Parts), MAX_QUOTED);
    let id = &screen.instance().id;
    CommandError::message(ErrorKind::WrongState, format!("{id}: the screen shows \"{row}\"")).of_instance(id)
}
