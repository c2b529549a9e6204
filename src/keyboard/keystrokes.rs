//! From a text to keystrokes. The whole text is checked before the first key is pressed.

use std::collections::HashMap;
use std::fmt;

use crate::text::sanitize::is_unsafe;

use super::key::{ALT_GR, Key, RETURN, SHIFT, SPACE, TAB};
use super::layout::{CharacterPlace, Layout, compositions};

/// How many characters an error lists; it counts the others.
const MAX_LISTED: usize = 12;

/// The modifiers of each level of a layout.
const LEVEL_MODIFIERS: [&[Key]; 4] = [&[], &[SHIFT], &[ALT_GR], &[ALT_GR, SHIFT]];

/// How keys are sent to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyEncoding {
    /// In QEMU Extended Key Events: by scancode, with the keysym of the character for a server that ignores scancodes.
    Scancodes,
    /// In KeyEvents, by the keysym of the character.
    Keysyms,
    /// In KeyEvents, by the keysym that a US keyboard has on the key. Keys that a US keyboard does not have cannot be sent.
    UsKeysyms,
}

/// One press of a key. `Debug` does not show the key, which may belong to a password.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Keystroke {
    /// Keys held down meanwhile, in the order of pressing.
    pub modifiers: &'static [Key],
    /// The key that is pressed.
    pub key: Key,
}

impl fmt::Debug for Keystroke {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keystroke")
    }
}

/// A character that a layout does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UntypableCharacter {
    pub(crate) character: char,
    /// The line in the text, from 1.
    pub(crate) line: usize,
    /// The position in the line, in characters, from 1.
    pub(crate) column: usize,
}

impl fmt::Display for UntypableCharacter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { character, line, column } = self;
        // An invisible character is given by its number only.
        if !is_unsafe(*character) && !character.is_whitespace() {
            write!(f, "{character} ")?;
        }
        write!(f, "U+{:04X} (line {line}, column {column})", u32::from(*character))
    }
}

/// A text that a layout cannot type. The error lists single characters but not the text, which may be a secret.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("cannot type {}{} with the {layout} layout", list(.characters), and_more(*.others))]
pub struct UntypableText {
    /// The layout's name.
    pub(crate) layout: &'static str,
    /// The first untypable characters, at most 12.
    pub(crate) characters: Vec<UntypableCharacter>,
    /// The number of further untypable characters.
    pub(crate) others: usize,
}

fn list(characters: &[UntypableCharacter]) -> String {
    characters.iter().map(UntypableCharacter::to_string).collect::<Vec<_>>().join(", ")
}

fn and_more(count: usize) -> String {
    if count == 0 { String::new() } else { format!(", and {count} more") }
}

/// The keystrokes that type `text` on a guest with this layout, if CapsLock is off. LF, CR LF and CR are each one Return,
/// and a tab is Tab. No key stays down between two keystrokes.
pub fn text_to_keystrokes(text: &str, layout: &Layout, encoding: KeyEncoding) -> Result<Vec<Keystroke>, UntypableText> {
    let known = keystrokes_by_character(layout, encoding);
    let mut keystrokes = Vec::with_capacity(text.len());
    let mut error = UntypableText { layout: layout.name, characters: Vec::new(), others: 0 };
    let (mut line, mut column) = (1, 1);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\r' {
            characters.next_if_eq(&'\n');
        }
        match known.get(&character) {
            Some(found) => keystrokes.extend(found),
            None if error.characters.len() == MAX_LISTED => error.others += 1,
            None => error.characters.push(UntypableCharacter { character, line, column }),
        }
        (line, column) = if matches!(character, '\r' | '\n') { (line + 1, 1) } else { (line, column + 1) };
    }
    if error.characters.is_empty() { Ok(keystrokes) } else { Err(error) }
}

/// The keystrokes of every character of a layout: the first way in the layout's order, without a dead key if possible.
fn keystrokes_by_character(layout: &Layout, encoding: KeyEncoding) -> HashMap<char, Vec<Keystroke>> {
    let alone = |key| Keystroke { modifiers: &[], key };
    let mut known: HashMap<char, Vec<Keystroke>> =
        [('\n', RETURN), ('\r', RETURN), ('\t', TAB), (' ', SPACE)].map(|(c, key)| (c, vec![alone(key)])).into();
    let mut dead_keys = Vec::new();
    for (level, modifiers) in LEVEL_MODIFIERS.into_iter().enumerate() {
        for place in layout.characters().filter(|place| place.level == level) {
            let key = match encoding {
                KeyEncoding::Scancodes | KeyEncoding::Keysyms => character_key(place),
                KeyEncoding::UsKeysyms => Key::from_scancode(place.scancode, modifiers.contains(&SHIFT)),
            };
            if key.keysym == 0 {
                continue;
            }
            let keystroke = Keystroke { modifiers, key };
            match compositions(place.character) {
                Some(letters) => dead_keys.push((keystroke, letters)),
                None => drop(known.entry(place.character).or_insert_with(|| vec![keystroke])),
            }
        }
    }
    for (dead, letters) in dead_keys {
        let mut letters = letters.chars();
        while let (Some(letter), Some(composed)) = (letters.next(), letters.next()) {
            if let Some([letter]) = known.get(&letter).map(Vec::as_slice) {
                let keystrokes = vec![dead, *letter];
                known.entry(composed).or_insert(keystrokes);
            }
        }
    }
    known
}

/// The key in this place, with the keysym of its character. The keysyms of Latin-1 and of the euro sign are the numbers of
/// their characters; layouts have no other characters. Source: X.Org, keysymdef.h.
fn character_key(place: CharacterPlace) -> Key {
    let keysym = match place.character {
        'ˋ' => 0xfe50, // dead_grave
        '´' => 0xfe51, // dead_acute
        'ˆ' => 0xfe52, // dead_circumflex
        '˜' => 0xfe53, // dead_tilde
        '¨' => 0xfe57, // dead_diaeresis
        character => character.into(),
    };
    Key { keysym, scancode: place.scancode }
}

#[cfg(test)]
#[path = "keystrokes_tests.rs"]
mod tests;
