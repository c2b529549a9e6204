//! Parses what `key` and scripts press: `hold:ctrl-c:2s`, `wait:500ms`, and chords.

use std::time::Duration;

use crate::text::duration::{self, DurationError};

use super::chord::{ChordError, parse_chord, quote};
use super::key::Key;

/// The longest that keys are held down.
pub(crate) const MAX_HOLD_TIME: Duration = Duration::from_secs(60);
/// The longest wait between two chords.
pub(crate) const MAX_WAIT_TIME: Duration = Duration::from_secs(600);

/// One step of pressing keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeyAction {
    /// Presses the keys in this order and releases them in reverse order.
    Press(Vec<Key>),
    /// Like `Press`, with the last key held down for a time.
    Hold { keys: Vec<Key>, time: Duration },
    /// Waits without pressing a key.
    Wait(Duration),
}

/// Why a text is not a key action. All texts are quoted from it, shortened, and safe to print.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum KeyActionError {
    #[error(transparent)]
    Chord(#[from] ChordError),
    #[error("\"{action}\" needs a time at its end, such as {example}")]
    MissingTime { action: String, example: &'static str },
    #[error("\"{action}\": {reason}")]
    NotATime { action: String, reason: DurationError },
    #[error("\"{action}\": {verb} at most {}", duration::format(*.max))]
    TooLong { action: String, verb: &'static str, max: Duration },
}

impl KeyActionError {
    /// What to write instead, if there is more to say than the error does.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Chord(error) => error.hint(),
            Self::MissingTime { .. } | Self::NotATime { .. } | Self::TooLong { .. } => None,
        }
    }
}

/// Parses a chord, `hold:CHORD (at most 1 minute) or `wait:TIME` (at most 10 minutes).
pub(crate) fn parse_key_action(text: &str) -> Result<KeyAction, KeyActionError> {
    let action = || quote(text);
    let parse_time = |time: &str, verb, max| match duration::parse(time) {
        Ok(time) if time <= max => Ok(time),
        Ok(_) => Err(KeyActionError::TooLong { action: action(), verb, max }),
        Err(reason) => Err(KeyActionError::NotATime { action: action(), reason }),
    };
    if let Some(time) = text.strip_prefix("wait:") {
        return Ok(KeyAction::Wait(parse_time(time, "wait", MAX_WAIT_TIME)?));
    }
    if let Some(hold) = text.strip_prefix("hold:") {
        let Some((chord, time)) = hold.rsplit_once(':') else {
            parse_chord(hold)?;
            return Err(KeyActionError::MissingTime { action: action(), example: "hold:ctrl-c:2s" });
        };
        return Ok(KeyAction::Hold { keys: parse_chord(chord)?, time: parse_time(time, "hold", MAX_HOLD_TIME)? });
    }
    Ok(KeyAction::Press(parse_chord(text)?))
}

#[cfg(test)]
#[path = "key_action_tests.rs"]
mod tests;
