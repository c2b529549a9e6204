//! The only file that reads a clock; everything else is handed one.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

/// Tells the time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

/// By when something must be done, and how long it was given in all.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    /// The end.
    pub(crate) at: Instant,
    /// The whole time given, for messages.
    pub(crate) total: Duration,
}

/// One moment on both scales: the calendar's, for people and signatures, and the monotonic one, for ages.
#[derive(Clone, Copy, Debug)]
pub struct Timestamp {
    /// Calendar time.
    pub utc: DateTime<Utc>,
    /// Monotonic time.
    pub instant: Instant,
}

impl Clock {
    /// The operating system's clock.
    pub fn system() -> Self {
        Self(Arc::new(Utc::now))
    }

    /// A calendar of its own; monotonic time is always the system's (or tokio's, where a test has paused it).
    pub fn of(utc: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(utc))
    }

    /// Calendar time.
    pub(crate) fn utc(&self) -> DateTime<Utc> {
        (self.0)()
    }

    /// Monotonic time.
    pub fn instant(&self) -> Instant {
        Instant::now()
    }

    /// The end of `total` from now.
    pub fn deadline(&self, total: Duration) -> Deadline {
        Deadline { at: self.instant() + total, total }
    }

    /// Both.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp { utc: self.utc(), instant: self.instant() }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// The form the API writes times in, and RFC 3339 for people: `2024-02-29T12:34:56Z`.
pub(crate) fn iso_8601(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
