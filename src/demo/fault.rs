//! The errors of the service, as the vendor documents them.

use std::time::Duration;

/// An error of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The HTTP status.
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    /// For the header `x-acs-retry-after`.
    pub(crate) retry_after: Option<Duration>,
}

/// Code, status and message of each error that `i-demo-error-CODE` can be.
/// Source: the vendor's pages on DescribeInstanceVncUrl, on GetInstanceConsoleOutput and on common errors.
pub(crate) const DOCUMENTED: [(&str, u16, &str); 26] = [
    ("InvalidRegionInstance", 400, "The specified instance is not in the specified region."),
    (
        "MissingParameter",
        400,
        "The input parameter \"InstanceId\" that is mandatory for processing this request is not supplied.",
    ),
    ("IncorrectInstanceStatus", 403, "The current status of the resource does not support this operation."),
    ("InstanceNotReady", 403, "The specified instance is not ready for use, please try again later."),
    ("InvalidRegionId.NotFound", 404, "The specified RegionId does not exist."),
    ("InvalidInstanceId.NotFound", 404, "The specified InstanceId does not exist."),
    ("InternalError", 500, "The request processing has failed due to some unknown error."),
    ("ServiceUnavailable", 503, "The request has failed due to a temporary failure of the server."),
    ("UnknownError", 500, "The request processing has failed due to some unknown error, exception or failure."),
    ("Throttling", 400, "Request was denied due to request throttling."),
    ("Throttling.User", 400, "Request was denied due to user flow control."),
    ("Throttling.Api", 429, "Request was denied due to api flow control."),
    ("InvalidTimeStamp.Expired", 400, "Specified time stamp or date value is expired."),
    (
        "IllegalTimestamp",
        400,
        "The input parameter \"Timestamp\" that is mandatory for processing this request is not supplied.",
    ),
    ("SignatureNonceUsed", 400, "Specified signature nonce was used already."),
    ("SignatureDoesNotMatch", 400, "Specified signature is not matched with our calculation."),
    ("IncompleteSignature", 400, "The request signature does not conform to Aliyun standards."),
    ("InvalidAccessKeyId.NotFound", 404, "Specified access key is not found."),
    ("InvalidAccessKeyId.Inactive", 400, "Specified access key is disabled."),
    ("InvalidSecurityToken.Expired", 400, "Specified SecurityToken is expired."),
    ("InvalidSecurityToken.Malformed", 400, "Specified SecurityToken is malformed."),
    ("MissingSecurityToken", 400, "SecurityToken is mandatory for this action."),
    (
        "Forbidden.RAM",
        403,
        "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
    ),
    ("NoPermission", 403, "You are not authorized to do this action."),
    ("Forbidden", 403, "User not authorized to operate on the specified resource."),
    ("NotSupported", 405, "The specified instance does not support this operation."),
];

impl Fault {
    /// The documented error with this code.
    pub(crate) fn documented(code: &str) -> Option<Self> {
        let (code, status, message) = DOCUMENTED.into_iter().find(|(known, _, _)| *known == code)?;
        Some(Self::new(status, code, message))
    }

    /// The documented error with this code. A test checks that every code in the source is documented.
    pub(crate) fn of(code: &str) -> Self {
        Self::documented(code).unwrap_or_else(|| Self::new(500, "InternalError", "The request processing has failed."))
    }

    pub(crate) fn new(status: u16, code: &str, message: &str) -> Self {
        Self { status, code: code.to_owned(), message: message.to_owned(), retry_after: None }
    }

    /// Appends to the message.
    pub(crate) fn with_detail(mut self, more: &str) -> Self {
        self.message.push_str(more);
        self
    }

    /// Replaces the status: the vendor's pages differ in the statuses of some codes.
    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Asks the client to wait before it retries.
    pub(crate) fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_named_in_the_source_is_documented() {
        for source in [
            include_str!("request_auth.rs"),
            include_str!("regions.rs"),
            include_str!("screenshots.rs"),
            include_str!("service.rs"),
            include_str!("sts.rs"),
            include_str!("throttle.rs"),
        ] {
            for named in source.split("Fault::of(\"").skip(1) {
                let code = named.split('"').next().unwrap();
                assert!(Fault::documented(code).is_some(), "{code}");
            }
        }
    }
}
