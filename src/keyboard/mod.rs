//! Keys, chords and keyboard layouts: pure.
//!
//! ```text
//! "ctrl-alt-delete" → key_action (key_names) → KeyAction: press keys, hold them, or wait
//! "a text"          → keystrokes (layout)    → Keystrokes: a key each, with its modifiers
//! ```
//!
//! A server takes keys in one of two ways ([`KeyEncoding`]):
//! - As scancodes (QEMU Extended Key Event): the server passes the scancode on to the guest, and the guest's layout turns
//!   it into a character.
//! - As keysyms: QEMU looks the keysym up in a layout of its own (`-k`, default `en-us`) and passes that key's scancode on,
//!   so the guest's layout decides here too.
//!
//! A [`Key`] is therefore always a place on the keyboard. Its keysym is what a US keyboard has in that place, not the
//! character that is wanted. On a guest with a US layout the two are the same, as servers that look at the character expect
//! it, such as Xvnc. QEMU with `-k` also looks at the keysym of an Extended Key Event.

mod key;
mod key_action;
mod key_names;
mod keystrokes;
mod layout;
mod layouts;

pub use key::Key;
pub(crate) use key::SHIFT;
pub(crate) use key_action::{KeyAction, parse_key_action};
pub(crate) use key_names::names_and_aliases;
pub use keystrokes::{KeyEncoding, text_to_keystrokes};
pub(crate) use keystrokes::{Keystroke, UntypableText};
pub use layout::Layout;
pub use layouts::LAYOUTS;
pub(crate) use layouts::find_layout;
