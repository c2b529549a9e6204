//! Flags, environment variables and configuration files, resolved to settings.

pub mod flags;
pub mod layers;
pub mod load;
pub mod profile_selection;
