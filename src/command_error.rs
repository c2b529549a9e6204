//! What a command ends with when it does not succeed: an error, a hint, an exit code.

use std::io;

use serde::Serialize;

use crate::api::ServiceError;
use crate::error_kind::ErrorKind;

/// An error as the user meets it.
#[derive(Debug)]
pub struct CommandError {
    /// What kind of failure it is.
    pub kind: ErrorKind,
    /// What happened, with which thing.
    pub error: anyhow::Error,
    /// What to do next.
    pub hint: Option<String>,
    /// What the service said, where it was the service that refused.
    pub service: Option<Box<ServiceError>>,
    /// The instance it was about, where several were asked for.
    pub instance: Option<String>,
    /// The instances among which the user has to choose.
    pub candidates: Vec<Candidate>,
}

/// One of several instances that may be meant.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Candidate {
    /// InstanceId.
    pub instance_id: String,
    /// InstanceName.
    pub instance_name: String,
    /// RegionId.
    pub region_id: String,
    /// Status.
    pub status: String,
    /// One of its addresses.
    pub address: Option<String>,
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
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Names the instance it was about.
    pub fn about(mut self, instance: &str) -> Self {
        self.instance = Some(instance.to_owned());
        self
    }

    /// stdout could not be written. A reader that has gone (`| head -1`) is no error.
    pub fn stdout(error: io::Error) -> Self {
        let kind = match error.kind() {
            io::ErrorKind::BrokenPipe => ErrorKind::OutputClosed,
            _ => ErrorKind::ActionFailed,
        };
        Self::new(kind, anyhow::Error::new(error).context("could not write to standard output"))
    }

    /// Ctrl-C at a prompt.
    pub fn interrupted() -> Self {
        Self::message(ErrorKind::Interrupted, "interrupted")
    }

    /// Whether the service said that the key lacks a RAM action.
    pub fn is_forbidden(&self) -> bool {
        self.service.as_ref().is_some_and(|service| service.is_forbidden())
    }

    /// Whether there is nothing to say.
    pub fn is_silent(&self) -> bool {
        matches!(self.kind, ErrorKind::OutputClosed | ErrorKind::Interrupted)
    }
}
