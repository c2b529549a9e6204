//! Whether an instance can show a console.

use crate::account::Account;
use crate::command_error::CommandError;
use crate::console::args::WaitArg;
use crate::error_kind::ErrorKind;
use crate::instances::ResolvedInstance;
use crate::instances::wait_until_running::wait_until_running;
use crate::terminal::output::Output;

/// Says that the console is opened now. The service allows one session and does not tell whether there is one.
pub(crate) fn note_takeover(instance: &ResolvedInstance, output: Output) {
    output.note(&format!("opening the console of {}; anyone already on it is disconnected", instance.id));
}

/// Waits until the instance is Running, with `--wait`.
pub(crate) async fn wait_if_requested(
    account: &Account,
    instance: ResolvedInstance,
    wait: WaitArg,
    output: Output,
) -> Result<ResolvedInstance, CommandError> {
    match wait.is_set() {
        true => wait_until_running(account, instance, account.limit(), output).await,
        false => Ok(instance),
    }
}

/// Like [`wait_if_requested`], and returns an error for an instance that is known to be stopped, before a browser
/// or viewer is started for it.
pub(crate) async fn require_running(
    account: &Account,
    instance: ResolvedInstance,
    wait: WaitArg,
    output: Output,
) -> Result<ResolvedInstance, CommandError> {
    let instance = wait_if_requested(account, instance, wait, output).await?;
    match instance.status() {
        status @ ("Stopped" | "Stopping") => {
            let id = &instance.id;
            let message = format!("{id} is {status}; its console is only available while it runs");
            let hint = format!(
                "start it first: ecs-vnc start {id} --region {}; with --wait, ecs-vnc waits until it is running",
                instance.region
            );
            Err(CommandError::message(ErrorKind::WrongState, message).hint(hint).of_instance(id))
        }
        _ => Ok(instance),
    }
}
