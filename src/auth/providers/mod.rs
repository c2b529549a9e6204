//! The providers that fetch credentials, one file each.

mod assume_role;
mod ecs_metadata;
mod http;
mod oidc;
mod process;
mod uri;

pub(crate) use assume_role::{RoleError, from_role};
pub(crate) use ecs_metadata::METADATA_URL;
pub use ecs_metadata::{MetadataAccess, from_metadata, region_from_metadata};
pub(crate) use http::FetchError;
pub use http::parse_response;
pub(crate) use oidc::{from_oidc, read_token};
pub use process::parse_output;
pub(crate) use process::{ProcessError, from_process};
pub(crate) use uri::{from_uri, is_unencrypted_and_remote};
