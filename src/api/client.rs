//! One account at one endpoint: signs, sends, tries again, and keeps time with the service.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use tokio::time::{sleep, timeout_at};

use super::answer::{self, Asked};
use super::error::{ApiError, Verdict};
use super::retry;
use super::signature::{Operation, SignatureVersion, SignedRequest, Stamp, acs3, rpc_v1, unsigned};
use super::transport::Transport;
use crate::credentials::{Credentials, ProvideCredentials};
use crate::system::backoff::Backoff;
use crate::system::clock::{Clock, Deadline, Timestamp};

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
        /// The service's clock, where the answer tells it.
        date: Option<DateTime<Utc>>,
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
pub struct ClientEnv {
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
    pub(crate) asked: Timestamp,
}

/// The service takes times up to 15 minutes off; what is less than this is not worth a word.
const CLOCK_MATTERS: TimeDelta = TimeDelta::minutes(1);

/// Hears every [`Event`].
pub type EventHandler = Arc<dyn Fn(&Event<'_>) + Send + Sync>;

/// A client of the API.
pub struct Client {
    transport: Transport,
    /// Nobody signs where there are none.
    keys: Option<Arc<dyn ProvideCredentials>>,
    signature: SignatureVersion,
    sources: ClientEnv,
    listener: EventHandler,
    /// Service time less local time, in milliseconds, once it is known to matter.
    clock_offset: Arc<AtomicI64>,
}

impl Client {
    /// A client; it connects when it is first asked.
    pub fn new(
        transport: Transport,
        keys: Option<Arc<dyn ProvideCredentials>>,
        signature: SignatureVersion,
        sources: ClientEnv,
        listener: EventHandler,
    ) -> Self {
        Self { transport, keys, signature, sources, listener, clock_offset: Arc::default() }
    }

    /// The same account at another endpoint.
    pub(crate) fn at(&self, transport: Transport) -> Self {
        Self {
            transport,
            keys: self.keys.clone(),
            signature: self.signature,
            sources: self.sources.clone(),
            listener: self.listener.clone(),
            clock_offset: self.clock_offset.clone(),
        }
    }

    /// The clock it was given.
    pub(crate) fn clock(&self) -> &Clock {
        &self.sources.clock
    }

    /// Asks until there is an answer, a refusal that will not pass, or no time left. When time or attempts run out,
    /// the service's last refusal is the error: it says more than "time limit".
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        operation: &Operation,
        limit: Deadline,
    ) -> Result<Reply<T>, ApiError> {
        let action = operation.action;
        let mut refusal = None;
        let too_late = ApiError::TimeLimit { action, limit: limit.total };
        let (mut attempt, mut clock_was_set, mut keys_were_renewed) = (0, false, false);
        let mut backoff = retry::BACKOFF;
        loop {
            attempt += 1;
            let Ok(keys) = timeout_at(limit.at, self.keys()).await else {
                return Err(refusal.unwrap_or(too_late));
            };
            let (keys, asked, offset) = (keys?, self.clock().now(), self.offset());
            let attempting = self.attempt(operation, attempt, keys.as_ref(), asked, offset);
            let error = match timeout_at(limit.at, attempting).await {
                Ok(Ok(value)) => return Ok(Reply { value, asked }),
                Ok(Err(error)) => error,
                Err(_) => return Err(refusal.unwrap_or(too_late)),
            };
            let delay = match error.verdict() {
                Verdict::SetClock if !clock_was_set && self.set_clock(&error, asked.utc, offset) => {
                    clock_was_set = true;
                    Duration::ZERO
                }
                Verdict::RenewKeys if !keys_were_renewed && self.renew(keys.as_ref(), limit).await => {
                    keys_were_renewed = true;
                    Duration::ZERO
                }
                Verdict::Wait => self.delay(&mut backoff, &error),
                // Whoever asks sooner is refused again: there is one wait, and it ends.
                Verdict::Retry if let Some(distance) = too_close(operation, &error) => distance,
                Verdict::Retry if attempt < retry::ATTEMPTS => self.delay(&mut backoff, &error),
                _ => return Err(error),
            };
            // Waiting for the time limit helps nobody.
            if delay >= limit.at.saturating_duration_since(self.clock().instant()) {
                return Err(error);
            }
            (self.listener)(&Event::Retrying { action, error: &error, delay });
            sleep(delay).await;
            refusal = error.service().is_some().then_some(error).or(refusal);
        }
    }

    async fn keys(&self) -> Result<Option<Credentials>, ApiError> {
        match &self.keys {
            Some(keys) => Ok(Some(keys.current().await?)),
            None => Ok(None),
        }
    }

    /// Whether there are other keys than the refused ones, within the limit.
    async fn renew(&self, refused: Option<&Credentials>, limit: Deadline) -> bool {
        match self.keys.as_ref().zip(refused) {
            Some((keys, refused)) => timeout_at(limit.at, keys.replace_refused(refused)).await.unwrap_or(false),
            None => false,
        }
    }

    fn delay(&self, backoff: &mut Backoff, error: &ApiError) -> Duration {
        let asked_for = error.service().and_then(|service| service.retry_after);
        retry::delay(backoff, asked_for, (self.sources.chance)())
    }

    async fn attempt<T: DeserializeOwned>(
        &self,
        operation: &Operation,
        attempt: u32,
        credentials: Option<&Credentials>,
        asked: Timestamp,
        offset: TimeDelta,
    ) -> Result<T, ApiError> {
        let action = operation.action;
        let authority = self.transport.endpoint().authority();
        let request = self.sign(operation, &authority, credentials, asked.utc + offset);
        let region = operation.parameter("RegionId").unwrap_or("-");
        (self.listener)(&Event::Sending { action, authority: &authority, region, attempt });
        let answer = self.transport.send(&request, operation.answer_limit.unwrap_or(answer::LIMIT)).await?;
        let asked_for = Asked { authority: &authority, credentials, request: &request };
        let took = self.clock().instant() - asked.instant;
        let request_id = answer::request_id(&answer, asked_for);
        let (status, date) = (answer.status, answer.date);
        (self.listener)(&Event::Answered { action, status, request_id, date, took });
        answer::read(&answer, asked_for)
    }

    fn sign(
        &self,
        operation: &Operation,
        authority: &str,
        credentials: Option<&Credentials>,
        time: DateTime<Utc>,
    ) -> SignedRequest {
        let stamp = Stamp { time, nonce: (self.sources.nonce)() };
        match (credentials, self.signature) {
            (None, _) => unsigned::request(operation, &stamp),
            (Some(credentials), SignatureVersion::RpcV1) => rpc_v1::sign(operation, credentials, &stamp),
            (Some(credentials), SignatureVersion::Acs3) => acs3::sign(operation, authority, credentials, &stamp),
        }
    }

    fn offset(&self) -> TimeDelta {
        TimeDelta::milliseconds(self.clock_offset.load(Ordering::Relaxed))
    }

    /// Takes the service's time from its refusal of a request made at `local` time, sent with `offset`. False where it
    /// does not say it, or where it is the time that was sent: then the clock is not what is wrong.
    fn set_clock(&self, error: &ApiError, local: DateTime<Utc>, offset: TimeDelta) -> bool {
        let Some(date) = error.service().and_then(|service| service.date) else {
            return false;
        };
        let by = date - local;
        if (by - offset).abs() < CLOCK_MATTERS {
            return false;
        }
        // A clock that was off may have been set meanwhile.
        let by = if by.abs() < CLOCK_MATTERS { TimeDelta::zero() } else { by };
        let before = self.clock_offset.swap(by.num_milliseconds(), Ordering::Relaxed);
        // Several requests may find out at once; the user is told once.
        if !by.is_zero() && (by - TimeDelta::milliseconds(before)).abs() >= CLOCK_MATTERS {
            (self.listener)(&Event::ClockOff { by });
        }
        true
    }
}

/// How long the service refuses this operation on the same thing, where that is what it said.
fn too_close(operation: &Operation, error: &ApiError) -> Option<Duration> {
    let service = error.service().filter(|service| service.is_too_soon())?;
    operation.spacing.map(|spacing| service.retry_after.unwrap_or(spacing))
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("endpoint", self.transport.endpoint()).finish_non_exhaustive()
    }
}
