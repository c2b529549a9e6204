//! The operation GetInstanceScreenshot: its request, its answer and its limits.

use std::time::Duration;

use serde::Deserialize;

use super::{Base64, ECS, or_default};
use crate::api::client::{Client, Response};
use crate::api::error::ApiError;
use crate::api::signature::Operation;
use crate::system::clock::Deadline;

/// The minimum time between two screenshots of an instance. Source: the vendor's page on GetInstanceScreenshot.
pub(crate) const MIN_SCREENSHOT_INTERVAL: Duration = Duration::from_secs(10);

/// The longest response, in bytes. A screen of 2560 x 2048 has 15 MiB of pixels, or 20 MiB in base64 if they cannot be
/// compressed.
const MAX_BODY_LEN: usize = 22 << 20;

/// The response of GetInstanceScreenshot.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Screenshot {
    /// A JPEG or PNG file. The vendor's page says JPG, but its example is a PNG.
    pub screenshot: Base64,
    /// Identifies the request to Alibaba Cloud support; empty if it is missing.
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) request_id: String,
}

impl Client {
    /// GetInstanceScreenshot: returns the screen of a running instance. It neither needs nor affects a VNC session.
    /// `wake_up` wakes a sleeping display first.
    ///
    /// The service refuses a second call within [`MIN_SCREENSHOT_INTERVAL`] with `Throttling`, for all callers together. The
    /// client waits and retries if `deadline` allows it; otherwise it fails at once
    /// ([`ServiceError::is_repeated_too_soon`](crate::api::ServiceError::is_repeated_too_soon)).
    pub async fn get_instance_screenshot(
        &self,
        region: &str,
        instance: &str,
        wake_up: bool,
        deadline: Deadline,
    ) -> Result<Response<Screenshot>, ApiError> {
        let operation = screenshot_operation(region, instance).min_interval(MIN_SCREENSHOT_INTERVAL);
        let operation = if wake_up { operation.with("WakeUp", "true") } else { operation };
        self.call(&operation, deadline).await
    }
}

/// GetInstanceScreenshot of an instance, which does not wake its screen.
pub(crate) fn screenshot_operation(region: &str, instance: &str) -> Operation {
    Operation::new("GetInstanceScreenshot", ECS)
        .with("RegionId", region)
        .with("InstanceId", instance)
        .max_body_len(MAX_BODY_LEN)
}
