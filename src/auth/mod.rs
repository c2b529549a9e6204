//! From settings to keys: where they may come from, what a profile's mode means, and how they are asked for.
//!
//! ```text
//! chain (which place has them) → profile (what its mode means) → obtain (asks, or takes them from the cache)
//!                                                             → keyring (asks again when they are about to expire)
//! ```

pub(crate) mod cached;
mod profile_mode;
mod provider_chain;
pub mod providers;
mod refreshing;
mod resolver;

pub(crate) use profile_mode::sts_endpoint;
pub(crate) use provider_chain::{ProviderChain, SelectedProvider, SkippedProvider, no_credentials};
pub(crate) use refreshing::RefreshingCredentials;
pub(crate) use resolver::{CacheUse, CredentialsResolver, fingerprint};

use std::path::PathBuf;

use crate::api::endpoint::Endpoint;
use crate::api::operations::Role;
use crate::credentials::Credentials;
use crate::secret::Secret;

/// How to come to keys.
#[derive(Clone, Debug)]
pub(crate) enum CredentialsProvider {
    /// By having them.
    StaticKeys(Credentials),
    /// By a command that prints them.
    Process(Secret),
    /// By a URI that answers with them.
    Uri(Secret),
    /// By the metadata service of the instance this runs on, for this role or whatever it has.
    Metadata(Option<String>),
    /// By assuming a role with other keys.
    Role {
        /// Gives the other keys.
        base: Box<CredentialsProvider>,
        role: Role,
        /// Where STS is.
        sts: Endpoint,
    },
    /// By assuming a role with an identity provider's token.
    Oidc {
        role: Role,
        /// The identity provider.
        provider_arn: String,
        /// The file that holds its token.
        token_file: PathBuf,
        /// Where STS is.
        sts: Endpoint,
    },
}

impl CredentialsProvider {
    /// In words, for `profile show`.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::StaticKeys(keys) if keys.security_token.is_some() => "temporary keys".to_owned(),
            Self::StaticKeys(_) => "a key pair".to_owned(),
            Self::Process(_) => "a program".to_owned(),
            Self::Uri(_) => "a URI".to_owned(),
            Self::Metadata(None) => "the metadata service".to_owned(),
            Self::Metadata(Some(role)) => format!("the metadata service, role {role}"),
            Self::Role { base, role, sts } => format!("{}, role {} assumed at {sts}", base.describe(), role.arn),
            Self::Oidc { role, token_file, sts, .. } => {
                format!("the token in {}, role {} assumed at {sts}", token_file.display(), role.arn)
            }
        }
    }

    /// Whether the settings alone decide whose keys these are.
    pub(crate) fn is_determined(&self) -> bool {
        match self {
            Self::StaticKeys(_) | Self::Oidc { .. } => true,
            Self::Process(_) | Self::Uri(_) | Self::Metadata(_) => false,
            Self::Role { base, .. } => base.is_determined(),
        }
    }

    /// Whether a program is run.
    pub(crate) fn runs_a_program(&self) -> bool {
        match self {
            Self::Process(_) => true,
            Self::Role { base, .. } => base.runs_a_program(),
            _ => false,
        }
    }

    /// Whether the metadata service is asked.
    pub(crate) fn asks_metadata(&self) -> bool {
        match self {
            Self::Metadata(_) => true,
            Self::Role { base, .. } => base.asks_metadata(),
            _ => false,
        }
    }
}
