//! What a tool has at hand.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde_json::Value;

use super::audit::{Audit, Record};
use super::machines::Machines;
use crate::command_error::CommandError;

/// A call of a client, for the tool that does it.
pub(super) struct Call {
    pub(super) machines: Arc<Machines>,
    pub(super) audit: Arc<Audit>,
    /// The name of the tool.
    pub(super) tool: &'static str,
    /// The arguments as they are kept.
    pub(super) kept: Value,
    /// The id of the machine, once it is known.
    pub(super) instance: OnceLock<String>,
    /// Whether its input was begun.
    pub(super) has_begun: AtomicBool,
}

impl Call {
    /// Puts on record that input begins. What cannot be recorded is not done.
    pub(super) fn begin(&self) -> Result<(), CommandError> {
        self.audit.write(&self.record("begun", None), Duration::ZERO).map_err(|error| {
            let error = CommandError { error: error.error.context("nothing was done"), ..error };
            error.hint("the user has to make room for the file of --audit, or name another one")
        })?;
        self.has_begun.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// The line of the audit file.
    pub(super) fn record<'a>(&'a self, outcome: &'a str, error: Option<String>) -> Record<'a> {
        let (instance, arguments) = (self.instance.get().map(String::as_str), self.kept.clone());
        Record { tool: self.tool, instance, arguments, outcome, error }
    }
}
