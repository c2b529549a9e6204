//! Waits that double up to a maximum, between retries, reconnects and polls. Pure.

use std::time::Duration;

/// Each wait is this many times as long as the one before.
const FACTOR: u32 = 2;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    first: Duration,
    max: Duration,
    next: Duration,
}

impl Backoff {
    pub(crate) const fn new(first: Duration, max: Duration) -> Self {
        Self { first, max, next: first }
    }

    /// The next wait: `first`, then twice the wait before, at most `max`.
    pub(crate) fn next_delay(&mut self) -> Duration {
        let delay = self.next;
        self.next = self.next.saturating_mul(FACTOR).min(self.max);
        delay
    }

    /// Starts again with `first`.
    pub(crate) fn reset(&mut self) {
        self.next = self.first;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_maximum_until_a_reset() {
        let mut backoff = Backoff::new(Duration::from_millis(300), Duration::from_secs(1));
        let mut delays = || [(); 4].map(|()| backoff.next_delay().as_millis());
        assert_eq!(delays(), [300, 600, 1000, 1000]);
        assert_eq!(delays(), [1000; 4]);
        backoff.reset();
        assert_eq!(backoff.next_delay().as_millis(), 300);
    }
}
