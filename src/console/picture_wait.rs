//! Waits until a screen stands still, changes, or looks like a picture.

use tokio::time::Instant;

use super::change_detector::ChangeDetector;
use super::picture_condition::{Goal, PictureCondition};
use super::screen_watch::Watch;
use super::verdict::Verdict;
use crate::command_error::CommandError;
use crate::console::remote_screen::RemoteScreen;
use crate::error_kind::ErrorKind;
use crate::picture::{Picture, Rectangle, Similarity};
use crate::system::clock::Deadline;
use crate::terminal::output::Output;

/// Waits until the screen meets `condition`; the error says what was seen instead. `before` is the picture that
/// `--change` compares with; `None` takes the screen as it is now. Returns the result of the last comparison, where pictures were
/// compared.
pub(crate) async fn wait_for_picture(
    screen: &mut RemoteScreen,
    condition: &PictureCondition,
    before: Option<Picture>,
    deadline: Deadline,
    output: Output,
) -> Result<Option<Similarity>, CommandError> {
    let clock = screen.clock().clone();
    let mut detector = ChangeDetector::new(condition);
    if let Some(before) = before {
        detector.observe(before, clock.instant());
    }
    let mut is_first = true;
    let progress = format!("waiting for the screen of {}", screen.instance().id);
    let watch = Watch { area: condition.area, deadline, progress: &progress, output };
    let met = watch.until(screen, |screen, now| {
        let picture = screen.received_picture()?;
        if std::mem::take(&mut is_first) {
            check_area(condition.area, &picture, screen)?;
        }
        Ok(match detector.observe(picture, now) {
            Verdict::NotBefore(at) if at <= now => Verdict::Done(()),
            verdict => verdict,
        })
    });
    if met.await?.is_none() {
        return Err(not_met(&detector, screen, deadline, clock.instant()));
    }
    Ok(if matches!(condition.goal, Goal::Still(_)) { None } else { detector.last })
}
/// Refuses an area that is not on the screen: no change could ever be seen in it.
pub(crate) fn check_area(
    area: Option<Rectangle>,
    picture: &Picture,
    screen: &RemoteScreen,
) -> Result<(), CommandError> {
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
