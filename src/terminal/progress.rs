//! Shows a progress line on the terminal during work that takes longer than a moment.

use std::time::Duration;

use tokio::pin;
use tokio::time::{Interval, MissedTickBehavior, interval_at};

use crate::system::clock::Clock;
use crate::terminal::output::Output;

/// How long work may take before its progress is shown.
const DELAY: Duration = Duration::from_millis(300);

/// The time from one update of the progress line to the next.
const UPDATE_INTERVAL: Duration = Duration::from_millis(100);

/// Shows progress from 300 ms after its creation on.
#[derive(Debug)]
pub(crate) struct Progress {
    ticks: Interval,
    output: Output,
}

impl Progress {
    pub(crate) fn new(clock: &Clock, output: Output) -> Self {
        let mut ticks = interval_at(clock.instant() + DELAY, UPDATE_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { ticks, output }
    }

    /// Waits for the work, and shows `text` meanwhile.
    pub(crate) async fn during<T>(&mut self, text: &str, work: impl Future<Output = T>) -> T {
        self.during_with(|| text.to_owned(), work).await
    }

    /// Waits for the work, and shows meanwhile what `text` returns.
    pub(crate) async fn during_with<T>(&mut self, text: impl Fn() -> String, work: impl Future<Output = T>) -> T {
        pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                _ = self.ticks.tick() => self.output.progress(&text()),
            }
        }
    }

    /// Waits for the next moment to show progress, and shows `text`. It can be dropped at any moment.
    pub(crate) async fn tick(&mut self, text: &str) {
        self.ticks.tick().await;
        self.output.progress(text);
    }
}
