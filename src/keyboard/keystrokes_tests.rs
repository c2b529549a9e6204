use super::*;
use crate::keyboard::{LAYOUTS, find_layout};
use proptest::prelude::*;

fn layout(name: &str) -> &'static Layout {
    find_layout(name).unwrap()
}

/// The scancodes that type a text, a list for each keystroke.
fn scancodes(text: &str, name: &str) -> Vec<Vec<u16>> {
    let keystrokes = text_to_keystrokes(text, layout(name), KeyEncoding::Scancodes).unwrap();
    keystrokes
        .iter()
        .map(|stroke| stroke.modifiers.iter().chain([&stroke.key]).map(|key| key.scancode).collect())
        .collect()
}

/// The keysyms of the keys that are pressed last.
fn keysyms_in(encoding: KeyEncoding, text: &str, name: &str) -> Vec<u32> {
    text_to_keystrokes(text, layout(name), encoding).unwrap().iter().map(|stroke| stroke.key.keysym).collect()
}

/// A guest that looks keys up by row and number, and composes with dead keys.
struct Guest {
    rows: Vec<Vec<Vec<char>>>,
    dead: Option<char>,
    text: String,
}

impl Guest {
    fn new(layout: &Layout) -> Self {
        let keys = |row: &&str| row.split(' ').map(|key| key.chars().collect()).collect();
        Self { rows: layout.rows.iter().map(keys).collect(), dead: None, text: String::new() }
    }

    fn character(&self, held: &[u16], scancode: u16) -> char {
        let (row, number) = match scancode {
            0x1c => return '\n',
            0x0f => return '\t',
            0x39 => return ' ',
            0x29 => (0, 0),
            0x02..=0x0d => (0, scancode - 1),
            0x7d => (0, 13),
            0x10..=0x1b => (1, scancode - 0x10),
            0x1e..=0x28 => (2, scancode - 0x1e),
            0x2b => (2, 11),
            0x56 => (3, 0),
            0x2c..=0x35 => (3, scancode - 0x2b),
            0x73 => (3, 11),
            _ => panic!("{scancode:#x}"),
        };
        let level = usize::from(held.contains(&0x2a)) + 2 * usize::from(held.contains(&0xe038));
        self.rows[row][usize::from(number)][level]
    }

    fn press(&mut self, keys: &[u16]) {
        let (key, held) = keys.split_last().unwrap();
        let character = self.character(held, *key);
        let composed = match (self.dead.take(), character) {
            (None, dead @ ('ˋ' | '´' | 'ˆ' | '¨' | '˜')) => return self.dead = Some(dead),
            (None, character) => character,
            (Some(dead), letter) => {
                let (letters, composed) = match dead {
                    'ˋ' => (" aeiouAEIOU", "`àèìòùÀÈÌÒÙ"),
                    '´' => ("aeiouyAEIOUY", "áéíóúýÁÉÍÓÚÝ"),
                    'ˆ' => (" aeiouAEIOU", "^âêîôûÂÊÎÔÛ"),
                    '¨' => ("aeiouyAEIOU", "äëïöüÿÄËÏÖÜ"),
                    _ => (" anoANO", "~ãñõÃÑÕ"),
                };
                composed.chars().nth(letters.chars().position(|known| known == letter).unwrap()).unwrap()
            }
        };
        self.text.push(composed);
    }
}

#[test]
fn every_layout_types_all_of_ascii_and_every_character_comes_out_as_itself() {
    let ascii: String = (' '..='~').chain(['\n', '\t']).collect();
    for layout in &LAYOUTS {
        let known = keystrokes_by_character(layout, KeyEncoding::Scancodes);
        let text: String = ascii.chars().chain(known.into_keys().filter(|c| !c.is_ascii())).collect();
        let mut guest = Guest::new(layout);
        for keys in scancodes(&text, layout.name) {
            guest.press(&keys);
        }
        assert_eq!((guest.text, guest.dead), (text, None), "{}", layout.name);
    }
}

#[test]
fn the_us_layout_types_ascii_and_nothing_else() {
    for encoding in [KeyEncoding::Scancodes, KeyEncoding::Keysyms, KeyEncoding::UsKeysyms] {
        let mut typed: Vec<char> = keystrokes_by_character(layout("us"), encoding).into_keys().collect();
        typed.sort_unstable();
        assert_eq!(typed, ['\t', '\n', '\r'].into_iter().chain(' '..='~').collect::<Vec<_>>());
    }
}

#[test]
fn shift_and_altgr_are_modifiers() {
    assert_eq!(scancodes("aA1!", "us"), [vec![0x1e], vec![0x2a, 0x1e], vec![0x02], vec![0x2a, 0x02]]);
    assert_eq!(scancodes("@", "de"), [[0xe038, 0x10]]);
    assert_eq!(scancodes("{", "it"), [[0xe038, 0x2a, 0x1a]]);
}

#[test]
fn a_keysym_is_that_of_the_character() {
    let keysyms_of_x11 = keysyms_of_characters();
    for encoding in [KeyEncoding::Scancodes, KeyEncoding::Keysyms] {
        assert_eq!(keysyms_in(encoding, "yZ@/", "de"), "yZ@/".chars().map(u32::from).collect::<Vec<_>>());
        for layout in &LAYOUTS {
            for (character, strokes) in keystrokes_by_character(layout, encoding) {
                if let ([stroke], false) = (strokes.as_slice(), character.is_control()) {
                    let expected = keysyms_of_x11.get(&u32::from(character)).copied().unwrap_or(character.into());
                    assert_eq!(stroke.key.keysym, expected, "{character} of {}", layout.name);
                }
            }
        }
        // X.Org, keysymdef.h: XK_dead_acute, XK_dead_grave, XK_dead_circumflex, XK_dead_diaeresis, XK_dead_tilde.
        let dead = keysyms_in(encoding, "ÉÒ^", "de");
        assert_eq!(dead, [0xfe51, u32::from('E'), 0xfe50, u32::from('O'), 0xfe52, u32::from(' ')]);
        assert_eq!(keysyms_in(encoding, "ëã", "pt"), [0xfe57, u32::from('e'), 0xfe53, u32::from('a')]);
    }
}

