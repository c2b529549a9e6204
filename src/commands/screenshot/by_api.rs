//! A picture from GetInstanceScreenshot.

use clap::ValueEnum;

use super::{Shots, Taken};
use crate::api::operations::Screenshot;
use crate::api::{ApiError, Reply};
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::{self, Refused, ResolvedInstance};
use crate::picture::Picture;
use crate::system::clock::{Deadline, Timestamp};
use crate::text::sanitize::sanitize;

const ACTION: &str = "GetInstanceScreenshot";

/// The source of a screenshot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Via {
    /// The API, or VNC if the API has no screenshot
    #[default]
    Auto,
    /// The API, which does not disturb anyone
    Api,
    /// A VNC session, which is exact to the pixel
    Vnc,
}

/// Why the API has no picture.
pub(crate) struct Refusal {
    /// The instance, where it is.
    pub(crate) target: ResolvedInstance,
    /// Whether VNC may have one: the instance is there and runs, as far as is known.
    pub(crate) may_go_over_vnc: bool,
    /// In a few words.
    pub(crate) why: String,
    /// In all.
    pub(crate) failure: CommandError,
}

impl Shots<'_> {
    /// Asks the API. Two pictures of an instance are 10 s apart, and that is waited for where the time limit allows: VNC
    /// would take the console from somebody.
    pub(super) async fn by_api(
        &self,
        target: &ResolvedInstance,
        limit: Deadline,
    ) -> Result<Result<Taken, Refusal>, CommandError> {
        let ask = |target: ResolvedInstance| async move {
            let ResolvedInstance { instance, region, .. } = &target;
            let client = self.session.clients.of(region)?;
            let answer = client.get_instance_screenshot(region, instance, self.wake, limit).await;
            // The moment of the picture, as far as it can be known.
            Ok(answer.map(|reply| (reply, self.session.clock().now())))
        };
        let asked: Result<(ResolvedInstance, (Reply<Screenshot>, Timestamp)), Refused> =
            instances::ask_where_it_is(&self.session, target, self.output, ask).await?;
        let (target, (reply, time)) = match asked {
            Ok(answer) => answer,
            Err(refused) => {
                let (target, may_go_over_vnc) = (refused.target.clone(), may_go_over_vnc(&refused.error));
                let why = refused.error.service().map_or("", |service| service.code.as_str()).to_owned();
                let failure = refused.explain(&self.session, ACTION, None);
                return Ok(Err(Refusal { target, may_go_over_vnc, why, failure }));
            }
        };
        Ok(match Picture::decode(&reply.value.screenshot.0) {
            Ok(picture) => Ok(Taken { picture, target, via: "api", time }),
            Err(error) => {
                let why = error.to_string();
                let id = sanitize(&reply.value.request_id, 64);
                let error = anyhow::Error::new(error).context("the API gave a picture that cannot be used");
                let hint = format!("--via vnc takes it over VNC; RequestId {id}");
                let failure = CommandError::new(ErrorKind::BadAnswer, error).hint(hint);
                Err(Refusal { target, may_go_over_vnc: true, why, failure })
            }
        })
    }
}

/// What is about this operation, and not about the instance, the key or the way to the API.
fn may_go_over_vnc(error: &ApiError) -> bool {
    let is_unknown = |code: &str| matches!(code, "NotSupported" | "InvalidAction.NotFound" | "UnsupportedOperation");
    error.is_forbidden() || error.is_too_soon() || error.service().is_some_and(|service| is_unknown(&service.code))
}
