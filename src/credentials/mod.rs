//! Credentials: the type, where they came from, how they are read from variables, who provides current ones.
//!
//! Fetching them from STS, a program or the metadata service is the task of `auth`.

mod environment;
mod expiring;
mod keys;
mod origin;
mod provide;

pub(crate) use environment::from_environment;
pub use expiring::ExpiringCredentials;
pub(crate) use expiring::{expiration, rfc_3339};
pub(crate) use keys::{CredentialsError, checked};
pub(crate) use origin::CredentialsOrigin;
pub use provide::{CredentialsUnavailable, ProvideCredentials};

use crate::secret::{AccessKeyId, Secret};

/// An AccessKey pair, with a token if it is temporary: what requests are signed with.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Identifies the pair.
    pub access_key_id: AccessKeyId,
    /// The HMAC key of signatures.
    pub access_key_secret: Secret,
    /// Only temporary credentials from STS have one.
    pub security_token: Option<Secret>,
}
