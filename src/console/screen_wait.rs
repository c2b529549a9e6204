//! Waits until a screen meets a condition.

use std::time::Duration;

use crate::command_error::CommandError;
use crate::console::picture_wait::wait_for_picture;
use crate::console::reading::text_match::TextMatch;
use crate::console::remote_screen::RemoteScreen;
use crate::console::screen_condition::Condition;
use crate::console::text_wait::wait_for_text;
use crate::picture::{Picture, Similarity};
use crate::system::clock::Deadline;
use crate::terminal::output::Output;

/// The condition is met.
#[derive(Clone, Debug)]
pub(crate) struct Met {
    /// The time since the wait began.
    pub(crate) elapsed: Duration,
    /// The result of the last comparison, where pictures were compared.
    pub(crate) similarity: Option<Similarity>,
    /// The text that was waited for.
    pub(crate) found: Option<TextMatch>,
}

/// Waits until the screen meets `condition`; the error says what was seen instead. `before` is the picture that
/// `--change` compares with; `None` takes the screen as it is now.
pub(crate) async fn wait_for_screen(
    screen: &mut RemoteScreen,
    condition: &Condition,
    before: Option<Picture>,
    deadline: Deadline,
    output: Output,
) -> Result<Met, CommandError> {
    let clock = screen.clock().clone();
    let start = clock.instant();
    let (similarity, found) = match condition {
        Condition::Picture(condition) => (wait_for_picture(screen, condition, before, deadline, output).await?, None),
        Condition::Text(condition) => (None, wait_for_text(screen, condition, deadline, output).await?),
    };
    Ok(Met { elapsed: clock.instant().saturating_duration_since(start), similarity, found })
}
