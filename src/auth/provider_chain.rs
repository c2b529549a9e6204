//! Where keys are looked for, in order, and why a place has none: pure.
//!
//! The profile named by the user; keys in the environment; an OIDC token that the environment names (as in a Kubernetes
//! pod); the default profile; a credentials URI in the environment; the role of the instance this runs on. It is the
//! order of the official SDKs (their "default credential chain"), but that what the user has named comes first, and
//! that a URI which is set comes before the metadata service, which nobody has asked for.

use std::path::PathBuf;

use super::CredentialsProvider;
use super::profile_mode::{ModeContext, SESSION, source, sts_of_region};
use crate::api::operations::Role;
use crate::command_error::CommandError;
use crate::credentials::{self, CredentialsOrigin};
use crate::error_kind::ErrorKind;
use crate::secret::Secret;
use crate::settings::profile_selection::{ProfileSelection, SelectedProfile};
use crate::system::environment::Environment;

/// A place that had no keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SkippedProvider {
    /// The place.
    pub(crate) place: String,
    /// Why not.
    pub(crate) why: String,
}

/// The first place that has keys, and those before it.
#[derive(Debug)]
pub(crate) struct ProviderChain {
    /// The place, or what is wrong with it.
    pub(crate) found: Option<Result<(CredentialsProvider, CredentialsOrigin), CommandError>>,
    /// The places before it, which had none.
    pub(crate) passed: Vec<SkippedProvider>,
}

impl ProviderChain {
    /// Looks. `no_default` says why there is no default profile, where there is none.
    pub(crate) fn new(
        choice: &ProfileSelection,
        env: &Environment,
        no_default: &str,
        context: ModeContext<'_>,
    ) -> Self {
        let mut passed = Vec::new();
        let found = first(choice, env, no_default, context, &mut passed).transpose();
        Self { found, passed }
    }
}

fn first(
    choice: &ProfileSelection,
    env: &Environment,
    no_default: &str,
    context: ModeContext<'_>,
    passed: &mut Vec<SkippedProvider>,
) -> Result<Option<(CredentialsProvider, CredentialsOrigin)>, CommandError> {
    let mut pass =
        |place: &str, why: &str| passed.push(SkippedProvider { place: place.to_owned(), why: why.to_owned() });
    if let ProfileSelection::SelectedProfile(named) = choice {
        if let Some(found) = of_profile(named, env, context)? {
            return Ok(Some(found));
        }
        pass(&format!("profile {}", named.name), "it holds none");
    }

    let of_env = credentials::from_environment(env);
    let of_env = of_env.map_err(|error| CommandError::message(ErrorKind::Credentials, error.to_string()))?;
    if let Some((keys, variable)) = of_env {
        return Ok(Some((CredentialsProvider::StaticKeys(keys), CredentialsOrigin::Environment { variable })));
    }
    pass("environment", "ALIBABA_CLOUD_ACCESS_KEY_ID is not set");

    match oidc(env, context)? {
        Ok(found) => return Ok(Some(found)),
        Err(missing) => pass("OIDC", &format!("{missing} is not set")),
    }

    match choice {
        ProfileSelection::SelectedProfile(_) => {}
        ProfileSelection::Faulty(why) => {
            let hint = "mend it, name a profile with --profile, or set keys in the environment";
            return Err(CommandError::message(ErrorKind::Usage, why.clone()).hint(hint));
        }
        ProfileSelection::Default(None) => pass("default profile", no_default),
        ProfileSelection::Default(Some(named)) => match of_profile(named, env, context)? {
            Some(found) => return Ok(Some(found)),
            None => pass(&format!("profile {}", named.name), "it holds none"),
        },
    }

    match env.vendor("CREDENTIALS_URI") {
        Some((variable, uri)) => {
            return Ok(Some((CredentialsProvider::Uri(Secret::new(uri)), CredentialsOrigin::Environment { variable })));
        }
        None => pass("credentials URI", "ALIBABA_CLOUD_CREDENTIALS_URI is not set"),
    }

    let role = env.vendor("ECS_METADATA").map(|(_, role)| role.to_owned());
    match metadata_disabled(env) {
        Some(variable) => {
            pass("metadata service", &format!("{variable} disables it"));
            Ok(None)
        }
        None => Ok(Some((CredentialsProvider::Metadata(role), CredentialsOrigin::Metadata))),
    }
}

fn of_profile(
    named: &SelectedProfile,
    env: &Environment,
    context: ModeContext<'_>,
) -> Result<Option<(CredentialsProvider, CredentialsOrigin)>, CommandError> {
    let origin = named.origin(&named.name);
    let Some(source) = source(named, context)? else {
        return Ok(None);
    };
    // A profile does not set the variable aside: it may be there because nobody answers at that address, or another.
    if source.asks_metadata()
        && let Some(variable) = metadata_disabled(env)
    {
        let message = format!("{origin} takes its keys from the metadata service, which {variable} disables");
        return Err(CommandError::message(ErrorKind::Credentials, message));
    }
    Ok(Some((source, origin)))
}

/// The variable that disables the metadata service, if one does.
fn metadata_disabled(env: &Environment) -> Option<String> {
    let (variable, value) = env.vendor("ECS_METADATA_DISABLED")?;
    value.eq_ignore_ascii_case("true").then_some(variable)
}

/// The role that a token in a file stands for, or the name of the variable that is missing.
fn oidc(
    env: &Environment,
    context: ModeContext<'_>,
) -> Result<Result<(CredentialsProvider, CredentialsOrigin), String>, CommandError> {
    let found = |suffix: &str| env.vendor(suffix).ok_or_else(|| format!("ALIBABA_CLOUD_{suffix}"));
    let names = ["OIDC_TOKEN_FILE", "OIDC_PROVIDER_ARN", "ROLE_ARN"].map(found);
    let [Ok((variable, file)), Ok((_, provider_arn)), Ok((_, arn))] = names else {
        return Ok(Err(names.into_iter().find_map(Result::err).unwrap_or_default()));
    };
    let session_name = env.vendor("ROLE_SESSION_NAME").map_or(SESSION, |(_, name)| name);
    let sts = sts_of_region(context.sts_region, context.sts_type);
    let sts = sts.map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
    let role = Role {
        arn: arn.to_owned(),
        session_name: session_name.to_owned(),
        seconds: None,
        external_id: None,
        policy: None,
    };
    let (provider_arn, token_file) = (provider_arn.to_owned(), PathBuf::from(file));
    Ok(Ok((
        CredentialsProvider::Oidc { role, provider_arn, token_file, sts },
        CredentialsOrigin::Environment { variable },
    )))
}
