//! Waits on a screen. One incremental update request is open all the time, and the console answers it when something
//! changes: nothing is polled.

use std::time::Duration;

use tokio::io::DuplexStream;
use tokio::time::{Instant, timeout_at};

use super::change_detector::{ChangeDetector, Verdict};
use super::screen_condition::{Condition, Goal};
use crate::command_error::CommandError;
use crate::console::remote_screen::RemoteScreen;
use crate::error_kind::ErrorKind;
use crate::picture::{Picture, Rectangle, Similarity};
use crate::rfb::{Client, ClientError, Event};
use crate::system::clock::Deadline;
use crate::terminal::output::Output;
use crate::terminal::progress::Progress;

/// The condition is met.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Met {
    /// The time since the wait began.
    pub(crate) elapsed: Duration,
    /// The result of the last comparison, where pictures were compared.
    pub(crate) similarity: Option<Similarity>,
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
    let mut detector = ChangeDetector::new(condition);
    if let Some(before) = before {
        detector.observe(before, start);
    }
    // The whole screen first, so that no later change is missed.
    let picture = screen.picture(deadline).await?;
    check_area(condition.area, &picture, screen)?;
    let mut verdict = detector.observe(picture, clock.instant());
    let mut progress = Progress::new(&clock, output);
    let text = format!("waiting for the screen of {}", screen.instance().id);
    while verdict != Verdict::Met {
        // A console that sends without pause must not keep the deadline from being seen.
        if clock.instant() >= deadline.at {
            return Err(not_met(&detector, screen, deadline, clock.instant()));
        }
        let until = if let Verdict::MetAt(at) = verdict { at.min(deadline.at) } else { deadline.at };
        let changing = timeout_at(until, next_change(&mut screen.client, condition.area));
        match progress.during(&text, changing).await {
            Ok(Ok(change)) => {
                let now = clock.instant();
                let picture = match change {
                    Change::Drawn => screen.received_picture()?,
                    Change::Resized => screen.picture(deadline).await?,
                };
                verdict = detector.observe(picture, now);
            }
            Ok(Err(error)) => return Err(screen.explain(error).await),
            Err(_) if verdict == Verdict::MetAt(until) => verdict = Verdict::Met,
            Err(_) => return Err(not_met(&detector, screen, deadline, clock.instant())),
        }
    }
    let similarity = if matches!(condition.goal, Goal::Still(_)) { None } else { detector.last };
    Ok(Met { elapsed: clock.instant().saturating_duration_since(start), similarity })
}

/// A change of the screen.
enum Change {
    /// Something was drawn.
    Drawn,
    /// The screen has another size, and its content is not here yet.
    Resized,
}

/// Waits until something is drawn in the area, or the screen has another size. Cancelling it loses nothing.
async fn next_change(client: &mut Client<DuplexStream>, area: Option<Rectangle>) -> Result<Change, ClientError> {
    client.request_changes().await?;
    loop {
        match client.next_event().await? {
            Event::Update { damage: Some(damage) } if area.is_none_or(|area| damage.intersects(area)) => {
                return Ok(Change::Drawn);
            }
            // An update answers the request: the next one needs another.
            Event::Update { .. } => client.request_changes().await?,
            Event::Resized => return Ok(Change::Resized),
            Event::Bell | Event::Leds(_) => {}
        }
    }
}

/// Refuses an area that is not on the screen: no change could ever be seen in it.
fn check_area(area: Option<Rectangle>, picture: &Picture, screen: &RemoteScreen) -> Result<(), CommandError> {
    match area.filter(|area| !area.fits(picture.width(), picture.height())) {
        None => Ok(()),
        Some(area) => {
            let (id, width, height) = (&screen.instance().id, picture.width(), picture.height());
            let message = format!("the area {area} is not on the screen of {id}, which has {width}x{height} pixels");
            Err(CommandError::message(ErrorKind::Usage, message).of_instance(id))
        }
    }
}

fn not_met(detector: &ChangeDetector<'_>, screen: &RemoteScreen, deadline: Deadline, now: Instant) -> CommandError {
    let (id, seconds) = (&screen.instance().id, deadline.total.as_secs_f64());
    let message = format!("{id}: {} (waited {seconds} s)", detector.describe(now));
    let hint = match detector.goal() {
        Goal::Still(_) => {
            "limit the comparison with --area to leave out changing parts such as a clock, or wait longer with --timeout"
        }
        Goal::Change => "wait longer with --timeout SECONDS",
        Goal::Image(..) if matches!(detector.last, Some(Similarity::Sizes(..))) => {
            "compare with a picture of the screen's size, or wait longer with --timeout SECONDS"
        }
        Goal::Image(..) => "allow small differences with --tolerance N, or wait longer with --timeout SECONDS",
    };
    CommandError::message(ErrorKind::TimeLimit, message).hint(hint).of_instance(id)
}
