//! The difference between the local clock and the service's.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// The smallest difference that is corrected. The service accepts times that are up to 15 minutes off.
const MIN_OFFSET: TimeDelta = TimeDelta::minutes(1);

/// Service time minus local time, shared by all clients of an account. Zero until the service refuses a timestamp.
#[derive(Clone, Default)]
pub(crate) struct ServiceClock {
    offset_ms: Arc<AtomicI64>,
}

/// The result of [`ServiceClock::adjust`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Adjustment {
    /// The request was sent with the right time, so the clock is not the cause of the error.
    NotNeeded,
    /// Another request has adjusted the offset already, or the local clock was corrected meanwhile.
    AlreadyDone,
    /// The offset has changed to this value.
    Changed(TimeDelta),
}

impl ServiceClock {
    pub(crate) fn offset(&self) -> TimeDelta {
        TimeDelta::milliseconds(self.offset_ms.load(Ordering::Relaxed))
    }

    /// Sets the offset from the service's time `date` in the error of a request that was created at `local_time` and sent
    /// with the offset `sent_offset`.
    pub(crate) fn adjust(&self, date: DateTime<Utc>, local_time: DateTime<Utc>, sent_offset: TimeDelta) -> Adjustment {
        let offset = date - local_time;
        if (offset - sent_offset).abs() < MIN_OFFSET {
            return Adjustment::NotNeeded;
        }
        // The local clock may have been corrected since the last adjustment.
        let offset = if offset.abs() < MIN_OFFSET { TimeDelta::zero() } else { offset };
        let previous = TimeDelta::milliseconds(self.offset_ms.swap(offset.num_milliseconds(), Ordering::Relaxed));
        match !offset.is_zero() && (offset - previous).abs() >= MIN_OFFSET {
            true => Adjustment::Changed(offset),
            false => Adjustment::AlreadyDone,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_is_adjusted_once_for_several_requests() {
        let clock = ServiceClock::default();
        let local: DateTime<Utc> = "2024-02-29T12:00:00Z".parse().unwrap();
        let hour = TimeDelta::hours(1);
        assert_eq!(clock.adjust(local + hour, local, TimeDelta::zero()), Adjustment::Changed(hour));
        assert_eq!(clock.adjust(local + hour, local, TimeDelta::zero()), Adjustment::AlreadyDone);
        assert_eq!(clock.adjust(local + hour, local, hour), Adjustment::NotNeeded);
        assert_eq!(clock.offset(), hour);
        // The user has set the local clock.
        assert_eq!(clock.adjust(local, local, hour), Adjustment::AlreadyDone);
        assert_eq!(clock.offset(), TimeDelta::zero());
    }
}
