//! Keys that have to be asked for: one file a source.

mod assume_role;
mod ecs_metadata;
mod http;
mod oidc;
mod process;
mod uri;

pub(crate) use assume_role::{RoleError, from_role};
pub(crate) use ecs_metadata::METADATA;
pub use ecs_metadata::{from_metadata, region_from_metadata};
pub(crate) use http::FetchError;
pub use http::keys as answered_keys;
pub(crate) use oidc::{from_oidc, read_token};
pub use process::keys as printed_keys;
pub(crate) use process::{ProcessError, from_process};
pub(crate) use uri::{from_uri, is_plain_and_remote};