/// noVNC's table of keysyms by Unicode characters, which comes from X.Org's keysymdef.h. It leaves out Latin-1.
fn keysyms_of_characters() -> HashMap<u32, u32> {
    let entry = |line: &str| {
        let (character, rest) = line.trim().strip_prefix("0x")?.split_once(": 0x")?;
        let number = |hex: &str| u32::from_str_radix(hex, 16).ok();
        Some((number(character)?, number(rest.split(',').next()?)?))
    };
    let table: HashMap<_, _> =
        include_str!("../page/novnc/core/input/keysymdef.js").lines().filter_map(entry).collect();
    assert_eq!(table.get(&0x20ac), Some(&0x20ac), "EuroSign");
    table
}

#[test]
fn qemus_keysym_is_that_of_a_us_keyboard() {
    let keysyms = |text, name| keysyms_in(KeyEncoding::UsKeysyms, text, name);
    assert_eq!(scancodes("yz", "de"), [[0x2c], [0x15]]);
    assert_eq!(keysyms("yz/", "de"), "zy&".chars().map(u32::from).collect::<Vec<_>>());
    assert_eq!(keysyms("aZ", "fr"), "qW".chars().map(u32::from).collect::<Vec<_>>());
    assert_eq!(keysyms("aA!~", "us"), "aA!~".chars().map(u32::from).collect::<Vec<_>>());
}

#[test]
fn dead_keys_are_followed_by_a_letter_or_a_space() {
    assert_eq!(scancodes("^", "de"), [[0x29], [0x39]]);
    assert_eq!(scancodes("^", "fr"), [[0xe038, 0x0a]], "fr has it as a character too");
    assert_eq!(scancodes("â", "fr"), [vec![0x1a], vec![0x10]]);
    assert_eq!(scancodes("Ö", "fr"), [vec![0x2a, 0x1a], vec![0x2a, 0x18]]);
    assert_eq!(scancodes("é", "fr"), [[0x03]]);
    assert_eq!(scancodes("É", "de"), [vec![0x0d], vec![0x2a, 0x12]]);
    assert!(text_to_keystrokes("´", layout("de"), KeyEncoding::Scancodes).is_err(), "some guests type an apostrophe");
}

#[test]
fn a_line_ends_once() {
    assert_eq!(scancodes("a\nb\r\nc\rd\n\r", "us").iter().filter(|keys| **keys == [0x1c]).count(), 5);
    assert_eq!(scancodes("\t", "us"), [[0x0f]]);
}

#[test]
fn keys_that_a_us_keyboard_does_not_have_have_no_keysym_in_qemu() {
    let keysyms = |text, name| keysyms_in(KeyEncoding::UsKeysyms, text, name);
    assert_eq!(scancodes("_", "jp"), [[0x2a, 0x73]]);
    let error = text_to_keystrokes("a\\_|", layout("jp"), KeyEncoding::UsKeysyms).unwrap_err();
    assert_eq!(error.characters.iter().map(|c| c.character).collect::<String>(), "\\_|");
    // The br layout has the characters of that key on other keys too.
    assert_eq!(scancodes("/", "br"), [[0x73]]);
    assert_eq!(keysyms("/", "br"), [u32::from('q')]);
    // QEMU has `<` on another key; `¦` is on this key only.
    assert_eq!(keysyms("<>", "de"), [0xa6, 0xa6]);
}

#[test]
fn an_error_lists_untypable_characters_and_nothing_else() {
    let error =
        text_to_keystrokes("secret\r\nx\té实\u{7}\u{a0}\n\u{301}", layout("us"), KeyEncoding::Scancodes).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot type é U+00E9 (line 2, column 3), 实 U+5B9E (line 2, column 4), \
         U+0007 (line 2, column 5), U+00A0 (line 2, column 6), \u{301} U+0301 (line 3, column 1) with the us layout"
    );
    let many = text_to_keystrokes(&"é".repeat(1000), layout("us"), KeyEncoding::Scancodes).unwrap_err();
    assert_eq!((many.characters.len(), many.others), (12, 988));
    assert!(many.to_string().ends_with("é U+00E9 (line 1, column 12), and 988 more with the us layout"), "{many}");
}

#[test]
fn keystrokes_do_not_show_the_text() {
    assert_eq!(
        format!("{:?}", text_to_keystrokes("ab", layout("us"), KeyEncoding::Scancodes).unwrap()),
        "[Keystroke, Keystroke]"
    );
}

proptest! {
    #[test]
    fn any_text_gives_keystrokes_or_an_error(text in "[ -~\n\r\t]{0,40}|.*", number in 0..LAYOUTS.len()) {
        match text_to_keystrokes(&text, &LAYOUTS[number], KeyEncoding::Scancodes) {
            Ok(keystrokes) => prop_assert!(keystrokes.len() <= 2 * text.len()),
            Err(error) => {
                let lines: Vec<&str> = text.split("\r\n").flat_map(|part| part.split(['\r', '\n'])).collect();
                for UntypableCharacter { character, line, column } in error.characters {
                    prop_assert_eq!(lines[line - 1].chars().nth(column - 1), Some(character));
                }
            }
        }
    }
}
