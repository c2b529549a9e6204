use super::*;
use proptest::prelude::*;

/// The scancodes that are pressed, in order. Source: noVNC's xtscancodes.js.
fn pressed(chord: &str) -> Vec<u16> {
    match parse_key_action(chord) {
        Ok(KeyAction::Press(keys)) => keys.iter().map(|key| key.scancode).collect(),
        other => panic!("{chord}: {other:?}"),
    }
}

fn keysyms(chord: &str) -> Vec<u32> {
    match parse_key_action(chord) {
        Ok(KeyAction::Press(keys)) => keys.iter().map(|key| key.keysym).collect(),
        other => panic!("{chord}: {other:?}"),
    }
}

#[test]
fn chords_are_pressed_in_the_order_written() {
    assert_eq!(pressed("ctrl-alt-delete"), [0x1d, 0x38, 0xe053]);
    assert_eq!(pressed("Ctrl+Alt+Del"), [0x1d, 0x38, 0xe053]);
    assert_eq!(pressed("delete-ctrl"), [0xe053, 0x1d]);
    assert_eq!(pressed("alt-f2"), [0x38, 0x3c]);
    assert_eq!(pressed("ctrl-alt-f1"), [0x1d, 0x38, 0x3b]);
    assert_eq!(pressed("alt-sysrq-b"), [0x38, 0x54, 0x30]);
    assert_eq!(pressed("F12"), [0x58]);
    assert_eq!(pressed("space"), [0x39]);
}

#[test]
fn separators_are_keys_where_a_key_must_be() {
    assert_eq!(pressed("-"), [0x0c]);
    assert_eq!(pressed("ctrl--"), [0x1d, 0x0c]);
    assert_eq!(pressed("ctrl+-"), [0x1d, 0x0c]);
    assert_eq!(pressed("ctrl-minus"), [0x1d, 0x0c]);
    for plus in ["ctrl-plus", "ctrl-+", "ctrl++", "ctrl-shift-="] {
        assert_eq!(pressed(plus), [0x1d, 0x2a, 0x0d], "{plus}");
    }
    assert_eq!(pressed("+"), [0x2a, 0x0d]);
}

#[test]
fn a_letter_brings_no_shift_and_other_characters_do() {
    assert_eq!(parse_key_action("ctrl-C"), parse_key_action("ctrl-c"));
    assert_eq!(pressed("ctrl-C"), [0x1d, 0x2e]);
    assert_eq!(pressed("ctrl-_"), [0x1d, 0x2a, 0x0c]);
    assert_eq!(pressed("shift-!"), [0x2a, 0x02]);
    assert_eq!(pressed("rshift-question"), [0x36, 0x35]);
}

#[test]
fn a_server_that_looks_at_characters_is_given_the_shifted_one() {
    assert_eq!(keysyms("a"), [0x61]);
    assert_eq!(keysyms("shift-a"), [0xffe1, 0x41]);
    assert_eq!(keysyms("!"), [0xffe1, 0x21]);
    assert_eq!(keysyms("shift-1"), [0xffe1, 0x21]);
    assert_eq!(keysyms("shift-tab"), [0xffe1, 0xff09]);
    assert_eq!(keysyms("shift-space"), [0xffe1, 0x20]);
    // On the place of a US keyboard's grave accent.
    assert_eq!(keysyms("alt-zenkaku_hankaku"), [0xffe9, 0xff2a]);
}

#[test]
fn a_name_may_have_separators_in_it() {
    for (chord, expected) in [
        ("left-alt", &[0x38][..]),
        ("right-alt", &[0xe038]),
        ("Left-Ctrl-c", &[0x1d, 0x2e]),
        ("ctrl-right-shift-left", &[0x1d, 0x36, 0xe04b]),
        ("page-up", &[0xe049]),
        ("caps-lock", &[0x3a]),
        ("ctrl-print-screen", &[0x1d, 0x54]),
        ("kp-7", &[0x47]),
        ("shift-kp-page-up", &[0x2a, 0x49]),
        // Keys of their own.
        ("ctrl-left", &[0x1d, 0xe04b]),
        ("alt-left", &[0x38, 0xe04b]),
        ("alt-r", &[0x38, 0x13]),
        ("ctrl-l", &[0x1d, 0x26]),
        ("f-1", &[0x21, 0x02]),
        ("left-a", &[0xe04b, 0x1e]),
    ] {
        assert_eq!(pressed(chord), expected, "{chord}");
    }
}

