//! The TOML configuration file: what it may hold, where it is, how it is read and written.

mod keys;
mod locate;
mod read;
mod write;

pub use keys::nearest;
pub use locate::locate;
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
    /// The region instances are looked for in.
    pub region_id: Option<String>,
    /// Names the key pair.
    pub access_key_id: Option<AccessKeyId>,
    /// Signs.
    pub access_key_secret: Option<Secret>,
    /// Goes with temporary keys.
    pub sts_token: Option<Secret>,
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
