//! Asks for the VNC password of a console on the terminal.

use crate::command_error::CommandError;
use crate::console::connection::Connection;
use crate::console::gateway::ConsoleGateway;
use crate::console::session_errors::is_password_missing;
use crate::secret::Secret;
use crate::system::clock::Deadline;
use crate::terminal::prompt::{ask_password, in_thread};

/// Connects to a console. If it wants a VNC password and none is known, asks for it on the terminal and connects again. Returns
/// the password too.
pub(super) async fn ask_if_missing(
    gateway: &ConsoleGateway,
    password: Option<Secret>,
    deadline: Deadline,
    connect: impl AsyncFn(&Option<Secret>, Deadline) -> Result<Connection, CommandError>,
) -> Result<(Connection, Option<Secret>), CommandError> {
    match connect(&password, deadline).await {
        Err(error) if password.is_none() && is_password_missing(&error) && gateway.output().may_ask() => {
            let question = format!("VNC password of {} (not shown): ", gateway.instance().id);
            let asked = in_thread(move || ask_password(&question)).await?;
            let password = Some(Secret::new(asked.expose()));
            // The URL may have expired by now.
            let connection = connect(&password, gateway.clock().deadline(deadline.total)).await?;
            Ok((connection, password))
        }
        connected => Ok((connected?, password)),
    }
}
