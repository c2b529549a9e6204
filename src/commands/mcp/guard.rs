//! What the user allows an agent.

use super::redaction::Secrets;
use crate::command_error::CommandError;
use crate::console::reading::rows::TextRows;
use crate::console::reading::typed_words::{Masking, TypedWords};
use crate::console::text_source::read_variable;
use crate::error_kind::ErrorKind;
use crate::instances::{ResolvedInstance, glob};
use crate::secret::Secret;
use crate::system::environment::Environment;
use crate::text::sanitize::sanitize;

/// The limits of a server.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    /// Patterns for names and ids; empty for all machines.
    pub(super) only: Vec<String>,
    pub(super) allows_input: bool,
    /// The variables that may be typed.
    pub(super) secrets: Vec<String>,
}

impl Guard {
    /// Whether a machine may be read and used.
    pub(super) fn admits(&self, id: &str, name: &str) -> bool {
        let fits = |pattern: &String| [id, name].iter().any(|text| text == pattern || glob(pattern, text));
        self.only.is_empty() || self.only.iter().any(fits)
    }

    /// Fails for a machine that is not allowed. `asked` is what the client called it: nothing else is told of it.
    pub(super) fn check(&self, instance: &ResolvedInstance, asked: &str) -> Result<(), CommandError> {
        let name = instance.info.as_ref().map_or("", |info| info.instance_name.as_str());
        if self.admits(&instance.id, name) { Ok(()) } else { Err(self.outside(asked)) }
    }

    /// An error of a search among all machines, without what it tells of those that are not allowed.
    pub(super) fn limited(&self, error: CommandError, asked: &str) -> CommandError {
        if self.only.is_empty() || error.kind != ErrorKind::NotFound {
            return error;
        }
        let mut candidates = error.candidates;
        candidates.retain(|candidate| self.admits(&candidate.instance_id, &candidate.instance_name));
        match candidates.is_empty() {
            true => self.outside(asked),
            false => {
                let message = format!("{} matches more than one machine; use an id", sanitize(asked, 128));
                CommandError { candidates, ..CommandError::message(ErrorKind::NotFound, message) }
            }
        }
    }

    fn outside(&self, asked: &str) -> CommandError {
        let message = format!("{} is none of the machines that this server may use", sanitize(asked, 128));
        CommandError::message(ErrorKind::NotFound, message)
            .hint("list_instances lists them; the user chose them with --only")
    }

    /// Fails unless input is allowed. `what` is what counts as input.
    pub(super) fn require_input(&self, what: &str) -> Result<(), CommandError> {
        if self.allows_input {
            return Ok(());
        }
        let message = format!("{what} opens the console, which disconnects anyone on it; this server only reads");
        let hint = "the user allows it by starting the server with --allow-input";
        Err(CommandError::message(ErrorKind::Usage, message).hint(hint))
    }

    /// The value of a variable that may be typed.
    pub(super) fn secret(&self, name: &str, env: &Environment) -> Result<Secret, CommandError> {
        if self.secrets.iter().any(|allowed| allowed == name) {
            return read_variable(name, env);
        }
        let message = format!("the environment variable {} may not be typed", sanitize(name, 80));
        let hint = "the user allows it by starting the server with --secret and its name";
        Err(CommandError::message(ErrorKind::Usage, message).hint(hint))
    }

    /// The rows of a screen without these values, which may go on in the next row. One that is too short to be looked for is a
    /// secret behind a prompt.
    pub(super) fn masked(&self, rows: TextRows, env: &Environment) -> Vec<String> {
        let mut secrets = TypedWords::default();
        let values = self.secrets.iter().filter_map(|name| env.get_verbatim(name));
        values.for_each(|value| secrets.add(&Secret::new(value), true));
        self.secrets(env).mask(rows.masked(&secrets, Masking::Whole).rows())
    }

    /// The values of the variables that may be typed: a guest may show what it was given.
    pub(super) fn secrets(&self, env: &Environment) -> Secrets {
        Secrets::new(self.secrets.iter().filter_map(|name| env.get_verbatim(name)).map(str::to_owned))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command_error::Candidate;

    fn guard(only: &[&str]) -> Guard {
        let only = only.iter().map(|pattern| (*pattern).to_owned()).collect();
        Guard { only, allows_input: false, secrets: vec!["PASSWORD".to_owned()] }
    }

    #[test]
    fn a_machine_is_admitted_by_its_name_or_its_id() {
        let guard = guard(&["web-*", "i-db"]);
        for (id, name, is_admitted) in
            [("i-1", "web-01", true), ("i-db", "x", true), ("i-db2", "db", false), ("i-2", "my-web-1", false)]
        {
            assert_eq!(guard.admits(id, name), is_admitted, "{id} {name}");
        }
        assert!(self::guard(&[]).admits("i-1", "any"));
    }

    #[test]
    fn an_error_tells_nothing_of_other_machines() {
        let candidate = |name: &str| Candidate {
            instance_id: format!("i-{name}"),
            instance_name: name.to_owned(),
            region_id: "cn-hangzhou".to_owned(),
            status: "Running".to_owned(),
            address: None,
        };
        let error = || {
            let mut error =
                CommandError::message(ErrorKind::NotFound, "no instance named web").hint("did you mean db?");
            error.candidates = vec![candidate("db"), candidate("web-1")];
            error
        };
        let limited = guard(&["web-*"]).limited(error(), "web");
        assert_eq!(limited.candidates.len(), 1);
        assert!(limited.hint.is_none());
        let limited = guard(&["no-*"]).limited(error(), "web");
        assert!(limited.candidates.is_empty() && !limited.hint.unwrap().contains("db"));
        assert_eq!(guard(&[]).limited(error(), "web").candidates.len(), 2);
    }
}
