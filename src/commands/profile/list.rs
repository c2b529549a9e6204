//! `ecs-vnc profile list`: the profiles of all configuration files, with a star at the default one.

use std::path::Path;

use serde::Serialize;

use crate::command_error::CommandError;
use crate::config::Profile;
use crate::demo;
use crate::error_kind::ExitCode;
use crate::settings::Context;
use crate::settings::files;
use crate::settings::profile_selection::{LoadedConfig, select_profile};
use crate::text::table::TableLayout;

const TITLES: [&str; 5] = ["NAME", "MODE", "REGION", "ACCESSKEY ID", "FILE"];

/// A profile, as `-o json` prints it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListedProfile {
    name: String,
    mode: Option<String>,
    region_id: Option<String>,
    access_key_id: Option<String>,
    is_default: bool,
    file: Option<String>,
}

/// Runs the verb. It lists our own profiles first, then those of the official CLI, then those of the SDKs. A profile
/// with the name of an earlier one is listed only if it is the default.
pub(crate) fn run(context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let own = files::read_own(&context.flags, &context.env, output)?;
    let or_warn = |loaded: Result<LoadedConfig, CommandError>| {
        loaded.unwrap_or_else(|failure| {
            output.warning(&format!("{:#}", failure.error));
            LoadedConfig::default()
        })
    };
    let (official, sdk) =
        (or_warn(files::read_official(&context.env, output)), or_warn(files::read_sdk(&context.env, output)));
    // The default is selected as other commands select it, but without its warnings: only the commands that use the
    // profile print them.
    let selection = select_profile(None, own.clone(), &[&|| Ok(official.clone()), &|| Ok(sdk.clone())], |_| {})?;
    let default = selection.profile().map(|named| (named.name.as_str(), named.file.as_deref()));
    let is_default = |name: &str, file: Option<&Path>| default == Some((name, file));
    let mut profiles: Vec<ListedProfile> = Vec::new();
    for LoadedConfig { config, path, .. } in [&own, &official, &sdk] {
        for (name, profile) in config.iter().flat_map(|config| &config.profile) {
            let is_default = is_default(name, path.as_deref());
            if is_default || !profiles.iter().any(|listed| listed.name == *name) {
                profiles.push(listed_profile(name, profile, is_default, path.as_deref()));
            }
        }
    }
    profiles.push(listed_profile(demo::PROFILE, &demo::profile(), is_default(demo::PROFILE, None), None));
    if output.is_json() {
        profiles.iter().try_for_each(|profile| output.json(profile))?;
        return Ok(ExitCode::SUCCESS);
    }
    let row = |profile: &ListedProfile| {
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let file = profile.file.clone().unwrap_or_else(|| "built in".to_owned());
        let [mode, region, access_key_id] = [&profile.mode, &profile.region_id, &profile.access_key_id].map(or_dash);
        vec![profile.name.clone(), mode, region, access_key_id, file]
    };
    let rows: Vec<Vec<String>> = profiles.iter().map(row).collect();
    let mut layout = TableLayout::new(&TITLES);
    layout.fit_rows(rows.iter().map(Vec::as_slice));
    output.line(&format!("  {}", layout.format_row(&TITLES)))?;
    for (profile, row) in profiles.iter().zip(&rows) {
        let star = if profile.is_default { '*' } else { ' ' };
        output.line(&format!("{star} {}", layout.format_row(row)))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn listed_profile(name: &str, profile: &Profile, is_default: bool, file: Option<&Path>) -> ListedProfile {
    ListedProfile {
        name: name.to_owned(),
        mode: profile.mode.clone(),
        region_id: profile.region_id.clone(),
        access_key_id: profile.access_key_id.as_ref().map(ToString::to_string),
        is_default,
        file: file.map(|file| file.display().to_string()),
    }
}
