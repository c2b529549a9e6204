//! `power`: starts, stops and reboots a machine.

use std::time::Duration;

use rmcp::schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::super::answer::Answer;
use super::super::call::Call;
use super::super::definition::{Definition, schema_of};
use crate::api::operations::PowerAction;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::power::{change_power, check_power};
use crate::instances::wait_until_running::wait_until_status;
use crate::text::sanitize::sanitize;

pub(in super::super) const DEFINITION: Definition = Definition {
    name: "power",
    title: "Start, stop or reboot",
    description: "Start, stop or reboot an instance through the API. Without confirm, the answer is a plan with a token for confirm, and the service is asked whether it would do so \
         (DryRun), and nothing is changed. force turns the power off, or resets, without a shutdown: unsaved data is lost.",
    is_input: true,
    schema: schema_of::<Args>,
};

/// How long `wait` waits.
const WAIT_LIMIT: Duration = Duration::from_secs(600);

/// What is done.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars", inline)]
#[serde(rename_all = "lowercase")]
enum Action {
    Start,
    Stop,
    Reboot,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Args {
    /// An instance ID, name or IP address.
    instance: String,
    /// "start", "stop" or "reboot".
    action: Action,
    /// Without a shutdown. Not with "start".
    #[serde(default)]
    force: bool,
    /// Wait up to 10 minutes until it is done.
    #[serde(default)]
    wait: bool,
    /// Do it: the token that the call without it answered, which says what would be done. It is good once, for 5 minutes.
    confirm: Option<String>,
}

impl Args {
    /// How long the wait may take.
    pub(in super::super) fn time(&self) -> Duration {
        if self.wait { WAIT_LIMIT } else { Duration::ZERO }
    }

    /// The action, and what it does to a machine.
    fn action(&self) -> Result<(PowerAction, &'static str, &'static str), CommandError> {
        let is_forced = self.force;
        Ok(match (self.action, is_forced) {
            (Action::Start, false) => (PowerAction::Start, "starts", "Its system boots."),
            (Action::Start, true) => return Err(CommandError::message(ErrorKind::Usage, "start takes no force")),
            (Action::Stop, false) => (PowerAction::Stop { is_forced }, "stops", "Its system is shut down."),
            (Action::Stop, true) => {
                (PowerAction::Stop { is_forced }, "stops", "Its power is turned off, and unsaved data is lost.")
            }
            (Action::Reboot, false) => {
                (PowerAction::Reboot { is_forced }, "reboots", "Its system is shut down and boots again.")
            }
            (Action::Reboot, true) => {
                (PowerAction::Reboot { is_forced }, "reboots", "It is reset, and unsaved data is lost.")
            }
        })
    }
}

pub(in super::super) async fn run(args: Args, call: &Call) -> Result<Answer, CommandError> {
    let (action, verb, effect) = args.action()?;
    let (account, instance) = call.find(&args.instance).await?;
    let (account, output) = (account.account, call.machines.context.output);
    if !call.begin_if_confirmed(args.confirm.as_deref(), &instance)? {
        let answer = check_power(&account, &instance, action, output).await?;
        return Ok(call.plan_with_effect(&answer.instance, &format!("{verb} {}", instance.id), effect));
    }
    let answer = change_power(&account, &instance, action, output).await?;
    let instance = match args.wait {
        true => {
            let limit = account.clock().deadline(WAIT_LIMIT);
            wait_until_status(&account, answer.instance, action.final_status(), limit, output).await?
        }
        false => answer.instance,
    };
    let status = sanitize(instance.status(), 20);
    let data = json!({ "done": true, "instance": instance.id, "status": status, "request_id": answer.request_id });
    Ok(Answer::new(format!("{} is {status}", instance.id), data))
}
