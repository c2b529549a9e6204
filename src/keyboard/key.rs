//! A key, and which one stands where on the keyboard of the United States.

use super::layouts::US;

/// A key of a PC's keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The X11 keysym, RFC 6143, section 7.5.4, of what stands on the key in the United States; 0, NoSymbol, for a key
    /// that keyboards there do not have.
    pub keysym: u32,
    /// The XT scancode (set 1) of the key's place. A key with the prefix E0 is `0xe0xx`, as in noVNC's table; a QEMU
    /// Extended Key Event has `0x80 | xx` for it.
    pub scancode: u16,
}

/// The left Shift.
pub(crate) const SHIFT: Key = Key { keysym: 0xffe1, scancode: 0x2a };
/// AltGr, the right Alt where a layout has three characters on a key.
pub(crate) const ALT_GR: Key = Key { keysym: 0xfe03, scancode: 0xe038 };
/// The Return key.
pub(crate) const RETURN: Key = Key { keysym: 0xff0d, scancode: 0x1c };
/// The Tab key.
pub(crate) const TAB: Key = Key { keysym: 0xff09, scancode: 0x0f };
/// The space bar.
pub(crate) const SPACE: Key = Key { keysym: 0x20, scancode: 0x39 };

/// The key left of Z that the United States do not have.
const LEFT_OF_Z: u16 = 0x56;

impl Key {
    /// The key at a place, with or without Shift.
    pub(super) fn at(scancode: u16, is_shifted: bool) -> Self {
        // QEMU's own table has `<` and `>` on two keys, and would take the wrong one; `¦` is on this key only.
        // Source: QEMU, pc-bios/keymaps/en-us.
        if scancode == LEFT_OF_Z {
            return Self { keysym: 0xa6, scancode };
        }
        let is_meant = |at: &(u16, usize, char)| at.0 == scancode && (at.1 == 1) == is_shifted;
        // A printable character of ASCII is its own keysym.
        let keysym = US.characters().find(is_meant).map_or(0, |(_, _, character)| u32::from(character));
        Self { keysym, scancode }
    }

    /// The key with this character in the United States, and whether Shift belongs to it.
    pub(super) fn with(character: char) -> Option<(Self, bool)> {
        if character == ' ' {
            return Some((SPACE, false));
        }
        let (scancode, level, _) = US.characters().find(|at| at.2 == character)?;
        Some((Self::at(scancode, level == 1), level == 1))
    }

    /// The same key while Shift is held: what stands above on it, if it gives a character.
    pub(super) fn shifted(self, is_shifted: bool) -> Self {
        match Self::at(self.scancode, is_shifted) {
            at if at.keysym != 0 => at,
            _ => self,
        }
    }
}