/// Emacs's and readline's notation, and that of terminals.
#[test]
fn ctrl_alt_and_shift_have_short_forms() {
    for (short, long) in [
        ("C-c", "ctrl-c"),
        ("M-x", "alt-x"),
        ("C-M-S-t", "ctrl-alt-shift-t"),
        ("^C", "ctrl-c"),
        ("^c", "ctrl-c"),
        ("^[", "ctrl-["),
        ("^_", "ctrl-_"),
        ("alt-^d", "alt-ctrl-d"),
        ("cad", "ctrl-alt-delete"),
        ("CAD", "ctrl-alt-delete"),
    ] {
        assert_eq!(parse_key_action(short), parse_key_action(long), "{short}");
    }
    assert_eq!(pressed("C"), [0x2e], "a letter");
    assert_eq!(pressed("S"), [0x1f]);
    assert_eq!(pressed("^"), [0x2a, 0x07]);
    assert_eq!(pressed("ctrl-^"), [0x1d, 0x2a, 0x07]);
    let KeyAction::Hold { keys, .. } = parse_key_action("hold:^C:1s").unwrap() else { panic!() };
    assert_eq!(keys.len(), 2);
    assert!(parse_key_action("^é").is_err() && parse_key_action("ctrl-^c").is_err() && parse_key_action("C-").is_err());
}

#[test]
fn an_x11_name_is_not_the_key_that_looks_like_it() {
    for (name, meant) in [("hyphen", "minus"), ("ctrl-Hyphen", "minus"), ("caret", "asciicircum")] {
        let hint = parse_key_action(name).unwrap_err().hint();
        assert_eq!(hint, Some(format!("did you mean {meant}?")), "{name}");
    }
}

#[test]
fn holds_and_waits_have_a_time() {
    let KeyAction::Hold { keys, time } = parse_key_action("hold:ctrl-c:2s").unwrap() else { panic!() };
    assert_eq!(keys.iter().map(|key| key.scancode).collect::<Vec<_>>(), [0x1d, 0x2e]);
    assert_eq!(time, Duration::from_secs(2));
    let KeyAction::Hold { keys, .. } = parse_key_action("hold:::1s").unwrap() else { panic!() };
    assert_eq!(keys.len(), 2, "a colon is Shift and its key");
    assert_eq!(parse_key_action("wait:500ms"), Ok(KeyAction::Wait(Duration::from_millis(500))));
    assert_eq!(parse_key_action("wait:10m"), Ok(KeyAction::Wait(MAX_WAIT_TIME)));
    assert_eq!(parse_key_action("wait:2"), Ok(KeyAction::Wait(Duration::from_secs(2))));
    for (text, message) in [
        ("wait:", "\"wait:\": not a time; use 30, 30s, 500ms or 2m"),
        ("wait:-1s", "\"wait:-1s\": not a time; use 30, 30s, 500ms or 2m"),
        ("wait:601s", "\"wait:601s\": wait at most 10m"),
        ("wait:1h", "\"wait:1h\": wait at most 10m"),
        ("hold:a", "\"hold:a\" needs a time at its end, such as hold:ctrl-c:2s"),
        ("hold:a:", "\"hold:a:\": not a time; use 30, 30s, 500ms or 2m"),
        ("hold:a:61s", "\"hold:a:61s\": hold at most 1m"),
        ("hold:a:99999years", "\"hold:a:99999years\": not a time; use 30, 30s, 500ms or 2m"),
    ] {
        assert_eq!(parse_key_action(text).unwrap_err().to_string(), message);
    }
}

#[test]
fn an_error_quotes_the_mistake_and_suggests_a_name() {
    let error = parse_key_action("ctrl-alt-delte").unwrap_err();
    assert_eq!(error.to_string(), "unknown key \"delte\" in \"ctrl-alt-delte\"");
    assert_eq!(error.hint().as_deref(), Some("did you mean delete?"));
    assert_eq!(parse_key_action("ctrl-é").unwrap_err().hint().as_deref(), Some("see ecs-vnc key --help for names"));
    for text in ["", "ctrl-", "-a", "ctrl--a", "--", "ctrl---", "hold::1s"] {
        assert!(matches!(parse_key_action(text), Err(KeyActionError::Chord(ChordError::Missing(_)))), "{text}");
    }
    for text in ["a-a", "ctrl-lctrl", "plus-equal", "print-sysrq", "alt_r-altgr"] {
        assert!(matches!(parse_key_action(text), Err(KeyActionError::Chord(ChordError::Duplicate { .. }))), "{text}");
    }
    let hostile = parse_key_action(&format!("\u{1b}[2J{}", "x".repeat(1000))).unwrap_err().to_string();
    assert!(!hostile.contains('\u{1b}') && hostile.len() < 200, "{hostile:?}");
}

proptest! {
    #[test]
    fn any_text_is_an_action_or_an_error(text in "(hold:|wait:)?([a-z_0-9é:]{0,9}[-+]?){0,5}(:[0-9a-z]{0,4})?|\\PC*|.*") {
        if let Ok(KeyAction::Press(keys) | KeyAction::Hold { keys, .. }) = parse_key_action(&text) {
            prop_assert!(!keys.is_empty() && keys.iter().all(|key| key.keysym != 0));
        }
    }
}
