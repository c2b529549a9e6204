//! Waits on a screen: one request is open all the time, and the console answers it when something changes.

use std::time::Duration;

use tokio::io::DuplexStream;
use tokio::time::{Instant, timeout_at};

use super::change_detector::{ChangeDetector, Says};
use super::screen_condition::{Condition, Goal};
use crate::command_error::CommandError;
use crate::console::remote_screen::RemoteScreen;
use crate::error_kind::ErrorKind;
use crate::picture::{Picture, Rectangle, Similarity};
use crate::rfb::{Client, ClientError, Event};
use crate::system::clock::Deadline;
use crate::terminal::output::Output;
use crate::terminal::progress::Progress;

/// What was waited for has come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Met {
    /// After so long.
    pub(crate) elapsed: Duration,
    /// What the last comparison said, if there was one.
    pub(crate) similarity: Option<Similarity>,
}

/// Waits until the screen is as `condition` says, or says what was seen instead. `before` is what the screen looked like
/// before what is to change it was done, where somebody knows; else it is what it looks like now.
pub(crate) async fn until(
    screen: &mut RemoteScreen,
    condition: &Condition,
    before: Option<Picture>,
    limit: Deadline,
    output: Output,
) -> Result<Met, CommandError> {
    let clock = screen.clock().clone();
    let began = clock.instant();
    let mut look = ChangeDetector::new(condition);
    if let Some(before) = before {
        look.at(before, began);
    }
    // The reference first: nothing that happens from here on is missed.
    let picture = screen.picture(limit).await?;
    check(condition.area, &picture, screen)?;
    let mut says = look.at(picture, clock.instant());
    let mut progress = Progress::new(&clock, output);
    let what = format!("waiting for the screen of {}", screen.target().instance);
    while says != Says::Met {
        // A console that always has something to tell is not to be heard for ever.
        if clock.instant() >= limit.at {
            return Err(in_vain(&look, screen, limit, clock.instant()));
        }
        let ends = if let Says::At(at) = says { at.min(limit.at) } else { limit.at };
        let changing = timeout_at(ends, changed(&mut screen.client, condition.area));
        match progress.during(&what, changing).await {
            Ok(Ok(change)) => {
                let now = clock.instant();
                let picture = match change {
                    Change::Drawn => screen.seen()?,
                    Change::Resized => screen.picture(limit).await?,
                };
                says = look.at(picture, now);
            }
            Ok(Err(error)) => return Err(screen.failure(error).await),
            Err(_) if says == Says::At(ends) => says = Says::Met,
            Err(_) => return Err(in_vain(&look, screen, limit, clock.instant())),
        }
    }
    let similarity = if matches!(condition.goal, Goal::Still(_)) { None } else { look.last };
    Ok(Met { elapsed: clock.instant().saturating_duration_since(began), similarity })
}

/// What has happened on a screen.
enum Change {
    /// Something was drawn.
    Drawn,
    /// It has another size, and is black.
    Resized,
}

/// Waits until something is drawn in the area, or the screen has another size. May be dropped: nothing is lost.
async fn changed(client: &mut Client<DuplexStream>, area: Option<Rectangle>) -> Result<Change, ClientError> {
    client.request_changes().await?;
    loop {
        match client.next_event().await? {
            Event::Update { damage: Some(damage) } if area.is_none_or(|area| damage.intersects(area)) => {
                return Ok(Change::Drawn);
            }
            // The request is answered.
            Event::Update { .. } => client.request_changes().await?,
            Event::Resized => return Ok(Change::Resized),
            Event::Bell | Event::Leds(_) => {}
        }
    }
}

/// An area that is not on the screen is a slip, and would never be met.
fn check(area: Option<Rectangle>, picture: &Picture, screen: &RemoteScreen) -> Result<(), CommandError> {
    match area.filter(|area| !area.fits(picture.width(), picture.height())) {
        None => Ok(()),
        Some(area) => {
            let (instance, width, height) = (&screen.target().instance, picture.width(), picture.height());
            let message =
                format!("the area {area} is not on the screen of {instance}, which has {width}x{height} pixels");
            Err(CommandError::message(ErrorKind::Usage, message))
        }
    }
}

fn in_vain(look: &ChangeDetector<'_>, screen: &RemoteScreen, limit: Deadline, now: Instant) -> CommandError {
    let (instance, seconds) = (&screen.target().instance, limit.total.as_secs_f64());
    let message = format!("{instance}: {} (waited {seconds} s)", look.told(now));
    let hint = match look.goal() {
        Goal::Still(_) => "--area leaves out a part that changes, such as a clock; --timeout SECONDS waits longer",
        Goal::Change => "--timeout SECONDS waits longer",
        Goal::Image(..) => "--tolerance N overlooks small differences; --timeout SECONDS waits longer",
    };
    CommandError::message(ErrorKind::TimeLimit, message).hint(hint)
}
