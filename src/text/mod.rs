//! Reads and writes texts for terminals, flags and URLs: pure.

pub(crate) mod duration;
pub(crate) mod fuzzy;
pub mod percent;
pub(crate) mod program_name;
pub(crate) mod quoted;
pub(crate) mod sanitize;
pub(crate) mod shell;
pub(crate) mod suggest;
pub(crate) mod table;
pub(crate) mod word;
pub(crate) mod wrap;
