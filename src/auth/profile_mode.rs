//! What a profile's mode means: pure. The words are the official CLI's.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::CredentialsProvider;
use crate::api::endpoint::{Endpoint, EndpointType, check_region};
use crate::api::operations::Role;
use crate::command_error::CommandError;
use crate::config::Profile;
use crate::credentials::{self, Credentials, CredentialsError, CredentialsOrigin};
use crate::error_kind::ErrorKind;
use crate::secret::Secret;
use crate::settings::profile_selection::SelectedProfile;
use crate::text::sanitize::sanitize;

/// How many profiles may stand behind each other.
const DEEPEST: usize = 8;

/// The shortest life of an assumed role's keys, in seconds. Source: the vendor's page on AssumeRole.
const SHORTEST: u64 = 900;

/// What the session of a role is called where nobody has named it.
pub(crate) const SESSION: &str = "ecs-vnc";

/// What a mode depends on besides its profile.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ModeContext<'a> {
    /// Tells whether cached keys still work.
    pub(crate) now: DateTime<Utc>,
    /// The region whose STS is asked where the profile names none.
    pub(crate) sts_region: Option<&'a str>,
    /// From which side STS is reached where the profile does not say it.
    pub(crate) sts_type: EndpointType,
}

/// How a profile comes to its keys; nothing where it has none.
pub(crate) fn source(
    named: &SelectedProfile,
    context: ModeContext<'_>,
) -> Result<Option<CredentialsProvider>, CommandError> {
    source_of(&named.name, &named.profile, named, context, DEEPEST)
}

fn source_of(
    name: &str,
    profile: &Profile,
    named: &SelectedProfile,
    context: ModeContext<'_>,
    depth: usize,
) -> Result<Option<CredentialsProvider>, CommandError> {
    let origin = &named.origin(name);
    if let Some(fault) = &profile.fault {
        return Err(CommandError::message(ErrorKind::Usage, format!("{origin}: {fault}")));
    }
    let Some(mode) = profile.mode.as_deref() else {
        return Ok(keys(profile, profile.sts_token.clone(), origin)?.map(CredentialsProvider::StaticKeys));
    };
    let must_have = |value: Option<CredentialsProvider>| value.map(Some).ok_or_else(|| no_keys(origin, mode));
    let role_of = |base: CredentialsProvider| -> Result<Option<CredentialsProvider>, CommandError> {
        let (role, sts) = (role(profile, origin)?, sts(profile, context, origin)?);
        Ok(Some(CredentialsProvider::Role { base: Box::new(base), role, sts }))
    };
    match mode {
        // The official CLI leaves an old token in place there, and does not use it.
        "AK" => must_have(keys(profile, None, origin)?.map(CredentialsProvider::StaticKeys)),
        "StsToken" => must_have(keys_with_token(profile, origin)?.map(CredentialsProvider::StaticKeys)),
        "RamRoleArn" => {
            let base = keys(profile, profile.sts_token.clone(), origin)?.ok_or_else(|| no_keys(origin, mode))?;
            role_of(CredentialsProvider::StaticKeys(base))
        }
        "EcsRamRole" => Ok(Some(CredentialsProvider::Metadata(profile.ram_role_name.clone()))),
        // Its name in the official CLI's help, and in its file.
        "RamRoleArnWithEcs" | "RamRoleArnWithRoleName" => {
            role_of(CredentialsProvider::Metadata(profile.ram_role_name.clone()))
        }
        "ChainableRamRoleArn" => {
            let source = needed(profile.source_profile.as_ref(), "source_profile", origin)?;
            role_of(behind(source, named, context, depth, origin)?)
        }
        "OIDC" => {
            let provider_arn = needed(profile.oidc_provider_arn.as_ref(), "oidc_provider_arn", origin)?.clone();
            let token_file = Path::new(needed(profile.oidc_token_file.as_ref(), "oidc_token_file", origin)?).to_owned();
            let (role, sts) = (role(profile, origin)?, sts(profile, context, origin)?);
            Ok(Some(CredentialsProvider::Oidc { role, provider_arn, token_file, sts }))
        }
        "External" => Ok(Some(CredentialsProvider::Process(
            needed(profile.process_command.as_ref(), "process_command", origin)?.clone(),
        ))),
        "CredentialsURI" => Ok(Some(CredentialsProvider::Uri(
            needed(profile.credentials_uri.as_ref(), "credentials_uri", origin)?.clone(),
        ))),
        "CloudSSO" | "OAuth" => {
            cached(name, mode, profile, context.now, origin).map(|keys| Some(CredentialsProvider::StaticKeys(keys)))
        }
        mode => Err(unknown_mode(mode, origin)),
    }
}

/// The profile whose keys assume the role, and how it comes to them.
fn behind(
    name: &str,
    named: &SelectedProfile,
    context: ModeContext<'_>,
    depth: usize,
    origin: &CredentialsOrigin,
) -> Result<CredentialsProvider, CommandError> {
    let failure = |message: String| CommandError::message(ErrorKind::Usage, format!("{origin}: {message}"));
    let Some(depth) = depth.checked_sub(1) else {
        return Err(failure(format!(
            "more than {DEEPEST} profiles stand behind each other, or it stands behind itself"
        )));
    };
    let Some(profile) = named.siblings.get(name) else {
        let message = format!("its source_profile {} is not in the same file", sanitize(name, 64));
        return Err(CommandError::message(ErrorKind::NotFound, format!("{origin}: {message}")));
    };
    let found = source_of(name, profile, named, context, depth)?;
    found.ok_or_else(|| failure(format!("its source_profile {} has no keys", sanitize(name, 64))))
}

