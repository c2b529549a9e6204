//! Flags, environment variables and configuration files, resolved to settings.

pub(crate) mod credential_settings;
pub(crate) mod flags;
pub(crate) mod layers;
pub(crate) mod load;
pub(crate) mod profile_selection;
