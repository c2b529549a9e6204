//! A session that stays open between two calls, so that an agent that types three texts connects once.
//!
//! ```text
//! call ─ HeldSession::new(session) ─→ task: reads what comes, closes after the idle limit
//! next call ─ take() ←─────────────── the session, or how it ended
//! ```

use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::task::{JoinHandle, spawn_local};
use tokio::time::sleep;

use crate::command_error::CommandError;
use crate::console::remote_screen::RemoteScreen;
use crate::rfb::ClientError;

/// How long a session stays open after a call: less than the shortest idle limit that the service had, which was 60 s until early
/// 2024. One that is lost meanwhile was hardly lost for that.
const IDLE_LIMIT: Duration = Duration::from_secs(50);

/// What can be held.
pub(super) trait Session: 'static {
    /// Why it ended.
    type Loss;

    /// Waits until it ends.
    async fn until_lost(&mut self) -> Self::Loss;

    /// The error for whom it was held.
    async fn explain(self, loss: Self::Loss) -> CommandError;

    async fn close(self);
}

/// What has become of a session.
#[derive(Debug)]
pub(super) enum Taken<S> {
    Open(S),
    /// It was idle for too long.
    Closed,
    /// Another client may have the console.
    Lost(CommandError),
}

/// A session that no call uses.
#[derive(Debug)]
pub(super) struct HeldSession<S> {
    /// Dropped to close it.
    give_back: oneshot::Sender<()>,
    task: JoinHandle<Taken<S>>,
}

impl<S: Session> HeldSession<S> {
    /// Must be called on a local set. `place` is one of those that are held at the same time.
    pub(super) fn new(session: S, place: OwnedSemaphorePermit) -> Self {
        let (give_back, wanted) = oneshot::channel();
        let holding = async move {
            let taken = hold(session, wanted).await;
            drop(place);
            taken
        };
        Self { give_back, task: spawn_local(holding) }
    }

    /// The session for the next call.
    pub(super) async fn take(self) -> Taken<S> {
        // A task that has ended wants nothing.
        _ = self.give_back.send(());
        self.task.await.unwrap_or(Taken::Closed)
    }

    /// Closes it, and waits for that.
    pub(super) async fn close(self) {
        drop(self.give_back);
        _ = self.task.await;
    }
}

async fn hold<S: Session>(mut session: S, wanted: oneshot::Receiver<()>) -> Taken<S> {
    let lost = tokio::select! {
        biased;
        lost = session.until_lost() => Some(lost),
        wanted = wanted => match wanted {
            Ok(()) => return Taken::Open(session),
            Err(_) => None,
        },
        () = sleep(IDLE_LIMIT) => None,
    };
    match lost {
        Some(lost) => Taken::Lost(session.explain(lost).await),
        None => {
            session.close().await;
            Taken::Closed
        }
    }
}

impl Session for RemoteScreen {
    type Loss = ClientError;

    async fn until_lost(&mut self) -> ClientError {
        Self::until_lost(self).await
    }

    async fn explain(mut self, loss: ClientError) -> CommandError {
        self.loss(loss).await
    }

    async fn close(self) {
        // No key was pressed since the last answer.
        _ = Self::close(self).await;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::pending;
    use std::rc::Rc;
    use std::sync::Arc;

    use tokio::sync::Semaphore;
    use tokio::task::LocalSet;
    use tokio::time::Instant;

    use super::*;
    use crate::error_kind::ErrorKind;

    /// A session that is lost after a time, or never.
    struct Double {
        lost_after: Option<Duration>,
        is_closed: Rc<Cell<bool>>,
    }

    impl Session for Double {
        type Loss = ();

        async fn until_lost(&mut self) {
            match self.lost_after {
                Some(time) => sleep(time).await,
                None => pending().await,
            }
        }

        async fn explain(self, (): ()) -> CommandError {
            CommandError::message(ErrorKind::ConnectionLost, "taken over")
        }

        async fn close(self) {
            self.is_closed.set(true);
        }
    }

    fn place() -> OwnedSemaphorePermit {
        Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap()
    }

    /// What is taken after a time of a session that is lost after another one, and whether it was closed.
    async fn taken(after: Duration, lost_after: Option<Duration>) -> (&'static str, bool) {
        let is_closed = Rc::new(Cell::new(false));
        let session = Double { lost_after, is_closed: is_closed.clone() };
        let held = HeldSession::new(session, place());
        sleep(after).await;
        let what = match held.take().await {
            Taken::Open(_) => "open",
            Taken::Closed => "closed",
            Taken::Lost(_) => "lost",
        };
        (what, is_closed.get())
    }

    #[tokio::test(start_paused = true)]
    async fn a_session_is_given_back_until_it_was_idle_too_long() {
        let second = Duration::from_secs(1);
        let work = async {
            assert_eq!(taken(Duration::ZERO, None).await, ("open", false));
            assert_eq!(taken(IDLE_LIMIT - second, None).await, ("open", false));
            assert_eq!(taken(IDLE_LIMIT + second, None).await, ("closed", true));
            assert_eq!(taken(2 * second, Some(second)).await, ("lost", false));
        };
        LocalSet::new().run_until(work).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_session_is_closed_at_the_end() {
        let work = async {
            let is_closed = Rc::new(Cell::new(false));
            let begin = Instant::now();
            let session = Double { lost_after: None, is_closed: is_closed.clone() };
            HeldSession::new(session, place()).close().await;
            assert!(is_closed.get() && begin.elapsed() == Duration::ZERO);
        };
        LocalSet::new().run_until(work).await;
    }
}
