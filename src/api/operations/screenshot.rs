//! GetInstanceScreenshot: the screen without a session.

use std::time::Duration;

use serde::Deserialize;

use super::{Base64, ECS};
use crate::api::client::{Client, Reply};
use crate::api::error::ApiError;
use crate::api::signature::Operation;
use crate::system::clock::Deadline;

/// How far two screenshots of an instance must be apart. Source: the vendor's page on GetInstanceScreenshot.
pub(crate) const SCREENSHOT_SPACING: Duration = Duration::from_secs(10);

/// The most an answer may hold, in bytes. A screen of 2560 x 2048 has 15 MiB of pixels; where none of it can be
/// compressed, that is 20 MiB of base64.
const LIMIT: usize = 22 << 20;

/// The answer to GetInstanceScreenshot.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Screenshot {
    /// A picture. The vendor's page says that it is a JPG, and its sample is a PNG: the first bytes tell.
    pub screenshot: Base64,
    /// What the vendor's support asks for.
    pub(crate) request_id: String,
}

impl Client {
    /// GetInstanceScreenshot: what is on the screen of a running instance. It opens no session and ends none. `wake_up`
    /// wakes a screen that sleeps.
    ///
    /// Within [`SCREENSHOT_SPACING`] of the one before, whoever asked for it, the service refuses with `Throttling`. That
    /// is waited for as long as `limit` allows; where it does not, the refusal is the error at once
    /// ([`ApiError::is_too_soon`]).
    pub async fn get_instance_screenshot(
        &self,
        region: &str,
        instance: &str,
        wake_up: bool,
        limit: Deadline,
    ) -> Result<Reply<Screenshot>, ApiError> {
        let operation = Operation::new("GetInstanceScreenshot", ECS)
            .with("RegionId", region)
            .with("InstanceId", instance)
            .answer_limit(LIMIT)
            .spacing(SCREENSHOT_SPACING);
        let operation = if wake_up { operation.with("WakeUp", "true") } else { operation };
        self.call(&operation, limit).await
    }
}
