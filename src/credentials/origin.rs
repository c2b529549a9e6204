//! Where credentials came from, for messages.

use crate::text::quoted::Shown as _;
use std::fmt;
use std::path::PathBuf;

/// The place that credentials came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CredentialsOrigin {
    /// A profile in a configuration file.
    Profile { name: String, file: PathBuf },
    /// The user, for a profile that is in no file yet.
    Given { profile: String },
    /// Environment variables; `variable` is the one that selected them.
    Environment { variable: String },
    /// The metadata service, asked because nothing else was configured.
    Metadata,
    /// The profile of the simulated account, which is part of the program.
    BuiltIn { profile: &'static str },
}

impl fmt::Display for CredentialsOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Profile { name, file } => write!(f, "profile {name} in {}", file.shown()),
            Self::Given { profile } => write!(f, "what was given for the profile {profile}"),
            Self::Environment { variable } => write!(f, "the environment variable {variable}"),
            Self::Metadata => f.write_str("the metadata service of the instance this runs on"),
            Self::BuiltIn { profile } => write!(f, "the built-in profile {profile}"),
        }
    }
}
