//! Keys that have to be asked for: one file a source.

mod assume_role;
mod ecs_metadata;
mod http;
mod oidc;
mod process;
mod uri;

pub use assume_role::{RoleError, from_role};
pub use ecs_metadata::{METADATA, from_metadata, region_from_metadata};
pub use http::{FetchError, keys as answered_keys};
pub use oidc::{from_oidc, read_token};
pub use process::{ProcessError, from_process, keys as printed_keys};
pub use uri::{from_uri, is_plain_and_remote};
