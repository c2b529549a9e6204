//! Keys, chords and keyboard layouts: pure.
//!
//! ```text
//! "ctrl-alt-delete" → key_action (chord, key_names) → KeyAction: press keys, hold them, or wait
//! "a text"          → keystrokes (layout)           → Keystrokes: a key each, with its modifiers
//! ```
//!
//! A server takes keys in one of three ways ([`KeyEncoding`]):
//! - QEMU takes scancodes (QEMU Extended Key Event) and passes them on to the guest, whose layout turns them into characters.
//! - X servers such as TigerVNC's and x11vnc take the keysym of the character, also in an Extended Key Event: by default,
//!   TigerVNC ignores its scancode. So does QEMU with `-k`, which looks the keysym up in that layout.
//! - QEMU without `-k` looks up the keysym of a KeyEvent in a US layout and passes that key's scancode on, so the guest's
//!   layout decides here too: the keysym must be what a US keyboard has in that place.

mod chord;
mod key;
mod key_action;
mod key_names;
mod keystrokes;
mod layout;
mod layouts;

pub use key::Key;
pub(crate) use key::{NUM_LOCK, SHIFT};
pub(crate) use key_action::{KeyAction, parse_key_action};
pub(crate) use key_names::names_and_aliases;
pub use keystrokes::{KeyEncoding, text_to_keystrokes};
pub(crate) use keystrokes::{Keystroke, UntypableText};
pub use layout::Layout;
pub use layouts::LAYOUTS;
pub(crate) use layouts::find_layout;
