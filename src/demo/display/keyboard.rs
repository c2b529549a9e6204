//! The keyboard of a simulated console, from keys to what they do. Pure.
//!
//! A keysym (RFC 6143, section 7.5.4) is the character itself, as Xtigervnc takes it. A scancode (QEMU Extended Key
//! Event) is a key of a US keyboard, and Shift and Caps Lock decide, as on QEMU.

/// A key as a client's message names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// An X11 keysym.
    Keysym(u32),
    /// An XT scancode of set 1; keys with the prefix 0xe0 have bit 7 set instead. Source: QEMU's
    /// docs/interop/vnc-ext-key-event.
    Scancode(u32),
}

/// What a key that goes down does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Type(char),
    /// A character with Ctrl, as a capital: `C` for Ctrl-C.
    Control(char),
    Enter,
    Backspace,
    Tab,
    CtrlAltDelete,
    /// A character with Alt and SysRq.
    SysRq(char),
}

/// The modifiers that are held, and the locks that are on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keyboard {
    shift: bool,
    control: bool,
    alt: bool,
    sys_rq: bool,
    /// Num, Caps and Scroll Lock.
    pub(crate) locks: [bool; 3],
}

/// The names of [`Keyboard::locks`].
pub(crate) const LOCKS: [&str; 3] = ["NUM", "CAPS", "SCROLL"];

enum Key {
    Shift,
    Control,
    Alt,
    SysRq,
    Delete,
    /// An index of [`Keyboard::locks`].
    Lock(usize),
    /// The character without Shift, and the one with it.
    Character(char, char),
    Acts(Effect),
    Other,
}

/// The rows of a US keyboard: the first key's scancode, the characters without Shift, and those with it.
const ROWS: [(u32, &str, &str); 6] = [
    (0x02, "1234567890-=", "!@#$%^&*()_+"),
    (0x10, "qwertyuiop[]", "QWERTYUIOP{}"),
    (0x1e, "asdfghjkl;'`", "ASDFGHJKL:\"~"),
    (0x2b, "\\", "|"),
    (0x2c, "zxcvbnm,./", "ZXCVBNM<>?"),
    (0x39, " ", " "),
];

impl Keyboard {
    /// A key goes down or up. Only one that goes down has an effect.
    pub(crate) fn press(&mut self, code: Code, is_down: bool) -> Option<Effect> {
        match code.key() {
            Key::Shift => self.shift = is_down,
            Key::Control => self.control = is_down,
            Key::Alt => self.alt = is_down,
            Key::SysRq => self.sys_rq = is_down && self.alt,
            Key::Lock(index) if is_down => self.locks[index] = !self.locks[index],
            Key::Delete if is_down && self.control && self.alt => return Some(Effect::CtrlAltDelete),
            Key::Character(plain, _) if is_down && self.sys_rq => return Some(Effect::SysRq(plain)),
            Key::Character(plain, shifted) if is_down && !self.alt => {
                let [_, is_caps, _] = self.locks;
                let is_shifted = self.shift != (is_caps && plain.is_ascii_lowercase());
                return Some(match self.control {
                    true => Effect::Control(plain.to_ascii_uppercase()),
                    false => Effect::Type(if is_shifted { shifted } else { plain }),
                });
            }
            Key::Acts(effect) if is_down => return Some(effect),
            _ => {}
        }
        None
    }
}

impl Code {
    fn key(self) -> Key {
        match self {
            // X11's keysymdef.h.
            Self::Keysym(keysym) => match keysym {
                0xffe1 | 0xffe2 => Key::Shift,
                0xffe3 | 0xffe4 => Key::Control,
                0xffe9 | 0xffea => Key::Alt,
                0xff61 | 0xff15 => Key::SysRq,
                0xffff => Key::Delete,
                0xff7f => Key::Lock(0),
                0xffe5 => Key::Lock(1),
                0xff14 => Key::Lock(2),
                0xff08 => Key::Acts(Effect::Backspace),
                0xff09 => Key::Acts(Effect::Tab),
                0xff0d | 0xff8d => Key::Acts(Effect::Enter),
                // RFC 6143, section 7.5.4: for these a keysym is the character itself.
                0x20..=0x7e => char::from_u32(keysym).map_or(Key::Other, |typed| Key::Character(typed, typed)),
                _ => Key::Other,
            },
            Self::Scancode(scancode) => match scancode {
                0x2a | 0x36 => Key::Shift,
                0x1d | 0x9d => Key::Control,
                0x38 | 0xb8 => Key::Alt,
                // The Print key is 0x54 while Alt is held. QEMU, hw/input/ps2.c.
                0x54 | 0xb7 => Key::SysRq,
                0xd3 => Key::Delete,
                0x45 => Key::Lock(0),
                0x3a => Key::Lock(1),
                0x46 => Key::Lock(2),
                0x0e => Key::Acts(Effect::Backspace),
                0x0f => Key::Acts(Effect::Tab),
                0x1c | 0x9c => Key::Acts(Effect::Enter),
                _ => on_us_keyboard(scancode).unwrap_or(Key::Other),
            },
        }
    }
}

