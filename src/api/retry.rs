//! How long to wait before the next attempt. Pure.

use std::time::Duration;

use crate::system::backoff::Backoff;

/// The maximum number of attempts of a failing operation. They take about ten seconds.
pub(crate) const MAX_ATTEMPTS: u32 = 6;

/// The waits between attempts, without jitter.
pub(crate) const BACKOFF: Backoff = Backoff::new(Duration::from_millis(300), Duration::from_secs(5));

/// How long the first attempt waits for the response to begin, and for each further part of it, at most. The official SDKs give a read 10 s
/// and a connection 5 s of their own; the older ones give DescribeInstanceVncUrl 36 s. With the default time limit of
/// 30 s, this leaves 18 s for the second attempt, and with `--timeout 48s` the older SDKs' 36 s.
const FIRST_RESPONSE_LIMIT: Duration = Duration::from_secs(12);

/// The part of the remaining time that the first attempt waits, if that is less: the second gets more than the first.
const FIRST_RESPONSE_SHARE: f64 = 0.4;

/// An attempt that could only wait for less is not cut short: a second one would hardly fare better.
const MIN_RESPONSE_LIMIT: Duration = Duration::from_secs(3);

/// How long the first attempt waits for the response to begin, and for each further part of it, if `remaining` is left
/// until the deadline.
/// `None` if that leaves no room for a second attempt.
pub(crate) fn first_response_limit(remaining: Duration) -> Option<Duration> {
    let share = remaining.mul_f64(FIRST_RESPONSE_SHARE);
    (share >= MIN_RESPONSE_LIMIT).then(|| share.min(FIRST_RESPONSE_LIMIT))
}

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
    fn the_first_attempt_leaves_the_second_more_than_it_takes() {
        let limit = |seconds| first_response_limit(Duration::from_secs(seconds)).map(|limit| limit.as_secs());
        assert_eq!([0, 1, 7, 10, 30, 48, 600].map(limit), [None, None, None, Some(4), Some(12), Some(12), Some(12)]);
        assert_eq!(first_response_limit(Duration::MAX), Some(FIRST_RESPONSE_LIMIT));
    }

    #[test]
    fn the_service_may_ask_for_a_longer_wait_but_not_for_a_shorter_one() {
        let mut backoff = BACKOFF;
        assert_eq!(delay(&mut backoff, Some(Duration::from_secs(7)), 0.5), Duration::from_secs(7));
        assert_eq!(delay(&mut backoff, Some(Duration::from_millis(1)), 0.0), Duration::from_millis(600));
    }
}
