//! What the text of a screen says: pure. Screens and the time are arguments.
//!
//! - [`pattern`]: a regular expression for rows
//! - [`rows`]: the rows of a screen, and the lines that they continue
//! - [`text_match`], [`text_matcher`]: where a pattern matches, and whether the match lasts
//! - [`prompt_line`], [`secret_prompt`]: where a guest waits for input, and whether that is for a password
//! - [`login_prompt`], [`login_watch`], [`new_rows`]: what a guest shows of a login, and what of it is new
//! - [`readback`]: whether the screen shows what was typed
//! - [`steady`]: whether what a screen shows lasts
//! - [`typed_words`]: what was typed, to tell its echo from a prompt, and to keep secrets out of messages

use std::time::Duration;

pub(crate) mod login_prompt;
pub(crate) mod login_watch;
pub(crate) mod new_rows;
pub(crate) mod pattern;
pub(crate) mod prompt_line;
pub(crate) mod readback;
pub(crate) mod rows;
pub(crate) mod secret_prompt;
pub(crate) mod steady;
pub(crate) mod text_match;
pub(crate) mod text_matcher;
pub(crate) mod typed_words;

#[cfg(test)]
pub(crate) mod test_screens;

/// A screen that has not changed for this time is not in the middle of a frame.
pub(crate) const TICK: Duration = Duration::from_millis(50);
