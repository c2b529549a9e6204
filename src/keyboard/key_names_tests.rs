use super::*;
use std::collections::BTreeMap;

/// noVNC's tables, which come from keycodemapdb and X.Org's keysymdef.h.
const SCANCODES: &str = include_str!("../page/novnc/core/input/xtscancodes.js");
const KEYSYMS: &str = include_str!("../page/novnc/core/input/keysym.js");

/// The names of keys in noVNC's table of scancodes. Source: W3C, UI Events KeyboardEvent code Values.
const CODES: [(&str, &str); 71] = [
    ("Return", "Enter"),
    ("Escape", "Escape"),
    ("Tab", "Tab"),
    ("space", "Space"),
    ("BackSpace", "Backspace"),
    ("Delete", "Delete"),
    ("Insert", "Insert"),
    ("Home", "Home"),
    ("End", "End"),
    ("Page_Up", "PageUp"),
    ("Page_Down", "PageDown"),
    ("Up", "ArrowUp"),
    ("Down", "ArrowDown"),
    ("Left", "ArrowLeft"),
    ("Right", "ArrowRight"),
    ("Control_L", "ControlLeft"),
    ("Control_R", "ControlRight"),
    ("Shift_L", "ShiftLeft"),
    ("Shift_R", "ShiftRight"),
    ("Alt_L", "AltLeft"),
    ("Alt_R", "AltRight"),
    ("ISO_Level3_Shift", "AltRight"),
    ("Super_L", "MetaLeft"),
    ("Super_R", "MetaRight"),
    ("Menu", "ContextMenu"),
    ("Caps_Lock", "CapsLock"),
    ("Num_Lock", "NumLock"),
    ("Scroll_Lock", "ScrollLock"),
    ("Pause", "Pause"),
    ("Print", "PrintScreen"),
    ("Sys_Req", "PrintScreen"),
    ("KP_Enter", "NumpadEnter"),
    ("KP_Add", "NumpadAdd"),
    ("KP_Subtract", "NumpadSubtract"),
    ("KP_Multiply", "NumpadMultiply"),
    ("KP_Divide", "NumpadDivide"),
    ("KP_Decimal", "NumpadDecimal"),
    ("KP_Equal", "NumpadEqual"),
    ("KP_0", "Numpad0"),
    ("KP_1", "Numpad1"),
    ("KP_2", "Numpad2"),
    ("KP_3", "Numpad3"),
    ("KP_4", "Numpad4"),
    ("KP_5", "Numpad5"),
    ("KP_6", "Numpad6"),
    ("KP_7", "Numpad7"),
    ("KP_8", "Numpad8"),
    ("KP_9", "Numpad9"),
    ("Meta_L", "AltLeft"),
    ("Meta_R", "AltRight"),
    ("Hyper_L", "MetaLeft"),
    ("Hyper_R", "MetaRight"),
    ("Break", "Pause"),
    ("Clear", "Numpad5"),
    ("Henkan", "Convert"),
    ("Muhenkan", "NonConvert"),
    ("Zenkaku_Hankaku", "Backquote"),
    ("Hiragana_Katakana", "KanaMode"),
    ("Hangul", "Lang1"),
    ("Hangul_Hanja", "Lang2"),
    ("KP_Home", "Numpad7"),
    ("KP_Up", "Numpad8"),
    ("KP_Page_Up", "Numpad9"),
    ("KP_Left", "Numpad4"),
    ("KP_Begin", "Numpad5"),
    ("KP_Right", "Numpad6"),
    ("KP_End", "Numpad1"),
    ("KP_Down", "Numpad2"),
    ("KP_Page_Down", "Numpad3"),
    ("KP_Insert", "Numpad0"),
    ("KP_Delete", "NumpadDecimal"),
];

