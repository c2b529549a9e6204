//! Tells from the text on a console what its machine is at. Pure.
//!
//! ```text
//! rows → rules, from the bottom of the screen to its top → Finding: state, row, rule
//! ```
//!
//! - [`rules`]: rules in TOML, those built in and a user's
//! - [`classify`]: finds the row that decides

mod classify;
mod rules;

pub(crate) use classify::{Finding, classify};
pub(crate) use rules::{Rule, RuleSet, RulesFault};
