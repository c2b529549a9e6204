//! Looks at a screen each time it changes. One incremental update request is open all the time, and the console answers it
//! when something changes: nothing is polled.

use tokio::time::{Instant, timeout_at};

use crate::command_error::CommandError;
use crate::console::connection::ConsoleClient;
use crate::console::reading::TICK;
use crate::console::remote_screen::RemoteScreen;
use crate::console::verdict::Verdict;
use crate::picture::Rectangle;
use crate::rfb::{ClientError, Event};
use crate::system::clock::Deadline;
use crate::terminal::output::Output;
use crate::terminal::progress::Progress;

/// A watch on a screen.
pub(crate) struct Watch<'a> {
    /// Only changes that touch this part count, in pixels; `None` is the whole screen.
    pub(crate) area: Option<Rectangle>,
    pub(crate) deadline: Deadline,
    /// What is waited for, for the progress line.
    pub(crate) progress: &'a str,
    pub(crate) output: Output,
}

impl Watch<'_> {
    /// Requests the whole screen and calls `look`, and again after each change until it is done; `None` if the deadline passes.
    pub(crate) async fn until<T>(
        &self,
        screen: &mut RemoteScreen,
        look: impl FnMut(&mut RemoteScreen, Instant) -> Result<Verdict<T>, CommandError>,
    ) -> Result<Option<T>, CommandError> {
        // The whole screen first, so that no later change is missed.
        screen.refresh(self.deadline).await?;
        self.follow(screen, look).await
    }

    /// The same from what was received so far on, where the whole screen was received before.
    pub(crate) async fn follow<T>(
        &self,
        screen: &mut RemoteScreen,
        mut look: impl FnMut(&mut RemoteScreen, Instant) -> Result<Verdict<T>, CommandError>,
    ) -> Result<Option<T>, CommandError> {
        let clock = screen.clock().clone();
        let mut progress = Progress::new(&clock, self.output);
        loop {
            let now = clock.instant();
            let again = match look(screen, now)? {
                Verdict::Done(done) => return Ok(Some(done)),
                Verdict::NotYet => None,
                Verdict::NotBefore(at) => Some(at).filter(|at| *at <= self.deadline.at),
            };
            // A console that sends without pause must not keep the deadline from being seen.
            if now >= self.deadline.at && again.is_none_or(|at| at < now) {
                return Ok(None);
            }
            // Reading took time: what has changed meanwhile is on its way.
            let until = again.map_or(self.deadline.at, |at| at.max(clock.instant() + TICK));
            let changing = timeout_at(until, next_change(&mut screen.client, self.area));
            match progress.during(self.progress, changing).await {
                Ok(Ok(Change::Drawn)) => {}
                Ok(Ok(Change::Resized)) => screen.refresh(self.deadline).await?,
                Ok(Err(error)) => return Err(screen.explain(error).await),
                Err(_) if again.is_some() => {}
                Err(_) => return Ok(None),
            }
        }
    }
}

/// A change of the screen.
enum Change {
    /// Something was drawn.
    Drawn,
    /// The screen has another size, and its content is not here yet.
    Resized,
}

/// Waits until something is drawn in the area, or the screen has another size. Cancelling it loses nothing.
async fn next_change(client: &mut ConsoleClient, area: Option<Rectangle>) -> Result<Change, ClientError> {
    loop {
        // An update answers the request: the next one needs another.
        if !client.has_open_request() {
            client.request_changes().await?;
        }
        match client.next_event().await? {
            Event::Update { damage: Some(damage) } if area.is_none_or(|area| damage.intersects(area)) => {
                return Ok(Change::Drawn);
            }
            Event::Resized => return Ok(Change::Resized),
            Event::Update { .. } | Event::Bell | Event::Leds(_) | Event::Cursor => {}
        }
    }
}
