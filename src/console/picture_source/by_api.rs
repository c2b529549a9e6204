//! A picture from GetInstanceScreenshot.

use super::{PictureSource, Shot};
use crate::api::ApiError;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::{CallError, ResolvedInstance, call};
use crate::picture::{Picture, is_jpg};
use crate::system::blocking;
use crate::system::clock::Deadline;
use crate::text::sanitize::sanitize;

const ACTION: &str = "GetInstanceScreenshot";

/// Why there is no picture from the API.
pub(super) enum ApiShotError {
    /// The API has no picture of this instance, but VNC may have one: nothing says that the instance is missing or stopped.
    NoPicture {
        /// The instance, in the region where it is.
        instance: Box<ResolvedInstance>,
        /// The reason in a few words, such as the API's error code.
        why: String,
        error: CommandError,
    },
    Other(CommandError),
}

impl PictureSource {
    /// Takes a picture with the API. The API takes one of an instance every 10 s. If the last one is younger, the request is
    /// repeated until the deadline instead of using VNC, which could disconnect another user.
    pub(super) async fn by_api(&self, instance: &ResolvedInstance, deadline: Deadline) -> Result<Shot, ApiShotError> {
        let operation = |instance: ResolvedInstance| async move {
            let client = self.account.clients.of(&instance.region)?;
            let reply =
                client.get_instance_screenshot(&instance.region, &instance.id, self.args.wake, deadline).await?;
            // The answer has no time of its own.
            Ok((reply, self.account.clock().now()))
        };
        let (instance, (reply, time)) = match call(&self.account, instance, self.output, operation).await {
            Ok(answer) => answer,
            Err(CallError::Other(error)) => return Err(ApiShotError::Other(error)),
            Err(CallError::Refused(refusal)) => {
                let (instance, has_no_picture) = (refusal.instance.clone(), has_no_picture(&refusal.error));
                let why = refusal.error.service().map_or("", |service| service.code.as_str()).to_owned();
                let error = refusal.explain(&self.account, ACTION, None);
                return Err(match has_no_picture {
                    true => ApiShotError::NoPicture { instance: Box::new(instance), why, error },
                    false => ApiShotError::Other(error),
                });
            }
        };
        let (file, request_id) = (reply.value.screenshot.0, reply.value.request_id);
        // On another thread, so that all processors decode.
        let decoded = blocking::compute(move || (is_jpg(&file), Picture::decode(&file))).await;
        let (is_lossy, decoded) =
            decoded.map_err(|error| ApiShotError::Other(CommandError::new(ErrorKind::Other, error)))?;
        match decoded {
            Ok(picture) => Ok(Shot { picture, instance, via: "api", time, is_lossy }),
            Err(error) => {
                let request_id = sanitize(&request_id, 64);
                let error = anyhow::Error::new(error).context("the API returned a picture that cannot be used");
                let hint = format!("use --via vnc to take it over VNC; RequestId {request_id}");
                Err(ApiShotError::Other(CommandError::new(ErrorKind::BadAnswer, error).hint(hint)))
            }
        }
    }
}

/// Whether the API has no screenshots of this instance. Any other error must not cost anyone the console.
fn has_no_picture(error: &ApiError) -> bool {
    let is_unsupported =
        |code: &str| matches!(code, "NotSupported" | "InvalidAction.NotFound" | "UnsupportedOperation");
    error.service().is_some_and(|service| is_unsupported(&service.code))
}
