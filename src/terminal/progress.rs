//! A line on the terminal for whoever waits longer than a moment.

use std::time::Duration;

use tokio::pin;
use tokio::time::{Interval, MissedTickBehavior, interval_at};

use crate::system::clock::Clock;
use crate::terminal::output::Output;

/// From when on, and how often, a person who waits is told how far it is.
const PATIENCE: Duration = Duration::from_millis(300);
const TICK: Duration = Duration::from_millis(100);

/// Tells how far it is to those who wait for long.
#[derive(Debug)]
pub(crate) struct Progress {
    ticks: Interval,
    output: Output,
}

impl Progress {
    /// Begins to count the time.
    pub(crate) fn new(clock: &Clock, output: Output) -> Self {
        let mut ticks = interval_at(clock.instant() + PATIENCE, TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { ticks, output }
    }

    /// Does the work, and shows `text` meanwhile.
    pub(crate) async fn during<T>(&mut self, text: &str, work: impl Future<Output = T>) -> T {
        pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                _ = self.ticks.tick() => self.output.progress(text),
            }
        }
    }
}
