//! The only file that reads the time; other code gets a [`Clock`].

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

/// Gives the calendar time and the monotonic time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

/// When an operation times out.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    pub(crate) at: Instant,
    /// The whole time limit, for messages.
    pub(crate) total: Duration,
}

/// One moment as calendar time, for people and signatures, and as monotonic time, for ages.
#[derive(Clone, Copy, Debug)]
pub struct Timestamp {
    /// Calendar time, for people and signatures.
    pub utc: DateTime<Utc>,
    /// Monotonic time, for ages.
    pub instant: Instant,
}

impl Clock {
    /// The operating system's clock.
    pub fn system() -> Self {
        Self(Arc::new(Utc::now))
    }

    /// Takes the calendar time from `utc`. Monotonic time is still the system's, or tokio's paused time in a test.
    pub fn of(utc: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(utc))
    }

    pub(crate) fn utc(&self) -> DateTime<Utc> {
        (self.0)()
    }

    /// The monotonic time.
    pub fn instant(&self) -> Instant {
        Instant::now()
    }

    /// The deadline `total` from now.
    pub fn deadline(&self, total: Duration) -> Deadline {
        Deadline { at: self.instant() + total, total }
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp { utc: self.utc(), instant: self.instant() }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// A time as the API writes it, which is also RFC 3339: `2024-02-29T12:34:56Z`.
pub(crate) fn iso_8601(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
