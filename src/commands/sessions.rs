//! `ecs-vnc sessions`: the console sessions that are served on this machine.

use clap::Args;

use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::error_kind::ExitCode;
use crate::session_registry::{SessionRecord, SessionRegistry};
use crate::settings::Context;
use crate::text::table::format_table;

const EXAMPLES: &[Example] = &[
    ("List the console sessions that other commands can join", "ecs-vnc sessions"),
    ("Print the id of each instance whose console is open", "ecs-vnc sessions -o json | jq -r .InstanceId"),
];

/// List the console sessions that your commands share.
///
/// The service allows one session an instance. view, console, open --page local and relay --share let your other commands on
/// this machine join theirs. With --no-share, a command opens a session of its own and ends the shared one.
///
/// This needs no account. Sessions of other users and of other machines are not known.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES))]
pub(crate) struct SessionsArgs {}

/// Runs the verb.
pub(crate) async fn run(context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let sessions = SessionRegistry::of_user().list().await;
    if output.is_json() {
        sessions.iter().try_for_each(|session| output.json(session))?;
    } else if !sessions.is_empty() {
        let rows: Vec<Vec<String>> = sessions.iter().map(row).collect();
        let titles = ["ID", "NAME", "REGION", "COMMAND", "PROCESS", "CLIENTS", "SINCE"];
        format_table(&titles, &rows).iter().try_for_each(|line| output.line(line))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn row(session: &SessionRecord) -> Vec<String> {
    vec![
        session.instance_id.clone(),
        session.instance_name.clone().unwrap_or_else(|| "-".to_owned()),
        session.region_id.clone(),
        session.command.clone(),
        session.process_id.to_string(),
        session.clients.to_string(),
        session.since.clone(),
    ]
}
