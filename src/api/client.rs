//! Calls operations at one endpoint: signs, sends, retries, and refreshes credentials that the service refuses.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::de::{DeserializeOwned, IgnoredAny};
use tokio::time::{sleep, timeout_at};

use super::endpoint::Endpoint;
use super::error::{ApiError, RetryStrategy};
use super::event::{Event, EventHandler};
use super::pace::Pace;
use super::response::{self, RequestContext};
use super::retry;
use super::service_clock::{Adjustment, ServiceClock};
use super::signature::{Operation, SignatureVersion, SignedRequest, Stamp, acs3, rpc_v1, unsigned};
use super::transport::Transport;
use crate::credentials::{Credentials, ProvideCredentials};
use crate::system::backoff::Backoff;
use crate::system::clock::{Clock, Deadline, Timestamp};

/// Time and randomness for requests.
#[derive(Clone, Debug)]
pub struct ClientEnv {
    /// The local clock.
    pub clock: Clock,
    /// Returns a new SignatureNonce at every call.
    pub nonce: fn() -> String,
    /// Returns a random number in `0.0..1.0` for the jitter of retries.
    pub chance: fn() -> f64,
}

/// The result of an operation.
#[derive(Debug)]
pub struct Response<T> {
    /// The parsed body.
    pub value: T,
    /// The moment before the request was sent: nothing in the result is older.
    pub(crate) sent_at: Timestamp,
}

/// A client for the API at one endpoint.
pub struct Client {
    transport: Transport,
    /// `None` for operations that need no signature.
    credentials: Option<Arc<dyn ProvideCredentials>>,
    signature: SignatureVersion,
    env: ClientEnv,
    on_event: EventHandler,
    service_clock: ServiceClock,
    pace: Arc<Pace>,
}

impl Client {
    /// Creates a client. It connects on the first request.
    pub fn new(
        transport: Transport,
        credentials: Option<Arc<dyn ProvideCredentials>>,
        signature: SignatureVersion,
        env: ClientEnv,
        on_event: EventHandler,
    ) -> Self {
        Self {
            transport,
            credentials,
            signature,
            env,
            on_event,
            service_clock: ServiceClock::default(),
            pace: Arc::default(),
        }
    }

    /// Returns a client for the same account at another endpoint.
    pub(crate) fn at(&self, transport: Transport) -> Self {
        Self {
            transport,
            credentials: self.credentials.clone(),
            signature: self.signature,
            env: self.env.clone(),
            on_event: self.on_event.clone(),
            service_clock: self.service_clock.clone(),
            pace: self.pace.clone(),
        }
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        self.transport.endpoint()
    }

    /// The pace that all clients of the account share.
    pub(crate) fn pace(&self) -> &Arc<Pace> {
        &self.pace
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.env.clock
    }

