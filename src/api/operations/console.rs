//! The operations on VNC consoles: DescribeInstanceVncUrl and ModifyInstanceVncPasswd.

use serde::Deserialize;

use super::{ECS, or_default};
use crate::api::client::{Client, Response};
use crate::api::error::ApiError;
use crate::api::signature::Operation;
use crate::secret::Secret;
use crate::system::clock::Deadline;
use crate::vnc::password::VncPassword;

/// The response of DescribeInstanceVncUrl.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VncUrlResponse {
    /// Usually percent-encoded once. The URL gives access to the console for 15 seconds, so it is a secret.
    pub(crate) vnc_url: Secret,
    /// Identifies the request to Alibaba Cloud support; empty if it is missing.
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) request_id: String,
}

impl Client {
    /// DescribeInstanceVncUrl: returns a URL that is valid for 15 seconds from [`Response::sent_at`].
    pub async fn describe_instance_vnc_url(
        &self,
        region: &str,
        instance: &str,
        deadline: Deadline,
    ) -> Result<Response<VncUrlResponse>, ApiError> {
        let operation = Operation::new("DescribeInstanceVncUrl", ECS);
        self.call(&operation.with("RegionId", region).with("InstanceId", instance), deadline).await
    }

    /// ModifyInstanceVncPasswd: sets the VNC password and returns the RequestId.
    pub(crate) async fn modify_instance_vnc_passwd(
        &self,
        region: &str,
        instance: &str,
        password: &VncPassword,
        deadline: Deadline,
    ) -> Result<String, ApiError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct ResponseBody {
            request_id: String,
        }
        let operation = Operation::new("ModifyInstanceVncPasswd", ECS)
            .with("RegionId", region)
            .with("InstanceId", instance)
            .with_secret("VncPassword", Secret::new(password.expose()))
            .unrepeatable();
        let response: Response<ResponseBody> = self.call(&operation, deadline).await?;
        Ok(response.value.request_id)
    }
}
