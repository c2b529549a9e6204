//! Operations of the Security Token Service: AssumeRole, AssumeRoleWithOIDC, GetCallerIdentity.
//!
//! Source: the vendor's STS API reference.

use serde::Deserialize;

use crate::api::client::{Client, Response};
use crate::api::error::ApiError;
use crate::api::signature::Operation;
use crate::secret::{AccessKeyId, Secret};
use crate::system::clock::Deadline;

const STS: &str = "2015-04-01";

/// A RAM role, and the parameters to assume it.
#[derive(Clone, Debug)]
pub(crate) struct Role {
    /// `acs:ram::ACCOUNT:role/NAME`
    pub(crate) arn: String,
    /// RoleSessionName, which identifies the caller in audit logs.
    pub(crate) session_name: String,
    /// DurationSeconds: 900 to the role's own limit. The service's default is 3600.
    pub(crate) seconds: Option<u64>,
    /// ExternalId, if the role requires one.
    pub(crate) external_id: Option<Secret>,
    /// A policy that further restricts the role.
    pub(crate) policy: Option<String>,
}

/// Temporary credentials from STS.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StsCredentials {
    /// Starts with `STS.`.
    pub(crate) access_key_id: AccessKeyId,
    pub(crate) access_key_secret: Secret,
    pub(crate) security_token: Secret,
    /// For example `2024-02-29T12:34:56Z`.
    pub(crate) expiration: String,
}

/// The owner of an AccessKey.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Identity {
    pub(crate) account_id: String,
    /// For example `acs:ram::ACCOUNT:user/NAME`.
    pub(crate) arn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResponseBody {
    credentials: StsCredentials,
}

impl Role {
    fn operation(&self, action: &'static str) -> Operation {
        let operation =
            Operation::new(action, STS).with("RoleArn", &self.arn).with("RoleSessionName", &self.session_name);
        let seconds = self.seconds.map(|seconds| seconds.to_string());
        let optional = [("DurationSeconds", &seconds), ("Policy", &self.policy)];
        optional.into_iter().fold(operation, |operation, (name, value)| match value {
            Some(value) => operation.with(name, value),
            None => operation,
        })
    }
}

impl Client {
    pub(crate) async fn assume_role(&self, role: &Role, deadline: Deadline) -> Result<StsCredentials, ApiError> {
        let operation = role.operation("AssumeRole");
        let operation = match &role.external_id {
            Some(id) => operation.with_secret("ExternalId", id.clone()),
            None => operation,
        };
        let response: Response<ResponseBody> = self.call(&operation, deadline).await?;
        Ok(response.value.credentials)
    }

    /// AssumeRoleWithOIDC. `token` is the identity provider's. The request is not signed, so the client needs no
    /// credentials.
    pub(crate) async fn assume_role_with_oidc(
        &self,
        role: &Role,
        provider_arn: &str,
        token: &Secret,
        deadline: Deadline,
    ) -> Result<StsCredentials, ApiError> {
        let operation = role.operation("AssumeRoleWithOIDC");
        let operation = operation.with("OIDCProviderArn", provider_arn).with_secret("OIDCToken", token.clone());
        let response: Response<ResponseBody> = self.call(&operation, deadline).await?;
        Ok(response.value.credentials)
    }

    /// GetCallerIdentity: returns the owner of the AccessKey. It needs no permission.
    pub(crate) async fn get_caller_identity(&self, deadline: Deadline) -> Result<Identity, ApiError> {
        let response: Response<Identity> = self.call(&Operation::new("GetCallerIdentity", STS), deadline).await?;
        Ok(response.value)
    }
}
