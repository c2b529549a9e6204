//! `ecs-vnc profile add`: writes a new profile, or new credentials of one, to the configuration file.

use std::io::{self, IsTerminal as _};

use clap::Args;

use super::file;
use super::questions::{KnownAnswers, MAX_LINE_LEN, ask, check_region_id, profile, profile_with};
use super::verify::{Verified, verify};
use crate::api::endpoint::Endpoint;
use crate::api::operations::KNOWN_REGIONS;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::config::{self, DefaultProfile, IfExists, Profile, WriteError};
use crate::credentials;
use crate::demo;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::settings::Context;
use crate::system::environment::Environment;
use crate::terminal::prompt::{forbidden, in_thread, read_line, unreadable};
use crate::text::quoted::Shown as _;

/// How often the user may type keys or a region that the service refuses.
const VERIFY_ATTEMPTS: usize = 3;

const EXAMPLES: &[Example] = &[
    ("Add a profile; you are asked for its AccessKey pair", "ecs-vnc profile add prod --region cn-hangzhou"),
    ("Add a profile from environment variables, without trying it", "ecs-vnc profile add ci --from-env --no-verify"),
    ("Replace the AccessKey pair of a profile, read from a file", "ecs-vnc profile add prod --force < accesskey.txt"),
];

/// Add a profile to the configuration file.
///
/// On a terminal, you are asked for the AccessKey pair, and the secret is not shown. Otherwise the AccessKey ID, the
/// AccessKey secret and, for temporary credentials, the STS token are read from stdin, one per line. The region comes from
/// --region, and an endpoint of its own from --endpoint. Only you can read the file.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES))]
pub(crate) struct AddArgs {
    /// The name of the new profile.
    #[arg(value_name = "NAME", value_parser = profile_name)]
    name: String,
    /// Take credentials and region from the environment.
    ///
    /// The variables are ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET, ALIBABA_CLOUD_SECURITY_TOKEN and
    /// ALIBABA_CLOUD_REGION_ID.
    #[arg(long)]
    from_env: bool,
    /// Replace the credentials of an existing profile.
    ///
    /// Its mode and its role go with them.
    #[arg(long)]
    force: bool,
    /// Do not try the credentials.
    ///
    /// By default, one request lists the regions of the account (DescribeRegions), which changes nothing. A key that the service
    /// refuses and a region that the account does not have are not added; on a terminal you are asked again.
    #[arg(long)]
    no_verify: bool,
}

/// Checks the name of a new profile.
fn profile_name(text: &str) -> Result<String, String> {
    let text = text.trim();
    let is_allowed = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    match text {
        demo::PROFILE => Err("this is the name of the built-in simulated account".to_owned()),
        _ if !text.is_empty() && text.chars().count() <= 64 && text.chars().all(is_allowed) => Ok(text.to_owned()),
        _ => Err("a profile name has 1 to 64 letters, digits, dashes, dots and underscores".to_owned()),
    }
}

/// Runs the verb.
pub(crate) async fn run(args: AddArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    // The file and the name are checked first, so that the user does not type secrets in vain.
    let (path, config) = file::read(context)?;
    let existing = config.profile.get(&args.name).cloned();
    if !args.force && existing.is_some() {
        return Err(file::write_error(WriteError::Exists { name: args.name, file: path }));
    }
    let env_region = context.env.vendor("REGION_ID").map(|(_, region)| region.to_owned());
    check_region_id(context.flags.region.as_deref().or(env_region.as_deref()))?;
    let endpoint = context.flags.endpoint.clone();
    let parsed = endpoint.as_deref().map(Endpoint::parse).transpose();
    parsed.map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
    let is_asking = !args.from_env && io::stdin().is_terminal();
    if is_asking && output.is_without_input() {
        return Err(forbidden("the AccessKey pair", "write it to stdin, one per line, or use --from-env"));
    }
    let mut known = KnownAnswers { region: context.flags.region.clone(), keys: None };
    let mut attempts_left = VERIFY_ATTEMPTS;
    let profile = loop {
        let profile = match (args.from_env, is_asking) {
            (true, _) => from_env(&context.env, known.region.clone().or(env_region.clone()))?,
            (false, true) => {
                let (known, default) = (known.clone(), env_region.clone());
                in_thread(move || ask(known, default)).await?
            }
            (false, false) => {
                let region = known.region.clone().or(env_region.clone());
                in_thread(move || from_stdin(region)).await?
            }
        };
        let profile = Profile { endpoint: endpoint.clone(), ..profile };
        if args.no_verify {
            break profile;
        }
        attempts_left -= 1;
        let tried = with_settings_of(existing.as_ref(), &profile);
        let has_endpoint = tried.endpoint.is_some() || context.env.vendor("ENDPOINT").is_some();
        match verify(&args.name, &tried, &path, context).await {
            Ok(Verified::All) => break profile,
            Ok(Verified::KeyOnly) => {
                output.note("the AccessKey works, but it may not list regions: the region was not checked");
                break profile;
            }
            Err(error) => {
                let mistyped = mistyped(error.kind, profile.region_id.as_deref(), has_endpoint);
                let Some(mistyped) = mistyped.filter(|_| is_asking && attempts_left > 0) else {
                    return Err(not_verified(error));
                };
                output.failure(&error);
                output.note("try again");
                known = match mistyped {
                    Mistyped::Region => KnownAnswers { region: None, keys: Some(profile) },
                    Mistyped::Keys => KnownAnswers { region: profile.region_id, keys: None },
                };
            }
        }
    };
    let if_exists = if args.force { IfExists::ReplaceCredentials } else { IfExists::Fail };
    let default = config::add_profile(&path, &args.name, &profile, if_exists).map_err(file::write_error)?;
    let is_default = default == DefaultProfile::Set || config.default_profile.as_deref() == Some(&args.name);
    let note = if default == DefaultProfile::Set { " as the default profile" } else { "" };
    match existing {
        None => output.note(&format!("added profile {} to {}{note}", args.name, path.shown())),
        Some(_) => output.note(&format!("replaced the credentials of profile {} in {}", args.name, path.shown())),
    }
    if endpoint.is_none()
        && let Some((variable, _)) = context.env.vendor("ENDPOINT")
    {
        output.note(&format!("the endpoint of {variable} is not saved; --endpoint saves one"));
    }
    output.note(&next_step(&args.name, is_default));
    Ok(ExitCode::SUCCESS)
}

