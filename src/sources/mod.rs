//! Keys that have to be asked for: one file a source.

mod fetch;
mod metadata;
mod process;
mod uri;

pub use fetch::FetchError;
pub use metadata::{METADATA, from_metadata};
pub use process::{ProcessError, from_process};
pub use uri::from_uri;
