//! The console's own operations: DescribeInstanceVncUrl, ModifyInstanceVncPasswd.

use serde::Deserialize;

use super::ECS;
use crate::api::client::{Client, Reply};
use crate::api::error::ApiError;
use crate::api::signature::Operation;
use crate::secret::Secret;
use crate::system::clock::Deadline;
use crate::vnc::password::VncPassword;

/// The answer to DescribeInstanceVncUrl.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VncUrlAnswer {
    /// Percent-encoded once, as a rule. It opens a console, so it is a secret for the 15 seconds it lives.
    pub(crate) vnc_url: Secret,
    /// What the vendor's support asks for.
    pub(crate) request_id: String,
}

impl Client {
    /// DescribeInstanceVncUrl: a URL that lives 15 seconds from the moment before it was asked for.
    pub async fn describe_instance_vnc_url(
        &self,
        region: &str,
        instance: &str,
        limit: Deadline,
    ) -> Result<Reply<VncUrlAnswer>, ApiError> {
        let operation = Operation::new("DescribeInstanceVncUrl", ECS);
        self.call(&operation.with("RegionId", region).with("InstanceId", instance), limit).await
    }

    /// ModifyInstanceVncPasswd: sets the VNC password, and gives the RequestId.
    pub(crate) async fn modify_instance_vnc_passwd(
        &self,
        region: &str,
        instance: &str,
        password: &VncPassword,
        limit: Deadline,
    ) -> Result<String, ApiError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Modified {
            request_id: String,
        }
        let operation = Operation::new("ModifyInstanceVncPasswd", ECS)
            .with("RegionId", region)
            .with("InstanceId", instance)
            .with_secret("VncPassword", Secret::new(password.expose()));
        let reply: Reply<Modified> = self.call(&operation, limit).await?;
        Ok(reply.value.request_id)
    }
}
