//! `ecs-vnc profile add`

use std::io::{self, IsTerminal as _};

use clap::Args;
use tokio::task::spawn_blocking;

use crate::api::endpoint::check_region;
use crate::command_error::CommandError;
use crate::config::{self, Profile, WriteError};
use crate::credentials::{self, checked};
use crate::demo;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::secret::{AccessKeyId, Secret};
use crate::settings::flags::GlobalArgs;
use crate::settings::load;
use crate::system::environment::Environment;
use crate::terminal::output::Output;
use crate::terminal::prompt::{ask_secretly, read_line, unreadable};

/// The longest line read, in bytes. STS tokens may have a few thousand.
const LINE: usize = 16 << 10;

/// Add a profile to the configuration, readable by you only.
///
/// On a terminal it asks, and does not show what is typed where it is secret. Otherwise it reads AccessKeyId,
/// AccessKeySecret and, for temporary keys, the STS token from stdin, one a line; the region comes from --region.
#[derive(Args, Debug)]
pub(crate) struct AddArgs {
    /// The new profile's name.
    #[arg(value_parser = profile_name)]
    name: String,
    /// Take key, token and region from the environment (ALIBABA_CLOUD_ACCESS_KEY_ID and its siblings).
    #[arg(long)]
    from_env: bool,
    /// Replace the keys of a profile of this name.
    #[arg(long)]
    force: bool,
}

fn profile_name(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    match text {
        demo::PROFILE => Err("it is the name of the built-in simulated account".to_owned()),
        _ if !text.is_empty() && text.chars().count() <= 64 && text.chars().all(fits) => Ok(text.to_owned()),
        _ => Err("a name has up to 64 letters, digits, dashes, dots and underscores".to_owned()),
    }
}

/// Runs the verb.
pub(crate) async fn run(
    args: AddArgs,
    global: &GlobalArgs,
    env: &Environment,
    output: Output,
) -> Result<ExitCode, CommandError> {
    // A file that cannot be read must not be asked for secrets first, nor one that has the name already.
    let file = config::locate(global.config.as_deref(), env).ok_or_else(no_home)?;
    let existing = load::file(&file, output)?;
    if !args.force && existing.is_some_and(|config| config.profile.contains_key(&args.name)) {
        return Err(written(WriteError::Exists { name: args.name, file }));
    }
    let region = global.region.clone();
    let of_env = env.vendor("REGION_ID").map(|(_, region)| region.to_owned());
    check(region.as_deref().or(of_env.as_deref()))?;
    let profile = if args.from_env {
        from_env(env, region.or(of_env))?
    } else {
        let asks = io::stdin().is_terminal();
        let read = spawn_blocking(
            move || if asks { of_terminal(region, of_env, output) } else { of_stdin(region.or(of_env)) },
        );
        read.await.map_err(|error| CommandError::new(ErrorKind::Other, error))??
    };
    let became_default = config::add_profile(&file, &args.name, &profile, args.force).map_err(written)?;
    let default = if became_default { " and made the default" } else { "" };
    output.note(&format!("profile {} was written to {}{default}", args.name, file.display()));
    Ok(ExitCode::SUCCESS)
}

fn from_env(env: &Environment, region: Option<String>) -> Result<Profile, CommandError> {
    let found = credentials::from_environment(env).map_err(|error| CommandError::new(ErrorKind::Credentials, error))?;
    let (credentials, _) = found.ok_or_else(|| {
        CommandError::message(
            ErrorKind::Credentials,
            "ALIBABA_CLOUD_ACCESS_KEY_ID is not set, so there is nothing to add",
        )
    })?;
    Ok(Profile {
        region_id: region,
        access_key_id: Some(credentials.access_key_id),
        access_key_secret: Some(credentials.access_key_secret),
        sts_token: credentials.security_token,
        ..Profile::default()
    })
}

fn of_stdin(region: Option<String>) -> Result<Profile, CommandError> {
    let line = || read_line(LINE).map_err(unreadable);
    profile(region, line()?, line()?, line()?)
}

fn of_terminal(region: Option<String>, usual: Option<String>, output: Output) -> Result<Profile, CommandError> {
    let ask = |question: &str| {
        output.ask(question);
        read_line(LINE).map_err(unreadable).map(|answer| answer.expose().trim().to_owned())
    };
    let region = match (region, usual) {
        (Some(region), _) => Some(region),
        (None, Some(usual)) => {
            Some(ask(&format!("Region [{usual}]: "))?).filter(|text| !text.is_empty()).or(Some(usual))
        }
        (None, None) => Some(ask("Region (such as cn-hangzhou): ")?).filter(|text| !text.is_empty()),
    };
    check(region.as_deref())?;
    let id = ask("AccessKeyId: ")?;
    if id.is_empty() {
        return profile(region, Secret::new(""), Secret::new(""), Secret::new(""));
    }
    let secret = ask_secretly("AccessKeySecret (not shown): ")?;
    // Source: the vendor's STS page; the AccessKeyIds it gives begin with `STS.`.
    let token = match id.starts_with("STS.") {
        true => ask_secretly("STS token (not shown): ")?,
        false => Secret::new(""),
    };
    profile(region, Secret::new(id), secret, token)
}

/// Before anything secret is asked for.
fn check(region: Option<&str>) -> Result<(), CommandError> {
    region.map(check_region).transpose().map(drop).map_err(|error| CommandError::new(ErrorKind::Usage, error))
}

fn profile(region: Option<String>, id: Secret, secret: Secret, token: Secret) -> Result<Profile, CommandError> {
    let given = |text: &Secret| Some(text.expose().trim()).filter(|text| !text.is_empty()).map(Secret::new);
    let id = given(&id).map(|id| AccessKeyId::new(id.expose()));
    let found = checked(id, given(&secret), given(&token), ["AccessKeyId", "AccessKeySecret", "the STS token"]);
    let found = found.map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
    let keys = found
        .ok_or_else(|| CommandError::message(ErrorKind::Usage, "no AccessKeyId was given, so nothing was added"))?;
    Ok(Profile {
        region_id: region,
        access_key_id: Some(keys.access_key_id),
        access_key_secret: Some(keys.access_key_secret),
        sts_token: keys.security_token,
        ..Profile::default()
    })
}

fn written(error: WriteError) -> CommandError {
    match error {
        WriteError::Exists { .. } => CommandError::new(ErrorKind::Usage, error).hint("--force replaces its keys"),
        WriteError::NotAConfig { .. } => CommandError::new(ErrorKind::Usage, error),
        WriteError::Write { .. } => CommandError::new(ErrorKind::ActionFailed, error),
    }
}

fn no_home() -> CommandError {
    let message = "there is no home directory to keep a configuration in";
    CommandError::message(ErrorKind::Usage, message).hint("name a file with --config or ECS_VNC_CONFIG")
}
