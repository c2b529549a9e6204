//! The TOML configuration file: what it may hold, where it is, how it is read and written; and the official CLI's file,
//! which is read as it is.

mod keys;
mod locate;
mod official;
mod read;
mod write;

pub use keys::nearest;
pub use locate::{locate, locate_official};
pub use official::read_official;
pub use read::{ConfigError, parse, read};
pub use write::{WriteError, add_profile};

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::api::endpoint::EndpointType;
use crate::api::signature::SignatureVersion;
use crate::secret::{AccessKeyId, Secret};

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Config {
    /// The profile used where none is named.
    pub default_profile: Option<String>,
    /// `[profile.NAME]`
    #[serde(default)]
    pub profile: BTreeMap<String, Profile>,
}

/// One `[profile.NAME]`, in the official CLI's words.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Profile {
    /// How the profile comes to its keys, in the official CLI's words; nothing means from the keys below.
    pub mode: Option<String>,
    /// The region instances are looked for in.
    pub region_id: Option<String>,
    /// Names the key pair.
    pub access_key_id: Option<AccessKeyId>,
    /// Signs.
    pub access_key_secret: Option<Secret>,
    /// Goes with temporary keys.
    pub sts_token: Option<Secret>,
    /// Until when cached keys work, in seconds since 1970; only the official CLI writes it.
    #[serde(skip)]
    pub sts_expiration: Option<i64>,
    /// A program that prints keys, for the mode `External`.
    pub process_command: Option<String>,
    /// A URI that answers with keys, for the mode `CredentialsURI`.
    pub credentials_uri: Option<String>,
    /// The role of the instance this runs on, for the mode `EcsRamRole`; nothing means to ask for it.
    pub ram_role_name: Option<String>,
    /// Another host than the region's own.
    pub endpoint: Option<String>,
    /// From which side the API is reached.
    pub endpoint_type: Option<EndpointType>,
    /// How requests are signed.
    pub signature_version: Option<SignatureVersion>,
    /// The base of the console page.
    pub console_url: Option<String>,
    /// Handed to the console page.
    pub vnc_password: Option<Secret>,
    /// The time limit of a command, in seconds.
    pub timeout: Option<f64>,
}
