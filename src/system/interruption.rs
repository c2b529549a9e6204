//! Asks a part of this process's work to end, as Ctrl-C asks all of it.
//!
//! ```text
//! Interruption::bound(work) ─→ work: delay() → guard, until requested() → release keys → drop the guard
//!        └ request() ─────────→ the work goes on while it has a guard, and is dropped then
//! ```

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::system::shutdown::{DelayGuard, Shutdown};

/// How long work may go on after the request, such as to release keys.
const SETTLE_TIMEOUT: Duration = Duration::from_secs(2);

tokio::task_local! {
    /// That of the work that runs now.
    static CURRENT: Arc<Interruption>;
}

/// A request to end that one piece of work gets.
#[derive(Debug)]
pub(crate) struct Interruption {
    is_requested: watch::Sender<bool>,
    guards: watch::Sender<usize>,
}

/// Delays the end of the process and of the work that runs now.
#[derive(Debug)]
#[must_use]
pub(crate) struct Delay {
    _process: DelayGuard,
    work: Option<Arc<Interruption>>,
}

impl Interruption {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { is_requested: watch::Sender::new(false), guards: watch::Sender::new(0) })
    }

    /// Asks the work to end.
    pub(crate) fn request(&self) {
        self.is_requested.send_replace(true);
    }

    /// Waits for [`Self::request`].
    async fn requested(&self) {
        // The sender is that of `self`.
        let _ = self.is_requested.subscribe().wait_for(|is_requested| *is_requested).await;
    }

    /// Does the work. After a request it goes on for up to 2 s while it has a [`Delay`]; `None` if it has not ended by itself.
    pub(crate) async fn bound<T>(self: &Arc<Self>, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(CURRENT.scope(self.clone(), work));
        tokio::select! {
            biased;
            () = self.requested() => {}
            done = &mut work => return Some(done),
        }
        let mut guards = self.guards.subscribe();
        let settled = async {
            let _ = guards.wait_for(|count| *count == 0).await;
        };
        let ending = async {
            tokio::select! {
                biased;
                done = &mut work => Some(done),
                () = settled => None,
            }
        };
        timeout(SETTLE_TIMEOUT, ending).await.ok().flatten()
    }
}

/// Waits until this work, or the whole process, is asked to end.
pub(crate) async fn requested() {
    let of_work = async {
        match CURRENT.try_with(Arc::clone) {
            Ok(work) => work.requested().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        () = Shutdown::of_process().requested() => {}
        () = of_work => {}
    }
}

/// Delays the end of this work and of the process, for work that must finish first, such as releasing keys.
pub(crate) fn delay() -> Delay {
    let work = CURRENT.try_with(Arc::clone).ok();
    work.iter().for_each(|work| work.guards.send_modify(|count| *count += 1));
    Delay { _process: Shutdown::of_process().delay(), work }
}

impl Drop for Delay {
    fn drop(&mut self) {
        self.work.iter().for_each(|work| work.guards.send_modify(|count| *count -= 1));
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn work_without_a_guard_ends_at_once_and_other_work_when_its_guard_is_dropped() {
        let interruption = Interruption::new();
        assert_eq!(interruption.bound(async { 7 }).await, Some(7));

        let work = async {
            let guard = delay();
            interruption.request();
            requested().await;
            drop(guard);
            pending::<()>().await;
        };
        let before = tokio::time::Instant::now();
        assert_eq!(interruption.bound(work).await, None);
        assert_eq!(interruption.bound(pending::<()>()).await, None);
        assert_eq!(before.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_does_not_let_go_is_dropped() {
        let interruption = Interruption::new();
        let work = async {
            let _guard = delay();
            interruption.request();
            pending::<()>().await;
        };
        let before = tokio::time::Instant::now();
        assert_eq!(interruption.bound(work).await, None);
        assert_eq!(before.elapsed(), SETTLE_TIMEOUT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_reaches_its_own_work_only() {
        let (one, other) = (Interruption::new(), Interruption::new());
        one.request();
        let waiting = async { timeout(Duration::from_secs(1), requested()).await.is_err() };
        assert_eq!(other.bound(waiting).await, Some(true));
    }
}
