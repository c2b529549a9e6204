//! Signs requests: pure functions of operation, credentials, time and nonce.

pub mod acs3;
mod canonical_query;
pub mod rpc_v1;
pub mod unsigned;

pub(crate) use canonical_query::canonical_query;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use serde::Deserialize;

use crate::secret::Secret;

/// An API call before it is signed.
#[derive(Clone, Debug, Default)]
pub struct Operation {
    /// `Action`, for example `DescribeInstanceVncUrl`.
    pub(crate) action: &'static str,
    /// Version of the API, for example `2014-05-26`.
    pub(crate) version: &'static str,
    parameters: Vec<(Cow<'static, str>, String)>,
    /// A parameter that is redacted from errors.
    secret_parameter: Option<(&'static str, Secret)>,
    /// The longest response body, in bytes, if it differs from the default.
    pub(crate) max_body_len: Option<usize>,
    /// The minimum time between two calls for the same instance, if the service requires one.
    pub(crate) min_interval: Option<Duration>,
    /// Whether the operation must not be repeated if it may have been carried out already.
    pub(crate) is_unrepeatable: bool,
}

impl Operation {
    /// Creates an operation without parameters.
    pub fn new(action: &'static str, version: &'static str) -> Self {
        Self { action, version, ..Self::default() }
    }

    /// Adds a parameter.
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Adds the parameter that is redacted from errors. An operation has at most one.
    pub fn with_secret(mut self, name: &'static str, value: Secret) -> Self {
        self.secret_parameter = Some((name, value));
        self
    }

    /// Sets the longest response body.
    pub(crate) fn max_body_len(mut self, bytes: usize) -> Self {
        self.max_body_len = Some(bytes);
        self
    }

    /// Sets the minimum time between two calls. After the error `Throttling`, the client waits for it as often as needed.
    pub(crate) fn min_interval(mut self, interval: Duration) -> Self {
        self.min_interval = Some(interval);
        self
    }

    /// Marks an operation that must not be repeated if it may have been carried out already.
    pub(crate) fn unrepeatable(mut self) -> Self {
        self.is_unrepeatable = true;
        self
    }

    /// All parameters, including the secret one, but without those of the signature.
    fn all_parameters(&self) -> impl Iterator<Item = (String, String)> {
        let secret = self.secret_parameter.iter().map(|(name, value)| (*name, value.expose()));
        let parameters = self.parameters.iter().map(|(name, value)| (name.as_ref(), value.as_str()));
        parameters.chain(secret).map(|(name, value)| (name.to_owned(), value.to_owned()))
    }

    /// The secret parameter and the signature, which must not appear in errors.
    fn secrets_and(&self, signature: Option<String>) -> Vec<Secret> {
        let secret = self.secret_parameter.iter().map(|(_, value)| value.clone());
        secret.chain(signature.map(Secret::new)).collect()
    }

    /// Returns the value of a parameter that is not secret.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Time and nonce of a signature. Both must be new for every attempt.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// The time of the service, as far as it is known.
    pub time: chrono::DateTime<chrono::Utc>,
    /// The SignatureNonce: a new random text for each request.
    pub nonce: String,
}

/// The signature method.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum SignatureVersion {
    /// RPC, `SignatureVersion=1.0`, HMAC-SHA1.
    #[default]
    #[serde(rename = "1.0")]
    RpcV1,
    /// ACS3-HMAC-SHA256.
    #[serde(rename = "acs3")]
    Acs3,
}

/// A signed request. Its debug output is empty, since a copy of the request can be sent again.
pub struct SignedRequest {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path and the signed query, `/?…`.
    pub path_and_query: Secret,
    /// Headers in addition to those of HTTP.
    pub headers: Vec<(&'static str, Secret)>,
    /// A form to send as the body.
    pub(crate) form: Option<Secret>,
    /// The secret parameter and the signature, to be redacted from responses.
    pub secrets: Vec<Secret>,
    /// The signed text. The service returns its own if the signature does not match.
    pub string_to_sign: Secret,
}

impl fmt::Debug for SignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedRequest").field("method", &self.method).finish_non_exhaustive()
    }
}
