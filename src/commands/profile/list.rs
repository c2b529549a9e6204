//! `ecs-vnc profile list`

use serde::Serialize;

use crate::cli::Global;
use crate::commands::choice::Loaded;
use crate::commands::session;
use crate::config::Profile;
use crate::demo;
use crate::environment::Environment;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::output::Output;
use crate::printable::printable;

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

/// Runs the verb. The official CLI's profiles come behind our own; a name that is in both is ours.
pub fn run(global: &Global, env: &Environment, output: Output) -> Result<ExitCode, Failure> {
    let own = session::load(global, env, output)?;
    let official = session::load_official(output).unwrap_or_else(|failure| {
        output.warning(&format!("{:#}", failure.error));
        Loaded::default()
    });
    let mut lines = lines(own);
    for line in self::lines(official) {
        let is_default = line.is_default && !lines.iter().any(|line| line.is_default);
        if !lines.iter().any(|own| own.name == line.name) {
            lines.push(Line { is_default, ..line });
        }
    }
    lines.push(line(demo::PROFILE, &demo::profile(), false, None));
    if output.is_json() {
        lines.iter().try_for_each(|line| output.json(line))?;
        return Ok(ExitCode::Done);
    }
    let width = lines.iter().map(|line| line.name.chars().count()).max().unwrap_or_default();
    for line in &lines {
        let star = if line.is_default { '*' } else { ' ' };
        let shown = |text: &Option<String>| printable(text.as_deref().unwrap_or("-"), 64);
        let (name, place) = (printable(&line.name, 64), line.file.as_deref().unwrap_or("built in"));
        let (mode, region, key) = (shown(&line.mode), shown(&line.region_id), shown(&line.access_key_id));
        output.line(&format!("{star} {name:<width$}  {mode:<9} {region:<15} {key:<14} {place}"))?;
    }
    Ok(ExitCode::Done)
}

fn lines((config, file): Loaded) -> Vec<Line> {
    let config = config.unwrap_or_default();
    let default = config.default_profile.as_deref().unwrap_or("default");
    let file = file.map(|file| file.display().to_string());
    let profiles = config.profile.iter();
    profiles.map(|(name, profile)| line(name, profile, name == default, file.clone())).collect()
}

fn line(name: &str, profile: &Profile, is_default: bool, file: Option<String>) -> Line {
    Line {
        name: name.to_owned(),
        mode: profile.mode.clone(),
        region_id: profile.region_id.clone(),
        access_key_id: profile.access_key_id.as_ref().map(ToString::to_string),
        is_default,
        file,
    }
}
