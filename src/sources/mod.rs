//! Keys that have to be asked for: one file a source.

mod assume_role;
pub mod cached;
mod fetch;
mod metadata;
mod oidc;
mod process;
mod temporary;
mod uri;

pub use assume_role::{RoleError, from_role};
pub use fetch::{FetchError, keys as answered_keys};
pub use metadata::{METADATA, from_metadata, region_from_metadata};
pub use oidc::{from_oidc, read_token};
pub use process::{ProcessError, from_process, keys as printed_keys};
pub use temporary::Temporary;
pub use uri::{from_uri, is_plain_and_remote};
