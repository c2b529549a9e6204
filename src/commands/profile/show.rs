//! `ecs-vnc profile show`: the settings and credentials that commands would use, and their sources.

use clap::Args;
use serde::Serialize;

use super::existing_name;
use crate::api::endpoint::Endpoint;
use crate::api::signature::SignatureVersion;
use crate::auth::{CredentialsProvider, ProviderChain, SkippedProvider};
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::error_kind::ExitCode;
use crate::settings::Context;
use crate::settings::flags::GlobalArgs;
use crate::settings::{EndpointSetting, SettingSources};
use crate::system::clock::Clock;
use crate::terminal::output::Output;
use crate::text::sanitize::sanitize;

const EXAMPLES: &[Example] = &[
    ("Show the settings that commands would use now", "ecs-vnc profile show"),
    ("Show the simulated account", "ecs-vnc profile show demo"),
];

/// Show the settings of a profile and where they come from.
///
/// Secrets are masked.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES))]
pub(crate) struct ShowArgs {
    /// The profile [default: the one that commands would use now].
    #[arg(value_name = "PROFILE", value_parser = existing_name)]
    name: Option<String>,
}

/// The settings that commands would use, as `-o json` prints them. Secrets are masked.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShowOutput {
    profile: Option<String>,
    mode: Option<String>,
    region_id: Option<String>,
    endpoint: Option<String>,
    access_key_id: Option<String>,
    access_key_secret: Option<&'static str>,
    sts_token: Option<&'static str>,
    credentials_from: Option<String>,
    credentials_by: Option<String>,
    credentials_fault: Option<String>,
    /// The credentials sources that come earlier in the order but are not used, each with its reason.
    #[serde(rename = "PassedOver")]
    not_used: Vec<String>,
    signature_version: &'static str,
    vnc_password: Option<&'static str>,
    console_url: String,
    /// The time limit of a command, in seconds.
    timeout: f64,
}

/// Runs the verb.
pub(crate) fn run(args: ShowArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let profile = args.name.or(context.flags.profile.clone());
    let flags = GlobalArgs { profile, ..context.flags.clone() };
    let sources = SettingSources::load(&flags, &context.env, output)?;
    let chain = ProviderChain::search(sources.credentials(), &context.env, Clock::system().utc());
    let shown = resolve(&sources, &chain)?;
    match output.is_json() {
        true => output.json(&shown)?,
        false => print_table(&shown, output)?,
    }
    // Invalid credentials do not keep the other settings from being shown, but the command fails.
    match chain {
        ProviderChain::Faulty { error, .. } => {
            output.failure(&error);
            Ok(error.kind.exit_code())
        }
        ProviderChain::Selected(_) | ProviderChain::Exhausted { .. } => Ok(ExitCode::SUCCESS),
    }
}

fn print_table(shown: &ShowOutput, output: Output) -> Result<(), CommandError> {
    let timeout = format!("{} s", shown.timeout);
    let rows = [
        ("profile", shown.profile.as_deref()),
        ("mode", shown.mode.as_deref()),
        ("region_id", shown.region_id.as_deref()),
        ("endpoint", shown.endpoint.as_deref()),
        ("access_key_id", shown.access_key_id.as_deref()),
        ("access_key_secret", shown.access_key_secret),
        ("sts_token", shown.sts_token),
        ("credentials from", shown.credentials_from.as_deref()),
        ("credentials by", shown.credentials_by.as_deref()),
        ("signature_version", Some(shown.signature_version)),
        ("vnc_password", shown.vnc_password),
        ("console_url", Some(&shown.console_url)),
        ("timeout", Some(&timeout)),
    ];
    for (name, value) in rows {
        output.line(&format!("{name:<18} {}", sanitize(value.unwrap_or("-"), 500)))?;
    }
    for source in &shown.not_used {
        output.line(&format!("{:<18} {}", "not used", sanitize(source, 500)))?;
    }
    Ok(())
}

fn resolve(sources: &SettingSources<'_>, chain: &ProviderChain) -> Result<ShowOutput, CommandError> {
    const MASK: &str = "********";
    let selected = match chain {
        ProviderChain::Selected(selected) => Some(selected),
        ProviderChain::Faulty { .. } | ProviderChain::Exhausted { .. } => None,
    };
    let fault = match chain {
        ProviderChain::Faulty { error, .. } => Some(format!("{:#}", error.error)),
        ProviderChain::Selected(_) | ProviderChain::Exhausted { .. } => None,
    };
    let region_id = sources.region()?.id;
    let endpoint = match sources.endpoint()? {
        EndpointSetting::Fixed(endpoint) => Some(endpoint.to_string()),
        EndpointSetting::InProcess => Some("inside the process".to_owned()),
        EndpointSetting::OfRegion(endpoint_type) => {
            let of_region = |region: &String| Endpoint::of_region(region, endpoint_type).ok();
            region_id.as_ref().and_then(of_region).map(|endpoint| endpoint.to_string())
        }
    };
    // Other credentials are not known yet: `profile show` sends no request and runs no program.
    let key = selected.and_then(|selected| match &selected.provider {
        CredentialsProvider::Static(key) => Some(key),
        _ => None,
    });
    Ok(ShowOutput {
        profile: sources.profile().map(|named| named.name.clone()),
        mode: sources.profile().and_then(|named| named.profile.mode.clone()),
        region_id,
        endpoint,
        access_key_id: key.map(|key| key.access_key_id.to_string()),
        access_key_secret: key.map(|_| MASK),
        sts_token: key.and_then(|key| key.security_token.as_ref()).map(|_| MASK),
        credentials_from: selected.map(|selected| selected.origin.to_string()),
        credentials_by: selected.map(|selected| selected.provider.describe()),
        credentials_fault: fault,
        not_used: chain.skipped().iter().map(SkippedProvider::to_string).collect(),
        signature_version: match sources.signature_version() {
            SignatureVersion::RpcV1 => "1.0",
            SignatureVersion::Acs3 => "acs3",
        },
        vnc_password: sources.vnc_password()?.map(|_| MASK),
        console_url: match sources.is_demo() {
            true => "the simulated account's own".to_owned(),
            false => sources.console_url()?,
        },
        timeout: sources.timeout()?.as_secs_f64(),
    })
}
