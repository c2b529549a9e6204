//! Every name and every layout with its keys, written down for `tests/e2e/layouts.py` and `tests/e2e/keys.py`, where other
//! implementations of keyboards are given them.

use std::fs;
use std::path::Path;

use ecs_vnc::keyboard::{Key, LAYOUTS, Layout, Sent, Step, names, parse_chord, plan};
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
    let strokes = plan(&character.to_string(), layout, Sent::Scancodes).ok()?;
    Some(strokes.iter().map(|stroke| keys(stroke.held.iter().chain([&stroke.key]))).collect())
}

fn chord(name: &str) -> Value {
    match parse_chord(name) {
        Ok(Step::Press(pressed)) => keys(&pressed),
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn names_and_layouts_are_written_down() {
    let names: Map<String, Value> = names().map(|name| (name.to_owned(), chord(name))).collect();
    let mut layouts = Map::new();
    for layout in &LAYOUTS {
        let typed = characters().filter_map(|c| Some((c.to_string(), strokes(layout, c)?)));
        layouts.insert(layout.name.to_owned(), Value::Object(typed.collect()));
    }
    // Germany: ²³µßäöüÄÖÜ§°€ on keys of their own, and 12, 10 and 10 letters with acute, grave and circumflex.
    for (name, count) in [("us", 97), ("jp", 97), ("de", 97 + 13 + 32)] {
        assert_eq!(layouts[name].as_object().map(Map::len), Some(count), "{name}");
    }
    let all = json!({ "names": names, "layouts": layouts });
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("keyboard.json"), all.to_string()).unwrap();
}
