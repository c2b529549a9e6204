//! A guest's keyboard: which characters it has, where.

/// What a key gives nothing for.
const NOTHING: char = '□';

/// XT scancodes of the four rows, from the left. The last of the first row is the yen key of Japan; the first of the
/// last row stands left of Z in Europe, and its last is right of the slash in Brazil and Japan.
const PLACES: [&[u16]; 4] = [
    &[0x29, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x7d],
    &[0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b],
    &[0x1e, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x2b],
    &[0x56, 0x2c, 0x2d, 0x2e, 0x2f, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x73],
];

/// A keyboard layout of guests.
#[derive(Debug)]
pub struct Layout {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it is, for people.
    pub(crate) keyboard: &'static str,
    /// What stands on the keys; how, is said above [`super::LAYOUTS`].
    pub(super) rows: [&'static str; 4],
}

impl Layout {
    /// The layout of this name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        super::LAYOUTS.iter().find(|layout| layout.name == name)
    }

    /// Each character or dead key, with its place and what is held for it: 0 nothing, 1 Shift, 2 AltGr, 3 both.
    pub(super) fn characters(&self) -> impl Iterator<Item = (u16, usize, char)> {
        self.rows.iter().zip(PLACES).flat_map(|(row, places)| row.split(' ').zip(places)).flat_map(|(key, place)| {
            let levels = key.chars().enumerate().filter(|(_, character)| *character != NOTHING);
            levels.map(|(level, character)| (*place, level, character))
        })
    }
}

/// The letters that a dead key waits for, each before what comes of it; `None` for a character that is no dead key.
///
/// Only what xkeyboard-config's compose table, Linux's console and Windows agree on. (The acute and the diaeresis before
/// a space are not: they give an apostrophe here and themselves there.)
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
