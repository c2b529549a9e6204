//! From the keys of a terminal to those of a console. Pure.
//!
//! A terminal sends characters, not keys. So a character is typed with the key that the guest's layout has it on, as `type`
//! does, and other keys and chords are those with their names.

use crate::keyboard::{
    Key, KeyAction, KeyEncoding, Keystroke, Layout, UntypableText, parse_key_action, text_to_keystrokes,
};
use crate::terminal::input::{KeyCode, KeyEvent, KeyModifiers};

/// A key, and the modifiers that are down meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Press {
    pub(super) modifiers: Vec<Key>,
    pub(super) key: Key,
}

impl From<&Keystroke> for Press {
    fn from(keystroke: &Keystroke) -> Self {
        Self { modifiers: keystroke.modifiers.to_vec(), key: keystroke.key }
    }
}

/// Names of modifiers, in the order of pressing.
const MODIFIERS: [(KeyModifiers, &str); 4] = [
    (KeyModifiers::CONTROL, "ctrl"),
    (KeyModifiers::ALT, "alt"),
    (KeyModifiers::SUPER, "super"),
    (KeyModifiers::SHIFT, "shift"),
];

/// How the keys of a terminal become those of a guest.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyMapping {
    pub(super) layout: &'static Layout,
    pub(super) encoding: KeyEncoding,
}

