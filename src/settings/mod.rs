//! Flags, environment variables and configuration files → [`Settings`], resolved once for each command.

pub(crate) mod credential_settings;
pub(crate) mod files;
pub(crate) mod flags;
pub(crate) mod profile_selection;
mod resolved;
mod sources;

pub(crate) use resolved::{Settings, load};
pub(crate) use sources::{DEFAULT_TIMEOUT, EndpointSetting, RegionSetting, SettingSources};
