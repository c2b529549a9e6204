//! Parses what `key` and scripts press: `ctrl-alt-delete`, `hold:ctrl-c:2s`, `wait:500ms`.

use std::time::Duration;

use crate::text::duration::{self, DurationError};
use crate::text::sanitize::sanitize;
use crate::text::suggest::suggest;

use super::key::{CharacterKey, Key, RIGHT_SHIFT, SHIFT};
use super::key_names::{find_key, key_names};

/// The longest that keys are held down.
pub(crate) const MAX_HOLD_TIME: Duration = Duration::from_secs(60);
/// The longest wait between two chords.
pub(crate) const MAX_WAIT_TIME: Duration = Duration::from_secs(600);

/// How much of a wrong name an error quotes, in characters.
const MAX_QUOTED_LEN: usize = 40;

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
    #[error("unknown key \"{name}\" in \"{chord}\"")]
    UnknownKey {
        name: String,
        chord: String,
        /// The most similar name, if one is similar.
        suggestion: Option<String>,
    },
    /// Nothing before, after or between two separators.
    #[error("a key is missing in \"{0}\"")]
    MissingKey(String),
    #[error("\"{name}\" is in \"{chord}\" already")]
    DuplicateKey { name: String, chord: String },
    #[error("\"{action}\" needs a time at its end, such as {example}")]
    MissingTime { action: String, example: &'static str },
    #[error("\"{action}\": {source}")]
    NotATime { action: String, source: DurationError },
    #[error("\"{action}\": {verb} at most {}", duration::format(*.max))]
    TooLong { action: String, verb: &'static str, max: Duration },
}

impl KeyActionError {
    /// What to write instead, if there is more to say than the error does.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownKey { suggestion: Some(name), .. } => Some(format!("did you mean {name}?")),
            Self::UnknownKey { suggestion: None, .. } => Some("see ecs-vnc key --help for names".to_owned()),
            Self::MissingKey(_) => Some("the keys - and + are named minus and plus".to_owned()),
            Self::DuplicateKey { .. } | Self::MissingTime { .. } | Self::NotATime { .. } | Self::TooLong { .. } => None,
        }
    }
}

/// Parses a chord, `hold:CHORD:TIME` (at most 1 minute) or `wait:TIME` (at most 10 minutes).
///
/// A chord is a list of key names separated by `-` or `+`. At the end of a chord, `-` and `+` are keys too, as in `ctrl--`.
/// A letter never adds Shift: `ctrl-C` is `ctrl-c`. Any other character that needs Shift on a US keyboard adds it:
/// `ctrl-plus` is `ctrl-shift-=`.
pub(crate) fn parse_key_action(text: &str) -> Result<KeyAction, KeyActionError> {
    let action = || quote(text);
    let parse_time = |time: &str, verb, max| match duration::parse(time) {
        Ok(time) if time <= max => Ok(time),
        Ok(_) => Err(KeyActionError::TooLong { action: action(), verb, max }),
        Err(source) => Err(KeyActionError::NotATime { action: action(), source }),
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

fn parse_chord(chord: &str) -> Result<Vec<Key>, KeyActionError> {
    let mut found: Vec<CharacterKey> = Vec::new();
    for name in split_chord(chord) {
        let Some(next) = find_key(name) else {
            return Err(match name {
                "" => KeyActionError::MissingKey(quote(chord)),
                _ => unknown_key(name, chord),
            });
        };
        if found.iter().any(|other| other.key.scancode == next.key.scancode) {
            return Err(KeyActionError::DuplicateKey { name: quote(name), chord: quote(chord) });
        }
        found.push(next);
    }
    let has_shift = found.iter().any(|found| [SHIFT, RIGHT_SHIFT].contains(&found.key));
    let first_that_needs_shift = found.iter().position(|found| found.needs_shift).filter(|_| !has_shift);
    // A server that looks at the character must receive the one that Shift gives.
    let is_shifted = has_shift || first_that_needs_shift.is_some();
    let mut keys: Vec<Key> = found.iter().map(|found| found.key.with_shift(is_shifted)).collect();
    if let Some(index) = first_that_needs_shift {
        keys.insert(index, SHIFT);
    }
    Ok(keys)
}

fn unknown_key(name: &str, chord: &str) -> KeyActionError {
    let known: Vec<String> = key_names().map(str::to_ascii_lowercase).collect();
    let suggestion = suggest(name, known.iter().map(String::as_str)).map(str::to_owned);
    KeyActionError::UnknownKey { name: quote(name), chord: quote(chord), suggestion }
}

fn quote(text: &str) -> String {
    sanitize(text, MAX_QUOTED_LEN)
}

fn split_chord(chord: &str) -> Vec<&str> {
    let is_separator = |c: char| matches!(c, '-' | '+');
    // A separator at the end is a key if nothing or another separator stands before it.
    let (before, key) = match chord.strip_suffix(is_separator) {
        Some("") => return vec![chord],
        Some(before) if before.ends_with(is_separator) => (&before[..before.len() - 1], Some(&chord[before.len()..])),
        _ => (chord, None),
    };
    before.split(is_separator).chain(key).collect()
}

#[cfg(test)]
#[path = "key_action_tests.rs"]
mod tests;
