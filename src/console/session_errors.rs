//! Why a console without a viewer was not opened, or was lost.

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::rfb::ClientError;
use crate::system::clock::Deadline;

/// Whether an error is that the connection has ended.
pub(super) fn is_end(error: &ClientError) -> bool {
    matches!(error, ClientError::Closed | ClientError::ClosedInMessage | ClientError::Io(_))
}

/// The error for the user where a client has failed. The session below it may know more: see
/// [`ConsoleSession`](super::connection::ConsoleSession).
pub(super) fn explain(instance: &str, error: ClientError) -> CommandError {
    let about = format!("the console of {instance}");
    let error = match error {
        error if is_end(&error) => lost(instance, &error.to_string()),
        ClientError::PasswordRequired => {
            CommandError::new(ErrorKind::Credentials, anyhow::Error::new(error).context(about))
                .hint("give it with --password-stdin, in ECS_VNC_PASSWORD, or as vnc_password in the profile")
        }
        ClientError::PasswordRejected(_) => {
            let hint = "set a new one with `ecs-vnc password set`; it is not the password of a user of the instance";
            CommandError::new(ErrorKind::Credentials, anyhow::Error::new(error).context(about)).hint(hint)
        }
        ClientError::Refused(_) => {
            CommandError::message(ErrorKind::Unavailable, format!("{about}: {error}")).hint("try again in a minute")
        }
        _ => CommandError::message(ErrorKind::BadAnswer, format!("{about} cannot be understood: {error}"))
            .hint("if `ecs-vnc open` shows this console, report this as a bug of ecs-vnc"),
    };
    error.of_instance(instance)
}

/// Whether a console could not be opened because it wants a password.
pub(super) fn is_password_missing(error: &CommandError) -> bool {
    matches!(error.error.downcast_ref(), Some(ClientError::PasswordRequired))
}

/// Whether a console could not be opened because it wants a password, or another one.
pub(super) fn is_password_fault(error: &CommandError) -> bool {
    is_password_missing(error) || matches!(error.error.downcast_ref(), Some(ClientError::PasswordRejected(_)))
}

/// `what` completes "the console did not …".
pub(crate) fn timed_out(instance: &str, what: &str, deadline: Deadline) -> CommandError {
    let seconds = deadline.total.as_secs_f64();
    let message = format!("the console of {instance} did not {what} within {seconds} s");
    CommandError::message(ErrorKind::TimeLimit, message)
        .hint("allow more time with --timeout SECONDS")
        .of_instance(instance)
}

/// The console worked before.
pub(super) fn lost(instance: &str, reason: &str) -> CommandError {
    CommandError::message(ErrorKind::ConnectionLost, format!("the console of {instance} was lost: {reason}"))
        .of_instance(instance)
}

/// Another command of this user has the session, and this one cannot join it.
pub(super) fn cannot_join(instance: &str, served_by: &str, reason: &str) -> CommandError {
    let message = format!("the session of {served_by} with {instance} cannot be joined: {reason}");
    CommandError::message(ErrorKind::Unavailable, message)
        .hint("end that command, or open a session of its own with --no-share, which ends the other")
        .of_instance(instance)
}
