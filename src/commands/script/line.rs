//! Parses a line of a script: the arguments of the command of the same name.

use std::path::PathBuf;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue};
use clap::{Args, Command, CommandFactory as _, Parser, Subcommand};

use super::step::Step;
use super::text_step::TextStep;
use crate::args::{MAX_TIME_LIMIT, path_arg, time_in, time_limit_arg};
use crate::command_error::CommandError;
use crate::commands::cli::may_quote_arguments;
use crate::commands::habits;
use crate::console::args::DEFAULT_SCREEN_TIMEOUT;
use crate::console::chords::parse_chords;
use crate::console::guarded_typing::{GuardArgs, GuardedText};
use crate::console::guest_login::LoginSource;
use crate::console::picture_file::{self, PictureTarget};
use crate::console::pointing::{ClickArgs, DragArgs, MoveArgs, Pointing, ScrollArgs};
use crate::console::screen_condition::ConditionArgs;
use crate::console::text_source::{MORE_THAN_ONE_TEXT, TextSource};
use crate::console::typing::{TypableText, TypingArgs};
use crate::error_kind::ErrorKind;
use crate::settings::DEFAULT_TIMEOUT;
use crate::system::command_line;
use crate::system::environment::Environment;
use crate::system::platform::System;
use crate::terminal::output::Output;
use crate::text::sanitize::sanitize;

pub(super) const VERBS_HINT: &str =
    "write one command per line: key, type, login, click, move, drag, scroll, wait, text, screenshot, sleep or log";

/// Where a script is parsed.
#[derive(Clone, Copy)]
pub(crate) struct ParseContext<'a> {
    pub(crate) env: &'a Environment,
    pub(crate) output: Output,
    /// Whether the script is checked only, perhaps on a machine that does not have its secrets.
    pub(crate) is_check: bool,
}

#[derive(Debug, Parser)]
#[command(no_binary_name = true, disable_help_flag = true, disable_help_subcommand = true, disable_version_flag = true)]
struct LineArgs {
    #[command(subcommand)]
    command: LineCommand,
}

#[derive(Debug, Subcommand)]
enum LineCommand {
    Key(KeyLine),
    Type(TypeLine),
    Login(LoginLine),
    Click(ClickLine),
    Move(MoveArgs),
    Drag(DragArgs),
    Scroll(ScrollArgs),
    Wait(WaitLine),
    Text(TextStep),
    Screenshot {
        #[arg(value_parser = PictureTarget::parse, default_value = picture_file::DEFAULT_NAME)]
        file: PictureTarget,
    },
    Sleep {
        #[arg(value_parser = time_in(Duration::ZERO..=MAX_TIME_LIMIT))]
        time: Duration,
    },
    Log {
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<String>,
    },
}

#[derive(Args, Debug)]
struct KeyLine {
    #[arg(required = true)]
    chords: Vec<String>,
    #[arg(long)]
    keysyms: bool,
}

#[derive(Args, Debug)]
struct TypeLine {
    #[command(flatten)]
    source: TextSource,
    #[command(flatten)]
    typing: TypingArgs,
    #[command(flatten)]
    guard: GuardArgs,
    #[arg(long, value_parser = time_limit_arg)]
    timeout: Option<Duration>,
}

#[derive(Args, Debug)]
struct LoginLine {
    #[command(flatten)]
    source: LoginSource,
    #[arg(long, value_parser = time_limit_arg)]
    timeout: Option<Duration>,
}

#[derive(Args, Debug)]
struct ClickLine {
    #[command(flatten)]
    click: ClickArgs,
    #[arg(long, value_parser = time_limit_arg)]
    timeout: Option<Duration>,
}

#[derive(Args, Debug)]
struct WaitLine {
    #[command(flatten)]
    condition: ConditionArgs,
    #[arg(long, value_parser = time_limit_arg)]
    timeout: Option<Duration>,
    #[arg(long, value_parser = path_arg())]
    save: Option<PathBuf>,
}

