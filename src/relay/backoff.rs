//! When to connect again after a drop. Pure.

use std::time::Duration;

/// After the first drop.
const FIRST: Duration = Duration::from_secs(1);

/// However many there were.
const LONGEST: Duration = Duration::from_secs(30);

/// A session that has held for so long is a new beginning.
const HELD: Duration = Duration::from_secs(60);

/// The waits between a console's sessions: each twice as long, until one has held for a minute. The page has the same,
/// in `src/page/backoff.js`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff(Duration);

impl Default for Backoff {
    fn default() -> Self {
        Self(FIRST)
    }
}

impl Backoff {
    /// The wait after a session that has held for `held`.
    pub(crate) fn wait(&mut self, held: Duration) -> Duration {
        if held >= HELD {
            self.0 = FIRST;
        }
        let wait = self.0;
        self.0 = (self.0 * 2).min(LONGEST);
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_twice_as_long_until_a_session_holds() {
        let mut again = Backoff::default();
        let mut waits = |held: &[u64]| -> Vec<u64> {
            held.iter().map(|held| again.wait(Duration::from_secs(*held)).as_secs()).collect()
        };
        assert_eq!(waits(&[0, 59, 0, 0, 0, 0, 0]), [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(waits(&[60, 3]), [1, 2]);
    }
}
