//! Checks the configuration files: whether they exist, are valid, and are readable by their owner only.

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
use crate::text::quoted::Shown as _;
use crate::text::shell::word;

/// Checks the three files. Returns our own, without a configuration if it cannot be used.
///
/// A fault in another program's file is a warning, because it matters only if a profile of that file is selected. Then
/// the check `profile` fails.
pub(crate) fn check(global: &GlobalArgs, env: &Environment, quiet_output: Output, report: &mut Report) -> LoadedConfig {
    let file = config::locate(global.config.as_deref(), env);
    let own_config = files::read_own(global, env, quiet_output);
    check_file("configuration", file.as_deref(), own_config.as_ref(), true, report);
    let official = files::read_official(env, quiet_output);
    check_file("official CLI", config::locate_official(env).as_deref(), official.as_ref(), false, report);
    let sdk = files::read_sdk(env, quiet_output);
    check_file("SDKs", config::locate_ini(env).as_deref(), sdk.as_ref(), false, report);
    own_config.unwrap_or(LoadedConfig { path: file, ..LoadedConfig::default() })
}

/// `is_own` is false for another program's file. `file` is `None` if there is no place for it.
fn check_file(
    check: &str,
    file: Option<&Path>,
    loaded: Result<&LoadedConfig, &CommandError>,
    is_own: bool,
    report: &mut Report,
) {
    let Some(file) = file else {
        return report.ok(check, "not read: the home directory is unknown, or the file is disabled");
    };
    let path = file.shown();
    let open_mode = platform::mode_open_to_others(file);
    match loaded {
        Err(failure) if is_own => report.fail(check, failure),
        Err(failure) => report.warn(check, format!("{:#}", failure.error), failure.hint.clone()),
        Ok(LoadedConfig { config: None, .. }) => report.ok(check, format!("{path}: not present (optional)")),
        Ok(LoadedConfig { config: Some(config), .. }) => {
            let profiles = match config.profile.len() {
                1 => "one profile".to_owned(),
                count => format!("{count} profiles"),
            };
            match open_mode {
                _ if platform::is_owned_by_another_user(file) => {
                    report.warn(check, files::foreign_file(file), Some(files::FOREIGN_FILE_ADVICE.to_owned()));
                }
                None => report.ok(check, format!("{path}: {profiles}, permissions ok")),
                Some(mode) => {
                    let detail =
                        format!("{path}: {profiles}; contains secrets but is readable by others (mode {mode})");
                    report.warn(check, detail, Some(format!("run: chmod 600 {}", word(&file.to_string_lossy()))));
                }
            }
        }
    }
}
