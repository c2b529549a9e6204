//! `ecs-vnc type`: types a text on a console.

use clap::Args;
use serde::Serialize;

use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::console::args::ScreenArgs;
use crate::console::remote_screen::RemoteScreen;
use crate::console::typing::{TextSource, TypableText, TypingArgs, type_text};
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::args::LeadingInstanceArg;
use crate::settings::Context;

const EXAMPLES: &[Example] = &[
    ("Type a command and press Enter", "ecs-vnc type web-01 'systemctl restart sshd' --enter"),
    ("Type a password that is in an environment variable", "ecs-vnc type web-01 --env ROOT_PASSWORD --enter"),
    ("Type a file on a guest with a German keyboard", "ecs-vnc type web-01 --file fix.sh --layout de"),
    ("Type the output of another command", "date +%F | ecs-vnc type web-01 --stdin"),
];

/// Type text on the console.
///
/// The whole text is checked against the keyboard layout of the guest before the first key is pressed. If a character
/// cannot be typed, nothing is sent and the error names its position. A newline is typed as Enter, a tab as Tab. Caps Lock
/// is assumed to be off.
///
/// Other users of this machine can see the TEXT argument with `ps`: pass a password with --stdin, --file or --env.
///
/// This opens a VNC session: anyone already on the console is disconnected.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc type [OPTIONS] <INSTANCE> <TEXT|--stdin|--file|--env>")]
pub(crate) struct TypeArgs {
    #[command(flatten)]
    which: LeadingInstanceArg,
    #[command(flatten)]
    source: TextSource,
    #[command(flatten)]
    typing: TypingArgs,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// The line that `-o json` prints.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TypeOutput<'a> {
    instance_id: &'a str,
    region_id: &'a str,
    characters: usize,
}

/// Runs the verb.
pub(crate) async fn run(args: TypeArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let (selector, first) = args.which.split()?;
    let source = args.source.or_text(first)?;
    if source.is_stdin() && args.screen.password_stdin {
        let message = "stdin cannot be both the text and the password";
        return Err(CommandError::message(ErrorKind::Usage, message).hint("give the password in ECS_VNC_PASSWORD"));
    }
    let text = TypableText::new(source.read(&context.env, context.flags.file_limit())?, &args.typing)?;
    let settings = context.settings()?;
    let mut screen = RemoteScreen::of(&selector, &args.screen, &settings, settings.timeout_flag, context).await?;
    type_text(&mut screen, &text, output).await?;
    let instance = screen.instance().clone();
    screen.close().await?;
    if output.is_json() {
        let characters = text.characters();
        output.json(&TypeOutput { instance_id: &instance.id, region_id: &instance.region, characters })?;
    }
    Ok(ExitCode::SUCCESS)
}
