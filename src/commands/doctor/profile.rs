//! Checks which profile is used and why, and the settings that have no check of their own.

use std::cell::RefCell;

use super::report::Report;
use crate::api::signature::SignatureVersion;
use crate::command_error::CommandError;
use crate::config;
use crate::settings::flags::GlobalArgs;
use crate::settings::profile_selection::{ConfigReader, LoadedConfig, SelectedProfile, describe_path};
use crate::settings::{SettingSources, files};
use crate::system::environment::Environment;
use crate::terminal::output::Output;

/// Selects the profile as every command does. Returns `None` if that failed.
pub(crate) fn check<'a>(
    global: &'a GlobalArgs,
    env: &'a Environment,
    own_config: LoadedConfig,
    quiet_output: Output,
    report: &mut Report,
) -> Option<SettingSources<'a>> {
    let own_default = own_config.config.as_ref().and_then(|config| config.default_profile.clone());
    let warnings = RefCell::new(Vec::new());
    let warn = |text: &str| warnings.borrow_mut().push(text.to_owned());
    let others: [&ConfigReader<'_>; 2] =
        [&|| files::read_official(env, quiet_output), &|| files::read_sdk(env, quiet_output)];
    let sources = match SettingSources::new(global, env, own_config, &others, warn) {
        Ok(sources) => sources,
        Err(failure) => {
            report.fail("profile", &failure);
            report.skip("settings", "fix profile first");
            return None;
        }
    };
    let selection = match sources.profile() {
        None => "none selected, and no default profile".to_owned(),
        Some(profile) => format!("{}, {}", profile.name, reason(profile, own_default.as_deref(), global, env)),
    };
    // The check of a faulty file already contains its warning.
    let warnings: Vec<String> = warnings.into_inner().into_iter().filter(|text| !report.has_detail(text)).collect();
    match warnings.is_empty() {
        true => report.ok("profile", selection),
        false => report.warn("profile", format!("{selection}; {}", warnings.join("; ")), None),
    }
    match describe_settings(&sources) {
        Ok(settings) => report.ok("settings", settings),
        Err(failure) => report.fail("settings", &failure),
    }
    Some(sources)
}

/// Why this profile was selected.
fn reason(profile: &SelectedProfile, own_default: Option<&str>, global: &GlobalArgs, env: &Environment) -> String {
    if global.profile.is_some() {
        return "selected by --profile".to_owned();
    }
    if let Some((variable, _)) = env.vendor("PROFILE") {
        return format!("selected by {variable}");
    }
    let file = profile.file.as_ref().or(config::locate(global.config.as_deref(), env).as_ref()).cloned();
    let path = describe_path(file.as_deref());
    if own_default == Some(profile.name.as_str()) {
        return format!("default_profile in {path}");
    }
    match file == config::locate_official(env) {
        true => format!("current profile in {path}"),
        false => format!("default profile in {path}"),
    }
}

/// Describes the settings on one line. Returns an error if one of them is faulty.
fn describe_settings(sources: &SettingSources<'_>) -> Result<String, CommandError> {
    let signature = match sources.signature_version() {
        SignatureVersion::RpcV1 => "1.0",
        SignatureVersion::Acs3 => "acs3",
    };
    let password = if sources.vnc_password()?.is_some() { "set" } else { "not set" };
    let page = if sources.is_demo() { "of the simulated account".to_owned() } else { sources.console_url()? };
    let timeout = sources.timeout()?.as_secs_f64();
    Ok(format!("timeout {timeout} s, signature version {signature}, VNC password {password}, console page {page}"))
}
