//! The rules for states: those that are built in, and those in a user's files.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::screen_state::RuleSet;
use crate::system::blocking;
use crate::text::quoted::Shown as _;

/// The longest file of rules, in bytes.
const MAX_FILE_LEN: usize = 1 << 20;

/// Reads files of rules, and puts them before those that are built in, the first file first. A pipe may take `limit`.
pub(crate) fn read_rules(files: &[PathBuf], limit: Duration) -> Result<RuleSet, CommandError> {
    let given: Vec<RuleSet> = files.iter().map(|file| read_file(file, limit)).collect::<Result<_, _>>()?;
    Ok(given.into_iter().rev().fold(RuleSet::built_in(), RuleSet::preceded_by))
}

fn read_file(file: &Path, limit: Duration) -> Result<RuleSet, CommandError> {
    let name = file.shown();
    let bytes = blocking::read_public_file(file, MAX_FILE_LEN, limit).map_err(|error| {
        let kind = if error.kind() == io::ErrorKind::TimedOut { ErrorKind::TimeLimit } else { ErrorKind::Usage };
        CommandError::new(kind, anyhow::Error::new(error).context(format!("cannot read {name}")))
    })?;
    let usage = |message: String| CommandError::message(ErrorKind::Usage, message);
    let text = String::from_utf8(bytes).map_err(|_| usage(format!("{name} is not UTF-8 text")))?;
    RuleSet::parse(&text).map_err(|fault| {
        usage(format!("{name} cannot be used as rules: {fault}")).hint("docs/check.md has the format of rules")
    })
}
