//! Records how long the first answer of the ECS API took, and the service's time. Any answer will do, an error too.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;

use crate::account::request_log;
use crate::api::{Event, EventHandler};
use crate::system::clock::Clock;
use crate::terminal::output::Output;

/// This operation may go to STS, so its answer is not recorded: it would say nothing about the ECS endpoint.
const STS_ACTION: &str = "GetCallerIdentity";

#[derive(Clone, Copy, Debug)]
pub(crate) struct FirstAnswer {
    /// The time from the request to the answer, including the connection.
    pub(crate) elapsed: Duration,
    /// The service's time minus the local time. `None` if the answer had no date.
    pub(crate) clock_offset: Option<TimeDelta>,
}

/// Holds the first answer. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct FirstAnswerRecorder(Arc<Mutex<Option<FirstAnswer>>>);

impl FirstAnswerRecorder {
    /// Returns a recorder, and an event handler that fills it and writes the request log to `log_output`.
    pub(crate) fn new(log_output: Output) -> (Self, EventHandler) {
        let (recorder, log, clock) = (Self::default(), request_log::listener(log_output), Clock::system());
        let filled = recorder.clone();
        let handler: EventHandler = Arc::new(move |event: &Event<'_>| {
            if let Event::ResponseReceived { action, date, elapsed, .. } = event
                && *action != STS_ACTION
            {
                // The service wrote its date about halfway between request and answer.
                let half = TimeDelta::from_std(*elapsed / 2).unwrap_or_default();
                let clock_offset = date.map(|date| date - (clock.utc() - half));
                let mut first = filled.0.lock().unwrap_or_else(PoisonError::into_inner);
                first.get_or_insert(FirstAnswer { elapsed: *elapsed, clock_offset });
            }
            log(event);
        });
        (recorder, handler)
    }

    /// Returns the first answer, or `None` if there was none so far.
    pub(crate) fn get(&self) -> Option<FirstAnswer> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
