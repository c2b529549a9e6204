//! Whether an instance can show a console.

use crate::account::Session;
use crate::command_error::Failure;
use crate::error_kind::ExitCode;
use crate::instances::{Target, wait_until_running};
use crate::terminal::output::Output;

/// The instance, running, where `wait` wants that.
pub async fn ready(session: &Session, target: Target, wait: bool, output: Output) -> Result<Target, Failure> {
    match wait {
        true => wait_until_running::until_running(session, target, output).await,
        false => Ok(target),
    }
}

/// The instance, ready, and not one that is known to be off: neither a browser nor a viewer need be started for that.
pub async fn running(session: &Session, target: Target, wait: bool, output: Output) -> Result<Target, Failure> {
    let target = ready(session, target, wait, output).await?;
    match target.known.as_ref().map(|known| known.status.as_str()) {
        Some(status @ ("Stopped" | "Stopping")) => {
            let message = format!("{} is {status}, and the console needs it Running", target.instance);
            let hint = "start it first; --wait waits until it runs";
            Err(Failure::message(ExitCode::WrongState, message).hint(hint))
        }
        _ => Ok(target),
    }
}
