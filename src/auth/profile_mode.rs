//! Turns a profile's mode into a credentials provider. Pure. The modes are those of the official CLI.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::CredentialsProvider;
use crate::api::endpoint::{Endpoint, EndpointError, EndpointType, check_region};
use crate::api::operations::Role;
use crate::command_error::CommandError;
use crate::config::Profile;
use crate::credentials::{self, Credentials, CredentialsError, CredentialsOrigin};
use crate::error_kind::ErrorKind;
use crate::secret::Secret;
use crate::settings::credential_settings::StsSettings;
use crate::settings::profile_selection::SelectedProfile;
use crate::text::sanitize::sanitize;
use crate::text::shell::word;

/// The maximum number of `source_profile` keys that are followed in a row.
const MAX_CHAIN_LEN: usize = 8;

/// The shortest `expired_seconds` that STS accepts. Source: the vendor's page on AssumeRole.
const MIN_ROLE_SECONDS: u64 = 900;

/// The default name of the role session.
pub(crate) const SESSION_NAME: &str = "ecs-vnc";

/// What the meaning of a mode depends on besides the profile.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ModeContext<'a> {
    /// Decides whether cached credentials still work.
    pub(crate) now: DateTime<Utc>,
    pub(crate) sts: &'a StsSettings,
}

/// The provider that a profile's mode selects; `None` if the profile has neither a mode nor an AccessKey.
pub(crate) fn provider_of_profile(
    selected: &SelectedProfile,
    context: ModeContext<'_>,
) -> Result<Option<CredentialsProvider>, CommandError> {
    provider_of(&selected.name, &selected.profile, selected, context, MAX_CHAIN_LEN)
}

/// `selected` has the profiles that `source_profile` may refer to. `depth` is how many more of them may be followed.
fn provider_of(
    name: &str,
    profile: &Profile,
    selected: &SelectedProfile,
    context: ModeContext<'_>,
    depth: usize,
) -> Result<Option<CredentialsProvider>, CommandError> {
    let origin = &selected.origin(name);
    if let Some(fault) = &profile.fault {
        return Err(CommandError::message(ErrorKind::Usage, format!("{origin}: {fault}")));
    }
    let Some(mode) = profile.mode.as_deref() else {
        return Ok(static_credentials(profile, profile.sts_token.clone(), origin)?.map(CredentialsProvider::Static));
    };
    let required = |value: Option<CredentialsProvider>| value.map(Some).ok_or_else(|| missing_access_key(origin, mode));
    let role_of = |base: CredentialsProvider| -> Result<Option<CredentialsProvider>, CommandError> {
        let (role, sts) = (assumed_role(profile, origin)?, sts_endpoint(profile, context.sts, origin)?);
        Ok(Some(CredentialsProvider::Role { base: Box::new(base), role, sts }))
    };
    match mode {
        // The official CLI leaves an old token in the file and does not use it.
        "AK" => required(static_credentials(profile, None, origin)?.map(CredentialsProvider::Static)),
        "StsToken" => required(temporary_credentials(profile, origin)?.map(CredentialsProvider::Static)),
        "RamRoleArn" => {
            let base = static_credentials(profile, profile.sts_token.clone(), origin)?
                .ok_or_else(|| missing_access_key(origin, mode))?;
            role_of(CredentialsProvider::Static(base))
        }
        "EcsRamRole" => Ok(Some(CredentialsProvider::Metadata(profile.ram_role_name.clone()))),
        // The official CLI's help has the first name, and its file the second.
        "RamRoleArnWithEcs" | "RamRoleArnWithRoleName" => {
            role_of(CredentialsProvider::Metadata(profile.ram_role_name.clone()))
        }
        "ChainableRamRoleArn" => {
            let source = required_key(profile.source_profile.as_ref(), "source_profile", origin)?;
            role_of(base_provider(source, selected, context, depth, origin)?)
        }
        "OIDC" => {
            let provider_arn = required_key(profile.oidc_provider_arn.as_ref(), "oidc_provider_arn", origin)?.clone();
            let token_file =
                Path::new(required_key(profile.oidc_token_file.as_ref(), "oidc_token_file", origin)?).to_owned();
            let (role, sts) = (assumed_role(profile, origin)?, sts_endpoint(profile, context.sts, origin)?);
            Ok(Some(CredentialsProvider::Oidc { role, provider_arn, token_file, sts }))
        }
        "External" => Ok(Some(CredentialsProvider::Process(
            required_key(profile.process_command.as_ref(), "process_command", origin)?.clone(),
        ))),
        "CredentialsURI" => Ok(Some(CredentialsProvider::Uri(
            required_key(profile.credentials_uri.as_ref(), "credentials_uri", origin)?.clone(),
        ))),
        "CloudSSO" | "OAuth" => {
            let credentials = login_credentials(name, mode, profile, context.now, origin)?;
            Ok(Some(CredentialsProvider::Static(credentials)))
        }
        mode => Err(unknown_mode(mode, origin)),
    }
}

