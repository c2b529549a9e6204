//! One account in one region: signs, sends, tries again, and keeps time with the service.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep, timeout_at};

use super::answer::{self, Asked};
use super::error::{ApiError, Verdict};
use super::retry;
use super::signature::{Operation, SignatureVersion, SignedRequest, Stamp, acs3, rpc_v1};
use super::transport::Transport;
use crate::clock::{Clock, Limit, Moment};
use crate::credentials::Credentials;

/// What happens on the way to an answer, for those who want to tell it.
#[derive(Debug)]
pub enum Event<'a> {
    /// An attempt leaves.
    Sending {
        /// The operation.
        action: &'static str,
        /// `host[:port]`
        authority: &'a str,
        /// The RegionId asked for.
        region: &'a str,
        /// From 1.
        attempt: u32,
    },
    /// An answer arrived, whatever it says.
    Answered {
        /// The operation.
        action: &'static str,
        /// The HTTP status.
        status: u16,
        /// The answer's RequestId, where it has one.
        request_id: Option<String>,
        /// How long it took.
        took: Duration,
    },
    /// An attempt failed in a way that may pass.
    Retrying {
        /// The operation.
        action: &'static str,
        /// Why.
        error: &'a ApiError,
        /// The wait before the next one.
        delay: Duration,
    },
    /// The local clock is off by this much (positive: it is behind).
    ClockOff {
        /// Service time less local time.
        by: TimeDelta,
    },
}

/// Where time, nonces and chance come from.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The time.
    pub clock: Clock,
    /// A new SignatureNonce at every call.
    pub nonce: fn() -> String,
    /// Jitter, in `0.0..1.0`.
    pub chance: fn() -> f64,
}

/// A result, and the moment before the request that led to it left.
#[derive(Debug)]
pub struct Reply<T> {
    /// The result.
    pub value: T,
    /// Anything in the result is at most this old.
    pub asked: Moment,
}

/// The service takes times up to 15 minutes off; what is less than this is not worth a word.
const CLOCK_MATTERS: TimeDelta = TimeDelta::minutes(1);

type Listener = Box<dyn Fn(&Event<'_>) + Send + Sync>;

/// A client of the ECS API.
pub struct Client {
    transport: Transport,
    credentials: Credentials,
    signature: SignatureVersion,
    sources: Sources,
    listener: Listener,
    /// Service time less local time, in milliseconds, once it is known to matter.
    clock_offset: AtomicI64,
}

impl Client {
    /// A client; it connects when it is first asked. `listener` hears every [`Event`].
    pub fn new(
        transport: Transport,
        credentials: Credentials,
        signature: SignatureVersion,
        sources: Sources,
        listener: impl Fn(&Event<'_>) + Send + Sync + 'static,
    ) -> Self {
        let listener = Box::new(listener);
        Self { transport, credentials, signature, sources, listener, clock_offset: AtomicI64::new(0) }
    }

    /// The clock it was given.
    pub fn clock(&self) -> &Clock {
        &self.sources.clock
    }

    /// Asks until there is an answer, a refusal that will not pass, or no time left. When time or attempts run out,
    /// the last refusal is the error: it says more than "time limit".
    pub async fn call<T: DeserializeOwned>(&self, operation: &Operation, limit: Limit) -> Result<Reply<T>, ApiError> {
        let (action, deadline) = (operation.action, limit.ends);
        let mut last: Option<ApiError> = None;
        let mut clock_was_set = false;
        for attempt in 1..=retry::ATTEMPTS {
            let asked = self.clock().moment();
            let attempt_ends = deadline.min(asked.instant + retry::ATTEMPT_LIMIT);
            let error = match timeout_at(attempt_ends, self.attempt(operation, attempt, asked)).await {
                Ok(Ok(value)) => return Ok(Reply { value, asked }),
                Ok(Err(error)) => error,
                Err(_) if attempt_ends == deadline => {
                    return Err(last.unwrap_or(ApiError::TimeLimit { action, limit: limit.total }));
                }
                Err(_) => self.stalled(),
            };
            let delay = match error.verdict() {
                Verdict::SetClock if !clock_was_set && self.set_clock(&error) => {
                    clock_was_set = true;
                    Duration::ZERO
                }
                Verdict::Retry if attempt < retry::ATTEMPTS => {
                    let asked_for = error.service().and_then(|service| service.retry_after);
                    retry::delay(attempt, asked_for, (self.sources.chance)())
                }
                _ => return Err(error),
            };
            if !self.wait(action, &error, delay, deadline).await {
                return Err(error);
            }
            last = Some(error);
        }
        Err(last.expect("the last attempt returns"))
    }

    /// Waits for the next attempt; false where the time limit comes first, since waiting for that helps nobody.
    async fn wait(&self, action: &'static str, error: &ApiError, delay: Duration, deadline: Instant) -> bool {
        if delay >= deadline.saturating_duration_since(self.clock().instant()) {
            return false;
        }
        (self.listener)(&Event::Retrying { action, error, delay });
        sleep(delay).await;
        true
    }

    async fn attempt<T: DeserializeOwned>(
        &self,
        operation: &Operation,
        attempt: u32,
        asked: Moment,
    ) -> Result<T, ApiError> {
        let action = operation.action;
        let authority = self.transport.endpoint().authority();
        let request = self.sign(operation, &authority, asked);
        let region = operation.parameter("RegionId").unwrap_or("-");
        (self.listener)(&Event::Sending { action, authority: &authority, region, attempt });
        let answer = self.transport.send(&request).await?;
        let asked_for = Asked { authority: &authority, credentials: &self.credentials, request: &request };
        let took = self.clock().instant() - asked.instant;
        let request_id = answer::request_id(&answer, asked_for);
        (self.listener)(&Event::Answered { action, status: answer.status, request_id, took });
        answer::read(&answer, asked_for)
    }

    fn sign(&self, operation: &Operation, authority: &str, asked: Moment) -> SignedRequest {
        let offset = TimeDelta::milliseconds(self.clock_offset.load(Ordering::Relaxed));
        let stamp = Stamp { time: asked.utc + offset, nonce: (self.sources.nonce)() };
        match self.signature {
            SignatureVersion::RpcV1 => rpc_v1::sign(operation, &self.credentials, &stamp),
            SignatureVersion::Acs3 => acs3::sign(operation, authority, &self.credentials, &stamp),
        }
    }

    /// Takes the service's time from its refusal. False where it does not say it, or where it is the time that was
    /// sent: then the clock is not what is wrong.
    fn set_clock(&self, error: &ApiError) -> bool {
        let Some(date) = error.service().and_then(|service| service.date) else {
            return false;
        };
        let by = date - self.clock().utc();
        if by.abs() < CLOCK_MATTERS {
            return false;
        }
        // Several requests may find out at once; the user is told once.
        if self.clock_offset.swap(by.num_milliseconds(), Ordering::Relaxed) == 0 {
            (self.listener)(&Event::ClockOff { by });
        }
        true
    }

    fn stalled(&self) -> ApiError {
        let cause = format!("no answer within {} s", retry::ATTEMPT_LIMIT.as_secs());
        ApiError::Lost { authority: self.transport.endpoint().authority(), cause }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("endpoint", self.transport.endpoint()).finish_non_exhaustive()
    }
}
