//! A key of a PC keyboard, and what a US layout has on it.

use super::layouts::US;

/// A key of a PC keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The X11 keysym of what the key gives: of a character, or of a key without one. RFC 6143, section 7.5.4. 0 (NoSymbol) if
    /// it gives nothing.
    pub keysym: u32,
    /// The XT scancode (set 1) of the key. A key with the prefix E0 is `0xe0xx`, as in noVNC's table; a QEMU Extended Key
    /// Event has `0x80 | xx` for it.
    pub scancode: u16,
}

/// The left Shift key.
pub(crate) const SHIFT: Key = Key { keysym: 0xffe1, scancode: 0x2a };
/// The right Shift key.
pub(crate) const RIGHT_SHIFT: Key = Key { keysym: 0xffe2, scancode: 0x36 };
/// AltGr: the right Alt key on layouts with three characters on a key.
pub(crate) const ALT_GR: Key = Key { keysym: 0xfe03, scancode: 0xe038 };
pub(crate) const NUM_LOCK: Key = Key { keysym: 0xff7f, scancode: 0x45 };
pub(crate) const RETURN: Key = Key { keysym: 0xff0d, scancode: 0x1c };
pub(crate) const TAB: Key = Key { keysym: 0xff09, scancode: 0x0f };
pub(crate) const SPACE: Key = Key { keysym: 0x20, scancode: 0x39 };

/// The scancode of the key left of Z, which US keyboards do not have.
const LEFT_OF_Z: u16 = 0x56;

/// The keysyms of keys without a character begin here. X.Org, keysymdef.h.
const FIRST_FUNCTION_KEYSYM: u32 = 0xfe00;

/// A key, and whether its character needs Shift on a US keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CharacterKey {
    pub(super) key: Key,
    pub(super) needs_shift: bool,
}

impl Key {
    /// The key with this scancode, and the keysym that it gives on a US keyboard with or without Shift.
    pub(super) fn from_scancode(scancode: u16, is_shifted: bool) -> Self {
        // QEMU's own layout has `<` and `>` on two keys, and would take the wrong one; `¦` is on this key only.
        // Source: QEMU, pc-bios/keymaps/en-us.
        if scancode == LEFT_OF_Z {
            return Self { keysym: 0xa6, scancode };
        }
        let level = usize::from(is_shifted);
        // A printable character of ASCII is its own keysym.
        let character = US.characters().find(|place| place.scancode == scancode && place.level == level);
        Self { keysym: character.map_or(0, |place| u32::from(place.character)), scancode }
    }

    /// The key with this character on a US keyboard.
    pub(super) fn from_character(character: char) -> Option<CharacterKey> {
        if character == ' ' {
            return Some(CharacterKey { key: SPACE, needs_shift: false });
        }
        let place = US.characters().find(|place| place.character == character)?;
        let needs_shift = place.level == 1;
        Some(CharacterKey { key: Self::from_scancode(place.scancode, needs_shift), needs_shift })
    }

    /// The same key with the keysym that it gives with or without Shift. A key that gives no character keeps its keysym, also
    /// one that has the place of a character on a US keyboard.
    pub(super) fn with_shift(self, is_shifted: bool) -> Self {
        match Self::from_scancode(self.scancode, is_shifted) {
            key if key.keysym != 0 && self.keysym < FIRST_FUNCTION_KEYSYM => key,
            _ => self,
        }
    }
}
