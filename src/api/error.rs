//! The errors of the API, and for each of them whether and how to retry.

use std::time::Duration;

use chrono::{DateTime, Utc};
use thiserror::Error;

use super::tls_failure::TlsFailure;
use crate::credentials::CredentialsUnavailable;

/// Why an operation failed.
#[derive(Debug, Error)]
pub enum ApiError {
    /// The service refused the request.
    #[error("{0}")]
    Service(Box<ServiceError>),
    /// DNS, TCP, TLS or the proxy failed.
    #[error("could not connect to {authority}: {cause}")]
    Connect {
        /// The server, as `host[:port]`.
        authority: String,
        /// The environment variable of the proxy and its host, if a proxy is set.
        proxy: Option<String>,
        /// The root cause.
        cause: String,
        /// Why TLS failed, if it did.
        tls: Option<Box<TlsFailure>>,
        /// Whether a retry may help: after a timeout or a reset, but not if the connection was refused.
        is_transient: bool,
    },
    /// The connection was closed before the response was complete.
    #[error("the connection to {authority} was lost: {cause}")]
    Lost {
        /// The server, as `host[:port]`.
        authority: String,
        /// The root cause.
        cause: String,
    },
    /// The service did not begin to respond in the time that one attempt has.
    #[error("no response from {authority} within {:.0} s", limit.as_secs_f64())]
    NoResponse {
        /// The server, as `host[:port]`.
        authority: String,
        /// How long the attempt waited.
        limit: Duration,
    },
    /// The response began, and nothing more of it came in the time that one attempt has.
    #[error("the response from {authority} stopped for {:.0} s", limit.as_secs_f64())]
    Stalled {
        /// The server, as `host[:port]`.
        authority: String,
        /// How long the attempt waited for the next part.
        limit: Duration,
    },
    /// A response that is neither a result nor an error of the API.
    #[error("unexpected response from {authority}{}: {reason}", describe_origin(*status, request_id.as_deref()))]
    UnexpectedResponse {
        /// The server, as `host[:port]`.
        authority: String,
        /// HTTP status code.
        status: u16,
        /// The RequestId. Without one, the response may come from another server.
        request_id: Option<String>,
        /// Header `x-acs-retry-after` or `Retry-After`.
        retry_after: Option<Duration>,
        /// The body, or what is wrong with it.
        reason: String,
    },
    /// The credentials have expired and cannot be refreshed.
    #[error(transparent)]
    CredentialsUnavailable(#[from] CredentialsUnavailable),
    /// The time limit passed before the first response.
    #[error("no response to {action} within the time limit of {} s", limit.as_secs_f64())]
    TimeLimit {
        /// Name of the operation.
        action: &'static str,
        /// The time limit.
        limit: Duration,
    },
}

/// The error that the service returned. Credentials and signatures are removed from its texts.
#[derive(Clone, Debug, Error)]
#[error("{code}: {message}{}", request_id.as_ref().map(|id| format!(" (RequestId {id})")).unwrap_or_default())]
pub struct ServiceError {
    /// For example `InvalidInstanceId.NotFound`.
    pub(crate) code: String,
    pub(crate) message: String,
    /// Identifies the request to Alibaba Cloud support.
    pub(crate) request_id: Option<String>,
    /// HTTP status code. The vendor's pages disagree about it, so decisions depend on `code`.
    pub(crate) http_status: u16,
    /// Header `x-acs-retry-after` or `Retry-After`.
    pub(crate) retry_after: Option<Duration>,
    /// Header `Date`: the time of the service's clock.
    pub(crate) date: Option<DateTime<Utc>>,
    /// How the two StringToSign differ, if the response contains the service's.
    pub(crate) signature_mismatch: Option<SignatureMismatch>,
}

/// The cause of a SignatureDoesNotMatch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SignatureMismatch {
    /// Both sides signed the same text, so the AccessKeySecret is wrong.
    WrongSecret,
    /// The service received a different request. The parameters that differ; empty if they cannot be determined.
    DifferentRequest(Vec<String>),
}

/// Codes of errors that no retry mends, whatever the HTTP status is. Codes of missing permissions and of unknown
/// AccessKeys are not repeated here.
///
/// Source: the vendor's pages on the operations of [`operations`](super::operations), and on common errors.
const PERMANENT_CODES: [&str; 10] = [
    "IncompleteSignature",
    "IncorrectInstanceStatus",
    "InvalidAccessKeyId.Inactive",
    "InvalidInstanceId.NotFound",
    "InvalidRegionId.NotFound",
    "InvalidRegionInstance",
    "MissingParameter",
    "MissingSecurityToken",
    "NotSupported",
    "SignatureDoesNotMatch",
];

/// What to do after an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryStrategy {
    /// Retry a few times: the error may be temporary.
    Retry,
    /// Retry until the time limit: the error is temporary, but may last for minutes.
    RetryUntilDeadline,
    /// Retry once with the time of the service: the local clock is wrong.
    AdjustClock,
    /// Retry once with new credentials: the service does not know the current ones (any more).
    RefreshCredentials,
    /// Do not retry.
    Fail,
}

