//! The TOML configuration file: what it may hold, where it is, how it is read and written; and the files of the official
//! CLI and of the SDKs, which are read as they are.

mod ini;
mod keys;
mod locate;
mod official;
mod read;
mod write;

pub use ini::parse_ini;
pub(crate) use ini::read_ini;
pub(crate) use locate::{locate, locate_ini, locate_official};
pub use official::parse_official;
pub(crate) use official::read_official;
pub(crate) use read::read;
pub use read::{ConfigError, parse};
pub(crate) use write::{WriteError, add_profile};

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::api::endpoint::EndpointType;
use crate::api::signature::SignatureVersion;
use crate::secret::{AccessKeyId, Secret};

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Config {
    /// The profile used where none is named.
    pub(crate) default_profile: Option<String>,
    /// `[profile.NAME]`
    #[serde(default)]
    pub profile: BTreeMap<String, Profile>,
}

/// One `[profile.NAME]`, in the official CLI's words.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Profile {
    /// How the profile comes to its keys, in the official CLI's words; nothing means from the keys below.
    pub(crate) mode: Option<String>,
    /// The region instances are looked for in.
    pub(crate) region_id: Option<String>,
    /// Names the key pair.
    pub access_key_id: Option<AccessKeyId>,
    /// Signs.
    pub access_key_secret: Option<Secret>,
    /// Goes with temporary keys.
    pub(crate) sts_token: Option<Secret>,
    /// Until when cached keys work, in seconds since 1970; only the official CLI writes it.
    #[serde(skip)]
    pub(crate) sts_expiration: Option<i64>,
    /// A program that prints keys, for the mode `External`; it may be given a password.
    pub(crate) process_command: Option<Secret>,
    /// A URI that answers with keys, for the mode `CredentialsURI`; it may hold a password.
    pub(crate) credentials_uri: Option<Secret>,
    /// The role of the instance this runs on, for the mode `EcsRamRole`; nothing means to ask for it.
    pub(crate) ram_role_name: Option<String>,
    /// The role to assume, for the modes that assume one.
    pub(crate) ram_role_arn: Option<String>,
    /// What the session of an assumed role is called.
    #[serde(alias = "role_session_name")]
    pub(crate) ram_session_name: Option<String>,
    /// How long the keys of an assumed role work, in seconds.
    pub(crate) expired_seconds: Option<u64>,
    /// Agreed upon with the owner of the role, who may ask for it.
    pub(crate) external_id: Option<Secret>,
    /// Narrows what an assumed role may do: a JSON text.
    pub(crate) policy: Option<String>,
    /// The region whose STS is asked.
    pub(crate) sts_region: Option<String>,
    /// Another host for STS.
    pub(crate) sts_endpoint: Option<String>,
    /// The profile whose keys assume the role, for the mode `ChainableRamRoleArn`.
    pub(crate) source_profile: Option<String>,
    /// The identity provider, for the mode `OIDC`.
    pub(crate) oidc_provider_arn: Option<String>,
    /// The file that holds the provider's token, for the mode `OIDC`.
    pub(crate) oidc_token_file: Option<String>,
    /// The language of the regions' names: `zh` or `en`.
    pub(crate) language: Option<String>,
    /// Another host than the region's own.
    pub(crate) endpoint: Option<String>,
    /// From which side the API is reached.
    pub(crate) endpoint_type: Option<EndpointType>,
    /// How requests are signed.
    pub(crate) signature_version: Option<SignatureVersion>,
    /// The base of the console page.
    pub(crate) console_url: Option<String>,
    /// Handed to the console page.
    pub(crate) vnc_password: Option<Secret>,
    /// The time limit of a command, in seconds.
    pub(crate) timeout: Option<f64>,
    /// Why this profile of another program's file cannot be used, in words that quote no value.
    #[serde(skip)]
    pub fault: Option<String>,
}
