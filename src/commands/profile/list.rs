//! `ecs-vnc profile list`

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

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Line {
    name: String,
    mode: Option<String>,
    region_id: Option<String>,
    access_key_id: Option<String>,
    is_default: bool,
    file: Option<String>,
}

/// Runs the verb. The official CLI's profiles come behind our own, and the SDKs' behind those; of a name that was there
/// already, another is told only where it is the default.
pub(crate) fn run(context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let own = files::read_own(&context.flags, &context.env, output)?;
    let told = |loaded: Result<LoadedConfig, CommandError>| {
        loaded.unwrap_or_else(|failure| {
            output.warning(&format!("{:#}", failure.error));
            LoadedConfig::default()
        })
    };
    let (official, ini) =
        (told(files::read_official(&context.env, output)), told(files::read_sdk(&context.env, output)));
    // Where the star stands is for those to say who choose; what they warn of is theirs to tell.
    let choice = select_profile(None, own.clone(), &[&|| Ok(official.clone()), &|| Ok(ini.clone())], |_| {})?;
    let used = choice.profile().map(|named| (named.name.as_str(), named.file.as_deref()));
    let is_used = |name: &str, file: Option<&Path>| used == Some((name, file));
    let mut lines: Vec<Line> = Vec::new();
    for LoadedConfig { config, path } in [&own, &official, &ini] {
        for (name, profile) in config.iter().flat_map(|config| &config.profile) {
            let (is_default, is_ours) = (is_used(name, path.as_deref()), lines.iter().any(|line| line.name == *name));
            if is_default || !is_ours {
                lines.push(line(name, profile, is_default, path.as_deref()));
            }
        }
    }
    lines.push(line(demo::PROFILE, &demo::profile(), is_used(demo::PROFILE, None), None));
    if output.is_json() {
        lines.iter().try_for_each(|line| output.json(line))?;
        return Ok(ExitCode::SUCCESS);
    }
    let row = |line: &Line| {
        let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let place = line.file.clone().unwrap_or_else(|| "built in".to_owned());
        vec![line.name.clone(), shown(&line.mode), shown(&line.region_id), shown(&line.access_key_id), place]
    };
    let rows: Vec<Vec<String>> = lines.iter().map(row).collect();
    let mut layout = TableLayout::new(&[""; 5]);
    layout.fit_rows(rows.iter().map(Vec::as_slice));
    for (line, row) in lines.iter().zip(&rows) {
        let star = if line.is_default { '*' } else { ' ' };
        output.line(&format!("{star} {}", layout.format_row(row)))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn line(name: &str, profile: &Profile, is_default: bool, file: Option<&Path>) -> Line {
    Line {
        name: name.to_owned(),
        mode: profile.mode.clone(),
        region_id: profile.region_id.clone(),
        access_key_id: profile.access_key_id.as_ref().map(ToString::to_string),
        is_default,
        file: file.map(|file| file.display().to_string()),
    }
}
