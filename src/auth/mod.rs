//! From settings to credentials: selects a provider, fetches temporary credentials from it, caches and refreshes them.
//!
//! 1. `provider_chain` selects the provider. What a profile's mode means is in `profile_mode`.
//! 2. `resolver` reads temporary credentials from the cache (`cached`), or fetches them with one of `providers`.
//! 3. `refreshing` resolves the provider again before the credentials expire.

mod cached;
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
use crate::text::quoted::Shown as _;

/// Where credentials come from, with all that is needed to get them.
#[derive(Clone, Debug)]
pub(crate) enum CredentialsProvider {
    /// The credentials are part of the settings.
    Static(Credentials),
    /// A program prints them. The value is its command line.
    Process(Secret),
    /// The response to a GET request for this URI has them.
    Uri(Secret),
    /// The metadata service of the instance that this program runs on returns them. The value is the name of the RAM
    /// role; without it, the service is asked for the name.
    Metadata(Option<String>),
    /// STS returns them to a client that assumes a role with other credentials.
    Role {
        /// The provider of the credentials that assume the role.
        base: Box<CredentialsProvider>,
        role: Role,
        /// The endpoint of STS.
        sts: Endpoint,
    },
    /// STS returns them to a client that assumes a role with the token of an identity provider.
    Oidc {
        role: Role,
        /// The ARN of the identity provider.
        provider_arn: String,
        /// The file that holds the token.
        token_file: PathBuf,
        /// The endpoint of STS.
        sts: Endpoint,
    },
}

impl CredentialsProvider {
    /// A short description without secrets, for `profile show` and `doctor`.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Static(credentials) if credentials.security_token.is_some() => "temporary credentials".to_owned(),
            Self::Static(_) => "an AccessKey pair".to_owned(),
            Self::Process(_) => "a program".to_owned(),
            Self::Uri(_) => "a URI".to_owned(),
            Self::Metadata(None) => "the metadata service".to_owned(),
            Self::Metadata(Some(role)) => format!("the metadata service, role {role}"),
            Self::Role { base, role, sts } => format!("{}, role {} assumed at {sts}", base.describe(), role.arn),
            Self::Oidc { role, token_file, sts, .. } => {
                format!("the token in {}, role {} assumed at {sts}", token_file.shown(), role.arn)
            }
        }
    }

    /// Whether the settings alone decide the identity. A program, a URI or a metadata service may return the
    /// credentials of another identity tomorrow.
    pub(crate) fn has_fixed_identity(&self) -> bool {
        match self {
            Self::Static(_) | Self::Oidc { .. } => true,
            Self::Process(_) | Self::Uri(_) | Self::Metadata(_) => false,
            Self::Role { base, .. } => base.has_fixed_identity(),
        }
    }

    /// Whether getting the credentials runs a program, which may prompt on the terminal.
    pub(crate) fn runs_program(&self) -> bool {
        match self {
            Self::Process(_) => true,
            Self::Role { base, .. } => base.runs_program(),
            _ => false,
        }
    }

    /// Whether getting the credentials sends requests to the metadata service.
    pub(crate) fn uses_metadata_service(&self) -> bool {
        match self {
            Self::Metadata(_) => true,
            Self::Role { base, .. } => base.uses_metadata_service(),
            _ => false,
        }
    }
}