fn role(profile: &Profile, origin: &CredentialsOrigin) -> Result<Role, CommandError> {
    // Zero is the official CLI's way of not setting it.
    let seconds = profile.expired_seconds.filter(|seconds| *seconds > 0);
    if let Some(seconds) = seconds.filter(|seconds| *seconds < SHORTEST) {
        let message = format!("{origin}: expired_seconds = {seconds}: STS gives no keys for less than {SHORTEST} s");
        return Err(CommandError::message(ErrorKind::Usage, message));
    }
    Ok(Role {
        arn: needed(profile.ram_role_arn.as_ref(), "ram_role_arn", origin)?.clone(),
        session_name: profile.ram_session_name.clone().unwrap_or_else(|| SESSION.to_owned()),
        seconds,
        external_id: profile.external_id.clone(),
        policy: profile.policy.clone(),
    })
}

/// Where STS is for a profile.
pub(crate) fn sts(
    profile: &Profile,
    context: ModeContext<'_>,
    origin: &CredentialsOrigin,
) -> Result<Endpoint, CommandError> {
    let endpoint = match &profile.sts_endpoint {
        Some(endpoint) => Endpoint::parse(endpoint),
        None => {
            let region = profile.sts_region.as_deref().or(context.sts_region);
            sts_of_region(region, profile.endpoint_type.unwrap_or(context.sts_type))
        }
    };
    endpoint.map_err(|error| CommandError::message(ErrorKind::Usage, format!("{origin}: {error}")))
}

/// Where STS is. Source: the vendor's STS endpoint list, and the official SDKs.
pub(crate) fn sts_of_region(
    region: Option<&str>,
    kind: EndpointType,
) -> Result<Endpoint, crate::api::endpoint::EndpointError> {
    let Some(region) = region else {
        return Endpoint::parse("sts.aliyuncs.com");
    };
    let host = match kind {
        EndpointType::Public => "sts",
        EndpointType::Vpc => "sts-vpc",
    };
    Endpoint::parse(&format!("{host}.{}.aliyuncs.com", check_region(region)?))
}

/// The keys that stand in a profile, with this token.
fn keys(
    profile: &Profile,
    token: Option<Secret>,
    origin: &CredentialsOrigin,
) -> Result<Option<Credentials>, CommandError> {
    let (id, secret) = (profile.access_key_id.clone(), profile.access_key_secret.clone());
    let names = ["access_key_id", "access_key_secret", "sts_token"];
    credentials::checked(id, secret, token, names).map_err(|error| incomplete(&error, origin))
}

/// The temporary keys that stand in a profile: without their token they are none.
fn keys_with_token(profile: &Profile, origin: &CredentialsOrigin) -> Result<Option<Credentials>, CommandError> {
    let keys = keys(profile, profile.sts_token.clone(), origin)?;
    match keys {
        Some(keys) if keys.security_token.is_none() => {
            let half = CredentialsError::Half { present: "access_key_id".into(), missing: "sts_token".into() };
            Err(incomplete(&half, origin))
        }
        keys => Ok(keys),
    }
}

/// The keys that a login has left, while they work.
fn cached(
    name: &str,
    mode: &str,
    profile: &Profile,
    now: DateTime<Utc>,
    origin: &CredentialsOrigin,
) -> Result<Credentials, CommandError> {
    let name = shlex::try_quote(name).unwrap_or_default();
    let hint = format!(
        "any command of the official CLI gets new ones (aliyun --profile {name} sts GetCallerIdentity); \
         if it asks for a login: aliyun configure --profile {name} --mode {mode}"
    );
    let failure = |what: &str| CommandError::message(ErrorKind::Credentials, format!("{origin}: {what}")).hint(&hint);
    let keys =
        keys_with_token(profile, origin)?.ok_or_else(|| failure("the official CLI has left no keys there yet"))?;
    let until = profile.sts_expiration.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    match until {
        Some(until) if now < until => Ok(keys),
        Some(_) => Err(failure(&format!("the keys that a login of mode {mode} left have expired"))),
        None => Err(failure(&format!("the keys that a login of mode {mode} left do not say until when they work"))),
    }
}

/// A key that goes with the profile's mode.
fn needed<'a, T>(value: Option<&'a T>, key: &str, origin: &CredentialsOrigin) -> Result<&'a T, CommandError> {
    let missing = || CredentialsError::Half { present: "mode".to_owned(), missing: key.to_owned() };
    value.ok_or_else(|| incomplete(&missing(), origin))
}

fn no_keys(origin: &CredentialsOrigin, mode: &str) -> CommandError {
    let message = format!("{origin}: mode {mode} needs access_key_id and access_key_secret");
    CommandError::message(ErrorKind::Credentials, message)
}

fn unknown_mode(mode: &str, origin: &CredentialsOrigin) -> CommandError {
    let message = format!("{origin}: its mode {} is not one that ecs-vnc can use", sanitize(mode, 40));
    CommandError::message(ErrorKind::Credentials, message).hint(
        "a program that prints keys can stand for it (mode External, process_command), or keys in the environment; the \
         modes are AK, StsToken, RamRoleArn, EcsRamRole, RamRoleArnWithEcs, ChainableRamRoleArn, External, \
         CredentialsURI, OIDC, and the cached keys of CloudSSO and OAuth",
    )
}

/// A source that is there, but not whole.
fn incomplete(error: &CredentialsError, origin: &CredentialsOrigin) -> CommandError {
    CommandError::message(ErrorKind::Credentials, format!("{origin}: {error}"))
}
