//! Keys, chords and the keyboards of guests: pure.
//!
//! ```text
//! "ctrl-alt-delete" → chord (names) → Step: keys to press, to hold, or a wait
//! "a text"          → plan (layout)  → Strokes: a key each, and what is held with it
//! ```
//!
//! A server takes keys in one of two ways ([`Sent`]). With QEMU Extended Key Event it passes on the scancode, which is
//! the key's place, and the guest's layout makes a character of it. Without, QEMU looks the keysym up on a keyboard of
//! its own (`-k`, without which that of the United States), and passes on the scancode of that place: the guest's layout
//! has the last word here too. So a [`Key`] is always a place, and its keysym is what stands there on the keyboard of the
//! United States, never the character that is wanted. On a guest with that keyboard the two are the same, which is right
//! for servers that look at the character, such as Xvnc. (QEMU with `-k` also looks at the keysym of an extended event.)

mod chord;
mod key;
mod layout;
mod layouts;
mod names;
mod plan;

pub(crate) use chord::{Step, parse_chord};
pub use key::Key;
pub(crate) use key::SHIFT;
pub use layout::Layout;
pub use layouts::LAYOUTS;
pub(crate) use plan::{CannotType, Stroke};
pub use plan::{Sent, plan};