/// The provider of the credentials that assume the role: that of the profile `name` in the same file.
fn base_provider(
    name: &str,
    selected: &SelectedProfile,
    context: ModeContext<'_>,
    depth: usize,
    origin: &CredentialsOrigin,
) -> Result<CredentialsProvider, CommandError> {
    let usage = |message: String| CommandError::message(ErrorKind::Usage, format!("{origin}: {message}"));
    let Some(depth) = depth.checked_sub(1) else {
        let message = format!("source_profile leads through more than {MAX_CHAIN_LEN} profiles");
        return Err(usage(message).hint("check whether a source_profile refers back to its own profile"));
    };
    let Some(profile) = selected.siblings.get(name) else {
        let message = format!("source_profile {} is not in the same file", sanitize(name, 64));
        return Err(CommandError::message(ErrorKind::NotFound, format!("{origin}: {message}")));
    };
    let provider = provider_of(name, profile, selected, context, depth)?;
    provider.ok_or_else(|| usage(format!("source_profile {} has no credentials", sanitize(name, 64))))
}

fn assumed_role(profile: &Profile, origin: &CredentialsOrigin) -> Result<Role, CommandError> {
    // The official CLI writes 0 for "not set".
    let seconds = profile.expired_seconds.filter(|seconds| *seconds > 0);
    if let Some(seconds) = seconds.filter(|seconds| *seconds < MIN_ROLE_SECONDS) {
        let message =
            format!("{origin}: expired_seconds = {seconds} is too short; STS requires at least {MIN_ROLE_SECONDS} s");
        return Err(CommandError::message(ErrorKind::Usage, message));
    }
    Ok(Role {
        arn: required_key(profile.ram_role_arn.as_ref(), "ram_role_arn", origin)?.clone(),
        session_name: profile.ram_session_name.clone().unwrap_or_else(|| SESSION_NAME.to_owned()),
        seconds,
        external_id: profile.external_id.clone(),
        policy: profile.policy.clone(),
    })
}

/// The STS endpoint of a profile: the one it sets, or else that of its region or of `defaults`.
pub(crate) fn sts_endpoint(
    profile: &Profile,
    defaults: &StsSettings,
    origin: &CredentialsOrigin,
) -> Result<Endpoint, CommandError> {
    let endpoint = match &profile.sts_endpoint {
        Some(endpoint) => Endpoint::parse(endpoint),
        None => {
            let region = profile.sts_region.as_deref().or(defaults.region.as_deref());
            sts_endpoint_of_region(region, profile.endpoint_type.unwrap_or(defaults.endpoint_type))
        }
    };
    endpoint.map_err(|error| CommandError::message(ErrorKind::Usage, format!("{origin}: {error}")))
}

