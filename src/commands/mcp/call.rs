//! What a tool has at hand.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde_json::Value;

use super::answer::Answer;
use super::audit::{Audit, Record};
use super::definition::Definition;
use super::machines::Machines;
use super::plans::{Asked, Plans};
use crate::command_error::CommandError;
use crate::instances::ResolvedInstance;
use crate::system::clock::Clock;

/// A call of a client, for the tool that does it.
pub(super) struct Call {
    pub(super) machines: Arc<Machines>,
    pub(super) audit: Arc<Audit>,
    pub(super) plans: Arc<Plans>,
    /// What is asked for, with the name of the tool.
    pub(super) asked: Asked,
    pub(super) tool: &'static Definition,
    /// The arguments as they are kept.
    pub(super) kept: Value,
    /// The id of the machine, once it is known.
    pub(super) instance: OnceLock<String>,
    /// The ids of several machines, once they are known.
    pub(super) instances: OnceLock<Vec<String>>,
    /// Whether its input was begun.
    pub(super) has_begun: AtomicBool,
}

impl Call {
    /// Begins the input if the call has the token of its plan. Without a token there is only a plan to answer.
    pub(super) fn begin_if_confirmed(
        &self,
        token: Option<&str>,
        instance: &ResolvedInstance,
    ) -> Result<bool, CommandError> {
        let Some(token) = token else { return Ok(false) };
        self.plans.take(token, self.asked, &instance.id, Clock::system().instant())?;
        self.begin()?;
        Ok(true)
    }

    /// What would be done with `confirm`.
    pub(super) fn plan(&self, instance: &ResolvedInstance, what: &str) -> Answer {
        let effect = "It opens the console, which disconnects anyone on it, unless the session of an earlier call is still open.";
        self.plan_with_effect(instance, &format!("{what} on {}", instance.id), effect)
    }

    /// The same where no console is opened. `what` names the machine.
    pub(super) fn plan_with_effect(&self, instance: &ResolvedInstance, what: &str, effect: &str) -> Answer {
        let token = self.plans.open(self.asked, &instance.id, Clock::system().instant());
        Answer::plan(instance, &token, what, effect)
    }

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
        let (instance, instances) = (self.instance.get().map(String::as_str), self.instances.get().map(Vec::as_slice));
        Record { tool: self.tool.name, instance, instances, arguments: self.kept.clone(), outcome, error }
    }
}
