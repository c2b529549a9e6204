//! The error that a command ends with: a kind, which decides the exit code, a message and a hint.

use std::io;
use std::panic::PanicHookInfo;

use serde::Serialize;

use crate::api::{ApiError, ServiceError};
use crate::error_kind::ErrorKind;

/// An error for the user.
#[derive(Debug)]
pub struct CommandError {
    /// It decides the exit code.
    pub kind: ErrorKind,
    /// The message, with its causes.
    pub(crate) error: anyhow::Error,
    /// What the user can do about it.
    pub(crate) hint: Option<String>,
    /// The service's own error, if the service refused the request.
    pub(crate) service: Option<Box<ServiceError>>,
    /// The instance that failed, if there is one.
    pub(crate) instance: Option<Box<FailedInstance>>,
    /// The instances among which the user has to choose.
    pub(crate) candidates: Vec<Candidate>,
    /// What led to it, one line each: shown with `-v`.
    pub(crate) details: Vec<String>,
}

/// The instance that an error is about.
#[derive(Clone, Debug, Default)]
pub(crate) struct FailedInstance {
    /// What the text begins with, for commands with several instances: what the user typed, or the id.
    pub(crate) label: Option<String>,
    /// Its id, where it is known, for the JSON form.
    id: Option<String>,
}

impl FailedInstance {
    /// The id, or what else is known.
    pub(crate) fn id_or_label(&self) -> Option<&str> {
        self.id.as_deref().or(self.label.as_deref())
    }
}

/// One of several instances that match what the user typed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Candidate {
    pub(crate) instance_id: String,
    pub(crate) instance_name: String,
    pub(crate) region_id: String,
    pub(crate) status: String,
    /// One of its addresses.
    pub(crate) address: Option<String>,
}

impl CommandError {
    /// Returns an error without a hint.
    pub fn new(kind: ErrorKind, error: impl Into<anyhow::Error>) -> Self {
        let (error, candidates, details) = (error.into(), Vec::new(), Vec::new());
        Self { kind, error, hint: None, service: None, instance: None, candidates, details }
    }

    /// Returns an error with this message, without a hint.
    pub fn message(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::new(kind, anyhow::Error::msg(message.into()))
    }

    /// Adds what the user can do about it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the instance that failed, for the text and the JSON form.
    pub(crate) fn about(mut self, instance: &str) -> Self {
        self.instance.get_or_insert_default().label = Some(instance.to_owned());
        self
    }

    /// Adds the id of the instance that failed, for the JSON form.
    pub(crate) fn of_instance(mut self, id: &str) -> Self {
        self.instance.get_or_insert_default().id = Some(id.to_owned());
        self
    }

    /// Returns the error of a write to stdout. A closed pipe (`| head -1`) becomes [`ErrorKind::OutputClosed`], which is not
    /// reported.
    pub(crate) fn stdout(error: io::Error) -> Self {
        let kind = match error.kind() {
            io::ErrorKind::BrokenPipe => ErrorKind::OutputClosed,
            _ => ErrorKind::ActionFailed,
        };
        Self::new(kind, anyhow::Error::new(error).context("could not write to standard output"))
    }

    /// The error in place of a panic. Libraries panic where the system refuses them a thread or a file.
    pub fn from_panic(panic: &PanicHookInfo<'_>) -> Self {
        let payload = panic.payload();
        let text = payload.downcast_ref::<String>().map(String::as_str).or(payload.downcast_ref::<&str>().copied());
        let place = panic.location().map(|place| format!(" ({place})")).unwrap_or_default();
        let message = format!("internal error: {}{place}", text.unwrap_or("unknown"));
        let hint =
            "raise the limits on processes, open files and memory (ulimit); if they are not reached, report a bug";
        Self::message(ErrorKind::Other, message).hint(hint)
    }

    /// Returns the error for Ctrl-C at a prompt.
    pub(crate) fn interrupted() -> Self {
        Self::message(ErrorKind::Interrupted, "interrupted")
    }

    /// The RequestId of the service's answer, also of one that could not be read.
    pub(crate) fn request_id(&self) -> Option<&str> {
        match (&self.service, self.error.downcast_ref()) {
            (Some(service), _) => service.request_id.as_deref(),
            (None, Some(ApiError::UnexpectedResponse { request_id, .. })) => request_id.as_deref(),
            _ => None,
        }
    }

    /// The HTTP status of the answer, also of one that could not be read.
    pub(crate) fn http_status(&self) -> Option<u16> {
        match (&self.service, self.error.downcast_ref()) {
            (Some(service), _) => Some(service.http_status),
            (None, Some(ApiError::UnexpectedResponse { status, .. })) => Some(*status),
            _ => None,
        }
    }

    /// Whether the service refused the request because the credentials lack a RAM action.
    pub(crate) fn is_forbidden(&self) -> bool {
        self.service.as_ref().is_some_and(|service| service.is_forbidden())
    }

    /// Whether the error is not reported: the reader is gone, or the user ended the command.
    pub(crate) fn is_silent(&self) -> bool {
        matches!(self.kind, ErrorKind::OutputClosed | ErrorKind::Interrupted)
    }
}