/// The keys of a US keyboard by their codes, and their two characters. Source: the same document, section 3.1.1.
const US_KEYS: [(&str, &str); 47] = [
    ("Backquote", "`~"),
    ("Digit1", "1!"),
    ("Digit2", "2@"),
    ("Digit3", "3#"),
    ("Digit4", "4$"),
    ("Digit5", "5%"),
    ("Digit6", "6^"),
    ("Digit7", "7&"),
    ("Digit8", "8*"),
    ("Digit9", "9("),
    ("Digit0", "0)"),
    ("Minus", "-_"),
    ("Equal", "=+"),
    ("BracketLeft", "[{"),
    ("BracketRight", "]}"),
    ("Backslash", "\\|"),
    ("Semicolon", ";:"),
    ("Quote", "'\""),
    ("Comma", ",<"),
    ("Period", ".>"),
    ("Slash", "/?"),
    ("KeyA", "aA"),
    ("KeyB", "bB"),
    ("KeyC", "cC"),
    ("KeyD", "dD"),
    ("KeyE", "eE"),
    ("KeyF", "fF"),
    ("KeyG", "gG"),
    ("KeyH", "hH"),
    ("KeyI", "iI"),
    ("KeyJ", "jJ"),
    ("KeyK", "kK"),
    ("KeyL", "lL"),
    ("KeyM", "mM"),
    ("KeyN", "nN"),
    ("KeyO", "oO"),
    ("KeyP", "pP"),
    ("KeyQ", "qQ"),
    ("KeyR", "rR"),
    ("KeyS", "sS"),
    ("KeyT", "tT"),
    ("KeyU", "uU"),
    ("KeyV", "vV"),
    ("KeyW", "wW"),
    ("KeyX", "xX"),
    ("KeyY", "yY"),
    ("KeyZ", "zZ"),
];

/// The lines `name: 0xnumber,` of a table.
fn table(source: &'static str) -> BTreeMap<&'static str, u32> {
    let entry = |line: &'static str| {
        let (name, rest) = line.trim().split_once(':')?;
        let number = rest.trim_start().strip_prefix("0x")?.split(',').next()?;
        Some((name.trim_matches('"'), u32::from_str_radix(number, 16).ok()?))
    };
    source.lines().filter_map(entry).collect()
}

#[test]
fn keysyms_and_scancodes_match_novnc() {
    let (keysyms, scancodes) = (table(KEYSYMS), table(SCANCODES));
    let codes = BTreeMap::from(CODES);
    for (name, key, _) in KEYS {
        assert_eq!(keysyms.get(format!("XK_{name}").as_str()), Some(&key.keysym), "{name}");
        let code = codes.get(name).copied().unwrap_or(name);
        assert_eq!(scancodes.get(code), Some(&u32::from(key.scancode)), "{name}");
    }
}

#[test]
fn the_us_layout_is_that_of_the_w3c() {
    let scancodes = table(SCANCODES);
    let mut seen = vec![' '];
    for (code, characters) in US_KEYS {
        for (needs_shift, character) in [false, true].into_iter().zip(characters.chars()) {
            let key = Key { keysym: u32::from(character), scancode: u16::try_from(scancodes[code]).unwrap() };
            assert_eq!(Key::from_character(character), Some(CharacterKey { key, needs_shift }), "{character}");
            seen.push(character);
        }
    }
    seen.sort_unstable();
    assert_eq!(seen, (' '..='~').collect::<Vec<_>>());
}

#[test]
fn characters_have_their_x11_names() {
    let keysyms = table(KEYSYMS);
    for (name, character, _) in CHARACTERS {
        assert_eq!(keysyms.get(format!("XK_{name}").as_str()), Some(&u32::from(character)), "{name}");
    }
}