    /// Calls an operation until it succeeds, fails permanently, or `deadline` passes. In a run, a request that the account's
    /// limits delay has that much more time, and its attempts are not counted.
    ///
    /// If time or attempts run out, the error is the last one that the service returned, as it says more than
    /// [`ApiError::TimeLimit`].
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        operation: &Operation,
        mut deadline: Deadline,
    ) -> Result<Response<T>, ApiError> {
        let action = operation.action;
        let timed_out = ApiError::TimeLimit { action, limit: deadline.total };
        let mut last_service_error = None;
        let (mut attempt, mut is_clock_adjusted, mut are_credentials_refreshed) = (0, false, false);
        // One attempt may be cut short. After that, the service has the rest of the time.
        let mut may_be_cut_short = !operation.is_unrepeatable;
        let mut backoff = retry::BACKOFF;
        loop {
            attempt += 1;
            deadline.at += self.pace.turn(self.clock()).await;
            let Ok(credentials) = timeout_at(deadline.at, self.current_credentials()).await else {
                return Err(last_service_error.unwrap_or(timed_out));
            };
            let (credentials, sent_at, offset) = (credentials?, self.clock().now(), self.service_clock.offset());
            let remaining = deadline.at.saturating_duration_since(sent_at.instant);
            let response_limit = retry::first_response_limit(remaining).filter(|_| may_be_cut_short);
            let attempting = self.attempt(operation, attempt, credentials.as_ref(), sent_at, offset, response_limit);
            let error = match timeout_at(deadline.at, attempting).await {
                Ok(Ok(value)) => {
                    self.pace.speed_up();
                    return Ok(Response { value, sent_at });
                }
                Ok(Err(error)) => error,
                Err(_) if operation.is_unrepeatable => return Err(timed_out),
                Err(_) => return Err(last_service_error.unwrap_or(timed_out)),
            };
            may_be_cut_short &= !error.is_cut_short();
            if operation.is_unrepeatable && error.is_outcome_unknown() {
                return Err(error);
            }
            if error.is_throttled() && required_interval(operation, &error).is_none() {
                let (now, jitter) = (self.clock().instant(), (self.env.chance)());
                if let Some(delay) = self.pace.slow_down(sent_at.instant, now, error.retry_after(), jitter) {
                    attempt -= 1;
                    (self.on_event)(&Event::Retrying { action, error: &error, delay });
                    last_service_error = error.service().is_some().then_some(error).or(last_service_error);
                    continue;
                }
            }
            let delay = match error.retry_strategy() {
                RetryStrategy::AdjustClock if !is_clock_adjusted && self.adjust_clock(&error, sent_at.utc, offset) => {
                    is_clock_adjusted = true;
                    Duration::ZERO
                }
                RetryStrategy::RefreshCredentials
                    if !are_credentials_refreshed && self.replace_refused(credentials.as_ref(), deadline).await =>
                {
                    are_credentials_refreshed = true;
                    Duration::ZERO
                }
                RetryStrategy::RetryUntilDeadline => self.delay(&mut backoff, &error),
                // An earlier retry would be refused again, so this wait counts as one attempt however long it is.
                RetryStrategy::Retry if let Some(interval) = required_interval(operation, &error) => interval,
                RetryStrategy::Retry if attempt < retry::MAX_ATTEMPTS => self.delay(&mut backoff, &error),
                _ => return Err(error),
            };
            // Fail now instead of waiting for a deadline that leaves no time for another attempt.
            if delay >= deadline.at.saturating_duration_since(self.clock().instant()) {
                return Err(error);
            }
            (self.on_event)(&Event::Retrying { action, error: &error, delay });
            sleep(delay).await;
            last_service_error = error.service().is_some().then_some(error).or(last_service_error);
        }
    }

    /// Calls an operation only to learn whether it is allowed. The result is not read.
    pub(crate) async fn check_permission(&self, operation: &Operation, deadline: Deadline) -> Result<(), ApiError> {
        let _: Response<IgnoredAny> = self.call(operation, deadline).await?;
        Ok(())
    }

    async fn current_credentials(&self) -> Result<Option<Credentials>, ApiError> {
        match &self.credentials {
            Some(provider) => Ok(Some(provider.current().await?)),
            None => Ok(None),
        }
    }

    /// Replaces credentials that the service refused. Returns `false` if there are no others, or none by `deadline`.
    async fn replace_refused(&self, refused: Option<&Credentials>, deadline: Deadline) -> bool {
        match self.credentials.as_ref().zip(refused) {
            Some((provider, refused)) => {
                timeout_at(deadline.at, provider.replace_refused(refused)).await.unwrap_or(false)
            }
            None => false,
        }
    }

    fn delay(&self, backoff: &mut Backoff, error: &ApiError) -> Duration {
        retry::delay(backoff, error.retry_after(), (self.env.chance)())
    }

    async fn attempt<T: DeserializeOwned>(
        &self,
        operation: &Operation,
        attempt: u32,
        credentials: Option<&Credentials>,
        sent_at: Timestamp,
        offset: TimeDelta,
        response_limit: Option<Duration>,
    ) -> Result<T, ApiError> {
        let action = operation.action;
        let authority = self.transport.endpoint().authority();
        let service_time = sent_at.utc + offset;
        let request = self.sign(operation, &authority, credentials, service_time);
        let region = operation.parameter("RegionId").unwrap_or("-");
        (self.on_event)(&Event::Sending { action, authority: &authority, region, attempt });
        let max_body_len = operation.max_body_len.unwrap_or(response::DEFAULT_MAX_BODY_LEN);
        let response = self.transport.send(&request, max_body_len, response_limit, service_time).await?;
        let elapsed = self.clock().instant() - sent_at.instant;
        let context = RequestContext { authority: &authority, credentials, request: &request };
        let request_id = response::request_id(&response, context);
        let (status, date) = (response.status, response.date);
        (self.on_event)(&Event::ResponseReceived { action, status, request_id, date, elapsed });
        response::parse(&response, context)
    }

    fn sign(
        &self,
        operation: &Operation,
        authority: &str,
        credentials: Option<&Credentials>,
        time: DateTime<Utc>,
    ) -> SignedRequest {
        let stamp = Stamp { time, nonce: (self.env.nonce)() };
        match (credentials, self.signature) {
            (None, _) => unsigned::request(operation, &stamp),
            (Some(credentials), SignatureVersion::RpcV1) => rpc_v1::sign(operation, credentials, &stamp),
            (Some(credentials), SignatureVersion::Acs3) => acs3::sign(operation, authority, credentials, &stamp),
        }
    }

    /// Adopts the service's time from its error. Returns `false` if the error has no time, or if the clock is not the
    /// cause.
    fn adjust_clock(&self, error: &ApiError, local_time: DateTime<Utc>, sent_offset: TimeDelta) -> bool {
        let Some(date) = error.service().and_then(|service| service.date) else {
            return false;
        };
        match self.service_clock.adjust(date, local_time, sent_offset) {
            Adjustment::NotNeeded => false,
            Adjustment::AlreadyDone => true,
            Adjustment::Changed(offset) => {
                (self.on_event)(&Event::ClockAdjusted { offset });
                true
            }
        }
    }
}

/// Returns how long to wait after the error "too soon" of an operation with a minimum interval.
fn required_interval(operation: &Operation, error: &ApiError) -> Option<Duration> {
    let service = error.service().filter(|service| service.is_repeated_too_soon())?;
    operation.min_interval.map(|interval| service.retry_after.unwrap_or(interval))
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("endpoint", self.transport.endpoint()).finish_non_exhaustive()
    }
}
