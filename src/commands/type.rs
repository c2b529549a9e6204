//! `ecs-vnc type`: types a text on a console.

use clap::Args;
use serde::Serialize;

use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::console::args::{DEFAULT_SCREEN_TIMEOUT, ScreenArgs};
use crate::console::guarded_typing::{GuardArgs, GuardedText};
use crate::console::remote_screen::RemoteScreen;
use crate::console::text_source::TextSource;
use crate::console::typing::{TypableText, TypingArgs};
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::args::LeadingInstanceArg;
use crate::settings::Context;
use crate::terminal::prompt::ask_on_terminal;

const EXAMPLES: &[Example] = &[
    (
        "Type a command, and press Enter if all of it has arrived",
        "ecs-vnc type web-01 'systemctl restart sshd' --verify --enter",
    ),
    ("Type a password, which is in an environment variable", "ecs-vnc type db-02 --env ROOT_PASSWORD --enter"),
    ("Type a name at a login prompt, once it is there", "ecs-vnc type web-01 root --enter --after 'login: *$'"),
    ("Type a file on a guest with a German keyboard", "ecs-vnc type web-01 --file fix.sh --layout de"),
    ("Type the output of another command", "date +%F | ecs-vnc type web-01 --stdin --blind"),
];

/// Type text on the console.
///
/// The whole text is checked against the keyboard layout of the guest before the first key is pressed. If a character
/// cannot be typed, nothing is sent and the error names its position, except in a secret. A newline is typed as Enter, a tab as Tab. Caps Lock
/// is assumed to be off.
///
/// Other users of this machine can see the TEXT argument with `ps`: pass a password with --env or --stdin. It is a secret
/// then: it is typed only where the last row of text on the screen is a prompt for a password, with the cursor behind it. Otherwise the exit code is 40,
/// or 41 if the screen is no text that can be read, and nothing is typed.
///
/// This joins the session that another command of yours has with the console. Where there is none, it opens one, and anyone
/// already on the console is disconnected.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc type [OPTIONS] [INSTANCE] <TEXT|--stdin|--file|--env>")]
pub(crate) struct TypeArgs {
    #[command(flatten)]
    which: LeadingInstanceArg,
    #[command(flatten)]
    source: TextSource,
    #[command(flatten)]
    typing: TypingArgs,
    #[command(flatten)]
    guard: GuardArgs,
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
    let (selector, first) = args.which.split(args.source.is_given(), context)?;
    let source = args.source.or_text(first)?;
    if source.is_stdin() && args.screen.password_stdin {
        let message = "stdin cannot be both the text and the password";
        return Err(CommandError::message(ErrorKind::Usage, message).hint("give the password in ECS_VNC_PASSWORD"));
    }
    let is_secret = source.is_secret();
    let text = if source.is_stdin()
        && let Some(text) = ask_on_terminal("text (not shown): ".to_owned(), output).await?
    {
        source.with_enter(text)
    } else {
        source.read(&context.env, context.flags.file_limit())?
    };
    let text = GuardedText::new(TypableText::new(text, is_secret, &args.typing)?, args.guard)?;
    let settings = context.settings()?;
    let before_screen = if text.waits() { args.screen.opening_limit(&settings)? } else { settings.timeout_flag };
    let time = settings.timeout_flag.unwrap_or(DEFAULT_SCREEN_TIMEOUT);
    let mut screen = RemoteScreen::of(&selector, &args.screen, &settings, before_screen, context).await?;
    text.type_on(&mut screen, time, output).await?;
    let instance = screen.instance().clone();
    screen.close().await?;
    if output.is_json() {
        let characters = text.text.characters();
        output.json(&TypeOutput { instance_id: &instance.id, region_id: &instance.region, characters })?;
    }
    Ok(ExitCode::SUCCESS)
}
