//! StartInstance, StopInstance and RebootInstance.

use serde::Deserialize;

use super::{ECS, or_default};
use crate::api::client::{Client, Response};
use crate::api::error::ApiError;
use crate::api::signature::Operation;
use crate::system::clock::Deadline;

/// The error code of a dry run that would have succeeded. Source: the vendor's pages on the operations with DryRun.
pub(super) const DRY_RUN_SUCCEEDED: &str = "DryRunOperation";

/// A change of an instance's power. The service carries it out after its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PowerAction {
    /// The instance must be Stopped. It becomes Starting, then Running.
    Start,
    /// The instance becomes Stopping, then Stopped. ForceStop turns the power off without a shutdown.
    Stop { is_forced: bool },
    /// The instance must be Running. It becomes Starting, then Running. ForceStop is a reset without a shutdown.
    Reboot { is_forced: bool },
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResponseBody {
    #[serde(default, deserialize_with = "or_default")]
    request_id: String,
}

impl PowerAction {
    /// The name of the operation.
    pub(crate) fn operation_name(self) -> &'static str {
        self.operation().action
    }

    fn operation(self) -> Operation {
        match self {
            Self::Start => Operation::new("StartInstance", ECS),
            Self::Stop { .. } => Operation::new("StopInstance", ECS),
            Self::Reboot { .. } => Operation::new("RebootInstance", ECS),
        }
    }

    fn operation_for(self, region: &str, instance: &str) -> Operation {
        let operation = self.operation().with("RegionId", region).with("InstanceId", instance);
        match self {
            Self::Stop { is_forced: true } | Self::Reboot { is_forced: true } => operation.with("ForceStop", "true"),
            _ => operation,
        }
    }
}

impl Client {
    /// Starts, stops or reboots an instance, and returns the RequestId. It is not repeated if it may have been carried
    /// out: a second reboot would come when the instance runs again.
    pub(crate) async fn change_power(
        &self,
        action: PowerAction,
        region: &str,
        instance: &str,
        deadline: Deadline,
    ) -> Result<String, ApiError> {
        let operation = action.operation_for(region, instance).unrepeatable();
        let response: Response<ResponseBody> = self.call(&operation, deadline).await?;
        Ok(response.value.request_id)
    }

    /// Checks with DryRun whether the action would succeed, and returns the RequestId.
    pub(crate) async fn check_power(
        &self,
        action: PowerAction,
        region: &str,
        instance: &str,
        deadline: Deadline,
    ) -> Result<String, ApiError> {
        let operation = action.operation_for(region, instance).with("DryRun", "true");
        match self.call::<ResponseBody>(&operation, deadline).await {
            Err(ApiError::Service(error)) if error.code == DRY_RUN_SUCCEEDED => {
                Ok(error.request_id.unwrap_or_default())
            }
            Ok(response) => Err(ApiError::UnexpectedResponse {
                authority: self.endpoint().authority(),
                status: 200,
                request_id: Some(response.value.request_id).filter(|id| !id.is_empty()),
                retry_after: None,
                reason: "a dry run was answered as if it had been carried out".to_owned(),
            }),
            Err(error) => Err(error),
        }
    }
}
