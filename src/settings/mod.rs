//! Flags, environment variables and configuration files → [`Settings`], resolved once for each command.

pub(crate) mod aliases;
mod context;
pub(crate) mod credential_settings;
pub(crate) mod files;
pub(crate) mod flags;
pub mod language;
pub(crate) mod profile_selection;
mod resolved;
mod sources;

pub use context::Context;
pub(crate) use flags::DEFAULT_TIMEOUT;
pub(crate) use resolved::Settings;
pub(crate) use sources::{EndpointSetting, RegionSetting, SettingSources};
