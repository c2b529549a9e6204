//! How long to wait before the next attempt. Pure.

use std::time::Duration;

use crate::system::backoff::Backoff;

/// The maximum number of attempts of a failing operation. They take about ten seconds.
pub(crate) const MAX_ATTEMPTS: u32 = 6;

/// The waits between attempts, without jitter.
pub(crate) const BACKOFF: Backoff = Backoff::new(Duration::from_millis(300), Duration::from_secs(5));

/// The next wait, but at least what the service asked for. `jitter` (`0.0..1.0`) shortens it by up to half, so that many
/// clients do not retry at the same time.
pub(crate) fn delay(backoff: &mut Backoff, retry_after: Option<Duration>, jitter: f64) -> Duration {
    backoff.next_delay().mul_f64(1.0 - jitter.clamp(0.0, 1.0) / 2.0).max(retry_after.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_shortens_the_wait_by_up_to_half() {
        let delays = |jitter| {
            let mut backoff = BACKOFF;
            [(); 6].map(|()| delay(&mut backoff, None, jitter).as_millis())
        };
        assert_eq!(delays(0.0), [300, 600, 1200, 2400, 4800, 5000]);
        assert_eq!(delays(1.0), [150, 300, 600, 1200, 2400, 2500]);
    }

    #[test]
    fn the_service_may_ask_for_a_longer_wait_but_not_for_a_shorter_one() {
        let mut backoff = BACKOFF;
        assert_eq!(delay(&mut backoff, Some(Duration::from_secs(7)), 0.5), Duration::from_secs(7));
        assert_eq!(delay(&mut backoff, Some(Duration::from_millis(1)), 0.0), Duration::from_millis(600));
    }
}
