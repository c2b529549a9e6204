//! The Security Token Service: AssumeRole, AssumeRoleWithOIDC, GetCallerIdentity.
//!
//! Source: the vendor's STS API reference.

use serde::Deserialize;

use crate::api::client::{Client, Reply};
use crate::api::error::ApiError;
use crate::api::signature::Operation;
use crate::secret::{AccessKeyId, Secret};
use crate::system::clock::Deadline;

const STS: &str = "2015-04-01";

/// A role to be taken on.
#[derive(Clone, Debug)]
pub(crate) struct Role {
    /// `acs:ram::ACCOUNT:role/NAME`
    pub(crate) arn: String,
    /// RoleSessionName: who it was, in the vendor's audit trail.
    pub(crate) session_name: String,
    /// DurationSeconds, from 900 to the role's own limit; the service's default is 3600.
    pub(crate) seconds: Option<u64>,
    /// ExternalId, where the role demands one.
    pub(crate) external_id: Option<Secret>,
    /// A policy that narrows the role's own.
    pub(crate) policy: Option<String>,
}

/// Keys that STS gave.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TemporaryKeys {
    /// Begins with `STS.`.
    pub(crate) access_key_id: AccessKeyId,
    /// Signs.
    pub(crate) access_key_secret: Secret,
    /// Goes with them.
    pub(crate) security_token: Secret,
    /// Until when they work: `2024-02-29T12:34:56Z`.
    pub(crate) expiration: String,
}

/// Who a key belongs to.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Identity {
    /// The account's number.
    pub(crate) account_id: String,
    /// `acs:ram::ACCOUNT:user/NAME`, for example.
    pub(crate) arn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    credentials: TemporaryKeys,
}

impl Role {
    fn operation(&self, action: &'static str) -> Operation {
        let operation =
            Operation::new(action, STS).with("RoleArn", &self.arn).with("RoleSessionName", &self.session_name);
        let seconds = self.seconds.map(|seconds| seconds.to_string());
        let more = [("DurationSeconds", &seconds), ("Policy", &self.policy)];
        more.into_iter().fold(operation, |operation, (name, value)| match value {
            Some(value) => operation.with(name, value),
            None => operation,
        })
    }
}

impl Client {
    /// AssumeRole.
    pub(crate) async fn assume_role(&self, role: &Role, limit: Deadline) -> Result<TemporaryKeys, ApiError> {
        let operation = role.operation("AssumeRole");
        let operation = match &role.external_id {
            Some(id) => operation.with_secret("ExternalId", id.clone()),
            None => operation,
        };
        let reply: Reply<Answer> = self.call(&operation, limit).await?;
        Ok(reply.value.credentials)
    }

    /// AssumeRoleWithOIDC: `token` is the identity provider's. Nobody signs it, so the client needs no keys.
    pub(crate) async fn assume_role_with_oidc(
        &self,
        role: &Role,
        provider_arn: &str,
        token: &Secret,
        limit: Deadline,
    ) -> Result<TemporaryKeys, ApiError> {
        let operation = role.operation("AssumeRoleWithOIDC");
        let operation = operation.with("OIDCProviderArn", provider_arn).with_secret("OIDCToken", token.clone());
        let reply: Reply<Answer> = self.call(&operation, limit).await?;
        Ok(reply.value.credentials)
    }

    /// GetCallerIdentity: whose key this is. Every key may ask it.
    pub(crate) async fn get_caller_identity(&self, limit: Deadline) -> Result<Identity, ApiError> {
        let reply: Reply<Identity> = self.call(&Operation::new("GetCallerIdentity", STS), limit).await?;
        Ok(reply.value)
    }
}
