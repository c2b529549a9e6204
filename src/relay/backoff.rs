//! When to reconnect after the console dropped a session. Pure.

use std::time::Duration;

use crate::system::backoff::Backoff;

const FIRST_DELAY: Duration = Duration::from_secs(1);
const MAX_DELAY: Duration = Duration::from_secs(30);

/// A session of at least this length resets the backoff.
const STABLE_SESSION: Duration = Duration::from_secs(60);

/// The waits between a console's sessions: 1 s, doubling to 30 s, until a session lasts a minute. `src/page/backoff.js` has
/// the same rule.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReconnectBackoff(Backoff);

impl Default for ReconnectBackoff {
    fn default() -> Self {
        Self(Backoff::new(FIRST_DELAY, MAX_DELAY))
    }
}

impl ReconnectBackoff {
    /// The wait after a session that lasted `session`.
    pub(crate) fn delay_after(&mut self, session: Duration) -> Duration {
        if session >= STABLE_SESSION {
            self.0.reset();
        }
        self.0.next_delay()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_until_a_session_lasts_a_minute() {
        let mut backoff = ReconnectBackoff::default();
        let mut delays = |sessions: &[u64]| -> Vec<u64> {
            sessions.iter().map(|secs| backoff.delay_after(Duration::from_secs(*secs)).as_secs()).collect()
        };
        assert_eq!(delays(&[0, 59, 0, 0, 0, 0, 0]), [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(delays(&[60, 3]), [1, 2]);
    }
}
