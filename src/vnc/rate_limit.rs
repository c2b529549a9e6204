//! The service takes 30 reconnects a minute for an instance; more are not even asked for. Pure.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Source: the vendor's page on DescribeInstanceVncUrl.
const MOST: usize = 30;
const WINDOW: Duration = Duration::from_secs(60);

/// Counts the URLs minted in the last minute.
#[derive(Debug, Default)]
pub(crate) struct RateLimit(VecDeque<Instant>);

impl RateLimit {
    /// Takes one, or says how long to wait for it.
    pub(crate) fn take(&mut self, now: Instant) -> Result<(), Duration> {
        while self.0.front().is_some_and(|first| now.saturating_duration_since(*first) >= WINDOW) {
            self.0.pop_front();
        }
        match self.0.front() {
            Some(first) if self.0.len() >= MOST => Err(WINDOW - now.saturating_duration_since(*first)),
            _ => {
                self.0.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_a_minute() {
        let (mut budget, start) = (RateLimit::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        for second in 0..30 {
            assert_eq!(budget.take(at(second)), Ok(()));
        }
        assert_eq!(budget.take(at(30)), Err(Duration::from_secs(30)));
        assert_eq!(budget.take(at(60)), Ok(()));
        assert_eq!(budget.take(at(60)), Err(Duration::from_secs(1)));
    }
}
