//! Starts, stops and reboots an instance, in the region where it is.

use std::time::Duration;

use super::wait_until_running::{describe, wait_until_status};
use super::{CallError, ResolvedInstance, call};
use crate::account::Account;
use crate::api::operations::PowerAction;
use crate::command_error::CommandError;
use crate::system::clock::Deadline;
use crate::terminal::output::Output;
use crate::text::sanitize::sanitize;

/// How long the request for the status may take that explains a refusal.
const STATUS_TIMEOUT: Duration = Duration::from_secs(3);

/// What the service answered.
#[derive(Debug)]
pub(crate) struct PowerAnswer {
    /// The instance where it is. Its status is the one that the action leads to, such as Starting, unless it was a dry
    /// run.
    pub(crate) instance: ResolvedInstance,
    /// The RequestId of the operation.
    pub(crate) request_id: String,
}

impl PowerAction {
    /// The status that the instance has as soon as the service has answered. Source: the vendor's pages on the operations.
    pub(crate) fn first_status(self) -> &'static str {
        match self {
            Self::Start | Self::Reboot { .. } => "Starting",
            Self::Stop { .. } => "Stopping",
        }
    }

    /// The status that the instance has when the action is done.
    pub(crate) fn final_status(self) -> &'static str {
        match self {
            Self::Start | Self::Reboot { .. } => "Running",
            Self::Stop { .. } => "Stopped",
        }
    }
}

/// Requests the action, which the service carries out after its answer.
pub(crate) async fn change_power(
    account: &Account,
    instance: &ResolvedInstance,
    action: PowerAction,
    output: Output,
) -> Result<PowerAnswer, CommandError> {
    let mut answer = request(account, instance, action, false, output).await?;
    answer.instance.info.get_or_insert_default().status = action.first_status().to_owned();
    Ok(answer)
}

/// Asks the service whether it would carry the action out (DryRun). It changes nothing.
pub(crate) async fn check_power(
    account: &Account,
    instance: &ResolvedInstance,
    action: PowerAction,
    output: Output,
) -> Result<PowerAnswer, CommandError> {
    request(account, instance, action, true, output).await
}

async fn request(
    account: &Account,
    instance: &ResolvedInstance,
    action: PowerAction,
    is_dry_run: bool,
    output: Output,
) -> Result<PowerAnswer, CommandError> {
    let operation = |instance: ResolvedInstance| async move {
        let (client, limit) = (account.clients.of(&instance.region)?, account.limit_from_now());
        Ok(match is_dry_run {
            true => client.check_power(action, &instance.region, &instance.id, limit).await?,
            false => client.change_power(action, &instance.region, &instance.id, limit).await?,
        })
    };
    let answer = call(account, instance, output, operation).await;
    let (instance, request_id) = explained(account, action, answer).await?;
    Ok(PowerAnswer { instance, request_id })
}

/// Starts an instance that is Stopped, or that is Stopping once it has stopped. Others are returned as they are. The
/// status must be known.
pub(crate) async fn start_if_stopped(
    account: &Account,
    instance: ResolvedInstance,
    deadline: Deadline,
    output: Output,
) -> Result<ResolvedInstance, CommandError> {
    let instance = match instance.status() {
        "Stopping" => wait_until_status(account, instance, "Stopped", deadline, output).await?,
        _ => instance,
    };
    match instance.status() {
        "Stopped" => Ok(change_power(account, &instance, PowerAction::Start, output).await?.instance),
        _ => Ok(instance),
    }
}

/// Turns a refusal into the command's error, with the instance's status if that is the reason.
async fn explained(
    account: &Account,
    action: PowerAction,
    answer: Result<(ResolvedInstance, String), CallError>,
) -> Result<(ResolvedInstance, String), CommandError> {
    let refusal = match answer {
        Ok(answer) => return Ok(answer),
        Err(CallError::Other(error)) => return Err(error),
        Err(CallError::Refused(refusal)) => refusal,
    };
    let is_about_status = refusal.error.service().is_some_and(|error| error.code == "IncorrectInstanceStatus");
    let status = match is_about_status {
        true => describe(account, &refusal.instance, account.clock().deadline(STATUS_TIMEOUT)).await.ok(),
        false => None,
    };
    let status = status.map(|instance| sanitize(&instance.status, 20)).filter(|status| !status.is_empty());
    Err(refusal.explain(account, action.operation_name(), status.as_deref()))
}
