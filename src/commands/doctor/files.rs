//! The configuration files: which there are, whether they can be read, and who else can read them.

use std::path::Path;

use super::report::Report;
use crate::command_error::CommandError;
use crate::config;
use crate::settings::files;
use crate::settings::flags::GlobalArgs;
use crate::settings::profile_selection::LoadedConfig;
use crate::system::environment::Environment;
use crate::system::platform;
use crate::terminal::output::Output;

/// Checks them, and gives our own as far as it can be used. A fault in another program's is a warning: it matters only
/// to those who name a profile of it, and then that fails.
pub(crate) fn check(global: &GlobalArgs, env: &Environment, hushed: Output, report: &mut Report) -> LoadedConfig {
    let file = config::locate(global.config.as_deref(), env);
    let own = files::read_own(global, env, hushed);
    one("configuration", file.as_deref(), own.as_ref(), true, report);
    let official = files::read_official(env, hushed);
    one("official CLI", config::locate_official(env).as_deref(), official.as_ref(), false, report);
    let ini = files::read_sdk(env, hushed);
    one("SDKs", config::locate_ini(env).as_deref(), ini.as_ref(), false, report);
    own.unwrap_or(LoadedConfig { config: None, path: file })
}

fn one(
    check: &str,
    file: Option<&Path>,
    loaded: Result<&LoadedConfig, &CommandError>,
    is_own: bool,
    report: &mut Report,
) {
    let Some(file) = file else {
        return report.ok(check, "not read: the home directory is unknown, or the file is disabled");
    };
    let place = file.display();
    let open_to = platform::mode_open_to_others(file);
    match loaded {
        Err(failure) if is_own => report.fail(check, failure),
        Err(failure) => report.warn(check, format!("{:#}", failure.error), failure.hint.clone()),
        Ok(LoadedConfig { config: None, .. }) => report.ok(check, format!("{place}: not present (optional)")),
        Ok(LoadedConfig { config: Some(config), .. }) => {
            let profiles = match config.profile.len() {
                1 => "1 profile".to_owned(),
                count => format!("{count} profiles"),
            };
            match open_to {
                None => report.ok(check, format!("{place}: {profiles}, permissions ok")),
                Some(mode) => {
                    let detail =
                        format!("{place}: {profiles}; contains secrets but is readable by others (mode {mode})");
                    report.warn(check, detail, Some(format!("run: chmod 600 '{place}'")));
                }
            }
        }
    }
}
