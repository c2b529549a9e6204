//! `ecs-vnc profile add`: writes a new profile, or new credentials of one, to the configuration file.

use std::io::{self, IsTerminal as _};

use clap::Args;

use crate::api::endpoint::check_region;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::config::{self, DefaultProfile, IfExists, Profile, WriteError};
use crate::credentials::{self, checked};
use crate::demo;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::secret::{AccessKeyId, Secret};
use crate::settings::Context;
use crate::settings::files;
use crate::system::blocking;
use crate::system::environment::Environment;
use crate::terminal::output::Output;
use crate::terminal::prompt::{ask_secretly, read_line, unreadable};

/// How often a region that cannot be one may be typed.
const REGION_ATTEMPTS: usize = 3;

/// The longest input line, in bytes. An STS token may have a few thousand bytes.
const MAX_LINE_LEN: usize = 16 << 10;

const EXAMPLES: &[Example] = &[
    ("Add a profile; you are asked for its AccessKey pair", "ecs-vnc profile add prod --region cn-hangzhou"),
    ("Add a profile from environment variables", "ecs-vnc profile add ci --from-env"),
    ("Replace the AccessKey pair of a profile, read from a file", "ecs-vnc profile add prod --force < accesskey.txt"),
];

/// Add a profile to the configuration file.
///
/// On a terminal, you are asked for the AccessKey pair, and the secret is not shown. Otherwise the AccessKey ID, the
/// AccessKey secret and, for temporary credentials, the STS token are read from stdin, one per line. The region comes from
/// --region. Only you can read the file.
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
    #[arg(long)]
    force: bool,
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
    let file = config::locate(context.flags.config.as_deref(), &context.env).ok_or_else(no_home)?;
    let existing = files::read_file(&file, context.flags.file_limit(), output)?;
    if !args.force && existing.is_some_and(|config| config.profile.contains_key(&args.name)) {
        return Err(write_error(WriteError::Exists { name: args.name, file }));
    }
    let region = context.flags.region.clone();
    let env_region = context.env.vendor("REGION_ID").map(|(_, region)| region.to_owned());
    check_region_id(region.as_deref().or(env_region.as_deref()))?;
    let profile = if args.from_env {
        from_env(&context.env, region.or(env_region))?
    } else {
        let is_terminal = io::stdin().is_terminal();
        let read = blocking::run(move || {
            if is_terminal { prompt(region, env_region, output) } else { from_stdin(region.or(env_region)) }
        });
        read.await.map_err(|error| CommandError::new(ErrorKind::Other, error))??
    };
    let if_exists = if args.force { IfExists::ReplaceCredentials } else { IfExists::Fail };
    let default = config::add_profile(&file, &args.name, &profile, if_exists).map_err(write_error)?;
    let note = match default {
        DefaultProfile::Set => " as the default profile",
        DefaultProfile::Unchanged => "",
    };
    output.note(&format!("added profile {} to {}{note}", args.name, file.display()));
    Ok(ExitCode::SUCCESS)
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
fn prompt(region: Option<String>, default: Option<String>, output: Output) -> Result<Profile, CommandError> {
    let ask = |question: &str| {
        output.ask(question);
        read_line(MAX_LINE_LEN).map_err(unreadable).map(|answer| answer.expose().trim().to_owned())
    };
    let region = match region {
        Some(region) => Some(region),
        None => ask_region(default, ask)?,
    };
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

fn write_error(error: WriteError) -> CommandError {
    match error {
        WriteError::Exists { .. } => {
            CommandError::new(ErrorKind::Usage, error).hint("use --force to replace its credentials")
        }
        WriteError::NotAConfig { .. } => CommandError::new(ErrorKind::Usage, error),
        WriteError::Write { .. } => CommandError::new(ErrorKind::ActionFailed, error),
    }
}

fn no_home() -> CommandError {
    let message = "no home directory to write the configuration to";
    CommandError::message(ErrorKind::Usage, message).hint("choose a file with --config or ECS_VNC_CONFIG")
}