fn on_us_keyboard(scancode: u32) -> Option<Key> {
    ROWS.iter().find_map(|(first, plain, shifted)| {
        let place = usize::try_from(scancode.checked_sub(*first)?).ok()?;
        Some(Key::Character(plain.chars().nth(place)?, shifted.chars().nth(place)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The effects of scancodes, each of which goes down (`true`) or up.
    fn typed(scancodes: &[(bool, u32)]) -> String {
        let mut keyboard = Keyboard::default();
        let effects = scancodes.iter().filter_map(|&(is_down, code)| keyboard.press(Code::Scancode(code), is_down));
        effects.map(|effect| if let Effect::Type(c) = effect { c.to_string() } else { format!("{effect:?}") }).collect()
    }

    #[test]
    fn a_scancode_is_a_key_of_a_us_keyboard() {
        // Linux's input-event-codes.h, which has the same numbers: KEY_Q 16, KEY_A 30, KEY_GRAVE 41, KEY_SLASH 53.
        assert_eq!(typed(&[(true, 16), (false, 16), (true, 30), (true, 41), (true, 53), (true, 57)]), "qa`/ ");
        assert_eq!(typed(&[(true, 2), (true, 11), (true, 12), (true, 13), (true, 43)]), "10-=\\");
        // With KEY_LEFTSHIFT 42, which is released in between.
        assert_eq!(typed(&[(true, 42), (true, 30), (true, 3), (false, 42), (true, 30), (true, 41)]), "A@a`");
        // KEY_CAPSLOCK 58 is for letters, and Shift turns it round.
        assert_eq!(typed(&[(true, 58), (false, 58), (true, 30), (true, 3), (true, 54), (true, 30)]), "A2a");
        assert_eq!(typed(&[(true, 29), (true, 46)]), "Control('C')");
        assert_eq!(typed(&[(true, 56), (true, 46), (true, 59), (true, 0), (true, u32::MAX)]), "");
        assert_eq!(typed(&[(true, 28), (true, 0x9c), (true, 14), (true, 15)]), "EnterEnterBackspaceTab");
    }

    #[test]
    fn a_keysym_is_the_character_whatever_is_held() {
        let mut keyboard = Keyboard::default();
        let mut press = |keysym, is_down| keyboard.press(Code::Keysym(keysym), is_down);
        assert_eq!(press(0x41, true), Some(Effect::Type('A')));
        assert_eq!(press(0x41, false), None);
        assert_eq!([press(0xffe1, true), press(0x61, true)], [None, Some(Effect::Type('a'))]);
        assert_eq!([press(0xffe3, true), press(0x63, true)], [None, Some(Effect::Control('C'))]);
        assert_eq!([press(0xffe3, false), press(0xffe9, true), press(0x63, true)], [None; 3]);
        for keysym in [0, 0x1f, 0x7f, 0xff, 0xffbe, u32::MAX] {
            assert_eq!(press(keysym, true), None, "{keysym:#x}");
        }
    }

    #[test]
    fn a_machine_is_restarted_by_three_keys_or_by_sysrq() {
        for codes in [[0x1d, 0x38, 0xd3].map(Code::Scancode), [0xffe3, 0xffe9, 0xffff].map(Code::Keysym)] {
            let mut keyboard = Keyboard::default();
            assert_eq!(codes.map(|code| keyboard.press(code, true)), [None, None, Some(Effect::CtrlAltDelete)]);
            let mut keyboard = Keyboard::default();
            assert_eq!([codes[1], codes[2]].map(|code| keyboard.press(code, true)), [None; 2], "without Ctrl");
        }
        for codes in [[0x38, 0x54, 0x30].map(Code::Scancode), [0xffe9, 0xff15, 0x62].map(Code::Keysym)] {
            let mut keyboard = Keyboard::default();
            assert_eq!(codes.map(|code| keyboard.press(code, true)), [None, None, Some(Effect::SysRq('b'))]);
            let mut keyboard = Keyboard::default();
            let without_alt = [codes[1], codes[2]].map(|code| keyboard.press(code, true));
            assert_eq!(without_alt, [None, Some(Effect::Type('b'))]);
        }
    }

    #[test]
    fn a_lock_turns_at_each_press() {
        let mut keyboard = Keyboard::default();
        for (code, lock) in [(Code::Keysym(0xff7f), 0), (Code::Scancode(0x3a), 1), (Code::Keysym(0xff14), 2)] {
            keyboard.press(code, true);
            keyboard.press(code, false);
            assert!(keyboard.locks[lock], "{}", LOCKS[lock]);
        }
        keyboard.press(Code::Keysym(0xffe5), true);
        assert_eq!(keyboard.locks, [true, false, true]);
    }
}
