//! Credentials, and where they come from: one file a source.

mod environment;
mod keys;
mod process;

pub use environment::from_environment;
pub use keys::{CredentialsError, checked};
pub use process::{ProcessError, from_process};

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
