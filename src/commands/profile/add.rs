//! `ecs-vnc profile add`: writes a new profile, or new credentials of one, to the configuration file.

use std::io::{self, IsTerminal as _};

use clap::Args;

use super::file;
use super::verify::{Verified, verify};
use crate::api::endpoint::{Endpoint, check_region};
use crate::api::operations::KNOWN_REGIONS;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::config::{self, DefaultProfile, IfExists, Profile, WriteError};
use crate::credentials::{self, checked};
use crate::demo;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::secret::{AccessKeyId, Secret};
use crate::settings::Context;
use crate::system::environment::Environment;
use crate::terminal::prompt::{ask_line, ask_secretly, forbidden, in_thread, read_line, unreadable};
use crate::text::quoted::Shown as _;

/// How often a region that cannot be one may be typed.
const REGION_ATTEMPTS: usize = 3;

/// How often the user may type keys or a region that the service refuses.
const VERIFY_ATTEMPTS: usize = 3;

/// The longest input line, in bytes. An STS token may have a few thousand bytes.
const MAX_LINE_LEN: usize = 16 << 10;

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
    let mut wanted = Wanted { region: context.flags.region.clone(), keys: None };
    let mut attempts_left = VERIFY_ATTEMPTS;
    let profile = loop {
        let profile = match (args.from_env, is_asking) {
            (true, _) => from_env(&context.env, wanted.region.clone().or(env_region.clone()))?,
            (false, true) => {
                let (wanted, default) = (wanted.clone(), env_region.clone());
                in_thread(move || prompt(wanted, default)).await?
            }
            (false, false) => {
                let region = wanted.region.clone().or(env_region.clone());
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
                let slip = slip(error.kind, profile.region_id.as_deref(), has_endpoint);
                let Some(slip) = slip.filter(|_| is_asking && attempts_left > 0) else {
                    return Err(not_verified(error));
                };
                output.failure(&error);
                output.note("try again");
                wanted = match slip {
                    Slip::Region => Wanted { region: None, keys: Some(profile) },
                    Slip::Keys => Wanted { region: profile.region_id, keys: None },
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
enum Slip {
    Keys,
    Region,
}

/// What of a profile may be mistyped if a request with it fails so. Without an endpoint of its own, it goes to a host with the name
/// of the region.
fn slip(error: ErrorKind, region: Option<&str>, has_endpoint: bool) -> Option<Slip> {
    let is_unknown = region.is_some_and(|region| !KNOWN_REGIONS.contains(&region));
    match error {
        ErrorKind::Credentials => Some(Slip::Keys),
        ErrorKind::NotFound => Some(Slip::Region),
        ErrorKind::CannotConnect if is_unknown && !has_endpoint => Some(Slip::Region),
        _ => None,
    }
}

/// Adds to the error of a request that the profile was not added.
fn not_verified(error: CommandError) -> CommandError {
    let hint = error.hint.as_ref().map(|hint| format!("{hint}; ")).unwrap_or_default();
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

/// What is known before the user is asked.
#[derive(Clone, Debug)]
struct Wanted {
    region: Option<String>,
    /// The profile whose region turned out to be wrong.
    keys: Option<Profile>,
}

/// Takes the profile's credentials from the environment variables.
fn from_env(env: &Environment, region: Option<String>) -> Result<Profile, CommandError> {
    let found = credentials::from_environment(env).map_err(|error| CommandError::new(ErrorKind::Credentials, error))?;
    let (credentials, _) = found.ok_or_else(|| {
        CommandError::message(ErrorKind::Credentials, "--from-env needs ALIBABA_CLOUD_ACCESS_KEY_ID, which is not set")
    })?;
    Ok(Profile {
        region_id: region,
        access_key_id: Some(credentials.access_key_id),
        access_key_secret: Some(credentials.access_key_secret),
        sts_token: credentials.security_token,
        ..Profile::default()
    })
}

/// Reads the AccessKeyId, the AccessKeySecret and the STS token from stdin, one per line. Missing lines count as empty.
fn from_stdin(region: Option<String>) -> Result<Profile, CommandError> {
    let line = || read_line(MAX_LINE_LEN).map_err(unreadable);
    profile(region, line()?, line()?, line()?)
}

/// Asks for the profile's values on the terminal. `default` is the region that an empty answer chooses.
fn prompt(wanted: Wanted, default: Option<String>) -> Result<Profile, CommandError> {
    let ask = |question: &str| ask_line(question, MAX_LINE_LEN).map(|answer| answer.expose().trim().to_owned());
    let region = match wanted.region {
        Some(region) => Some(region),
        None => ask_region(default, ask)?,
    };
    if let Some(keys) = wanted.keys {
        return Ok(Profile { region_id: region, ..keys });
    }
    let id = ask("AccessKeyId: ")?;
    if id.is_empty() {
        return profile(region, Secret::new(""), Secret::new(""), Secret::new(""));
    }
    let secret = ask_secretly("AccessKeySecret (not shown): ")?;
    // The AccessKeyIds of temporary credentials begin with `STS.`. Source: the vendor's STS page.
    let token = match id.starts_with("STS.") {
        true => ask_secretly("STS token (not shown): ")?,
        false => Secret::new(""),
    };
    profile(region, Secret::new(id), secret, token)
}

/// Asks for the region; an empty answer is `default`. Asks again if the answer cannot be a region.
fn ask_region(
    default: Option<String>,
    ask: impl Fn(&str) -> Result<String, CommandError>,
) -> Result<Option<String>, CommandError> {
    let question = match &default {
        Some(default) => format!("Region [{default}]: "),
        None => "Region (such as cn-hangzhou): ".to_owned(),
    };
    let (mut text, mut attempts_left) = (question.clone(), REGION_ATTEMPTS);
    loop {
        attempts_left -= 1;
        let region = Some(ask(&text)?).filter(|region| !region.is_empty()).or_else(|| default.clone());
        match check_region_id(region.as_deref()) {
            Ok(()) => return Ok(region),
            Err(error) if attempts_left == 0 => return Err(error),
            Err(error) => text = format!("{}; try again\n{question}", error.error),
        }
    }
}

fn check_region_id(region: Option<&str>) -> Result<(), CommandError> {
    region.map(check_region).transpose().map(drop).map_err(|error| CommandError::new(ErrorKind::Usage, error))
}

/// Makes a profile of what the user entered. An empty `id` or `secret` is an error; an empty `token` is left out.
fn profile(region: Option<String>, id: Secret, secret: Secret, token: Secret) -> Result<Profile, CommandError> {
    let non_empty = |text: &Secret| Some(text.expose().trim()).filter(|text| !text.is_empty()).map(Secret::new);
    let id = non_empty(&id).map(|id| AccessKeyId::new(id.expose()));
    let credentials =
        checked(id, non_empty(&secret), non_empty(&token), ["AccessKeyId", "AccessKeySecret", "the STS token"]);
    let credentials = credentials.map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
    let credentials =
        credentials.ok_or_else(|| CommandError::message(ErrorKind::Usage, "no AccessKeyId given; no profile added"))?;
    Ok(Profile {
        region_id: region,
        access_key_id: Some(credentials.access_key_id),
        access_key_secret: Some(credentials.access_key_secret),
        sts_token: credentials.security_token,
        ..Profile::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_whose_host_is_not_found_may_be_mistyped() {
        let unreachable = |region: &str, has_endpoint| slip(ErrorKind::CannotConnect, Some(region), has_endpoint);
        assert_eq!(unreachable("cn-hangzho", false), Some(Slip::Region));
        assert_eq!((unreachable("cn-hangzhou", false), unreachable("cn-hangzho", true)), (None, None));
        assert_eq!(slip(ErrorKind::NotFound, Some("cn-hangzho"), true), Some(Slip::Region));
        assert_eq!(slip(ErrorKind::Credentials, Some("cn-hangzhou"), false), Some(Slip::Keys));
        assert_eq!(slip(ErrorKind::TimeLimit, Some("cn-hangzho"), false), None);
    }
}
