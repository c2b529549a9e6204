//! Keys that have to be asked for: one file a source.

pub mod cached;
mod fetch;
mod metadata;
mod process;
mod temporary;
mod uri;

pub use fetch::FetchError;
pub use metadata::{METADATA, from_metadata, region_from_metadata};
pub use process::{ProcessError, from_process};
pub use temporary::Temporary;
pub use uri::{from_uri, is_plain_and_remote};
