//! What the first answer of the account's API tells, whatever it says: how long it took, and the service's time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;

use crate::account::request_log;
use crate::api::{Event, EventHandler};
use crate::system::clock::Clock;
use crate::terminal::output::Output;

/// This operation goes to STS, so that its answer says nothing about the ECS endpoint.
const STS_ACTION: &str = "GetCallerIdentity";

#[derive(Clone, Copy, Debug)]
pub(crate) struct FirstAnswer {
    pub(crate) elapsed: Duration,
    /// Service time less local time.
    pub(crate) clock_offset: Option<TimeDelta>,
}

/// Keeps the first answer. Its clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct FirstAnswerRecorder(Arc<Mutex<Option<FirstAnswer>>>);

impl FirstAnswerRecorder {
    /// Returns a recorder, and the event handler that fills it and logs as in every command.
    pub(crate) fn new(log_output: Output) -> (Self, EventHandler) {
        let (recorder, log, clock) = (Self::default(), request_log::listener(log_output), Clock::system());
        let filled = recorder.clone();
        let handler: EventHandler = Arc::new(move |event: &Event<'_>| {
            if let Event::ResponseReceived { action, date, elapsed, .. } = event
                && *action != STS_ACTION
            {
                // The service wrote its date about halfway.
                let half = TimeDelta::from_std(*elapsed / 2).unwrap_or_default();
                let clock_offset = date.map(|date| date - (clock.utc() - half));
                let mut first = filled.0.lock().unwrap_or_else(PoisonError::into_inner);
                first.get_or_insert(FirstAnswer { elapsed: *elapsed, clock_offset });
            }
            log(event);
        });
        (recorder, handler)
    }

    pub(crate) fn get(&self) -> Option<FirstAnswer> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
