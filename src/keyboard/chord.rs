//! `ctrl-alt-delete`, `hold:ctrl-c:2s`, `wait:500ms`: one step of pressing keys, read whole before any key is pressed.

use std::time::Duration;

use crate::text::duration::{self, DurationError};
use crate::text::sanitize::sanitize;
use crate::text::suggest::suggest;

use super::key::{Key, SHIFT};
use super::names::{named, names};

/// The longest that keys are held down.
pub(crate) const LONGEST_HOLD: Duration = Duration::from_secs(60);
/// The longest wait between two chords.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// The most of a mistaken name that is quoted, in characters.
const QUOTED: usize = 40;

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Keys pressed in this order and let go in the reverse one.
    Press(Vec<Key>),
    /// The same, held down for a time in between.
    Hold {
        /// The keys in the order of pressing.
        keys: Vec<Key>,
        /// How long the last is down.
        time: Duration,
    },
    /// No key for a time.
    Wait(Duration),
}

/// Why a text is no step.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum ChordError {
    /// A name that no key has.
    #[error("there is no key named \"{name}\" in \"{chord}\"")]
    UnknownKey {
        /// The name.
        name: String,
        /// The whole.
        chord: String,
        /// The known name most like it.
        suggest: Option<String>,
    },
    /// Nothing between two separators, or on one side of one.
    #[error("a key is missing in \"{0}\"")]
    Missing(String),
    /// A key that would have to be pressed twice at once.
    #[error("\"{name}\" is a key that \"{chord}\" has already")]
    Twice {
        /// The later name.
        name: String,
        /// The whole.
        chord: String,
    },
    #[error("\"{step}\" needs a time at its end, such as {example}")]
    NoTime { step: String, example: &'static str },
    #[error("\"{step}\": {source}")]
    NotATime { step: String, source: DurationError },
    #[error("\"{step}\": {verb} at most {}", duration::format(*.longest))]
    TooLong { step: String, verb: &'static str, longest: Duration },
}

impl ChordError {
    /// What to write instead.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownKey { suggest, .. } => suggest.as_ref().map(|suggest| format!("did you mean {suggest}?")),
            Self::Missing(_) => Some("the keys - and + are named minus and plus".to_owned()),
            Self::Twice { .. } | Self::NoTime { .. } | Self::NotATime { .. } | Self::TooLong { .. } => None,
        }
    }
}

/// Reads one step: a chord, `hold:CHORD:TIME` (up to a minute) or `wait:TIME` (up to ten).
///
/// A chord is names of keys with `-` or `+` between them; at the end, `-` and `+` are keys too, as in `ctrl--`. A letter
/// is its key and brings no Shift: `ctrl-C` is `ctrl-c`. Another character that needs Shift in the United States brings
/// it: `ctrl-plus` is `ctrl-shift-=`.
pub(crate) fn parse_chord(text: &str) -> Result<Step, ChordError> {
    let step = || sanitize(text, QUOTED);
    let time = |given: &str, verb, longest| match duration::parse(given) {
        Ok(time) if time <= longest => Ok(time),
        Ok(_) => Err(ChordError::TooLong { step: step(), verb, longest }),
        Err(source) => Err(ChordError::NotATime { step: step(), source }),
    };
    if let Some(given) = text.strip_prefix("wait:") {
        return Ok(Step::Wait(time(given, "wait", LONGEST_WAIT)?));
    }
    if let Some(held) = text.strip_prefix("hold:") {
        let Some((chord, given)) = held.rsplit_once(':') else {
            keys(held)?;
            return Err(ChordError::NoTime { step: step(), example: "hold:ctrl-c:2s" });
        };
        return Ok(Step::Hold { keys: keys(chord)?, time: time(given, "hold", LONGEST_HOLD)? });
    }
    Ok(Step::Press(keys(text)?))
}

fn keys(chord: &str) -> Result<Vec<Key>, ChordError> {
    let quoted = |text: &str| sanitize(text, QUOTED);
    let mut found: Vec<(Key, bool)> = Vec::new();
    for name in split(chord) {
        let Some((key, is_upper)) = named(name) else {
            if name.is_empty() {
                return Err(ChordError::Missing(quoted(chord)));
            }
            let known: Vec<String> = names().map(str::to_ascii_lowercase).collect();
            let suggest = suggest(&name.to_ascii_lowercase(), known.iter().map(String::as_str)).map(str::to_owned);
            return Err(ChordError::UnknownKey { name: quoted(name), chord: quoted(chord), suggest });
        };
        if found.iter().any(|(other, _)| other.scancode == key.scancode) {
            return Err(ChordError::Twice { name: quoted(name), chord: quoted(chord) });
        }
        found.push((key, is_upper));
    }
    let is_shift = |key: Key| matches!(key.keysym, 0xffe1 | 0xffe2);
    let has_shift = found.iter().any(|(key, _)| is_shift(*key));
    let needs_shift = found.iter().position(|(_, is_upper)| *is_upper).filter(|_| !has_shift);
    // A server that looks at the character must be given the one that Shift makes.
    let is_shifted = has_shift || needs_shift.is_some();
    let mut keys: Vec<Key> = found.iter().map(|(key, _)| key.shifted(is_shifted)).collect();
    if let Some(first) = needs_shift {
        keys.insert(first, SHIFT);
    }
    Ok(keys)
}

/// The names in a chord.
fn split(chord: &str) -> Vec<&str> {
    let is_separator = |c: char| matches!(c, '-' | '+');
    // A separator at the end is a key where nothing or another separator is before it.
    let (before, key) = match chord.strip_suffix(is_separator) {
        Some("") => return vec![chord],
        Some(before) if before.ends_with(is_separator) => (&before[..before.len() - 1], Some(&chord[before.len()..])),
        _ => (chord, None),
    };
    before.split(is_separator).chain(key).collect()
}

#[cfg(test)]
#[path = "chord_tests.rs"]
mod tests;