/// What the user may have mistyped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mistyped {
    Keys,
    Region,
}

/// What of a profile may be mistyped if a request with it fails so. Without an endpoint of its own, it goes to a host with the name
/// of the region.
fn mistyped(error: ErrorKind, region: Option<&str>, has_endpoint: bool) -> Option<Mistyped> {
    let is_unknown = region.is_some_and(|region| !KNOWN_REGIONS.contains(&region));
    match error {
        ErrorKind::Credentials => Some(Mistyped::Keys),
        ErrorKind::NotFound => Some(Mistyped::Region),
        ErrorKind::CannotConnect if is_unknown && !has_endpoint => Some(Mistyped::Region),
        _ => None,
    }
}

/// Adds to the error of a request that the profile was not added.
fn not_verified(error: CommandError) -> CommandError {
    let between = |hint: &str| if hint.ends_with('?') { " " } else { "; " };
    let hint = error.hint.as_ref().map(|hint| format!("{hint}{}", between(hint))).unwrap_or_default();
    let error = CommandError { error: error.error.context("the profile was not added"), ..error };
    error.hint(format!("{hint}--no-verify adds it without a request"))
}

/// The profile as it will be: with the endpoint and other settings that an existing one keeps.
fn with_settings_of(existing: Option<&Profile>, profile: &Profile) -> Profile {
    let Some(existing) = existing else { return profile.clone() };
    Profile {
        endpoint: profile.endpoint.clone().or(existing.endpoint.clone()),
        endpoint_type: existing.endpoint_type,
        signature_version: existing.signature_version,
        timeout: existing.timeout,
        region_id: profile.region_id.clone().or(existing.region_id.clone()),
        ..profile.clone()
    }
}

/// What to do with the new profile.
fn next_step(name: &str, is_default: bool) -> String {
    match is_default {
        true => {
            "next: `ecs-vnc list` lists the instances, and `ecs-vnc doctor` checks what the AccessKey may do".to_owned()
        }
        false => format!(
            "next: `ecs-vnc list --profile {name}` lists the instances; `ecs-vnc profile use {name}` makes it the default"
        ),
    }
}

/// Takes the profile's credentials from the environment variables.
fn from_env(env: &Environment, region: Option<String>) -> Result<Profile, CommandError> {
    let found = credentials::from_environment(env).map_err(|error| CommandError::new(ErrorKind::Credentials, error))?;
    let (credentials, _) = found.ok_or_else(|| {
        CommandError::message(ErrorKind::Credentials, "--from-env needs ALIBABA_CLOUD_ACCESS_KEY_ID, which is not set")
    })?;
    Ok(profile_with(region, credentials))
}

/// Reads the AccessKeyId, the AccessKeySecret and the STS token from stdin, one per line. Missing lines count as empty.
fn from_stdin(region: Option<String>) -> Result<Profile, CommandError> {
    let line = || read_line(MAX_LINE_LEN).map_err(unreadable);
    profile(region, line()?, line()?, line()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_whose_host_is_not_found_may_be_mistyped() {
        let unreachable = |region: &str, has_endpoint| mistyped(ErrorKind::CannotConnect, Some(region), has_endpoint);
        assert_eq!(unreachable("cn-hangzho", false), Some(Mistyped::Region));
        assert_eq!((unreachable("cn-hangzhou", false), unreachable("cn-hangzho", true)), (None, None));
        assert_eq!(mistyped(ErrorKind::NotFound, Some("cn-hangzho"), true), Some(Mistyped::Region));
        assert_eq!(mistyped(ErrorKind::Credentials, Some("cn-hangzhou"), false), Some(Mistyped::Keys));
        assert_eq!(mistyped(ErrorKind::TimeLimit, Some("cn-hangzho"), false), None);
    }
}