/// The STS endpoint of a region, or the central one. Source: the vendor's STS endpoint list, and the official SDKs.
pub(crate) fn sts_endpoint_of_region(
    region: Option<&str>,
    endpoint_type: EndpointType,
) -> Result<Endpoint, EndpointError> {
    let Some(region) = region else {
        return Endpoint::parse("sts.aliyuncs.com");
    };
    let host = match endpoint_type {
        EndpointType::Public => "sts",
        EndpointType::Vpc => "sts-vpc",
    };
    Endpoint::parse(&format!("{host}.{}.aliyuncs.com", check_region(region)?))
}

/// The AccessKey pair in a profile, with `token`; `None` if the profile has no part of it.
fn static_credentials(
    profile: &Profile,
    token: Option<Secret>,
    origin: &CredentialsOrigin,
) -> Result<Option<Credentials>, CommandError> {
    let (id, secret) = (profile.access_key_id.clone(), profile.access_key_secret.clone());
    let names = ["access_key_id", "access_key_secret", "sts_token"];
    credentials::checked(id, secret, token, names).map_err(|error| incomplete(&error, origin))
}

/// The temporary credentials in a profile. They must have a token.
fn temporary_credentials(profile: &Profile, origin: &CredentialsOrigin) -> Result<Option<Credentials>, CommandError> {
    match static_credentials(profile, profile.sts_token.clone(), origin)? {
        Some(credentials) if credentials.security_token.is_none() => {
            let half = CredentialsError::Half { present: "access_key_id".into(), missing: "sts_token".into() };
            Err(incomplete(&half, origin))
        }
        credentials => Ok(credentials),
    }
}

/// The credentials that a login with the official CLI has cached in the profile, if they have not expired.
fn login_credentials(
    name: &str,
    mode: &str,
    profile: &Profile,
    now: DateTime<Utc>,
    origin: &CredentialsOrigin,
) -> Result<Credentials, CommandError> {
    let name = word(name);
    let hint = format!(
        "refresh them with any command of the official CLI (aliyun --profile {name} sts GetCallerIdentity); \
         if it asks for a login: aliyun configure --profile {name} --mode {mode}"
    );
    let error = |what: String| CommandError::message(ErrorKind::Credentials, format!("{origin}: {what}")).hint(&hint);
    let credentials = temporary_credentials(profile, origin)?
        .ok_or_else(|| error(format!("the official CLI has not cached credentials of mode {mode} yet")))?;
    let expires = profile.sts_expiration.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    match expires {
        Some(expires) if now < expires => Ok(credentials),
        Some(_) => Err(error(format!("the cached credentials of mode {mode} have expired"))),
        None => Err(error(format!("the cached credentials of mode {mode} have no expiration time"))),
    }
}

/// The value of a key that the profile's mode requires. `key` is its name.
fn required_key<'a, T>(value: Option<&'a T>, key: &str, origin: &CredentialsOrigin) -> Result<&'a T, CommandError> {
    let missing = || CredentialsError::Half { present: "mode".to_owned(), missing: key.to_owned() };
    value.ok_or_else(|| incomplete(&missing(), origin))
}

fn missing_access_key(origin: &CredentialsOrigin, mode: &str) -> CommandError {
    let message = format!("{origin}: mode {mode} needs access_key_id and access_key_secret");
    CommandError::message(ErrorKind::Credentials, message)
}

fn unknown_mode(mode: &str, origin: &CredentialsOrigin) -> CommandError {
    let message = format!("{origin}: unsupported mode {}", sanitize(mode, 40));
    CommandError::message(ErrorKind::Credentials, message).hint(
        "use a program that prints credentials (mode External, process_command), or an AccessKey in the environment; \
         the supported modes are AK, StsToken, RamRoleArn, EcsRamRole, RamRoleArnWithEcs, ChainableRamRoleArn, \
         External, CredentialsURI, OIDC, and the cached credentials of CloudSSO and OAuth",
    )
}

/// The error about credentials that are present, but incomplete or malformed.
fn incomplete(error: &CredentialsError, origin: &CredentialsOrigin) -> CommandError {
    CommandError::message(ErrorKind::Credentials, format!("{origin}: {error}"))
}
