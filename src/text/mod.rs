//! Text for terminals and URLs: pure.

pub mod percent;
pub mod sanitize;
pub mod suggest;
pub mod table;
