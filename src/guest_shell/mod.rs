//! A command in a guest whose shell is reached by keys and a text screen only. Pure.
//!
//! ```text
//! command → script ─ typed at the prompt, read back (echo) → the guest's sh
//! rows of the screen → page ─ checked → transfer → outcome: exit status, stdout, stderr
//! ```
//!
//! - [`script`]: what is typed: it runs the command and then shows its output page by page
//! - [`quote`]: a text as one word of a shell
//! - [`echo`]: whether the screen shows what was typed
//! - [`page`]: a page on the screen, with its number and its checksum
//! - [`transfer`]: which pages are there, and which one is asked for next
//! - [`outcome`]: what the pages hold
//! - [`upload`]: bytes as lines that can be typed
//! - [`copy`]: what reads and writes a file

pub(crate) mod copy;
pub(crate) mod echo;
pub(crate) mod outcome;
pub(crate) mod page;
pub(crate) mod script;
pub(crate) mod transfer;
pub(crate) mod upload;
