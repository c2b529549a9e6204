//! What the text of a screen says: pure. Screens and the time are arguments.
//!
//! - [`pattern`]: a regular expression for rows
//! - [`rows`]: the rows of a screen, and the lines that they continue
//! - [`text_match`]: where a pattern matches
//! - [`text_matcher`]: whether a match lasts

pub(crate) mod pattern;
pub(crate) mod rows;
pub(crate) mod text_match;
pub(crate) mod text_matcher;

#[cfg(test)]
pub(crate) mod test_screens;
