//! What a command ends with when it does not succeed: an error, a hint, an exit code.

use std::io;
use std::panic::PanicHookInfo;

use serde::Serialize;

use crate::api::ServiceError;
use crate::error_kind::ErrorKind;

/// An error as the user meets it.
#[derive(Debug)]
pub struct CommandError {
    /// What kind of failure it is.
    pub kind: ErrorKind,
    /// What happened, with which thing.
    pub(crate) error: anyhow::Error,
    /// What to do next.
    pub(crate) hint: Option<String>,
    /// What the service said, where it was the service that refused.
    pub(crate) service: Option<Box<ServiceError>>,
    /// The instance it was about, where several were asked for.
    pub(crate) instance: Option<String>,
    /// The instances among which the user has to choose.
    pub(crate) candidates: Vec<Candidate>,
}

/// One of several instances that may be meant.
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
    /// A failure with nothing but its error.
    pub fn new(kind: ErrorKind, error: impl Into<anyhow::Error>) -> Self {
        Self { kind, error: error.into(), hint: None, service: None, instance: None, candidates: Vec::new() }
    }

    /// The same from a sentence.
    pub fn message(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::new(kind, anyhow::Error::msg(message.into()))
    }

    /// Adds what to do next.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Names the instance it was about.
    pub(crate) fn about(mut self, instance: &str) -> Self {
        self.instance = Some(instance.to_owned());
        self
    }

    /// stdout could not be written. A reader that has gone (`| head -1`) is no error.
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

    /// Ctrl-C at a prompt.
    pub(crate) fn interrupted() -> Self {
        Self::message(ErrorKind::Interrupted, "interrupted")
    }

    /// Whether the service said that the key lacks a RAM action.
    pub(crate) fn is_forbidden(&self) -> bool {
        self.service.as_ref().is_some_and(|service| service.is_forbidden())
    }

    /// Whether there is nothing to say.
    pub(crate) fn is_silent(&self) -> bool {
        matches!(self.kind, ErrorKind::OutputClosed | ErrorKind::Interrupted)
    }
}