/// Parses a line, which is split into words like in a shell; `None` if there are none.
pub(super) fn parse_line(number: usize, line: &str, context: &ParseContext<'_>) -> Result<Option<Step>, CommandError> {
    let usage = |message: String| CommandError::message(ErrorKind::Usage, message);
    let words = command_line::split(line, System::THIS)
        .ok_or_else(|| usage(format!("line {number}: a quote is not closed")))?;
    if words.is_empty() {
        return Ok(None);
    }
    let is_type = words[0] == "type";
    let args = LineArgs::try_parse_from(words).map_err(|error| match is_type && may_quote_arguments(&error) {
        true => usage(format!("line {number}: {MORE_THAN_ONE_TEXT}")),
        false => unknown_line(number, &error),
    })?;
    let missing = args.command.variable().filter(|name| context.is_check && context.env.get_verbatim(name).is_none());
    let placeholder = missing.map(|name| {
        let shown = sanitize(name, 80);
        context.output.warning(&format!("line {number}: the environment variable {shown} is not set"));
        [(name, "x")].into_iter().collect::<Environment>()
    });
    let context = ParseContext { env: placeholder.as_ref().unwrap_or(context.env), ..*context };
    step(args.command, &context).map(Some).map_err(|error| with_line(number, error))
}

impl LineCommand {
    /// The environment variable that a secret is in.
    fn variable(&self) -> Option<&str> {
        match self {
            Self::Type(line) => line.source.variable(),
            Self::Login(line) => line.source.variable(),
            _ => None,
        }
    }
}

/// Adds the line number to an error.
pub(crate) fn with_line(number: usize, mut error: CommandError) -> CommandError {
    error.error = error.error.context(format!("line {number}"));
    error
}

fn step(command: LineCommand, context: &ParseContext<'_>) -> Result<Step, CommandError> {
    let ParseContext { env, output, .. } = *context;
    Ok(match command {
        LineCommand::Key(KeyLine { chords, keysyms }) => Step::Key { actions: parse_chords(&chords)?, keysyms },
        LineCommand::Type(TypeLine { source, .. }) if source.is_stdin() => return Err(no_stdin()),
        LineCommand::Login(LoginLine { source, .. }) if source.is_stdin() => return Err(no_stdin()),
        LineCommand::Login(LoginLine { source, timeout }) => {
            Step::Login { login: source.read(env)?, timeout: timeout.unwrap_or(DEFAULT_SCREEN_TIMEOUT) }
        }
        LineCommand::Click(ClickLine { click, timeout }) => point("click", click.pointing(None)?, timeout),
        LineCommand::Move(line) => point("move", line.pointing(None)?, None),
        LineCommand::Drag(line) => point("drag", line.pointing(None)?, None),
        LineCommand::Scroll(line) => point("scroll", line.pointing(None)?, None),
        LineCommand::Text(text) => {
            text.check()?;
            Step::Text(text)
        }
        LineCommand::Type(TypeLine { source, typing, guard, timeout }) => {
            let source = source.or_text(None)?;
            let text = TypableText::new(source.read(env, DEFAULT_TIMEOUT)?, source.is_secret(), &typing)?;
            Step::Type { text: GuardedText::new(text, guard)?, timeout: timeout.unwrap_or(DEFAULT_SCREEN_TIMEOUT) }
        }
        LineCommand::Wait(WaitLine { condition, timeout, save }) => {
            save.as_deref().map(picture_file::check_path).transpose()?;
            let (condition, timeout) = (condition.condition()?, timeout.unwrap_or(DEFAULT_SCREEN_TIMEOUT));
            condition.check_timeout(timeout)?;
            Step::Wait { condition, timeout, save }
        }
        LineCommand::Screenshot { file } => {
            file.check(None, false, output)?;
            Step::Screenshot(file)
        }
        LineCommand::Sleep { time } => Step::Sleep(time),
        LineCommand::Log { words } => Step::Log(words.join(" ")),
    })
}

fn point(command: &'static str, pointing: Pointing, timeout: Option<Duration>) -> Step {
    Step::Point { pointing, command, timeout: timeout.unwrap_or(DEFAULT_SCREEN_TIMEOUT) }
}

fn no_stdin() -> CommandError {
    let message = "--stdin cannot be used in a script, because stdin may be the script";
    let hint = "use --env NAME for a secret, or --file FILE for another text";
    CommandError::message(ErrorKind::Usage, message).hint(hint)
}

/// The error of a line that clap does not understand, with the verb that may have been meant.
fn unknown_line(number: usize, error: &clap::Error) -> CommandError {
    let fault = CommandError::message(ErrorKind::Usage, format!("line {number}: {}", one_line(error)));
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return fault };
    let verbs = LineArgs::command();
    match habits::script_verb(word, verbs.get_subcommands().map(Command::get_name)) {
        Some(verb) => fault.hint(format!("did you mean {verb}?")),
        None => fault.hint(VERBS_HINT),
    }
}

/// Returns clap's message in one line, without its label and usage.
fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let text = text.replace("unrecognized subcommand", "unknown command");
    text.split("\n\n").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}
