//! A RAM role, assumed with other credentials. The official CLI's modes `RamRoleArn`, `RamRoleArnWithEcs` and
//! `ChainableRamRoleArn`.

use thiserror::Error;

use crate::api::operations::{Role, StsCredentials};
use crate::api::{ApiError, Client};
use crate::credentials::{CredentialsError, ExpiringCredentials, checked, rfc_3339};
use crate::system::clock::Deadline;

/// Why a role could not be assumed.
#[derive(Debug, Error)]
pub(crate) enum RoleError {
    /// STS refused the request, or could not be reached.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// STS returned malformed credentials.
    #[error("STS: {0}")]
    InvalidCredentials(CredentialsError),
    /// STS returned no credentials.
    #[error("STS returned no credentials")]
    NoCredentials,
    /// The OIDC token file could not be read, or holds no token.
    #[error("could not read the OIDC token from {file}: {cause}")]
    Token {
        /// The path of the token file.
        file: String,
        /// What is wrong with the token file.
        cause: String,
    },
}

/// Fetches temporary credentials of `role` with AssumeRole. The client signs with the credentials that assume the role.
pub(crate) async fn from_role(
    client: &Client,
    role: &Role,
    deadline: Deadline,
) -> Result<ExpiringCredentials, RoleError> {
    check_sts_credentials(client.assume_role(role, deadline).await?)
}

/// Checks the credentials of an STS response.
pub(super) fn check_sts_credentials(response: StsCredentials) -> Result<ExpiringCredentials, RoleError> {
    let expires = rfc_3339(&response.expiration);
    let (id, secret, token) = (response.access_key_id, response.access_key_secret, response.security_token);
    let names = ["AccessKeyId", "AccessKeySecret", "SecurityToken"];
    let credentials = checked(Some(id), Some(secret), Some(token), names).map_err(RoleError::InvalidCredentials)?;
    Ok(ExpiringCredentials { credentials: credentials.ok_or(RoleError::NoCredentials)?, expires })
}
