//! What the viewers of this process share, over all instances: rate limits, who came last, and buffers.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::relay::BufferPool;
use crate::vnc::rate_limit::RateLimit;

/// Keeps count of the viewers of each instance.
#[derive(Debug, Default)]
pub(crate) struct ViewerRegistry {
    /// Connections of the last minute, by instance.
    rate_limits: Mutex<HashMap<String, RateLimit>>,
    /// The number of the last viewer, by instance.
    last_viewers: Mutex<HashMap<String, u64>>,
    buffers: BufferPool,
}

/// The number of a viewer among those of one instance, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ViewerNumber(u64);

impl ViewerRegistry {
    pub(crate) fn buffers(&self) -> &BufferPool {
        &self.buffers
    }

    /// Counts a connection to an instance's console, or returns how long to wait for it: the service allows 30 a minute.
    pub(crate) fn try_connect(&self, instance: &str, now: Instant) -> Result<(), Duration> {
        let mut rate_limits = self.rate_limits.lock().unwrap_or_else(PoisonError::into_inner);
        rate_limits.entry(instance.to_owned()).or_default().try_acquire(now)
    }

    /// Registers a viewer that gets the instance's console, which disconnects the one before.
    pub(crate) fn register_viewer(&self, instance: &str) -> ViewerNumber {
        let mut last_viewers = self.last_viewers.lock().unwrap_or_else(PoisonError::into_inner);
        let last = last_viewers.entry(instance.to_owned()).or_default();
        *last += 1;
        ViewerNumber(*last)
    }

    /// Whether a later viewer of this process has the instance's console.
    pub(crate) fn is_superseded(&self, instance: &str, viewer: ViewerNumber) -> bool {
        let last_viewers = self.last_viewers.lock().unwrap_or_else(PoisonError::into_inner);
        last_viewers.get(instance).is_some_and(|last| *last != viewer.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_viewer_of_an_instance_is_not_superseded() {
        let registry = ViewerRegistry::default();
        let (first, other) = (registry.register_viewer("i-1"), registry.register_viewer("i-2"));
        assert!(!registry.is_superseded("i-1", first));
        let second = registry.register_viewer("i-1");
        assert!(registry.is_superseded("i-1", first) && !registry.is_superseded("i-1", second));
        assert!(!registry.is_superseded("i-2", other));
    }

    #[test]
    fn each_instance_has_a_rate_limit_of_its_own() {
        let (registry, now) = (ViewerRegistry::default(), Instant::now());
        for _ in 0..30 {
            assert_eq!(registry.try_connect("i-1", now), Ok(()));
        }
        assert_eq!(registry.try_connect("i-1", now), Err(Duration::from_secs(60)));
        assert_eq!(registry.try_connect("i-2", now), Ok(()));
    }
}