impl ApiError {
    /// Returns whether and how to retry. The error code decides; the HTTP status only counts if the code is not known.
    pub fn retry_strategy(&self) -> RetryStrategy {
        match self {
            Self::Service(error) => error.retry_strategy(),
            Self::Connect { is_transient: false, .. } => RetryStrategy::Fail,
            Self::Connect { .. } | Self::Lost { .. } => RetryStrategy::Retry,
            Self::NoResponse { .. } | Self::Stalled { .. } => RetryStrategy::Retry,
            Self::UnexpectedResponse { status, .. } if is_transient_status(*status) => RetryStrategy::Retry,
            Self::UnexpectedResponse { .. } | Self::CredentialsUnavailable(_) | Self::TimeLimit { .. } => {
                RetryStrategy::Fail
            }
        }
    }

    /// Whether the same request may succeed later, without a change by the user: after throttling, or once the network is
    /// back.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Connect { tls, .. } => tls.is_none(),
            Self::TimeLimit { .. } => true,
            _ => matches!(self.retry_strategy(), RetryStrategy::Retry | RetryStrategy::RetryUntilDeadline),
        }
    }

    /// How long the service or a gateway asked to wait before the next attempt.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Service(error) => error.retry_after,
            Self::UnexpectedResponse { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether there were too many requests. `Throttling` may also mean that one operation was repeated too soon.
    pub(crate) fn is_throttled(&self) -> bool {
        match self {
            Self::Service(error) => is_throttling(&error.code),
            Self::UnexpectedResponse { status, .. } => *status == 429,
            _ => false,
        }
    }

    /// Whether the attempt was given up to leave time for a second one.
    pub(crate) fn is_cut_short(&self) -> bool {
        matches!(self, Self::NoResponse { .. } | Self::Stalled { .. })
    }

    /// Whether the request was sent, but its response is missing, or a gateway failed in its place: the operation may have
    /// been carried out.
    pub(crate) fn is_outcome_unknown(&self) -> bool {
        let has_no_response = matches!(self, Self::Lost { .. } | Self::TimeLimit { .. });
        self.is_cut_short() || has_no_response || matches!(self, Self::UnexpectedResponse { status: 500..=599, .. })
    }

    /// Whether the AccessKey lacks a RAM action.
    pub(crate) fn is_forbidden(&self) -> bool {
        self.service().is_some_and(ServiceError::is_forbidden)
    }

    /// Whether the service does not know the AccessKey or its token (any more).
    pub(crate) fn is_unknown_access_key(&self) -> bool {
        self.service().is_some_and(ServiceError::is_unknown_access_key)
    }

    /// The error of the service, if the service refused the request.
    pub(crate) fn service(&self) -> Option<&ServiceError> {
        match self {
            Self::Service(error) => Some(error),
            _ => None,
        }
    }
}

impl ServiceError {
    /// Whether the AccessKey lacks a RAM action.
    pub(crate) fn is_forbidden(&self) -> bool {
        matches!(self.code.as_str(), "NoPermission" | "Forbidden") || self.code.starts_with("Forbidden.")
    }

    /// Whether the same operation on the same instance was too recent. `Throttling.User` and the like are limits of the
    /// whole account instead.
    pub(crate) fn is_repeated_too_soon(&self) -> bool {
        self.code == "Throttling"
    }

    /// Whether the service does not know the AccessKey or its token (any more).
    pub(crate) fn is_unknown_access_key(&self) -> bool {
        self.code == "InvalidAccessKeyId.NotFound" || self.code.starts_with("InvalidSecurityToken")
    }

    /// Whether the service fails or is busy, rather than the request being at fault.
    pub(crate) fn is_temporary(&self) -> bool {
        match self.code.as_str() {
            "ServiceUnavailable" | "InternalError" | "UnknownError" | "SignatureNonceUsed" => true,
            code if is_throttling(code) => true,
            code if PERMANENT_CODES.contains(&code) || self.is_forbidden() || self.is_unknown_access_key() => false,
            _ => is_transient_status(self.http_status),
        }
    }

    fn retry_strategy(&self) -> RetryStrategy {
        match self.code.as_str() {
            "InvalidTimeStamp.Expired" | "IllegalTimestamp" => RetryStrategy::AdjustClock,
            "InstanceNotReady" => RetryStrategy::RetryUntilDeadline,
            _ if self.is_temporary() => RetryStrategy::Retry,
            _ if self.is_unknown_access_key() => RetryStrategy::RefreshCredentials,
            _ => RetryStrategy::Fail,
        }
    }
}

/// Whether a status without a known error code suggests a retry.
///
/// Source: RFC 9110, sections 15.5.9 (408) and 15.6 (5xx); RFC 6585, section 4 (429).
pub(crate) fn is_transient_status(status: u16) -> bool {
    matches!(status, 408 | 429 | 500..=599)
}

/// The part of an unexpected response's text that says what is known of its origin.
fn describe_origin(status: u16, request_id: Option<&str>) -> String {
    match request_id {
        Some(id) => format!(" (HTTP {status}, RequestId {id})"),
        None => format!(", not from the Alibaba Cloud API (HTTP {status})"),
    }
}

/// Whether `code` is `Throttling` or one of its variants, such as `Throttling.User`.
pub(crate) fn is_throttling(code: &str) -> bool {
    code == "Throttling" || code.starts_with("Throttling.")
}
