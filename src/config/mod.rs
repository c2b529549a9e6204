//! The configuration files: ecs-vnc's own `config.toml`, which is read and written, and those of the official CLI and the
//! SDKs, which are only read.

mod ini;
mod locate;
mod official;
mod read;
mod schema;
mod write;

pub use ini::parse_ini;
pub(crate) use ini::read_ini;
pub(crate) use locate::{locate, locate_ini, locate_official};
pub use official::parse_official;
pub(crate) use official::read_official;
pub(crate) use read::read;
pub use read::{ConfigError, parse};
pub(crate) use write::{
    DefaultProfile, IfExists, WriteError, add_profile, create_if_missing, remove_profile, set_default_profile,
};

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::api::endpoint::EndpointType;
use crate::api::signature::SignatureVersion;
use crate::secret::{AccessKeyId, Secret};

/// The content of a configuration file.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Config {
    /// The profile to use if none is named.
    pub(crate) default_profile: Option<String>,
    /// The language in which people are spoken to, `zh` or `en`.
    pub(crate) language: Option<String>,
    /// The tables `[profile.NAME]`, by NAME.
    #[serde(default)]
    pub profile: BTreeMap<String, Profile>,
    /// `[alias]`: names for instances. A value is an INSTANCE of the command line, or REGION/INSTANCE. Only our own file has
    /// it.
    #[serde(default)]
    pub(crate) alias: BTreeMap<String, String>,
}

/// A profile; its keys have the names that the official CLI uses. `config.example.toml` explains each of them.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Profile {
    /// How credentials are obtained. `None` means from the AccessKey in the profile.
    pub(crate) mode: Option<String>,
    pub(crate) region_id: Option<String>,
    /// The AccessKeyId, checked only when it is used.
    pub access_key_id: Option<AccessKeyId>,
    /// The AccessKeySecret that belongs to `access_key_id`.
    pub access_key_secret: Option<Secret>,
    pub(crate) sts_token: Option<Secret>,
    /// When the credentials of a login expire, in Unix seconds. Only the official CLI's file has it.
    #[serde(skip)]
    pub(crate) sts_expiration: Option<i64>,
    /// For the mode `External`. The command line may contain a password.
    pub(crate) process_command: Option<Secret>,
    /// For the mode `CredentialsURI`. The URI may contain a password.
    pub(crate) credentials_uri: Option<Secret>,
    /// For the mode `EcsRamRole`. `None` means to ask the metadata service for the role's name.
    pub(crate) ram_role_name: Option<String>,
    pub(crate) ram_role_arn: Option<String>,
    #[serde(alias = "role_session_name")]
    pub(crate) ram_session_name: Option<String>,
    /// Lifetime of the credentials of an assumed role, in seconds.
    pub(crate) expired_seconds: Option<u64>,
    /// The ExternalId that the role's trust policy may require.
    pub(crate) external_id: Option<Secret>,
    /// A RAM policy (JSON) that restricts the assumed role further.
    pub(crate) policy: Option<String>,
    /// The region whose STS endpoint is used.
    pub(crate) sts_region: Option<String>,
    pub(crate) sts_endpoint: Option<String>,
    /// For the mode `ChainableRamRoleArn`: the profile whose credentials assume the role.
    pub(crate) source_profile: Option<String>,
    pub(crate) oidc_provider_arn: Option<String>,
    pub(crate) oidc_token_file: Option<String>,
    /// Language of region names: `zh` or `en`.
    pub(crate) language: Option<String>,
    pub(crate) endpoint: Option<String>,
    pub(crate) endpoint_type: Option<EndpointType>,
    pub(crate) signature_version: Option<SignatureVersion>,
    /// Base URL of the console page.
    pub(crate) console_url: Option<String>,
    pub(crate) vnc_password: Option<Secret>,
    /// In seconds; above 0 and at most 86400.
    pub(crate) timeout: Option<f64>,
    /// Why this profile of another program's file cannot be used. Quotes no value.
    #[serde(skip)]
    pub fault: Option<String>,
}
