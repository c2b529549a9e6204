//! `ecs-vnc exec`: runs a command at a shell's prompt on the console of a guest.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use serde::Serialize;

use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::console::args::ScreenArgs;
use crate::console::exec::args::{GuestArgs, read_input};
use crate::error_kind::{ErrorKind, ExitCode};
use crate::guest_shell::outcome::Outcome;
use crate::instances::args::InstanceArg;
use crate::instances::{Purpose, ResolvedInstance};
use crate::settings::Context;

const EXAMPLES: &[Example] = &[
    ("Show the interfaces of a guest that has no network", "ecs-vnc exec web-01 -- ip addr"),
    (
        "Log in first, and save the output of a command",
        "ecs-vnc exec web-01 --user root --env ROOT_PASSWORD -- dmesg > dmesg.txt",
    ),
    ("Run a script of this machine in the guest", "ecs-vnc exec web-01 --stdin -- sh < fix.sh"),
];

/// Run a command at a shell's prompt on the console.
///
/// The guest needs neither a network nor an agent: a short script is typed at the prompt, and the output of the command comes back
/// over the screen, in pages with checksums. What is printed here is the command's output, byte for byte, and its exit code is
/// that of the command, as with ssh. stdin of the command is empty without --stdin.
///
/// The words of COMMAND are joined with spaces, and `sh -c` runs them: quote what the guest's shell must not take apart. The last
/// row of the screen must be a shell's prompt (`#`, `$`, `%` or `>`), or --user and --env log in first. The guest needs
/// mkdir, rm, cat, wc, head, tail, sha1sum, and base64 or od, which coreutils and busybox have.
///
/// If ecs-vnc itself fails, the exit code is 255, and 2 for wrong arguments. --timeout limits the time of the command, which has
/// none by default. After an error, and after Ctrl-C, the guest is back at its prompt, unless its screen shows no text any more.
///
/// This joins the session that another command of yours has with the console. Where there is none, it opens one, and anyone
/// already on the console is disconnected.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc exec [OPTIONS] [INSTANCE] -- <COMMAND>...")]
pub(crate) struct ExecArgs {
    #[command(flatten)]
    which: InstanceArg,
    /// The command, after `--`.
    #[arg(value_name = "COMMAND", required = true, last = true)]
    command: Vec<String>,
    /// Print the command's stderr with its stdout.
    ///
    /// Both are printed on stdout, in the order in which they were written. By default, stderr of the command goes to stderr.
    #[arg(long)]
    merge: bool,
    /// Send stdin to the command.
    ///
    /// It is typed, at about 40 bytes a second after compression, up to 64 KiB.
    #[arg(long)]
    stdin: bool,
    #[command(flatten)]
    guest: GuestArgs,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// The line that `-o json` prints.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ExecOutput<'a> {
    instance_id: &'a str,
    region_id: &'a str,
    exit_code: u8,
    /// In base64, as it need not be text.
    stdout: String,
    stderr: String,
}

/// Runs the verb. A failure of its own has the exit code 255, as ssh's.
pub(crate) async fn run(args: ExecArgs, context: &Context) -> Result<ExitCode, CommandError> {
    match exec(args, context).await {
        Ok(status) => Ok(ExitCode::of_guest(status)),
        Err(error) => match error.kind {
            ErrorKind::Usage | ErrorKind::OutputClosed | ErrorKind::Interrupted => Err(error),
            _ => {
                context.output.failure(&error);
                Ok(ExitCode::EXEC_FAILED)
            }
        },
    }
}

async fn exec(args: ExecArgs, context: &Context) -> Result<u8, CommandError> {
    let output = context.output;
    let selector = args.which.selector(Purpose::Act, context)?;
    let command = args.command.join(" ");
    let input = if args.stdin { Some(read_input(&args.screen).await?) } else { None };
    let done = args.guest.run(&selector, &args.screen, &command, args.merge, input.as_deref(), context).await?;
    let (Outcome { status, stdout, stderr }, ResolvedInstance { id, region, .. }) = &done;
    if output.is_json() {
        let (stdout, stderr) = (STANDARD.encode(stdout), STANDARD.encode(stderr));
        output.json(&ExecOutput { instance_id: id, region_id: region, exit_code: *status, stdout, stderr })?;
    } else {
        output.guest_stderr(stderr);
        output.bytes(stdout)?;
    }
    Ok(*status)
}
