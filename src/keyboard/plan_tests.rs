use super::*;
use crate::keyboard::LAYOUTS;
use proptest::prelude::*;

fn layout(name: &str) -> &'static Layout {
    Layout::named(name).unwrap()
}

/// Scancodes pressed for a text, a list for each stroke.
fn scancodes(text: &str, name: &str) -> Vec<Vec<u16>> {
    let strokes = plan(text, layout(name), Sent::Scancodes).unwrap();
    strokes.iter().map(|stroke| stroke.held.iter().chain([&stroke.key]).map(|key| key.scancode).collect()).collect()
}

fn keysyms(text: &str, name: &str) -> Vec<u32> {
    plan(text, layout(name), Sent::Keysyms).unwrap().iter().map(|stroke| stroke.key.keysym).collect()
}

/// A guest that looks its keyboard's keys up by their row and number, and knows dead keys.
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
        let keys = keys(layout, Sent::Scancodes);
        let text: String = ascii.chars().chain(keys.into_keys().filter(|c| !c.is_ascii())).collect();
        let mut guest = Guest::new(layout);
        for keys in scancodes(&text, layout.name) {
            guest.press(&keys);
        }
        assert_eq!((guest.text, guest.dead), (text, None), "{}", layout.name);
    }
}

#[test]
fn the_united_states_type_ascii_and_nothing_else() {
    for sent in [Sent::Scancodes, Sent::Keysyms] {
        let mut typed: Vec<char> = keys(layout("us"), sent).into_keys().collect();
        typed.sort_unstable();
        assert_eq!(typed, ['\t', '\n', '\r'].into_iter().chain(' '..='~').collect::<Vec<_>>());
    }
}

#[test]
fn shift_and_altgr_are_keys_of_their_own() {
    assert_eq!(scancodes("aA1!", "us"), [vec![0x1e], vec![0x2a, 0x1e], vec![0x02], vec![0x2a, 0x02]]);
    assert_eq!(scancodes("@", "de"), [[0xe038, 0x10]]);
    assert_eq!(scancodes("{", "it"), [[0xe038, 0x2a, 0x1a]]);
}

#[test]
fn a_key_is_the_place_and_not_the_character() {
    assert_eq!(scancodes("yz", "de"), [[0x2c], [0x15]]);
    assert_eq!(keysyms("yz/", "de"), "zy&".chars().map(u32::from).collect::<Vec<_>>());
    assert_eq!(keysyms("aZ", "fr"), "qW".chars().map(u32::from).collect::<Vec<_>>());
    assert_eq!(keysyms("aA!~", "us"), "aA!~".chars().map(u32::from).collect::<Vec<_>>());
}

#[test]
fn dead_keys_are_followed_by_a_letter_or_a_space() {
    assert_eq!(scancodes("^", "de"), [[0x29], [0x39]]);
    assert_eq!(scancodes("^", "fr"), [[0xe038, 0x0a]], "France has it alive as well");
    assert_eq!(scancodes("â", "fr"), [vec![0x1a], vec![0x10]]);
    assert_eq!(scancodes("Ö", "fr"), [vec![0x2a, 0x1a], vec![0x2a, 0x18]]);
    assert_eq!(scancodes("é", "fr"), [[0x03]]);
    assert_eq!(scancodes("É", "de"), [vec![0x0d], vec![0x2a, 0x12]]);
    assert!(plan("´", layout("de"), Sent::Scancodes).is_err(), "an apostrophe on some guests");
}

#[test]
fn a_line_ends_once() {
    assert_eq!(scancodes("a\nb\r\nc\rd\n\r", "us").iter().filter(|keys| **keys == [0x1c]).count(), 5);
    assert_eq!(scancodes("\t", "us"), [[0x0f]]);
}

#[test]
fn keys_that_the_united_states_do_not_have_need_scancodes() {
    assert_eq!(scancodes("_", "jp"), [[0x2a, 0x73]]);
    let refused = plan("a\\_|", layout("jp"), Sent::Keysyms).unwrap_err();
    assert_eq!(refused.characters.iter().map(|c| c.character).collect::<String>(), "\\_|");
    // Brazil has the characters of that key on others too.
    assert_eq!(scancodes("/", "br"), [[0x73]]);
    assert_eq!(keysyms("/", "br"), [u32::from('q')]);
    // QEMU's `<` is another key; `¦` is on this one only.
    assert_eq!(keysyms("<>", "de"), [0xa6, 0xa6]);
}

#[test]
fn what_cannot_be_typed_is_named_with_its_place_and_nothing_else_is() {
    let refused = plan("secret\r\nx\té实\u{7}\u{a0}\n\u{301}", layout("us"), Sent::Scancodes).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the layout \"us\" has no keys for é U+00E9 (line 2, column 3), 实 U+5B9E (line 2, column 4), \
         U+0007 (line 2, column 5), U+00A0 (line 2, column 6), \u{301} U+0301 (line 3, column 1)"
    );
    let many = plan(&"é".repeat(1000), layout("us"), Sent::Scancodes).unwrap_err();
    assert_eq!((many.characters.len(), many.others), (12, 988));
    assert!(many.to_string().ends_with("é U+00E9 (line 1, column 12), and 988 more"), "{many}");
}

#[test]
fn a_plan_does_not_show_the_text() {
    assert_eq!(format!("{:?}", plan("ab", layout("us"), Sent::Scancodes).unwrap()), "[Stroke, Stroke]");
}

#[test]
fn a_layout_is_found_by_its_name() {
    for layout in &LAYOUTS {
        assert_eq!(Layout::named(layout.name).unwrap().keyboard, layout.keyboard);
        assert!(layout.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
    }
    assert!(Layout::named("xx").is_none());
}

proptest! {
    #[test]
    fn any_text_is_typed_or_refused(text in "[ -~\n\r\t]{0,40}|.*", number in 0..LAYOUTS.len()) {
        match plan(&text, &LAYOUTS[number], Sent::Scancodes) {
            Ok(strokes) => prop_assert!(strokes.len() <= 2 * text.len()),
            Err(refused) => {
                let lines: Vec<&str> = text.split("\r\n").flat_map(|part| part.split(['\r', '\n'])).collect();
                for Untypable { character, line, column } in refused.characters {
                    prop_assert_eq!(lines[line - 1].chars().nth(column - 1), Some(character));
                }
            }
        }
    }
}
