//! Where credentials are looked for, in order, and why a provider was skipped. Pure.
//!
//! The order: the profile that the user named; an AccessKey in the environment; an OIDC token file that the environment
//! names (as in a Kubernetes pod); the default profile; a credentials URI in the environment; the role of the instance
//! this runs on. This is the official SDKs' "default credential chain" with two differences: what the user named comes
//! first, and a credentials URI comes before the metadata service, because only the URI was configured.

use std::fmt;
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::CredentialsProvider;
use super::profile_mode::{ModeContext, SESSION_NAME, provider_of_profile, sts_endpoint_of_region};
use crate::api::operations::Role;
use crate::command_error::CommandError;
use crate::credentials::{self, CredentialsOrigin};
use crate::error_kind::ErrorKind;
use crate::secret::Secret;
use crate::settings::credential_settings::CredentialSettings;
use crate::settings::profile_selection::{ProfileSelection, SelectedProfile};
use crate::system::environment::Environment;
use crate::text::shell::word;

/// A provider that has no credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SkippedProvider {
    pub(crate) name: String,
    pub(crate) reason: String,
    /// What to do about it, where that is likelier to help than a new profile.
    pub(crate) advice: Option<String>,
}

impl fmt::Display for SkippedProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.reason)
    }
}

/// The provider that is used, and the ones skipped before it.
#[derive(Clone, Debug)]
pub(crate) struct SelectedProvider {
    pub(crate) provider: CredentialsProvider,
    pub(crate) origin: CredentialsOrigin,
    pub(crate) skipped: Vec<SkippedProvider>,
}

/// The result of going through the providers.
// A process has one. On Windows, where a path is longer, the variants differ by more than 200 bytes.
#[allow(clippy::large_enum_variant)]
#[derive(Debug)]
pub(crate) enum ProviderChain {
    Selected(SelectedProvider),
    /// A provider is configured but cannot be used. The ones behind it must not take its place: they may be of another
    /// account.
    Faulty {
        error: CommandError,
        skipped: Vec<SkippedProvider>,
    },
    /// No provider is configured.
    Exhausted {
        skipped: Vec<SkippedProvider>,
    },
}

impl ProviderChain {
    /// Goes through the providers. `now` decides whether credentials cached by another program still work.
    pub(crate) fn search(settings: &CredentialSettings, env: &Environment, now: DateTime<Utc>) -> Self {
        let context = ModeContext { now, sts: &settings.sts };
        let mut search = Search { settings, env, context, skipped: Vec::new() };
        match search.select() {
            Ok(Some((provider, origin))) => {
                Self::Selected(SelectedProvider { provider, origin, skipped: search.skipped })
            }
            Ok(None) => Self::Exhausted { skipped: search.skipped },
            Err(error) => Self::Faulty { error, skipped: search.skipped },
        }
    }

    /// The selected provider, or the error of a command that needs one.
    pub(crate) fn required(self) -> Result<SelectedProvider, CommandError> {
        match self {
            Self::Selected(selected) => Ok(selected),
            Self::Faulty { error, .. } => Err(error),
            Self::Exhausted { skipped } => Err(no_credentials(&skipped)),
        }
    }

    /// The providers that have no credentials.
    pub(crate) fn skipped(&self) -> &[SkippedProvider] {
        match self {
            Self::Selected(SelectedProvider { skipped, .. })
            | Self::Faulty { skipped, .. }
            | Self::Exhausted { skipped } => skipped,
        }
    }
}

/// The error if no provider has credentials. Where they were looked for are its details.
pub(crate) fn no_credentials(skipped: &[SkippedProvider]) -> CommandError {
    let profile = skipped.iter().find(|skipped| skipped.name.starts_with("profile "));
    let profile = profile.map(|profile| format!(": {} {}", profile.name, profile.reason)).unwrap_or_default();
    let mut error = CommandError::message(ErrorKind::Credentials, format!("no AccessKey was found{profile}"));
    error.hint = Some(match skipped.iter().find_map(|skipped| skipped.advice.as_ref()) {
        Some(advice) => format!("{advice}; -v shows where was looked"),
        None => {
            "add one with `ecs-vnc profile add NAME` or `aliyun configure`, or try ecs-vnc without an account with \
                 --profile demo; -v shows where was looked"
                .to_owned()
        }
    });
    error.details = skipped.iter().map(|skipped| format!("looked at {skipped}")).collect();
    error
}

/// A provider, and where its settings came from.
type ProviderWithOrigin = (CredentialsProvider, CredentialsOrigin);

struct Search<'a> {
    settings: &'a CredentialSettings,
    env: &'a Environment,
    context: ModeContext<'a>,
    skipped: Vec<SkippedProvider>,
}

