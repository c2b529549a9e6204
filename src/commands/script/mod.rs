//! `ecs-vnc script`: runs several commands over one connection.

mod line;
pub mod parse;
mod player;
mod step;
mod text_step;

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use zeroize::Zeroizing;

use self::line::ParseContext;
use self::parse::{MAX_SCRIPT_LEN, parse};
use self::player::ScriptPlayer;
use crate::args::path_arg;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples, sections_and_examples};
use crate::console::args::ScreenArgs;
use crate::console::remote_screen::RemoteScreen;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::args::LeadingInstanceArg;
use crate::settings::Context;
use crate::system::blocking;
use crate::text::quoted::Shown as _;

/// The commands of a script, for `script --help`.
const SYNTAX: &str = "\
key CHORD... [--keysyms]
    Press keys, as ecs-vnc key does.
type TEXT | --env VARIABLE | --file FILE
    [--enter] [--after REGEX | --blind] [--verify] [--timeout DURATION]
    [--layout LAYOUT] [--delay DURATION] [--keysyms]
    Type text, as ecs-vnc type does: --env only at a prompt for a password.
login --user NAME --env VARIABLE
    [--prompt REGEX] [--timeout DURATION]
    [--layout LAYOUT] [--delay DURATION] [--keysyms]
    Log in, as ecs-vnc login does.
click X,Y | --image FILE [--area X,Y,W,H] [--tolerance N]
    [--button BUTTON] [--double] [--timeout DURATION]
move X,Y
drag X,Y X,Y [--button BUTTON]
scroll up|down|left|right [--steps N] [--at X,Y]
    Use the mouse, as the commands of these names do.
wait --text REGEX | --no-text REGEX [--fail-text REGEX]...
    [--area X,Y,W,H] [--timeout DURATION] [--save FILE]
    Wait for a text, as ecs-vnc wait does, and print what matches.
wait --still DURATION | --change | --image FILE
    [--area X,Y,W,H] [--tolerance N] [--timeout DURATION] [--save FILE]
    Wait for the screen, as ecs-vnc wait does. --change compares it with the
    screen before the last key, type, click, move, drag or scroll.
text [FILE] [--area X,Y,W,H] [--lines N]
    Print the text of the screen, or write it to a file.
screenshot [FILE]
    Save a screenshot [default: {instance}-{time}.png].
sleep DURATION
    Pause for up to 24h.
log TEXT...
    Print a message to stderr.";

const EXAMPLES: &[Example] = &[
    ("Run a script", "ecs-vnc script web-01 login.txt"),
    ("Check a script without an account", "ecs-vnc script --check login.txt"),
    ("Run a script from stdin", "printf 'key enter\\nsleep 1\\nscreenshot a.png\\n' | ecs-vnc script web-01 -"),
];

/// Run a script of keys, texts, logins, clicks and waits.
///
/// The script runs over one connection. It has one command per line, and takes the words of a line as a shell does; #
/// starts a comment. All lines are checked before the first one runs, and up to ten faulty ones are reported. The first
/// line that fails ends the script, and the error names it.
///
/// This joins the session that another command of yours has with the console. Where there is none, it opens one, and anyone
/// already on the console is disconnected.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), after_long_help = sections_and_examples(&[("Commands of a script", SYNTAX.to_owned())], EXAMPLES), override_usage = "ecs-vnc script [OPTIONS] [INSTANCE] <FILE>\n       ecs-vnc script --check <FILE>")]
pub(crate) struct ScriptArgs {
    #[command(flatten)]
    which: LeadingInstanceArg,
    /// The script file; - is stdin.
    #[arg(value_name = "FILE", value_parser = path_arg())]
    file: Option<PathBuf>,
    /// Check the script, and do not run it.
    ///
    /// All faulty lines are reported, up to ten. Needs no account, no configuration and no instance: give the FILE alone. A
    /// variable of --env that is not set is a warning then.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// Runs the verb.
pub(crate) async fn run(args: ScriptArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    if args.check {
        return check(args, context);
    }
    let (selector, first) = args.which.split(args.file.is_some(), context)?;
    let file = match (args.file, first) {
        (Some(file), None) => file,
        (None, Some(file)) => PathBuf::from(file.expose().trim()),
        (None, None) => {
            let error = CommandError::message(ErrorKind::Usage, "no script to run");
            return Err(error.hint("give a FILE, or - for stdin"));
        }
        (Some(_), Some(_)) => {
            return Err(CommandError::message(ErrorKind::Usage, "`script` takes one FILE besides -i INSTANCE"));
        }
    };
    if file.as_os_str() == "-" && args.screen.password_stdin {
        let message = "stdin cannot be both the script and the password";
        return Err(CommandError::message(ErrorKind::Usage, message).hint("give the password in ECS_VNC_PASSWORD"));
    }
    let script = read(&file, context.flags.file_limit())?;
    let parse_context = ParseContext { env: &context.env, output, is_check: false };
    let lines = parse(&script, &parse_context).map_err(|faults| faults.report(output))?;
    let settings = context.settings()?;
    let screen = RemoteScreen::of(&selector, &args.screen, &settings, settings.timeout_flag, context).await?;
    ScriptPlayer::new(screen, output).play(&lines).await?;
    Ok(ExitCode::SUCCESS)
}

/// Parses a script without running it. No account and no configuration is needed.
fn check(args: ScriptArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let (output, first) = (context.output, args.which.into_leading());
    let file = args.file.or_else(|| first.map(|file| PathBuf::from(file.expose().trim())));
    let Some(file) = file else {
        let error = CommandError::message(ErrorKind::Usage, "no script to check");
        return Err(error.hint("give a FILE, or - for stdin"));
    };
    let script = read(&file, context.flags.file_limit())?;
    let parse_context = ParseContext { env: &context.env, output, is_check: true };
    parse(&script, &parse_context).map_err(|faults| faults.report(output))?;
    output.note(&format!("no faults found in {}", if file.as_os_str() == "-" { "stdin".into() } else { file.shown() }));
    Ok(ExitCode::SUCCESS)
}

fn read_stdin() -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    io::stdin().lock().take(MAX_SCRIPT_LEN as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a script of at most [`MAX_SCRIPT_LEN`] bytes from a file, or from stdin if the name is `-`.
/// A pipe may take `limit`.
fn read(file: &Path, limit: Duration) -> Result<String, CommandError> {
    let is_stdin = file.as_os_str() == "-";
    let name = if is_stdin { "stdin".to_owned() } else { file.shown() };
    let usage = |message: String| CommandError::message(ErrorKind::Usage, message);
    let result = match is_stdin {
        true => read_stdin(),
        false => blocking::read_file(file, MAX_SCRIPT_LEN, limit),
    };
    let bytes = result.map_err(|error| {
        let kind = if error.kind() == io::ErrorKind::TimedOut { ErrorKind::TimeLimit } else { ErrorKind::Usage };
        CommandError::new(kind, anyhow::Error::new(error).context(format!("cannot read {name}")))
    })?;
    if bytes.len() > MAX_SCRIPT_LEN {
        return Err(usage(format!("{name}: scripts are limited to {} KiB", MAX_SCRIPT_LEN >> 10)));
    }
    let text = str::from_utf8(&bytes).map_err(|_| usage(format!("{name} is not UTF-8 text")))?;
    // Some editors write a byte order mark.
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned())
}
