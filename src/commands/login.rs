//! `ecs-vnc login`: logs in on the text console of a guest.

use clap::Args;
use serde::Serialize;

use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::console::args::{DEFAULT_SCREEN_TIMEOUT, ScreenArgs};
use crate::console::guest_login::{LoggedIn, LoginSource};
use crate::console::remote_screen::RemoteScreen;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::Purpose;
use crate::instances::args::InstanceArg;
use crate::settings::Context;
use crate::terminal::prompt::ask_on_terminal;
use crate::text::sanitize::sanitize;

const EXAMPLES: &[Example] = &[
    (
        "Log in as root, with the password in an environment variable",
        "ecs-vnc login web-01 --user root --env ROOT_PASSWORD",
    ),
    (
        "Log in with a password that another program prints",
        "cat password.txt | ecs-vnc login web-01 --user admin --stdin",
    ),
];

/// Log in on the text console of an instance.
///
/// This waits for a login prompt, types the name of the user, waits for the prompt for a password, types the password, and
/// ends when the prompt of a shell is there. Nothing is typed that the last row of text on the screen does not ask for. In
/// emergency mode only root's password is asked for.
///
/// If a shell's prompt is there from the beginning, nothing is typed and the exit code is 0. If the guest refuses the login
/// or wants a new password, it is 3; if no login prompt comes within --timeout (60s by default), it is 40, or 41 if the
/// screen never was text that can be read. If the guest has asked for another password for 3 seconds, it is 5.
///
/// For the credentials of your account, see ecs-vnc profile add.
///
/// This joins the session that another command of yours has with the console. Where there is none, it opens one, and anyone
/// already on the console is disconnected.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc login [OPTIONS] [INSTANCE] --user <NAME> <--env|--stdin>")]
pub(crate) struct LoginArgs {
    #[command(flatten)]
    which: InstanceArg,
    #[command(flatten)]
    source: LoginSource,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// The line that `-o json` prints.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct LoginOutput<'a> {
    instance_id: &'a str,
    region_id: &'a str,
    user: &'a str,
    already_logged_in: bool,
}

/// Runs the verb.
pub(crate) async fn run(args: LoginArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let selector = args.which.selector(Purpose::Act, context)?;
    if args.source.is_stdin() && args.screen.password_stdin {
        let message = "stdin cannot be both the password of the user and that of VNC";
        return Err(CommandError::message(ErrorKind::Usage, message).hint("give that of VNC in ECS_VNC_PASSWORD"));
    }
    let question = format!("password of {} (not shown): ", sanitize(args.source.user(), 80));
    let login = if args.source.is_stdin()
        && let Some(password) = ask_on_terminal(question, output).await?
    {
        args.source.with_password(&password)?
    } else {
        args.source.read(&context.env)?
    };
    let settings = context.settings()?;
    let time = settings.timeout_flag.unwrap_or(DEFAULT_SCREEN_TIMEOUT);
    let before_screen = args.screen.opening_limit(&settings)?;
    let mut screen = RemoteScreen::of(&selector, &args.screen, &settings, before_screen, context).await?;
    let logged_in = login.perform(&mut screen, time, output).await?;
    logged_in.note(&screen, output);
    let instance = screen.instance().clone();
    screen.close().await?;
    if output.is_json() {
        let (instance_id, region_id, user) = (&instance.id, &instance.region, &login.user);
        let already_logged_in = logged_in != LoggedIn::Now;
        output.json(&LoginOutput { instance_id, region_id, user, already_logged_in })?;
    }
    Ok(ExitCode::SUCCESS)
}
