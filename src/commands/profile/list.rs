//! `ecs-vnc profile list`

use serde::Serialize;

use crate::cli::Global;
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
struct Line<'a> {
    name: &'a str,
    region_id: Option<&'a str>,
    access_key_id: Option<String>,
    is_default: bool,
    file: Option<String>,
}

/// Runs the verb.
pub fn run(global: &Global, env: &Environment, output: Output) -> Result<ExitCode, Failure> {
    let (config, file) = session::load(global, env, output)?;
    let config = config.unwrap_or_default();
    let default = config.default_profile.as_deref().unwrap_or("default");
    let demo = demo::profile();
    let file = file.map(|file| file.display().to_string());
    let line = |name, profile: &Profile, file| Line {
        name,
        region_id: None,
        access_key_id: profile.access_key_id.as_ref().map(ToString::to_string),
        is_default: name == default,
        file,
    };
    let mut lines = Vec::new();
    for (name, profile) in &config.profile {
        lines.push(Line { region_id: profile.region_id.as_deref(), ..line(name, profile, file.clone()) });
    }
    lines.push(Line { region_id: demo.region_id.as_deref(), ..line(demo::PROFILE, &demo, None) });

    if output.is_json() {
        lines.iter().try_for_each(|line| output.json(line))?;
        return Ok(ExitCode::Done);
    }
    let width = lines.iter().map(|line| line.name.chars().count()).max().unwrap_or_default();
    for line in &lines {
        let name = printable(line.name, 64);
        let star = if line.is_default { '*' } else { ' ' };
        let region = printable(line.region_id.unwrap_or("-"), 64);
        let key = line.access_key_id.as_deref().unwrap_or("-");
        let place = line.file.as_deref().unwrap_or("built in");
        output.line(&format!("{star} {name:<width$}  {region:<15} {key:<14} {place}"))?;
    }
    Ok(ExitCode::Done)
}
