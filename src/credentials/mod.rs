//! Credentials, and how they are read where they stand. What has to be asked for is in `sources`.

mod environment;
mod expiring;
mod keys;

pub(crate) use environment::from_environment;
pub use expiring::ExpiringCredentials;
pub(crate) use expiring::{expiration, rfc_3339};
pub(crate) use keys::{CredentialsError, checked};

use crate::secret::{AccessKeyId, Secret};

/// What requests are signed with.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Names the key pair.
    pub access_key_id: AccessKeyId,
    /// Signs.
    pub access_key_secret: Secret,
    /// Goes with temporary keys of STS.
    pub security_token: Option<Secret>,
}
