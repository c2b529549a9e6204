//! How long to wait before which attempt: pure.

use std::time::Duration;

/// The most attempts an operation gets that the service, or the way to it, fails. They take about ten seconds.
pub(crate) const ATTEMPTS: u32 = 6;

const FIRST: Duration = Duration::from_millis(300);
const LONGEST: Duration = Duration::from_secs(5);

/// The wait after attempt number `attempt` (from 1) has failed: exponential, of which `jitter` (`0.0..1.0`) takes
/// away up to half, so that many clients do not come back at once; never less than what the service asked for.
pub(crate) fn delay(attempt: u32, asked_for: Option<Duration>, jitter: f64) -> Duration {
    let full = FIRST.saturating_mul(1 << (attempt - 1).min(16)).min(LONGEST);
    full.mul_f64(1.0 - jitter.clamp(0.0, 1.0) / 2.0).max(asked_for.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_to_a_limit_within_its_jitter() {
        let ms = |attempt, jitter| delay(attempt, None, jitter).as_millis();
        assert_eq!([1, 2, 3, 4, 5, 6].map(|attempt| ms(attempt, 0.0)), [300, 600, 1200, 2400, 4800, 5000]);
        assert_eq!(ms(1, 1.0), 150);
        assert_eq!(ms(u32::MAX, 0.0), 5000);
    }

    #[test]
    fn the_service_may_ask_for_more_but_not_for_less() {
        assert_eq!(delay(1, Some(Duration::from_secs(7)), 0.5), Duration::from_secs(7));
        assert_eq!(delay(3, Some(Duration::from_millis(1)), 0.0), Duration::from_millis(1200));
    }
}
