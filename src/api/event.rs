//! Events of a request, for the log and for `doctor`.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::error::ApiError;

/// Receives every [`Event`] of a client.
pub type EventHandler = Arc<dyn Fn(&Event<'_>) + Send + Sync>;

/// A step of a request.
#[derive(Debug)]
pub enum Event<'a> {
    /// A request is about to be sent.
    Sending {
        /// Name of the operation.
        action: &'static str,
        /// The server, as `host[:port]`.
        authority: &'a str,
        /// The parameter RegionId; `-` if the operation has none.
        region: &'a str,
        /// Number of the attempt, from 1.
        attempt: u32,
    },
    /// A response arrived, successful or not.
    ResponseReceived {
        /// Name of the operation.
        action: &'static str,
        /// HTTP status code.
        status: u16,
        /// The RequestId, if the response contains one.
        request_id: Option<String>,
        /// The time of the service's clock, if the response contains it.
        date: Option<DateTime<Utc>>,
        /// Time since the request was sent.
        elapsed: Duration,
    },
    /// An attempt failed, and another one follows.
    Retrying {
        /// Name of the operation.
        action: &'static str,
        /// Why the attempt failed.
        error: &'a ApiError,
        /// The wait before the next attempt.
        delay: Duration,
    },
    /// The local clock is wrong. Requests are signed with the service's time from now on.
    ClockAdjusted {
        /// Service time minus local time: positive if the local clock is behind.
        offset: TimeDelta,
    },
}
