//! Signed requests: pure functions of request, credentials, time and nonce.

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

/// What is asked of the service, before it is signed.
#[derive(Clone, Debug, Default)]
pub struct Operation {
    /// `Action`, for example `DescribeInstanceVncUrl`.
    pub(crate) action: &'static str,
    /// The API's version, for example `2014-05-26`.
    pub(crate) version: &'static str,
    parameters: Vec<(Cow<'static, str>, String)>,
    /// One more, that must not be seen.
    secret_parameter: Option<(&'static str, Secret)>,
    /// The most its answer may hold, in bytes, where that is more than usual.
    pub(crate) answer_limit: Option<usize>,
    /// How far two of them on the same thing must be apart, where the service says so.
    pub(crate) spacing: Option<Duration>,
}

impl Operation {
    /// An operation without parameters.
    pub fn new(action: &'static str, version: &'static str) -> Self {
        Self { action, version, ..Self::default() }
    }

    /// Adds a parameter.
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Adds the parameter that must not be seen.
    pub fn with_secret(mut self, name: &'static str, value: Secret) -> Self {
        self.secret_parameter = Some((name, value));
        self
    }

    /// Lets its answer hold so many bytes, more than others.
    pub(crate) fn answer_limit(mut self, bytes: usize) -> Self {
        self.answer_limit = Some(bytes);
        self
    }

    /// Keeps this distance after a `Throttling`, however often it takes: the service demands it between two of them.
    pub(crate) fn spacing(mut self, distance: Duration) -> Self {
        self.spacing = Some(distance);
        self
    }

    /// All of its own parameters, for signing.
    fn all_parameters(&self) -> impl Iterator<Item = (String, String)> {
        let secret = self.secret_parameter.iter().map(|(name, value)| (*name, value.expose()));
        let parameters = self.parameters.iter().map(|(name, value)| (name.as_ref(), value.as_str()));
        parameters.chain(secret).map(|(name, value)| (name.to_owned(), value.to_owned()))
    }

    /// What must not come back from the service in an error.
    fn secrets_and(&self, signature: Option<String>) -> Vec<Secret> {
        let secret = self.secret_parameter.iter().map(|(_, value)| value.clone());
        secret.chain(signature.map(Secret::new)).collect()
    }

    /// The value of one of its own parameters.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// When and as which one a request is signed. Both must be new for every attempt.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// The time, as the service is believed to see it.
    pub time: chrono::DateTime<chrono::Utc>,
    /// `SignatureNonce`.
    pub nonce: String,
}

/// How requests are signed.
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

/// A request ready to be sent. Whoever has it can send it, so it is not printed.
pub struct SignedRequest {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// `/?…`
    pub path_and_query: Secret,
    /// Headers beyond those of HTTP itself.
    pub headers: Vec<(&'static str, Secret)>,
    /// A form in the body.
    pub(crate) form: Option<Secret>,
    /// The signature and the secret parameter, where there are any, so that they can be taken out of what comes back.
    pub secrets: Vec<Secret>,
    /// What was signed; the service repeats its own when the two differ.
    pub string_to_sign: Secret,
}

impl fmt::Debug for SignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedRequest").field("method", &self.method).finish_non_exhaustive()
    }
}