#[test]
fn every_name_belongs_to_one_key_and_case_and_underscores_do_not_matter() {
    let mut seen = BTreeMap::new();
    for name in key_names() {
        let key = find_key(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(find_key(&name.to_ascii_uppercase()), Some(key), "{name}");
        assert_eq!(find_key(&name.to_ascii_lowercase().replace('_', "")), Some(key), "{name}");
        assert_eq!(seen.insert(fold(name), name).filter(|other| *other != name), None);
        assert!(!name.contains(['-', '+']), "{name} cannot be used in a chord");
    }
}

/// noVNC's tables, which come from keysymdef.h, say `XK_name: 0xkeysym` or `0xcharacter: 0xkeysym, // XK_name`.
#[test]
fn a_name_that_x11_has_is_the_keysym_that_x11_means() {
    let by_character = include_str!("../page/novnc/core/input/keysymdef.js").lines().filter_map(|line| {
        let (numbers, name) = line.trim().split_once("// XK_")?;
        let keysym = numbers.split(": 0x").nth(1)?.trim().trim_end_matches(',');
        Some((fold(name), u32::from_str_radix(keysym, 16).ok()?))
    });
    let by_name = table(KEYSYMS).into_iter().map(|(name, keysym)| (fold(name.trim_start_matches("XK_")), keysym));
    let mut known = BTreeMap::<String, Vec<u32>>::new();
    by_character.chain(by_name).for_each(|(name, keysym)| known.entry(name).or_default().push(keysym));
    assert!(known.contains_key("caret") && known.contains_key("hyphen"));
    for name in key_names() {
        let keysym = find_key(name).unwrap().key.keysym;
        assert!(known.get(&fold(name)).is_none_or(|x11| x11.contains(&keysym)), "{name}: {keysym:#x}");
    }
    assert_eq!((find_key("hyphen"), find_key("caret")), (None, None), "a US keyboard has neither");
}

/// Sources: vncdotool, vncdotool/keys.py; Packer, bootcommand/vnc_driver.go; openQA, consoles/VNC.pm in os-autoinst.
#[test]
fn the_names_of_other_tools_are_known() {
    let vncdotool = "bsp tab return enter esc ins delete del home end pgup pgdn left up right down slash bslash fslash \
        spacebar space sb f1 f20 lshift shift rshift lctrl ctrl rctrl lmeta meta rmeta lalt alt ralt scrlk sysrq numlk caplk \
        pause lsuper super rsuper lhyper hyper rhyper kp0 kp9 kpenter minus";
    let packer = "bs del down end enter esc f12 home insert left leftAlt leftCtrl leftShift leftSuper menu pageDown pageUp \
        return right rightAlt rightCtrl rightShift rightSuper spacebar tab up leftCommand rightCommand";
    let openqa = "esc down right up left equal spc minus shift ctrl caps meta alt ret tab backspace end delete home insert \
        pgup pgdn sysrq super";
    for name in [vncdotool, packer, openqa].into_iter().flat_map(str::split_whitespace) {
        assert!(find_key(name).is_some(), "{name}");
    }
    let keysyms = table(KEYSYMS);
    for (name, x11) in [
        ("leftCtrl", "Control_L"),
        ("rightAlt", "Alt_R"),
        ("scrlk", "Scroll_Lock"),
        ("numlk", "Num_Lock"),
        ("caplk", "Caps_Lock"),
        ("lsuper", "Super_L"),
        ("rmeta", "Meta_R"),
        ("sb", "space"),
        ("bslash", "backslash"),
        ("kp_delete", "KP_Delete"),
    ] {
        assert_eq!(find_key(name).unwrap().key.keysym, keysyms[format!("XK_{x11}").as_str()], "{name}");
    }
}

#[test]
fn common_names_and_aliases_are_known() {
    let scancode = |name: &str| find_key(name).map(|found| found.key.scancode);
    for (name, scancode_of) in [
        ("enter", 0x1c),
        ("ESC", 0x01),
        ("del", 0xe053),
        ("PgUp", 0xe049),
        ("pagedown", 0xe051),
        ("ctrl", 0x1d),
        ("Control_L", 0x1d),
        ("rctrl", 0xe01d),
        ("altgr", 0xe038),
        ("win", 0xe05b),
        ("sysrq", 0x54),
        ("capslock", 0x3a),
        ("f12", 0x58),
        ("a", 0x1e),
        ("A", 0x1e),
        ("/", 0x35),
        ("minus", 0x0c),
    ] {
        assert_eq!(scancode(name), Some(scancode_of), "{name}");
    }
    for name in ["", "f25", "é", "ctrl alt", "delete ", "_ _"] {
        assert_eq!(scancode(name), None, "{name}");
    }
}
