//! What keys are called: the X11 name (keysymdef.h without `XK_`), and what people write. Upper and lower case are the
//! same, and an underscore may be left out.

use super::key::{ALT_GR, Key, RETURN, SHIFT, SPACE, TAB};

/// X11 name, key, other names.
type Named = (&'static str, Key, &'static [&'static str]);

const fn key(keysym: u32, scancode: u16) -> Key {
    Key { keysym, scancode }
}

/// Keys that give no character, and those of the number pad.
///
/// SysRq is the Print key while Alt is held: QEMU's keyboard then sends what Linux's handler waits for. Break is the Pause
/// key while Ctrl is held.
const KEYS: [Named; 72] = [
    ("Return", RETURN, &["enter", "ret"]),
    ("Escape", key(0xff1b, 0x01), &["esc"]),
    ("Tab", TAB, &[]),
    ("space", SPACE, &["spacebar", "spc"]),
    ("BackSpace", key(0xff08, 0x0e), &["bksp", "bs"]),
    ("Delete", key(0xffff, 0xe053), &["del"]),
    ("Insert", key(0xff63, 0xe052), &["ins"]),
    ("Home", key(0xff50, 0xe047), &[]),
    ("End", key(0xff57, 0xe04f), &[]),
    ("Page_Up", key(0xff55, 0xe049), &["pgup", "prior"]),
    ("Page_Down", key(0xff56, 0xe051), &["pgdn", "pgdown", "next"]),
    ("Up", key(0xff52, 0xe048), &["arrowup"]),
    ("Down", key(0xff54, 0xe050), &["arrowdown"]),
    ("Left", key(0xff51, 0xe04b), &["arrowleft"]),
    ("Right", key(0xff53, 0xe04d), &["arrowright"]),
    ("Control_L", key(0xffe3, 0x1d), &["ctrl", "control", "lctrl", "ctrl_l"]),
    ("Control_R", key(0xffe4, 0xe01d), &["rctrl", "ctrl_r"]),
    ("Shift_L", SHIFT, &["shift", "lshift"]),
    ("Shift_R", key(0xffe2, 0x36), &["rshift"]),
    ("Alt_L", key(0xffe9, 0x38), &["alt", "lalt", "option"]),
    ("Alt_R", key(0xffea, 0xe038), &["ralt"]),
    ("ISO_Level3_Shift", ALT_GR, &["altgr"]),
    ("Super_L", key(0xffeb, 0xe05b), &["super", "win", "windows", "cmd", "command", "meta", "lwin"]),
    ("Super_R", key(0xffec, 0xe05c), &["rwin"]),
    ("Menu", key(0xff67, 0xe05d), &["contextmenu"]),
    ("Caps_Lock", key(0xffe5, 0x3a), &["caps"]),
    ("Num_Lock", key(0xff7f, 0x45), &[]),
    ("Scroll_Lock", key(0xff14, 0x46), &[]),
    ("Pause", key(0xff13, 0xe046), &["break"]),
    ("Print", key(0xff61, 0x54), &["printscreen", "prtsc", "prtscr", "prtscn"]),
    ("Sys_Req", key(0xff15, 0x54), &["sysrq"]),
    ("F1", key(0xffbe, 0x3b), &[]),
    ("F2", key(0xffbf, 0x3c), &[]),
    ("F3", key(0xffc0, 0x3d), &[]),
    ("F4", key(0xffc1, 0x3e), &[]),
    ("F5", key(0xffc2, 0x3f), &[]),
    ("F6", key(0xffc3, 0x40), &[]),
    ("F7", key(0xffc4, 0x41), &[]),
    ("F8", key(0xffc5, 0x42), &[]),
    ("F9", key(0xffc6, 0x43), &[]),
    ("F10", key(0xffc7, 0x44), &[]),
    ("F11", key(0xffc8, 0x57), &[]),
    ("F12", key(0xffc9, 0x58), &[]),
    ("F13", key(0xffca, 0x5d), &[]),
    ("F14", key(0xffcb, 0x5e), &[]),
    ("F15", key(0xffcc, 0x5f), &[]),
    ("F16", key(0xffcd, 0x55), &[]),
    ("F17", key(0xffce, 0xe003), &[]),
    ("F18", key(0xffcf, 0xe077), &[]),
    ("F19", key(0xffd0, 0xe004), &[]),
    ("F20", key(0xffd1, 0x5a), &[]),
    ("F21", key(0xffd2, 0x74), &[]),
    ("F22", key(0xffd3, 0xe079), &[]),
    ("F23", key(0xffd4, 0x6d), &[]),
    ("F24", key(0xffd5, 0x6f), &[]),
    ("KP_Enter", key(0xff8d, 0xe01c), &[]),
    ("KP_Add", key(0xffab, 0x4e), &[]),
    ("KP_Subtract", key(0xffad, 0x4a), &[]),
    ("KP_Multiply", key(0xffaa, 0x37), &[]),
    ("KP_Divide", key(0xffaf, 0xe035), &[]),
    ("KP_Decimal", key(0xffae, 0x53), &[]),
    ("KP_Equal", key(0xffbd, 0x59), &[]),
    ("KP_0", key(0xffb0, 0x52), &[]),
    ("KP_1", key(0xffb1, 0x4f), &[]),
    ("KP_2", key(0xffb2, 0x50), &[]),
    ("KP_3", key(0xffb3, 0x51), &[]),
    ("KP_4", key(0xffb4, 0x4b), &[]),
    ("KP_5", key(0xffb5, 0x4c), &[]),
    ("KP_6", key(0xffb6, 0x4d), &[]),
    ("KP_7", key(0xffb7, 0x47), &[]),
    ("KP_8", key(0xffb8, 0x48), &[]),
    ("KP_9", key(0xffb9, 0x49), &[]),
];

/// Characters by their names. Letters and digits are their own.
const CHARACTERS: [(&str, char, &[&str]); 32] = [
    ("minus", '-', &["hyphen", "dash"]),
    ("plus", '+', &[]),
    ("equal", '=', &["equals"]),
    ("comma", ',', &[]),
    ("period", '.', &["dot"]),
    ("slash", '/', &[]),
    ("backslash", '\\', &[]),
    ("semicolon", ';', &[]),
    ("colon", ':', &[]),
    ("apostrophe", '\'', &["quote"]),
    ("quotedbl", '"', &["doublequote"]),
    ("grave", '`', &["backtick", "backquote"]),
    ("asciitilde", '~', &["tilde"]),
    ("asciicircum", '^', &["caret"]),
    ("bracketleft", '[', &[]),
    ("bracketright", ']', &[]),
    ("braceleft", '{', &[]),
    ("braceright", '}', &[]),
    ("parenleft", '(', &[]),
    ("parenright", ')', &[]),
    ("less", '<', &[]),
    ("greater", '>', &[]),
    ("bar", '|', &["pipe"]),
    ("underscore", '_', &[]),
    ("question", '?', &[]),
    ("exclam", '!', &["exclamation"]),
    ("at", '@', &[]),
    ("numbersign", '#', &["hash"]),
    ("dollar", '$', &[]),
    ("percent", '%', &[]),
    ("ampersand", '&', &["and"]),
    ("asterisk", '*', &["star"]),
];

/// The key of this name, and whether Shift belongs to it: a character from the upper half of a key brings it along. A
/// letter does not, however it is written.
pub(super) fn named(name: &str) -> Option<(Key, bool)> {
    let mut characters = name.chars();
    if let (Some(character), None) = (characters.next(), characters.next()) {
        return Key::with(character.to_ascii_lowercase());
    }
    let folded = fold(name);
    let is_meant =
        |name: &str, others: &[&str]| fold(name) == folded || others.iter().any(|other| fold(other) == folded);
    if let Some((_, key, _)) = KEYS.iter().find(|(name, _, others)| is_meant(name, others)) {
        return Some((*key, false));
    }
    let (_, character, _) = CHARACTERS.iter().find(|(name, _, others)| is_meant(name, others))?;
    Key::with(*character)
}

/// Every name of more than one character, the X11 one of each key first.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    let keys = KEYS.iter().map(|(name, _, others)| (name, others));
    let characters = CHARACTERS.iter().map(|(name, _, others)| (name, others));
    keys.chain(characters).flat_map(|(name, others)| [*name].into_iter().chain(others.iter().copied()))
}

fn fold(name: &str) -> String {
    name.replace('_', "").to_ascii_lowercase()
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
