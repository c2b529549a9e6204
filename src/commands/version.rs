//! `ecs-vnc version`: the version, and what the program was built from.

use chrono::DateTime;
use clap::Args;
use serde::Serialize;

use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::error_kind::ExitCode;
use crate::terminal::output::Output;

const EXAMPLES: &[Example] =
    &[("Print the version", "ecs-vnc version"), ("Print it as JSON, for a bug report", "ecs-vnc version -o json")];

/// Print the version, the commit and the target.
///
/// The date is that of the commit, and not of the build: two builds of a commit are equal. Both are unknown in a build for
/// development. -V prints the version only.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES))]
pub(crate) struct VersionArgs {}

/// The line that `-o json` prints. What is not known is `None`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct VersionOutput {
    version: &'static str,
    commit: Option<&'static str>,
    date: Option<String>,
    target: &'static str,
    features: Vec<&'static str>,
}

/// The day in UTC of a time in Unix seconds.
fn date(seconds: i64) -> Option<String> {
    DateTime::from_timestamp(seconds, 0).map(|time| time.format("%Y-%m-%d").to_string())
}

/// Runs the verb.
pub(crate) fn run(output: Output) -> Result<ExitCode, CommandError> {
    let known = |text: &'static str| Some(text).filter(|text| *text != "unknown");
    let built = VersionOutput {
        version: env!("CARGO_PKG_VERSION"),
        commit: known(env!("BUILD_COMMIT")),
        date: env!("BUILD_TIME").trim().parse().ok().and_then(date),
        target: env!("BUILD_TARGET"),
        features: env!("BUILD_FEATURES").split(',').filter(|feature| !feature.is_empty()).collect(),
    };
    if output.is_json() {
        output.json(&built)?;
    } else {
        output.line(&format!("ecs-vnc {}", built.version))?;
        let features = if built.features.is_empty() { "none".to_owned() } else { built.features.join(", ") };
        for (name, value) in [
            ("commit", built.commit.unwrap_or("unknown")),
            ("date", built.date.as_deref().unwrap_or("unknown")),
            ("target", built.target),
            ("features", &features),
        ] {
            output.line(&format!("{name:<8} {value}"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
