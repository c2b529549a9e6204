//! Signed requests: pure functions of request, credentials, time and nonce.

pub mod acs3;
mod canonical_query;
pub mod rpc_v1;

pub use canonical_query::canonical_query;

use std::fmt;

use serde::Deserialize;

use crate::secret::Secret;

/// What is asked of the service, before it is signed.
#[derive(Clone, Debug, Default)]
pub struct Operation {
    /// `Action`, for example `DescribeInstanceVncUrl`.
    pub action: &'static str,
    /// The API's version, for example `2014-05-26`.
    pub version: &'static str,
    /// The operation's own parameters.
    pub parameters: Vec<(&'static str, String)>,
    /// One more, that must not be seen.
    pub secret_parameter: Option<(&'static str, Secret)>,
}

impl Operation {
    /// All of its own parameters, for signing.
    fn all_parameters(&self) -> impl Iterator<Item = (String, String)> {
        let secret = self.secret_parameter.iter().map(|(name, value)| (*name, value.expose()));
        let parameters = self.parameters.iter().map(|(name, value)| (*name, value.as_str()));
        parameters.chain(secret).map(|(name, value)| (name.to_owned(), value.to_owned()))
    }

    /// What must not come back from the service in an error.
    fn secrets_and(&self, signature: String) -> Vec<Secret> {
        let secret = self.secret_parameter.iter().map(|(_, value)| value.clone());
        secret.chain([Secret::new(signature)]).collect()
    }

    /// The value of one of its own parameters.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
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
    /// The signature and the secret parameter, so that they can be taken out of what comes back.
    pub secrets: Vec<Secret>,
    /// What was signed; the service repeats its own when the two differ.
    pub string_to_sign: Secret,
}

impl fmt::Debug for SignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedRequest").field("method", &self.method).finish_non_exhaustive()
    }
}
