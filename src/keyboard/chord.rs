//! Parses chords: keys that are pressed together, such as `ctrl-alt-delete`.

use std::borrow::Cow;

use crate::text::sanitize::sanitize;
use crate::text::suggest::suggest;

use super::key::{CharacterKey, Key, RIGHT_SHIFT, SHIFT};
use super::key_names::{find_key, key_names};

/// How much of a wrong text an error quotes, in characters.
const MAX_QUOTED_LEN: usize = 40;

/// The most parts in which a key's name is written, as in `kp-page-up`.
const MAX_NAME_PARTS: usize = 3;

/// X11 names of keysyms that a US keyboard does not have, and what is most likely meant.
const MISLEADING_NAMES: [(&str, &str); 2] = [("hyphen", "minus"), ("caret", "asciicircum")];

/// Why a text is not a chord. All texts are quoted from it, shortened, and safe to print.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum ChordError {
    #[error("unknown key \"{name}\" in \"{chord}\"")]
    Unknown {
        name: String,
        chord: String,
        /// The most similar name, if one is similar.
        suggestion: Option<String>,
    },
    /// Nothing before, after or between two separators.
    #[error("a key is missing in \"{0}\"")]
    Missing(String),
    #[error("\"{name}\" is in \"{chord}\" already")]
    Duplicate { name: String, chord: String },
}

impl ChordError {
    /// What to write instead, if there is more to say than the error does.
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown { suggestion: Some(name), .. } => Some(format!("did you mean {name}?")),
            Self::Unknown { suggestion: None, .. } => Some("see ecs-vnc key --help for names".to_owned()),
            Self::Missing(_) => Some("the keys - and + are named minus and plus".to_owned()),
            Self::Duplicate { .. } => None,
        }
    }
}

/// Parses a list of key names separated by `-` or `+`; a name may have these in it, as in `left-alt`. At the end of a chord,
/// `-` and `+` are keys too, as in `ctrl--`.
///
/// A letter never adds Shift: `ctrl-C` is `ctrl-c`. Any other character that needs Shift on a US keyboard adds it:
/// `ctrl-plus` is `ctrl-shift-=`. Before another key, `C-`, `M-` and `S-` are Ctrl, Alt and Shift, as in Emacs; `^` before a
/// character is Ctrl, as terminals show it; and `cad` is Ctrl+Alt+Delete.
pub(super) fn parse_chord(chord: &str) -> Result<Vec<Key>, ChordError> {
    let mut found: Vec<CharacterKey> = Vec::new();
    for name in names(chord) {
        let Some(next) = find_key(&name) else {
            return Err(match &*name {
                "" => ChordError::Missing(quote(chord)),
                name => unknown_key(name, chord),
            });
        };
        if found.iter().any(|other| other.key.scancode == next.key.scancode) {
            return Err(ChordError::Duplicate { name: quote(&name), chord: quote(chord) });
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

/// The name of each key, whether known or not.
fn names(chord: &str) -> Vec<Cow<'_, str>> {
    if chord.eq_ignore_ascii_case("cad") {
        return ["ctrl", "alt", "delete"].map(Cow::from).to_vec();
    }
    let parts = split_chord(chord);
    let (mut names, mut rest) = (Vec::new(), parts.as_slice());
    while let [part, after @ ..] = rest {
        rest = after;
        let mut characters = part.chars();
        match (*part, characters.next(), characters.next(), characters.next()) {
            ("C", ..) if !after.is_empty() => names.push("ctrl".into()),
            ("M", ..) if !after.is_empty() => names.push("alt".into()),
            ("S", ..) if !after.is_empty() => names.push("shift".into()),
            (_, Some('^'), Some(_), None) => names.extend(["ctrl".into(), part[1..].into()]),
            _ => {
                let (name, used) = join_name(part, after);
                names.push(name);
                rest = &after[used..];
            }
        }
    }
    names
}

/// Joins a part with those after it that belong to the same key. Returns the name, and how many parts it has used of `after`.
///
/// Parts that are keys by themselves are several keys, as in `alt-r`, except that `left` and `right` before a modifier say
/// which one is meant.
fn join_name<'a>(first: &'a str, after: &[&str]) -> (Cow<'a, str>, usize) {
    let is_side = ["left", "right"].iter().any(|side| first.eq_ignore_ascii_case(side));
    for used in (1..MAX_NAME_PARTS.min(after.len() + 1)).rev() {
        let others = &after[..used];
        let has_empty = first.is_empty() || others.iter().any(|part| part.is_empty());
        let is_one_key = is_side || find_key(first).is_none() || others.iter().any(|part| find_key(part).is_none());
        let name = format!("{first}{}", others.concat());
        if !has_empty && is_one_key && find_key(&name).is_some() {
            return (name.into(), used);
        }
    }
    (first.into(), 0)
}

fn unknown_key(name: &str, chord: &str) -> ChordError {
    let known: Vec<String> = key_names().map(str::to_ascii_lowercase).collect();
    let lower_case = name.to_ascii_lowercase();
    let meant = MISLEADING_NAMES.iter().find(|(misleading, _)| *misleading == lower_case).map(|(_, name)| *name);
    let suggestion = meant.or_else(|| suggest(&lower_case, known.iter().map(String::as_str))).map(str::to_owned);
    ChordError::Unknown { name: quote(name), chord: quote(chord), suggestion }
}

pub(super) fn quote(text: &str) -> String {
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
