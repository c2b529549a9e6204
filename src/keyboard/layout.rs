//! A keyboard layout: which characters it has, and on which keys.

/// Stands in a row for a level without a character.
const NOTHING: char = '□';

/// XT scancodes of the keys of the four rows, from the left. The last key of the first row is the yen key of Japanese
/// keyboards. The first key of the last row is left of Z on European keyboards, and its last key is right of the slash on
/// Brazilian and Japanese ones.
const SCANCODES: [&[u16]; 4] = [
    &[0x29, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x7d],
    &[0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b],
    &[0x1e, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x2b],
    &[0x56, 0x2c, 0x2d, 0x2e, 0x2f, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x73],
];

/// A keyboard layout of guests.
#[derive(Debug)]
pub struct Layout {
    /// The name on the command line.
    pub name: &'static str,
    /// The country or language, for people.
    pub(crate) keyboard: &'static str,
    /// The characters of four rows of keys, in the format of [`super::layouts`].
    pub(super) rows: [&'static str; 4],
}

/// A character or dead key of a layout.
#[derive(Clone, Copy, Debug)]
pub(super) struct CharacterPlace {
    pub(super) scancode: u16,
    /// 0: without modifiers; 1: Shift; 2: AltGr; 3: AltGr and Shift.
    pub(super) level: usize,
    pub(super) character: char,
}

impl Layout {
    /// Each character or dead key of the layout.
    pub(super) fn characters(&self) -> impl Iterator<Item = CharacterPlace> {
        let keys = self.rows.iter().zip(SCANCODES).flat_map(|(row, scancodes)| row.split(' ').zip(scancodes));
        keys.flat_map(|(key, scancode)| {
            let levels = key.chars().enumerate().filter(|(_, character)| *character != NOTHING);
            levels.map(|(level, character)| CharacterPlace { scancode: *scancode, level, character })
        })
    }
}

/// What a dead key composes: letters, each followed by the character that the dead key and the letter give. `None` for a
/// character that is not a dead key.
///
/// Only compositions that xkeyboard-config's compose table, Linux's console and Windows have in common. (An acute or a
/// diaeresis before a space is not one: some give an apostrophe or a quotation mark, some the accent.)
pub(super) fn compositions(dead: char) -> Option<&'static str> {
    Some(match dead {
        'ˋ' => " `aàeèiìoòuùAÀEÈIÌOÒUÙ",
        '´' => "aáeéiíoóuúyýAÁEÉIÍOÓUÚYÝ",
        'ˆ' => " ^aâeêiîoôuûAÂEÊIÎOÔUÛ",
        '¨' => "aäeëiïoöuüyÿAÄEËIÏOÖUÜ",
        '˜' => " ~aãnñoõAÃNÑOÕ",
        _ => return None,
    })
}
