//! The names of keys: the X11 name (keysymdef.h without `XK_`), and common aliases, among them all names of vncdotool, Packer
//! and openQA. Case and underscores do not matter. No alias is the X11 name of another keysym.

use super::key::{ALT_GR, CharacterKey, Key, RETURN, RIGHT_SHIFT, SHIFT, SPACE, TAB};

/// X11 name, key, aliases.
type NamedKey = (&'static str, Key, &'static [&'static str]);

const fn key(keysym: u32, scancode: u16) -> Key {
    Key { keysym, scancode }
}

/// Keys that give no character, and the keys of the number pad.
///
/// SysRq is the Print key with Alt: QEMU's keyboard then sends what Linux's handler expects. Break is the Pause key with
/// Ctrl. Meta is on the Alt key and Hyper on the Super key: xkeyboard-config, `symbols/pc`. Clear is the 5 of the number pad:
/// Windows' VK_CLEAR. Zenkaku_Hankaku is left of the 1 on Japanese keyboards.
const KEYS: [NamedKey; 96] = [
    ("Return", RETURN, &["enter", "ret"]),
    ("Escape", key(0xff1b, 0x01), &["esc"]),
    ("Tab", TAB, &[]),
    ("space", SPACE, &["spacebar", "spc", "sb"]),
    ("BackSpace", key(0xff08, 0x0e), &["bksp", "bs", "bsp"]),
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
    ("Control_L", key(0xffe3, 0x1d), &["ctrl", "control", "lctrl", "ctrl_l", "leftctrl"]),
    ("Control_R", key(0xffe4, 0xe01d), &["rctrl", "ctrl_r", "rightctrl", "ctrlright"]),
    ("Shift_L", SHIFT, &["shift", "lshift", "leftshift"]),
    ("Shift_R", RIGHT_SHIFT, &["rshift", "rightshift"]),
    ("Alt_L", key(0xffe9, 0x38), &["alt", "lalt", "option", "leftalt"]),
    ("Alt_R", key(0xffea, 0xe038), &["ralt", "rightalt"]),
    ("ISO_Level3_Shift", ALT_GR, &["altgr"]),
    (
        "Super_L",
        key(0xffeb, 0xe05b),
        &["super", "win", "windows", "cmd", "command", "meta", "lwin", "lsuper", "leftsuper", "leftcommand"],
    ),
    ("Super_R", key(0xffec, 0xe05c), &["rwin", "rsuper", "rightsuper", "rightcommand"]),
    ("Meta_L", key(0xffe7, 0x38), &["lmeta"]),
    ("Meta_R", key(0xffe8, 0xe038), &["rmeta"]),
    ("Hyper_L", key(0xffed, 0xe05b), &["hyper", "lhyper"]),
    ("Hyper_R", key(0xffee, 0xe05c), &["rhyper"]),
    ("Menu", key(0xff67, 0xe05d), &["contextmenu"]),
    ("Caps_Lock", key(0xffe5, 0x3a), &["caps", "caplk"]),
    ("Num_Lock", key(0xff7f, 0x45), &["numlk"]),
    ("Scroll_Lock", key(0xff14, 0x46), &["scrlk"]),
    ("Pause", key(0xff13, 0xe046), &[]),
    ("Break", key(0xff6b, 0xe046), &[]),
    ("Print", key(0xff61, 0x54), &["printscreen", "prtsc", "prtscr", "prtscn"]),
    ("Sys_Req", key(0xff15, 0x54), &["sysrq"]),
    ("Help", key(0xff6a, 0xe075), &[]),
    ("Clear", key(0xff0b, 0x4c), &[]),
    ("Henkan", key(0xff23, 0x79), &["henkan_mode"]),
    ("Muhenkan", key(0xff22, 0x7b), &[]),
    ("Zenkaku_Hankaku", key(0xff2a, 0x29), &[]),
    ("Hiragana_Katakana", key(0xff27, 0x70), &[]),
    ("Hangul", key(0xff31, 0x72), &[]),
    ("Hangul_Hanja", key(0xff34, 0x71), &[]),
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
    ("KP_Home", key(0xff95, 0x47), &[]),
    ("KP_Up", key(0xff97, 0x48), &[]),
    ("KP_Page_Up", key(0xff9a, 0x49), &["kp_prior"]),
    ("KP_Left", key(0xff96, 0x4b), &[]),
    ("KP_Begin", key(0xff9d, 0x4c), &[]),
    ("KP_Right", key(0xff98, 0x4d), &[]),
    ("KP_End", key(0xff9c, 0x4f), &[]),
    ("KP_Down", key(0xff99, 0x50), &[]),
    ("KP_Page_Down", key(0xff9b, 0x51), &["kp_next"]),
    ("KP_Insert", key(0xff9e, 0x52), &[]),
    ("KP_Delete", key(0xff9f, 0x53), &[]),
];

/// Names of characters, with aliases. Letters and digits have no other name.
const CHARACTERS: [(&str, char, &[&str]); 32] = [
    ("minus", '-', &["dash"]),
    ("plus", '+', &[]),
    ("equal", '=', &["equals"]),
    ("comma", ',', &[]),
    ("period", '.', &["dot"]),
    ("slash", '/', &["fslash"]),
    ("backslash", '\\', &["bslash"]),
    ("semicolon", ';', &[]),
    ("colon", ':', &[]),
    ("apostrophe", '\'', &["quote"]),
    ("quotedbl", '"', &["doublequote"]),
    ("grave", '`', &["backtick", "backquote"]),
    ("asciitilde", '~', &["tilde"]),
    ("asciicircum", '^', &[]),
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

/// Finds a key by its name or character, in upper or lower case. A character that needs Shift says so, except letters:
/// `A` is the key `a`.
pub(super) fn find_key(name: &str) -> Option<CharacterKey> {
    let mut characters = name.chars();
    if let (Some(character), None) = (characters.next(), characters.next()) {
        return Key::from_character(character.to_ascii_lowercase());
    }
    let folded = fold(name);
    let matches =
        |name: &str, aliases: &[&str]| fold(name) == folded || aliases.iter().any(|alias| fold(alias) == folded);
    if let Some((_, key, _)) = KEYS.iter().find(|(name, _, aliases)| matches(name, aliases)) {
        return Some(CharacterKey { key: *key, needs_shift: false });
    }
    let (_, character, _) = CHARACTERS.iter().find(|(name, _, aliases)| matches(name, aliases))?;
    Key::from_character(*character)
}

/// Every key that has a name of more than one character: its X11 name and its aliases.
pub(crate) fn names_and_aliases() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    let keys = KEYS.iter().map(|(name, _, aliases)| (*name, *aliases));
    keys.chain(CHARACTERS.iter().map(|(name, _, aliases)| (*name, *aliases)))
}

/// Every name of more than one character: for each key its X11 name, then its aliases.
pub(crate) fn key_names() -> impl Iterator<Item = &'static str> {
    names_and_aliases().flat_map(|(name, aliases)| [name].into_iter().chain(aliases.iter().copied()))
}

/// The form in which names are compared.
fn fold(name: &str) -> String {
    name.replace('_', "").to_ascii_lowercase()
}

#[cfg(test)]
#[path = "key_names_tests.rs"]
mod tests;
