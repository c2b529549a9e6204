//! A role assumed with other keys: the official CLI's modes `RamRoleArn`, `RamRoleArnWithEcs`, `ChainableRamRoleArn`.

use thiserror::Error;

use crate::api::operations::{Role, StsCredentials};
use crate::api::{ApiError, Client};
use crate::credentials::{CredentialsError, ExpiringCredentials, checked, rfc_3339};
use crate::system::clock::Deadline;

/// Why STS gave no keys.
#[derive(Debug, Error)]
pub(crate) enum RoleError {
    /// It refused, or there was no way to it.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// It gave keys that are none.
    #[error("STS: {0}")]
    ProvideCredentials(CredentialsError),
    /// The file with the identity provider's token.
    #[error("no token could be read from {file}: {cause}")]
    Token {
        /// The path of the token file.
        file: String,
        /// What is wrong with the token file.
        cause: String,
    },
}

/// The keys of a role, which the client's own keys may assume.
pub(crate) async fn from_role(client: &Client, role: &Role, limit: Deadline) -> Result<ExpiringCredentials, RoleError> {
    temporary(client.assume_role(role, limit).await?)
}

/// Keys as STS writes them.
pub(super) fn temporary(keys: StsCredentials) -> Result<ExpiringCredentials, RoleError> {
    let expires = rfc_3339(&keys.expiration);
    let (id, secret, token) = (keys.access_key_id, keys.access_key_secret, keys.security_token);
    let names = ["AccessKeyId", "AccessKeySecret", "SecurityToken"];
    let found = checked(Some(id), Some(secret), Some(token), names).map_err(RoleError::ProvideCredentials)?;
    Ok(ExpiringCredentials { credentials: found.expect("all three are there"), expires })
}
