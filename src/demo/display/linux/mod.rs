//! The text console of a simulated Linux: a pure state machine. Keys and the time are arguments.
//!
//! ```text
//! boot ─┬→ login → password → shell ⇄ ping
//!   ↑   └→ maintenance (emergency mode) → shell
//!   └─ reboot, Ctrl-Alt-Delete, Alt-SysRq-b
//! ```
//!
//! - [`console`]: the state machine
//! - [`machine`]: its names, its version and its files
//! - [`boot`]: its boot log
//! - [`shell`]: its commands
//! - [`terminal`]: cells, cursor, scrolling

pub(crate) mod boot;
pub(crate) mod console;
pub(crate) mod machine;
pub(crate) mod shell;
pub(crate) mod terminal;
