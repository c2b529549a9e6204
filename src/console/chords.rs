//! Chords as a user writes them.

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::keyboard::{KeyAction, parse_key_action};

/// Parses all chords. Returns the error of the first one that is invalid.
pub(crate) fn parse_chords(chords: &[impl AsRef<str>]) -> Result<Vec<KeyAction>, CommandError> {
    let step = |chord: &str| {
        parse_key_action(chord).map_err(|error| {
            let hint = error.hint();
            let failure = CommandError::new(ErrorKind::Usage, error);
            hint.into_iter().fold(failure, CommandError::hint)
        })
    };
    chords.iter().map(|chord| step(chord.as_ref())).collect()
}
