//! `ecs-vnc console`: a guest's text console as a terminal, in this terminal.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::args::path_arg;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::commands::serving;
use crate::console::args::ScreenArgs;
use crate::console::live::cast::CastWriter;
use crate::console::live::display::{Display, DisplayMode, size};
use crate::console::live::escape_prompt::EscapeKey;
use crate::console::live::feed::Feed;
use crate::console::live::inputs::Inputs;
use crate::console::live::session::{LiveConsole, LiveOptions};
use crate::console::remote_screen::RemoteScreen;
use crate::console::result_file;
use crate::console::typing::TypingArgs;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::Purpose;
use crate::instances::args::InstanceArg;
use crate::keyboard::find_layout;
use crate::picture::terminal::choose_protocol;
use crate::settings::Context;
use crate::terminal::raw_terminal::RawTerminal;

const EXAMPLES: &[Example] = &[
    ("Open the text console of an instance in this terminal", "ecs-vnc console web-01"),
    ("Keep what it prints in a file, with times", "ecs-vnc console web-01 --log web-01.log --log-timestamps"),
    ("Watch it without a key being sent, as lines", "ecs-vnc console web-01 --read-only --plain | tee web-01.txt"),
];

/// Open the text console of an instance in this terminal.
///
/// The screen of the guest is read and drawn as text, with its colors and its cursor, and the keys that you type go to the
/// guest. Lines that scroll off its top go into the scrollback of your terminal; where some came too fast to be seen, a
/// line says so. A screen that is no text is drawn as ecs-vnc screenshot --show does.
///
/// Ctrl-] opens a prompt on the last row: q leaves, d presses Ctrl-Alt-Del, f a function key with Ctrl and Alt, s SysRq and a
/// key, p types a file, c saves a picture, l turns a log on or off, r draws anew, x stops typing, ? lists these, and Ctrl-]
/// again goes to the guest. Ctrl-] three times within a second leaves, whatever happens.
///
/// If the console is lost, it is connected again, as ecs-vnc view does. The exit code is 0 when you leave, and 11 if another
/// session takes the console over.
///
/// This joins the session that another command of yours has with the console. Where there is none, it opens one, and anyone
/// already on the console is disconnected.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc console [OPTIONS] [INSTANCE]")]
pub(crate) struct ConsoleArgs {
    #[command(flatten)]
    which: InstanceArg,
    /// Key of the prompt, or none [env: ECS_VNC_ESCAPE].
    ///
    /// Ctrl with a letter or one of \ ] ^ _; ctrl-] by default. With none, all keys go to the guest, and SIGTERM or closing
    /// the terminal leaves.
    #[arg(long, value_name = "KEY", value_parser = parse_escape)]
    escape: Option<Escape>,
    /// Add the text of the console to a file.
    ///
    /// Each line is added when it is complete. Only you can read a new file.
    #[arg(long, value_name = "FILE", value_parser = path_arg())]
    log: Option<PathBuf>,
    /// Begin each line of the log with the time in UTC.
    #[arg(long)]
    log_timestamps: bool,
    /// Record the terminal to a file, as asciicast v2.
    ///
    /// `asciinema play FILE` plays it. It holds what is shown, not what is typed. An existing file is overwritten.
    #[arg(long, value_name = "FILE", value_parser = path_arg())]
    record: Option<PathBuf>,
    /// Send no keys.
    #[arg(long)]
    read_only: bool,
    /// Print lines instead of drawing the screen.
    ///
    /// The cursor is never moved: for screen readers, pipes and files. This is the default if stdout is no terminal.
    #[arg(long)]
    plain: bool,
    #[command(flatten)]
    typing: TypingArgs,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// The value of `--escape`.
#[derive(Clone, Copy, Debug)]
struct Escape(Option<EscapeKey>);

fn parse_escape(text: &str) -> Result<Escape, String> {
    EscapeKey::parse(text).map(Escape)
}

impl ConsoleArgs {
    /// The key of `--escape`, of the environment variable, or Ctrl-].
    fn escape(&self, context: &Context) -> Result<Option<EscapeKey>, CommandError> {
        match (self.escape, context.env.get("ECS_VNC_ESCAPE")) {
            (Some(Escape(key)), _) => Ok(key),
            (None, Some(text)) => EscapeKey::parse(text)
                .map_err(|error| CommandError::message(ErrorKind::Usage, format!("ECS_VNC_ESCAPE: {error}"))),
            (None, None) => Ok(Some(EscapeKey::DEFAULT)),
        }
    }

