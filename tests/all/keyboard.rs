//! Every layout with its keys, written down for `tests/e2e/layouts.py`, where another implementation of keyboards is given
//! them.

use std::fs;
use std::path::Path;

use ecs_vnc::keyboard::{Key, KeyEncoding, LAYOUTS, Layout, text_to_keystrokes};
use serde_json::{Map, Value, json};

/// ASCII, the rest of Latin-1, and the euro: no layout has more.
fn characters() -> impl Iterator<Item = char> {
    (' '..='~').chain('\u{a0}'..='\u{ff}').chain(['€', '\n', '\t'])
}

/// Keysym and scancode of each.
fn keys<'a>(keys: impl IntoIterator<Item = &'a Key>) -> Value {
    json!(keys.into_iter().map(|key| (key.keysym, key.scancode)).collect::<Vec<_>>())
}

/// The keys of each stroke of a character; nothing for one that cannot be typed.
fn strokes(layout: &Layout, character: char) -> Option<Value> {
    let strokes = text_to_keystrokes(&character.to_string(), layout, KeyEncoding::Scancodes).ok()?;
    Some(strokes.iter().map(|stroke| keys(stroke.modifiers.iter().chain([&stroke.key]))).collect())
}

#[test]
fn the_layouts_are_written_down() {
    let mut layouts = Map::new();
    for layout in &LAYOUTS {
        let typed = characters().filter_map(|c| Some((c.to_string(), strokes(layout, c)?)));
        layouts.insert(layout.name.to_owned(), Value::Object(typed.collect()));
    }
    // Germany: ²³µßäöüÄÖÜ§°€ on keys of their own, and 12, 10 and 10 letters with acute, grave and circumflex.
    for (name, count) in [("us", 97), ("jp", 97), ("de", 97 + 13 + 32)] {
        assert_eq!(layouts[name].as_object().map(Map::len), Some(count), "{name}");
    }
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("layouts.json"), json!(layouts).to_string()).unwrap();
}
