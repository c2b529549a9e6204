//! Whether an instance can show a console.

use crate::account::Account;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::{ResolvedInstance, wait_until_running};
use crate::terminal::output::Output;

/// The instance, running, where `wait` wants that.
pub(crate) async fn ready(
    session: &Account,
    target: ResolvedInstance,
    wait: bool,
    output: Output,
) -> Result<ResolvedInstance, CommandError> {
    match wait {
        true => wait_until_running::until_running(session, target, output).await,
        false => Ok(target),
    }
}

/// The instance, ready, and not one that is known to be off: neither a browser nor a viewer need be started for that.
pub(crate) async fn running(
    session: &Account,
    target: ResolvedInstance,
    wait: bool,
    output: Output,
) -> Result<ResolvedInstance, CommandError> {
    let target = ready(session, target, wait, output).await?;
    match target.known.as_ref().map(|known| known.status.as_str()) {
        Some(status @ ("Stopped" | "Stopping")) => {
            let message = format!("{} is {status}, and the console needs it Running", target.instance);
            let hint = "start it first; --wait waits until it runs";
            Err(CommandError::message(ErrorKind::WrongState, message).hint(hint))
        }
        _ => Ok(target),
    }
}