    /// Whether lines are printed, rather than a screen drawn.
    fn is_plain(&self, context: &Context) -> bool {
        let is_dumb = context.env.get("TERM") == Some("dumb");
        self.plain || !context.output.is_stdout_terminal() || is_dumb || !self.has_keys()
    }

    /// Everything that can fail without an instance.
    fn check(&self, context: &Context) -> Result<(), CommandError> {
        let usage = |message: &str, hint: &str| Err(CommandError::message(ErrorKind::Usage, message).hint(hint));
        if context.output.is_json() {
            return usage("console has no JSON output", "use ecs-vnc text -o json for what is on the screen");
        }
        if self.record.is_some() && self.is_plain(context) {
            return usage("--record needs a terminal that is drawn on", "use --log, or leave out --plain");
        }
        if self.log_timestamps && self.log.is_none() && self.is_plain(context) {
            return usage("--log-timestamps is for the file of --log", "add --log FILE");
        }
        if !self.has_keys() && !self.read_only {
            let hint = "use --read-only to watch, and ecs-vnc type or ecs-vnc script to type what is no keyboard's";
            return usage("stdin is no terminal, so there are no keys", hint);
        }
        self.log.iter().chain(&self.record).try_for_each(|path| result_file::check_path(path))
    }

    /// Whether keys come from a terminal. With --password-stdin they come from the terminal behind stdin.
    fn has_keys(&self) -> bool {
        io::stdin().is_terminal() || self.screen.password_stdin
    }
}

/// Runs the verb.
pub(crate) async fn run(args: ConsoleArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    args.check(context)?;
    let escape = args.escape(context)?;
    let (is_plain, has_keys) = (args.is_plain(context), args.has_keys());
    let layout = find_layout(&args.typing.keyboard.layout).ok_or_else(|| {
        CommandError::message(ErrorKind::Usage, format!("unknown keyboard layout {}", args.typing.keyboard.layout))
    })?;
    let options = LiveOptions {
        escape,
        is_read_only: args.read_only,
        layout,
        use_keysyms: args.typing.keyboard.keysyms,
        paste_interval: args.typing.delay,
        log_timestamps: args.log_timestamps,
    };
    let selector = args.which.selector(Purpose::Act, context)?;
    let settings = context.settings()?;
    let opening =
        RemoteScreen::of_command(Some("console"), &selector, &args.screen, &settings, settings.timeout_flag, context);
    let screen = opening.await?;
    let clock = screen.clock().clone();
    let id = screen.instance().id.clone();
    let mut feed = Feed::new(&clock);
    if let Some(path) = &args.log {
        feed.start_log(path, args.log_timestamps)?;
    }
    let mode = if is_plain {
        DisplayMode::Plain
    } else {
        let recorder = args
            .record
            .as_ref()
            .map(|path| CastWriter::create(path, size(), context.env.get("TERM"), &format!("console of {id}"), &clock));
        let pictures = choose_protocol(None, |name| context.env.get(name)).ok();
        DisplayMode::Drawn { pictures, recorder: recorder.transpose()? }
    };
    let banner = banner(&id, escape, has_keys);
    if !has_keys {
        serving::begin();
    }
    output.note(&banner);
    let terminal = match has_keys {
        true => Some(Arc::new(RawTerminal::enter(!is_plain, output)?)),
        false => None,
    };
    let inputs = match &terminal {
        Some(terminal) => Inputs::start(terminal.clone(), escape, clock),
        None => Inputs::none(),
    };
    let display = Display::start(mode, output).map_err(|error| CommandError::new(ErrorKind::Other, error))?;
    let banner = Some(banner).filter(|_| !output.quiet && !is_plain);
    let served =
        LiveConsole::new(screen, display, inputs, feed, options, output).run(banner, terminal.as_deref()).await;
    if let Some(terminal) = terminal {
        terminal.restore();
    }
    served.map(|()| ExitCode::SUCCESS)
}

/// What is said at the beginning: the way out.
fn banner(id: &str, escape: Option<EscapeKey>, has_keys: bool) -> String {
    match escape {
        _ if !has_keys => format!("connected to {id}; Ctrl-C leaves"),
        Some(escape) => format!("connected to {id}; {escape} q leaves, {escape} ? lists more"),
        None => format!("connected to {id}; there is no escape key: close the terminal to leave"),
    }
}
