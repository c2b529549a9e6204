//! `ecs-vnc exec`: runs a command at a shell's prompt on the console of a guest.

use clap::Args;

use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::console::args::{DEFAULT_SCREEN_TIMEOUT, ScreenArgs};
use crate::console::exec::args::GuestArgs;
use crate::console::exec::guest_command::GuestCommand;
use crate::console::remote_screen::RemoteScreen;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::guest_shell::outcome::Outcome;
use crate::instances::InstanceSelector;
use crate::settings::Context;

const EXAMPLES: &[Example] =
    &[("Show the interfaces of a guest that has no network", "ecs-vnc exec web-01 -- ip addr")];

/// Run a command at a shell's prompt on the console.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc exec [OPTIONS] <INSTANCE> -- <COMMAND>...")]
pub(crate) struct ExecArgs {
    /// An instance ID, name or IP address.
    #[arg(value_name = "INSTANCE", value_parser = InstanceSelector::parse)]
    instance: InstanceSelector,
    /// The command, whose words are joined with spaces as ssh does.
    #[arg(value_name = "COMMAND", required = true, last = true)]
    command: Vec<String>,
    /// Write the command's stderr to stdout, in the order in which it was written.
    #[arg(long)]
    merge: bool,
    /// Send this command's stdin to the command in the guest.
    #[arg(long)]
    stdin: bool,
    #[command(flatten)]
    guest: GuestArgs,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// Runs the verb. A failure of its own has the exit code 255, as ssh's.
pub(crate) async fn run(args: ExecArgs, context: &Context) -> Result<ExitCode, CommandError> {
    match exec(args, context).await {
        Ok(outcome) => Ok(ExitCode::of_guest(outcome.status)),
        Err(error) if matches!(error.kind, ErrorKind::Usage | ErrorKind::OutputClosed | ErrorKind::Interrupted) => {
            Err(error)
        }
        Err(error) => {
            context.output.failure(&error);
            Ok(ExitCode::EXEC_FAILED)
        }
    }
}

async fn exec(args: ExecArgs, context: &Context) -> Result<Outcome, CommandError> {
    let output = context.output;
    let command = args.command.join(" ");
    let (login, prompt) = args.guest.parts(context)?;
    let input = None::<Vec<u8>>;
    let settings = context.settings()?;
    let before_screen = args.screen.opening_limit(&settings)?;
    let mut screen = RemoteScreen::of(&args.instance, &args.screen, &settings, before_screen, context).await?;
    if let Some(login) = &login {
        let time = settings.timeout_flag.unwrap_or(DEFAULT_SCREEN_TIMEOUT);
        login.perform(&mut screen, time, output).await?;
    }
    let command = GuestCommand {
        command: &command,
        is_merged: args.merge,
        input: input.as_deref(),
        prompt: prompt.as_ref(),
        keyboard: &args.guest.keyboard,
        limit: settings.timeout_flag,
        output,
    };
    let outcome = command.run(&mut screen).await?;
    screen.close().await?;
    output.guest_stderr(&outcome.stderr);
    output.bytes(&outcome.stdout)?;
    Ok(outcome)
}