impl Search<'_> {
    /// The first provider that has credentials; `None` if there is none.
    fn select(&mut self) -> Result<Option<ProviderWithOrigin>, CommandError> {
        if let ProfileSelection::Named(profile) = &self.settings.profile
            && let Some(selected) = self.try_profile(profile)?
        {
            return Ok(Some(selected));
        }
        if let Some(selected) = self.try_access_key_variables()? {
            return Ok(Some(selected));
        }
        if let Some(selected) = self.try_oidc_variables()? {
            return Ok(Some(selected));
        }
        if let Some(selected) = self.try_default_profile()? {
            return Ok(Some(selected));
        }
        Ok(self.try_uri_variable().or_else(|| self.try_metadata_service()))
    }

    fn skip(&mut self, name: &str, reason: &str) {
        self.skip_with_advice(name, reason, None);
    }

    fn skip_with_advice(&mut self, name: &str, reason: &str, advice: Option<String>) {
        self.skipped.push(SkippedProvider { name: name.to_owned(), reason: reason.to_owned(), advice });
    }

    fn try_profile(&mut self, profile: &SelectedProfile) -> Result<Option<ProviderWithOrigin>, CommandError> {
        let origin = profile.origin(&profile.name);
        let Some(provider) = provider_of_profile(profile, self.context)? else {
            let is_own = self.settings.own_profiles.contains(&profile.name);
            let advice = is_own.then(|| format!("add some with `ecs-vnc profile add {} --force`", word(&profile.name)));
            self.skip_with_advice(&format!("profile {}", profile.name), "has no credentials", advice);
            return Ok(None);
        };
        // The variable applies to profiles, too: outside of Alibaba Cloud, another host may have the service's address.
        if provider.uses_metadata_service()
            && let Some(variable) = metadata_disabled_by(self.env)
        {
            let message = format!("{origin} needs the metadata service, which is disabled by {variable}");
            return Err(CommandError::message(ErrorKind::Credentials, message));
        }
        Ok(Some((provider, origin)))
    }

    fn try_access_key_variables(&mut self) -> Result<Option<ProviderWithOrigin>, CommandError> {
        match credentials::from_environment(self.env) {
            Ok(Some((credentials, variable))) => {
                let origin = CredentialsOrigin::Environment { variable };
                Ok(Some((CredentialsProvider::Static(credentials), origin)))
            }
            Ok(None) => {
                self.skip("environment", "ALIBABA_CLOUD_ACCESS_KEY_ID is not set");
                Ok(None)
            }
            Err(error) => Err(CommandError::message(ErrorKind::Credentials, error.to_string())),
        }
    }

    fn try_oidc_variables(&mut self) -> Result<Option<ProviderWithOrigin>, CommandError> {
        let required = |suffix: &str| self.env.vendor(suffix).ok_or_else(|| format!("ALIBABA_CLOUD_{suffix}"));
        let variables = ["OIDC_TOKEN_FILE", "OIDC_PROVIDER_ARN", "ROLE_ARN"].map(required);
        let [Ok((variable, token_file)), Ok((_, provider_arn)), Ok((_, role_arn))] = variables else {
            let missing = variables.into_iter().find_map(Result::err).unwrap_or_default();
            self.skip("OIDC", &format!("{missing} is not set"));
            return Ok(None);
        };
        let session_name = self.env.vendor("ROLE_SESSION_NAME").map_or(SESSION_NAME, |(_, name)| name);
        let role = Role {
            arn: role_arn.to_owned(),
            session_name: session_name.to_owned(),
            seconds: None,
            external_id: None,
            policy: None,
        };
        let sts = sts_endpoint_of_region(self.context.sts.region.as_deref(), self.context.sts.endpoint_type);
        let sts = sts.map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
        let (provider_arn, token_file) = (provider_arn.to_owned(), PathBuf::from(token_file));
        let provider = CredentialsProvider::Oidc { role, provider_arn, token_file, sts };
        Ok(Some((provider, CredentialsOrigin::Environment { variable })))
    }

    fn try_default_profile(&mut self) -> Result<Option<ProviderWithOrigin>, CommandError> {
        match &self.settings.profile {
            ProfileSelection::Named(_) => Ok(None),
            ProfileSelection::Default(Some(profile)) => self.try_profile(profile),
            ProfileSelection::Default(None) => {
                let profiles = self.settings.own_profiles.join(", ");
                let advice = (!profiles.is_empty()).then(|| {
                    format!(
                        "choose a profile with --profile or `ecs-vnc profile use NAME`; the profiles are {profiles}"
                    )
                });
                self.skip_with_advice("default profile", &self.settings.no_default_reason, advice);
                Ok(None)
            }
            ProfileSelection::FaultyDefault { reason } => {
                let hint = "fix it, select a profile with --profile, or set an AccessKey in the environment";
                Err(CommandError::message(ErrorKind::Usage, reason.clone()).hint(hint))
            }
        }
    }

    fn try_uri_variable(&mut self) -> Option<ProviderWithOrigin> {
        match self.env.vendor("CREDENTIALS_URI") {
            Some((variable, uri)) => {
                Some((CredentialsProvider::Uri(Secret::new(uri)), CredentialsOrigin::Environment { variable }))
            }
            None => {
                self.skip("credentials URI", "ALIBABA_CLOUD_CREDENTIALS_URI is not set");
                None
            }
        }
    }

    fn try_metadata_service(&mut self) -> Option<ProviderWithOrigin> {
        match metadata_disabled_by(self.env) {
            Some(variable) => {
                self.skip("metadata service", &format!("disabled by {variable}"));
                None
            }
            None => {
                let role = self.env.vendor("ECS_METADATA").map(|(_, role)| role.to_owned());
                Some((CredentialsProvider::Metadata(role), CredentialsOrigin::Metadata))
            }
        }
    }
}

/// The variable that disables the metadata service, if it is set to true.
fn metadata_disabled_by(env: &Environment) -> Option<String> {
    let (variable, value) = env.vendor("ECS_METADATA_DISABLED")?;
    value.eq_ignore_ascii_case("true").then_some(variable)
}

#[cfg(test)]
#[path = "provider_chain_tests.rs"]
mod tests;
