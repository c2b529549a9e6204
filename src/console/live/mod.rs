//! A text console as a terminal, in a terminal.
//!
//! ```text
//! screen → glyph (Frame) ─→ scrollback → transcript → plain, log
//!               └→ view → painter → escape sequences → display (a thread) → stdout, cast
//! keys and pastes → escape_prompt → key_mapping → key_queue → console
//! ```
//!
//! [`glyph`], [`scrollback`] and what it uses, [`transcript`], [`view`], [`painter`], [`escape_prompt`], [`key_mapping`] and [`key_queue`] are
//! pure.

pub(crate) mod cast;
pub(crate) mod display;
pub(crate) mod escape_prompt;
pub(crate) mod feed;
mod file_writer;
mod frame_comparison;
mod frame_runs;
mod glyph;
pub(crate) mod inputs;
mod key_mapping;
mod key_queue;
mod known_lines;
mod line_log;
mod painter;
mod reconnect;
mod scrollback;
pub(crate) mod session;
mod transcript;
mod typing;
mod view;
