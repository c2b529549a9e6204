//! StartInstance, StopInstance and RebootInstance: which status an instance has since the last of them. Pure.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use crate::system::clock::Timestamp;

/// How long an instance is Starting. The service takes about 20 s.
pub(crate) const STARTING_TIME: Duration = Duration::from_secs(3);

/// How long an instance is Stopping that shuts down, and one whose power is turned off.
const SHUTDOWN_TIME: Duration = Duration::from_secs(2);
const POWER_OFF_TIME: Duration = Duration::from_millis(500);

/// How long an instance that is rebooted is Starting. Its console stays connected.
const REBOOT_TIME: Duration = Duration::from_secs(2);

/// What was requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PowerChange {
    Start,
    Stop { is_forced: bool },
    Reboot { is_forced: bool },
}

/// The last change of each instance, by InstanceId: no more entries than instances.
#[derive(Debug, Default)]
pub(crate) struct PowerStates(HashMap<String, (PowerChange, Timestamp)>);

impl PowerChange {
    /// The change that an operation requests.
    pub(crate) fn of(action: &str, is_forced: bool) -> Option<Self> {
        match action {
            "StartInstance" => Some(Self::Start),
            "StopInstance" => Some(Self::Stop { is_forced }),
            "RebootInstance" => Some(Self::Reboot { is_forced }),
            _ => None,
        }
    }

    /// The status that an instance must have. Source: the vendor's pages on StartInstance and RebootInstance. That on
    /// StopInstance only names Running.
    pub(crate) fn required_status(self) -> &'static str {
        if self == Self::Start { "Stopped" } else { "Running" }
    }

    /// How long after the request it is done.
    pub(crate) fn duration(self) -> Duration {
        match self {
            Self::Start => STARTING_TIME,
            Self::Stop { is_forced: false } => SHUTDOWN_TIME,
            Self::Stop { is_forced: true } => POWER_OFF_TIME,
            Self::Reboot { .. } => REBOOT_TIME,
        }
    }
}

impl PowerStates {
    /// Records a change.
    pub(crate) fn record(&mut self, instance: &str, change: PowerChange, now: Timestamp) {
        self.0.insert(instance.to_owned(), (change, now));
    }

    /// The status of an instance; `None` if nothing has changed its first one.
    pub(crate) fn status(&self, instance: &str, now: Instant) -> Option<&'static str> {
        let (change, began) = self.0.get(instance)?;
        let is_done = now.saturating_duration_since(began.instant) >= change.duration();
        Some(match (change, is_done) {
            (PowerChange::Stop { .. }, true) => "Stopped",
            (PowerChange::Stop { .. }, false) => "Stopping",
            (_, true) => "Running",
            (_, false) => "Starting",
        })
    }

    /// When an instance loses or has lost its power; `None` if it is not being stopped.
    pub(crate) fn off_at(&self, instance: &str) -> Option<Instant> {
        match self.0.get(instance)? {
            (change @ PowerChange::Stop { .. }, began) => Some(began.instant + change.duration()),
            _ => None,
        }
    }

    /// When the last change of an instance was requested.
    pub(crate) fn changed_at(&self, instance: &str) -> Option<DateTime<Utc>> {
        self.0.get(instance).map(|(_, began)| began.utc)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::clock::Clock;

    #[test]
    fn each_change_has_a_status_before_it_is_done_and_one_after() {
        for (change, first, last) in [
            (PowerChange::Start, "Starting", "Running"),
            (PowerChange::Stop { is_forced: false }, "Stopping", "Stopped"),
            (PowerChange::Stop { is_forced: true }, "Stopping", "Stopped"),
            (PowerChange::Reboot { is_forced: false }, "Starting", "Running"),
            (PowerChange::Reboot { is_forced: true }, "Starting", "Running"),
        ] {
            let (mut states, now) = (PowerStates::default(), Clock::of(|| DateTime::UNIX_EPOCH).now());
            assert_eq!(states.status("i-1", now.instant), None);
            states.record("i-1", change, now);
            let done = now.instant + change.duration();
            let status = |moment| states.status("i-1", moment).unwrap();
            assert_eq!((status(now.instant), status(done - Duration::from_millis(1))), (first, first), "{change:?}");
            assert_eq!(status(done), last, "{change:?}");
            assert_eq!(states.off_at("i-1"), (last == "Stopped").then_some(done));
            assert_eq!(states.status("i-2", done), None);
        }
    }
}
