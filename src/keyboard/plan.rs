//! The strokes of a whole text, all of it checked before the first.

use std::collections::HashMap;
use std::fmt;

use crate::text::sanitize::is_unsafe;

use super::key::{ALT_GR, Key, RETURN, SHIFT, SPACE, TAB};
use super::layout::{Layout, compositions};

/// How many characters that cannot be typed are named; the others are counted.
const NAMED: usize = 12;

/// How the server takes a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// By its scancode, in a QEMU Extended Key Event.
    Scancodes,
    /// By its keysym, in a KeyEvent: keys that the United States do not have are out of reach.
    Keysyms,
}

/// A key pressed once. It may belong to a password, and so is not shown by `Debug`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Stroke {
    /// What is held meanwhile, in the order of pressing.
    pub held: &'static [Key],
    /// The key itself.
    pub key: Key,
}

impl fmt::Debug for Stroke {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stroke")
    }
}

/// A character for which a layout has no keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Untypable {
    /// The character.
    pub(crate) character: char,
    /// Its line in the text, from 1.
    pub(crate) line: usize,
    /// Its place in the line, in characters, from 1.
    pub(crate) column: usize,
}

impl fmt::Display for Untypable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { character, line, column } = self;
        // What cannot be seen is named by its number only.
        if !is_unsafe(*character) && !character.is_whitespace() {
            write!(f, "{character} ")?;
        }
        write!(f, "U+{:04X} (line {line}, column {column})", u32::from(*character))
    }
}

/// A text that a layout cannot type. It names single characters and never the text, which may be a secret.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the layout \"{layout}\" has no keys for {}{}", list(.characters), and_more(*.others))]
pub struct CannotType {
    /// The layout's name.
    pub(crate) layout: &'static str,
    /// The first of them: at most 12.
    pub(crate) characters: Vec<Untypable>,
    /// How many more there are.
    pub(crate) others: usize,
}

fn list(characters: &[Untypable]) -> String {
    characters.iter().map(Untypable::to_string).collect::<Vec<_>>().join(", ")
}

fn and_more(count: usize) -> String {
    if count == 0 { String::new() } else { format!(", and {count} more") }
}

/// The strokes of `text` on a guest with this keyboard. A line's end is Return, be it LF, CR LF or CR; a tab is Tab.
/// Nothing is held between two strokes, and CapsLock is taken to be off.
pub fn plan(text: &str, layout: &Layout, sent: Sent) -> Result<Vec<Stroke>, CannotType> {
    let keys = keys(layout, sent);
    let mut strokes = Vec::with_capacity(text.len());
    let mut refused = CannotType { layout: layout.name, characters: Vec::new(), others: 0 };
    let (mut line, mut column) = (1, 1);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\r' {
            characters.next_if_eq(&'\n');
        }
        match keys.get(&character) {
            Some(found) => strokes.extend(found),
            None if refused.characters.len() == NAMED => refused.others += 1,
            None => refused.characters.push(Untypable { character, line, column }),
        }
        (line, column) = if matches!(character, '\r' | '\n') { (line + 1, 1) } else { (line, column + 1) };
    }
    if refused.characters.is_empty() { Ok(strokes) } else { Err(refused) }
}

/// The strokes of every character of a layout: the easiest where there are several.
fn keys(layout: &Layout, sent: Sent) -> HashMap<char, Vec<Stroke>> {
    let alone = |key| Stroke { held: &[], key };
    let mut keys: HashMap<char, Vec<Stroke>> =
        [('\n', RETURN), ('\r', RETURN), ('\t', TAB), (' ', SPACE)].map(|(c, key)| (c, vec![alone(key)])).into();
    let mut dead = Vec::new();
    let held: [&'static [Key]; 4] = [&[], &[SHIFT], &[ALT_GR], &[ALT_GR, SHIFT]];
    for (level, held) in held.into_iter().enumerate() {
        for (place, _, character) in layout.characters().filter(|at| at.1 == level) {
            let key = Key::at(place, held.contains(&SHIFT));
            if sent == Sent::Keysyms && key.keysym == 0 {
                continue;
            }
            match compositions(character) {
                Some(letters) => dead.push((Stroke { held, key }, letters)),
                None => drop(keys.entry(character).or_insert_with(|| vec![Stroke { held, key }])),
            }
        }
    }
    for (dead, letters) in dead {
        let mut letters = letters.chars();
        while let (Some(letter), Some(composed)) = (letters.next(), letters.next()) {
            if let Some([letter]) = keys.get(&letter).map(Vec::as_slice) {
                let strokes = vec![dead, *letter];
                keys.entry(composed).or_insert(strokes);
            }
        }
    }
    keys
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