impl KeyMapping {
    /// The presses that a key stands for, none for a key that consoles do not have. The error names a character that the
    /// layout does not have.
    pub(super) fn presses(self, event: &KeyEvent) -> Result<Vec<Press>, UntypableText> {
        let modifiers = event.modifiers;
        match (event.code, character(event)) {
            (KeyCode::Char(_), Some(character)) if is_text(event) => self.text(&character.to_string()),
            (KeyCode::Char(_), Some(character)) => {
                let base: String = character.to_lowercase().collect();
                let mut presses = self.text(&base)?;
                let is_upper =
                    character.is_uppercase() || modifiers.contains(KeyModifiers::SHIFT) && character.is_alphabetic();
                if let Some(press) = presses.last_mut() {
                    let shift = if is_upper { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
                    let mut before = modifier_keys(modifiers & !KeyModifiers::SHIFT | shift);
                    before.retain(|key| !press.modifiers.contains(key));
                    press.modifiers.splice(0..0, before);
                }
                Ok(presses)
            }
            (code, _) => Ok(named(code, modifiers).into_iter().collect()),
        }
    }

    /// The presses that type a text.
    pub(super) fn text(self, text: &str) -> Result<Vec<Press>, UntypableText> {
        let keystrokes = text_to_keystrokes(text, self.layout, self.encoding)?;
        Ok(keystrokes.iter().map(Press::from).collect())
    }
}

/// The presses of a chord such as `ctrl-alt-delete`.
pub(super) fn chord(name: &str) -> Option<Press> {
    match parse_key_action(name) {
        Ok(KeyAction::Press(mut keys)) => keys.pop().map(|key| Press { modifiers: keys, key }),
        _ => None,
    }
}

/// Whether a terminal reports that such a key was released, and so it can be held down. Text is not: its keys depend on the
/// layouts of both sides.
pub(super) fn can_be_held(event: &KeyEvent) -> bool {
    !matches!(event.code, KeyCode::Char(_) | KeyCode::Enter | KeyCode::Tab | KeyCode::BackTab | KeyCode::Backspace)
}

/// The character of a key. What terminals send for Ctrl and the keys from `4` to `7` is also what they send for Ctrl and
/// `\`, `]`, `^` and `_`, and guests take the one for the other.
pub(super) fn character(event: &KeyEvent) -> Option<char> {
    let KeyCode::Char(character) = event.code else { return None };
    if event.modifiers != KeyModifiers::CONTROL {
        return Some(character);
    }
    Some(match character {
        '4' => '\\',
        '5' => ']',
        '6' => '^',
        '7' => '_',
        other => other,
    })
}

/// Whether a character is text, and no shortcut. Windows reports AltGr as Ctrl and Alt.
fn is_text(event: &KeyEvent) -> bool {
    let modifiers = event.modifiers & !KeyModifiers::SHIFT;
    let is_alt_gr = cfg!(windows) && modifiers == KeyModifiers::CONTROL | KeyModifiers::ALT;
    let is_letter = matches!(event.code, KeyCode::Char(character) if character.is_ascii_alphanumeric());
    modifiers.is_empty() || is_alt_gr && !is_letter
}

fn modifier_keys(modifiers: KeyModifiers) -> Vec<Key> {
    let names = MODIFIERS.iter().filter(|(modifier, _)| modifiers.contains(*modifier)).map(|(_, name)| *name);
    names.filter_map(|name| chord(name).map(|press| press.key)).collect()
}

/// The press of a key that is no character.
fn named(code: KeyCode, modifiers: KeyModifiers) -> Option<Press> {
    let (name, modifiers) = match code {
        KeyCode::Backspace => ("backspace".to_owned(), modifiers),
        KeyCode::Enter => ("enter".to_owned(), modifiers),
        KeyCode::Left => ("left".to_owned(), modifiers),
        KeyCode::Right => ("right".to_owned(), modifiers),
        KeyCode::Up => ("up".to_owned(), modifiers),
        KeyCode::Down => ("down".to_owned(), modifiers),
        KeyCode::Home => ("home".to_owned(), modifiers),
        KeyCode::End => ("end".to_owned(), modifiers),
        KeyCode::PageUp => ("pgup".to_owned(), modifiers),
        KeyCode::PageDown => ("pgdn".to_owned(), modifiers),
        KeyCode::Tab => ("tab".to_owned(), modifiers),
        KeyCode::BackTab => ("tab".to_owned(), modifiers | KeyModifiers::SHIFT),
        KeyCode::Delete => ("delete".to_owned(), modifiers),
        KeyCode::Insert => ("insert".to_owned(), modifiers),
        KeyCode::Esc => ("esc".to_owned(), modifiers),
        KeyCode::F(number @ 1..=24) => (format!("f{number}"), modifiers),
        KeyCode::Null => ("space".to_owned(), modifiers | KeyModifiers::CONTROL),
        KeyCode::CapsLock => ("caps_lock".to_owned(), modifiers),
        KeyCode::ScrollLock => ("scroll_lock".to_owned(), modifiers),
        KeyCode::NumLock => ("num_lock".to_owned(), modifiers),
        KeyCode::PrintScreen => ("print".to_owned(), modifiers),
        KeyCode::Pause => ("pause".to_owned(), modifiers),
        KeyCode::Menu => ("menu".to_owned(), modifiers),
        KeyCode::KeypadBegin => ("kp_begin".to_owned(), modifiers),
        _ => return None,
    };
    let key = chord(&name)?.key;
    Some(Press { modifiers: modifier_keys(modifiers), key })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyboard::find_layout;

    /// The scancodes of the modifiers and the key.
    fn scancodes(layout: &str, code: KeyCode, modifiers: KeyModifiers) -> Vec<Vec<u16>> {
        let mapping = KeyMapping { layout: find_layout(layout).unwrap(), encoding: KeyEncoding::Scancodes };
        let presses = mapping.presses(&KeyEvent::new(code, modifiers)).unwrap();
        let keys = |press: &Press| press.modifiers.iter().chain([&press.key]).map(|key| key.scancode).collect();
        presses.iter().map(keys).collect()
    }

    // XT scancodes, set 1: Ctrl 1d, Alt 38, Shift 2a, AltGr e038, a 1e, q 10, c 2e, ] 1b, 2 03, Del e053.
    const NONE: KeyModifiers = KeyModifiers::NONE;
    const CONTROL: KeyModifiers = KeyModifiers::CONTROL;
    const ALT: KeyModifiers = KeyModifiers::ALT;
    const SHIFT: KeyModifiers = KeyModifiers::SHIFT;

    #[test]
    fn characters_are_on_the_keys_of_the_guests_layout() {
        assert_eq!(scancodes("us", KeyCode::Char('a'), NONE), [[0x1e]]);
        assert_eq!(scancodes("us", KeyCode::Char('A'), SHIFT), [[0x2a, 0x1e]]);
        assert_eq!(scancodes("fr", KeyCode::Char('a'), NONE), [[0x10]]);
        assert_eq!(scancodes("de", KeyCode::Char('@'), NONE), [[0xe038, 0x10]]);
        let mapping = KeyMapping { layout: find_layout("us").unwrap(), encoding: KeyEncoding::Scancodes };
        assert!(mapping.presses(&KeyEvent::new(KeyCode::Char('ö'), NONE)).is_err());
    }

    #[test]
    fn chords_are_too() {
        assert_eq!(scancodes("us", KeyCode::Char('c'), CONTROL), [[0x1d, 0x2e]]);
        assert_eq!(scancodes("fr", KeyCode::Char('a'), CONTROL), [[0x1d, 0x10]]);
        assert_eq!(scancodes("us", KeyCode::Char('x'), ALT | CONTROL), [[0x1d, 0x38, 0x2d]]);
        assert_eq!(scancodes("us", KeyCode::Char('A'), ALT | SHIFT), [[0x38, 0x2a, 0x1e]]);
        assert_eq!(scancodes("us", KeyCode::Char('?'), ALT), [[0x38, 0x2a, 0x35]]);
        assert_eq!(scancodes("us", KeyCode::Char(' '), CONTROL), [[0x1d, 0x39]]);
        // What terminals send for Ctrl and ].
        assert_eq!(scancodes("us", KeyCode::Char('5'), CONTROL), [[0x1d, 0x1b]]);
        assert_eq!(scancodes("us", KeyCode::Char('7'), CONTROL), [[0x1d, 0x2a, 0x0c]]);
    }

    #[test]
    fn other_keys_have_names() {
        assert_eq!(scancodes("us", KeyCode::Delete, CONTROL | ALT), [[0x1d, 0x38, 0xe053]]);
        assert_eq!(scancodes("us", KeyCode::BackTab, SHIFT), [[0x2a, 0x0f]]);
        assert_eq!(scancodes("us", KeyCode::F(12), NONE), [[0x58]]);
        assert_eq!(scancodes("us", KeyCode::Esc, NONE), [[0x01]]);
        assert_eq!(scancodes("us", KeyCode::F(99), NONE), [[0; 0]; 0]);
        assert_eq!(chord("ctrl-alt-delete").unwrap().modifiers.len(), 2);
    }
}
