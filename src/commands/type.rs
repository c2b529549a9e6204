//! `ecs-vnc type`: types a text on a console.

use clap::Args;
use serde::Serialize;

use crate::command_error::CommandError;
use crate::console::remote_screen::{RemoteScreen, ScreenArgs};
use crate::console::typing::{How, Source, Text, write};
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::args::LeadingInstanceArg;
use crate::settings::flags::GlobalArgs;
use crate::system::environment::Environment;
use crate::terminal::output::Output;

/// Type a text on an instance's console, without a viewer.
///
/// The whole text is checked against the guest's keyboard layout before the first key: what cannot be typed is named
/// with its position, and nothing is sent. A line's end is Enter, a tab is Tab; Caps Lock is taken to be off. The text
/// appears in no message, but as an argument it stands where `ps` shows it: a password goes by --stdin, --file or
/// --env. It opens a VNC session, which drops whoever is on the console.
#[derive(Args, Debug)]
#[command(override_usage = "ecs-vnc type [OPTIONS] <INSTANCE> <TEXT|--stdin|--file <FILE>|--env <NAME>>")]
pub(crate) struct TypeArgs {
    #[command(flatten)]
    which: LeadingInstanceArg,
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    how: How,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// `-o json`
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Line<'a> {
    instance_id: &'a str,
    region_id: &'a str,
    characters: usize,
}

/// Runs the verb.
pub(crate) async fn run(
    args: TypeArgs,
    global: &GlobalArgs,
    env: &Environment,
    output: Output,
) -> Result<ExitCode, CommandError> {
    let (selector, first) = args.which.split()?;
    let source = args.source.or_text(first)?;
    if source.is_stdin() && args.screen.password_stdin {
        let message = "stdin cannot be both the text and the password";
        return Err(CommandError::message(ErrorKind::Usage, message).hint("give the password in ECS_VNC_PASSWORD"));
    }
    let text = Text::new(source.read(env)?, &args.how)?;
    let mut screen = RemoteScreen::of(&selector, &args.screen, global, env, output).await?;
    write(&mut screen, &text, output).await?;
    let target = screen.target().clone();
    screen.leave().await?;
    if output.is_json() {
        let characters = text.characters();
        output.json(&Line { instance_id: &target.instance, region_id: &target.region, characters })?;
    }
    Ok(ExitCode::SUCCESS)
}
