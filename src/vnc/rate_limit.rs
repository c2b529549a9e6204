//! The service's limit of VNC URLs for an instance. Requests above the limit are not sent. Pure.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// How many VNC URLs an instance gets in [`WINDOW`]. Source: the vendor's page on DescribeInstanceVncUrl.
const MAX_URLS: usize = 30;
const WINDOW: Duration = Duration::from_secs(60);

/// The times of an instance's VNC URLs in the last minute.
#[derive(Debug, Default)]
pub(crate) struct RateLimit(VecDeque<Instant>);

impl RateLimit {
    /// Counts one VNC URL. If the limit is reached, it counts nothing and returns how long to wait.
    pub(crate) fn try_acquire(&mut self, now: Instant) -> Result<(), Duration> {
        while self.0.front().is_some_and(|first| now.saturating_duration_since(*first) >= WINDOW) {
            self.0.pop_front();
        }
        match self.0.front() {
            Some(first) if self.0.len() >= MAX_URLS => Err(WINDOW - now.saturating_duration_since(*first)),
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
    fn there_are_thirty_urls_a_minute() {
        let (mut limit, start) = (RateLimit::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        for second in 0..30 {
            assert_eq!(limit.try_acquire(at(second)), Ok(()));
        }
        assert_eq!(limit.try_acquire(at(30)), Err(Duration::from_secs(30)));
        assert_eq!(limit.try_acquire(at(60)), Ok(()));
        assert_eq!(limit.try_acquire(at(60)), Err(Duration::from_secs(1)));
    }
}
