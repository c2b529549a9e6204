//! What can go wrong between a request and its answer, and what each means for trying again.

use std::time::Duration;

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::credentials::CredentialsUnavailable;

/// Why an operation has no answer.
#[derive(Debug, Error)]
pub enum ApiError {
    /// The service refused.
    #[error("{0}")]
    Service(Box<ServiceError>),
    /// No connection came about.
    #[error("could not connect to {authority}: {cause}")]
    Connect {
        /// `host[:port]`
        authority: String,
        /// The variable that names a proxy, and the proxy, if one may be on the way.
        proxy: Option<String>,
        /// The innermost cause.
        cause: String,
        /// A time-out or a reset, not a refusal.
        passing: bool,
    },
    /// The connection ended, or said nothing more, before the answer was complete.
    #[error("the connection to {authority} was lost: {cause}")]
    Lost {
        /// `host[:port]`
        authority: String,
        /// The innermost cause.
        cause: String,
    },
    /// An answer, but not one of this API's.
    #[error("{authority} gave an answer that is not the ECS API's (HTTP {status}): {why}")]
    Unreadable {
        /// `host[:port]`
        authority: String,
        /// The HTTP status.
        status: u16,
        /// What is wrong with it.
        why: String,
    },
    /// There is nothing to sign the request with.
    #[error(transparent)]
    CredentialsUnavailable(#[from] CredentialsUnavailable),
    /// The time limit passed before anything was answered.
    #[error("no answer to {action} within the time limit of {} s", limit.as_secs_f64())]
    TimeLimit {
        /// The operation.
        action: &'static str,
        /// How long was waited.
        limit: Duration,
    },
}

/// What the service said when it refused. The message holds no key, token or signature any more.
#[derive(Clone, Debug, Error)]
#[error("{code}: {message}{}", request_id.as_ref().map(|id| format!(" (RequestId {id})")).unwrap_or_default())]
pub struct ServiceError {
    /// For example `InvalidInstanceId.NotFound`.
    pub(crate) code: String,
    /// Its sentence.
    pub(crate) message: String,
    /// What the vendor's support asks for.
    pub(crate) request_id: Option<String>,
    /// The HTTP status. The vendor's own pages disagree about it, so the code decides.
    pub(crate) http_status: u16,
    /// Header `x-acs-retry-after`.
    pub(crate) retry_after: Option<Duration>,
    /// Header `Date`: the service's clock.
    pub(crate) date: Option<DateTime<Utc>>,
    /// What comparing the two StringToSign says, where the service repeated its own.
    pub(crate) signature: Option<SignatureFault>,
}

/// Who is at fault for a SignatureDoesNotMatch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SignatureFault {
    /// Both sides signed the same text, so the secrets differ.
    Secret,
    /// The sides signed different texts; these parameters differ, as far as they could be told apart.
    Signer(Vec<String>),
}

/// What an error means for the next attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may pass.
    Retry,
    /// It will pass, but nobody knows when.
    Wait,
    /// The local clock is off; ask again with the service's.
    SetClock,
    /// The keys are not known, or no longer; ask again with new ones, if there are any.
    RenewKeys,
    /// It will not pass.
    Final,
}

impl ApiError {
    /// Decides by the code, never by the HTTP status where there is a code.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Service(error) => error.verdict(),
            Self::Connect { passing, .. } if !passing => Verdict::Final,
            Self::Connect { .. } | Self::Lost { .. } => Verdict::Retry,
            Self::Unreadable { status, .. } if is_passing(*status) => Verdict::Retry,
            Self::Unreadable { .. } | Self::CredentialsUnavailable(_) | Self::TimeLimit { .. } => Verdict::Final,
        }
    }

    /// Whether the service said that the key lacks a RAM action.
    pub(crate) fn is_forbidden(&self) -> bool {
        self.service().is_some_and(ServiceError::is_forbidden)
    }

    /// Whether the service said that it does not know the key, or no longer.
    pub(crate) fn is_unknown_key(&self) -> bool {
        self.service().is_some_and(ServiceError::is_unknown_key)
    }

    /// Whether the service said that the same was asked of the same instance a moment ago, as GetInstanceScreenshot does
    /// for 10 s.
    pub fn is_too_soon(&self) -> bool {
        self.service().is_some_and(ServiceError::is_too_soon)
    }

    /// The service's own words, where it was the service that refused.
    pub(crate) fn service(&self) -> Option<&ServiceError> {
        match self {
            Self::Service(error) => Some(error),
            _ => None,
        }
    }
}

impl ServiceError {
    /// Whether the key lacks a RAM action.
    pub(crate) fn is_forbidden(&self) -> bool {
        matches!(self.code.as_str(), "NoPermission" | "Forbidden") || self.code.starts_with("Forbidden.")
    }

    /// Whether the same was asked too short a time ago. `Throttling.User` and its like are about the account's requests,
    /// and pass as others do.
    pub(crate) fn is_too_soon(&self) -> bool {
        self.code == "Throttling"
    }

    /// Whether the key is not known, or no longer.
    pub(crate) fn is_unknown_key(&self) -> bool {
        self.code == "InvalidAccessKeyId.NotFound" || self.code.starts_with("InvalidSecurityToken")
    }

    fn verdict(&self) -> Verdict {
        match self.code.as_str() {
            "InvalidTimeStamp.Expired" | "IllegalTimestamp" => Verdict::SetClock,
            "InstanceNotReady" => Verdict::Wait,
            "ServiceUnavailable" | "InternalError" | "UnknownError" | "SignatureNonceUsed" => Verdict::Retry,
            code if is_throttling(code) => Verdict::Retry,
            _ if self.is_unknown_key() => Verdict::RenewKeys,
            _ => Verdict::Final,
        }
    }
}

/// The statuses that say "later" where no code says anything: RFC 6585, section 4; RFC 9110, section 15.6.
pub(crate) fn is_passing(status: u16) -> bool {
    status == 429 || status >= 500
}

/// `Throttling`, `Throttling.User`, `Throttling.Api` and whatever joins them.
pub(crate) fn is_throttling(code: &str) -> bool {
    code == "Throttling" || code.starts_with("Throttling.")
}
