//! Parses a script: one command per line, with the arguments of the command of the same name. Pure, apart from reading
//! the pictures and texts in the files that a line names.

use std::path::PathBuf;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue};
use clap::{Args, Command, CommandFactory as _, Parser, Subcommand};

use crate::args::{MAX_TIME_LIMIT, time_in, time_limit_arg};
use crate::command_error::CommandError;
use crate::commands::cli::may_quote_arguments;
use crate::commands::wait::DEFAULT_SCREEN_TIMEOUT;
use crate::commands::{habits, key};
use crate::console::picture_file::{self, PictureTarget};
use crate::console::screen_condition::{Condition, ConditionArgs};
use crate::console::typing::{MORE_THAN_ONE_TEXT, TextSource, TypableText, TypingArgs};
use crate::error_kind::ErrorKind;
use crate::keyboard::KeyAction;
use crate::settings::DEFAULT_TIMEOUT;
use crate::system::environment::Environment;
use crate::terminal::output::{Color, Format, Output};

/// The longest script, in bytes.
pub(crate) const MAX_SCRIPT_LEN: usize = 256 << 10;

/// The longest script, in lines.
const MAX_LINES: usize = 10_000;

const VERBS_HINT: &str = "write one command per line: key, type, wait, screenshot, sleep or log";

/// What a line does.
#[derive(Debug)]
pub(crate) enum Step {
    Key {
        actions: Vec<KeyAction>,
        /// Whether to send keysyms even if the console takes scancodes.
        keysyms: bool,
    },
    Type(TypableText),
    Wait {
        condition: Condition,
        timeout: Duration,
        /// Where to save the screen if the time passes.
        save: Option<PathBuf>,
    },
    Screenshot(PictureTarget),
    Sleep(Duration),
    Log(String),
}

/// A line that does something.
#[derive(Debug)]
pub(crate) struct ScriptLine {
    /// Its number in the script, from 1.
    pub(crate) number: usize,
    pub(crate) step: Step,
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
    Wait(WaitLine),
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
}

#[derive(Args, Debug)]
struct WaitLine {
    #[command(flatten)]
    condition: ConditionArgs,
    #[arg(long, value_parser = time_limit_arg)]
    timeout: Option<Duration>,
    #[arg(long)]
    save: Option<PathBuf>,
}

/// Returns the number of steps of a script, or the error of the first line that cannot be parsed.
pub fn count_steps(script: &str) -> Result<usize, CommandError> {
    let env = Environment::default();
    let output = Output::new(Format::Text, Color::Never, true, 0, &env);
    parse(script, &env, output).map(|lines| lines.len())
}

/// Parses a whole script, or returns the error of the first line that cannot be parsed. Lines are split into words like
/// in a shell; empty lines and comments, which begin with `#`, are skipped.
pub(crate) fn parse(script: &str, env: &Environment, output: Output) -> Result<Vec<ScriptLine>, CommandError> {
    let usage = |message: String| CommandError::message(ErrorKind::Usage, message);
    if script.lines().count() > MAX_LINES {
        return Err(usage(format!("the script has more than {MAX_LINES} lines")));
    }
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(script.lines()) {
        let words = shlex::split(line).ok_or_else(|| usage(format!("line {number}: a quote is not closed")))?;
        if words.is_empty() {
            continue;
        }
        let is_type = words[0] == "type";
        let args = LineArgs::try_parse_from(words).map_err(|error| match is_type && may_quote_arguments(&error) {
            true => usage(format!("line {number}: {MORE_THAN_ONE_TEXT}")),
            false => unknown_line(number, &error),
        })?;
        let step = step(args.command, env, output).map_err(|error| with_line(number, error))?;
        lines.push(ScriptLine { number, step });
    }
    if lines.is_empty() {
        return Err(usage("the script is empty".to_owned()).hint(VERBS_HINT));
    }
    Ok(lines)
}

/// Adds the line number to an error.
pub(crate) fn with_line(number: usize, mut error: CommandError) -> CommandError {
    error.error = error.error.context(format!("line {number}"));
    error
}

fn step(command: LineCommand, env: &Environment, output: Output) -> Result<Step, CommandError> {
    Ok(match command {
        LineCommand::Key(KeyLine { chords, keysyms }) => Step::Key { actions: key::parse(&chords)?, keysyms },
        LineCommand::Type(TypeLine { source, .. }) if source.is_stdin() => {
            let message = "--stdin cannot be used in a script, because stdin may be the script";
            let hint = "use --env NAME or --file FILE for a secret text";
            return Err(CommandError::message(ErrorKind::Usage, message).hint(hint));
        }
        LineCommand::Type(TypeLine { source, typing }) => {
            Step::Type(TypableText::new(source.or_text(None)?.read(env, DEFAULT_TIMEOUT)?, &typing)?)
        }
        LineCommand::Wait(WaitLine { condition, timeout, save }) => {
            save.as_deref().map(picture_file::check_path).transpose()?;
            let (condition, timeout) = (condition.condition()?, timeout.unwrap_or(DEFAULT_SCREEN_TIMEOUT));
            condition.check_timeout(timeout)?;
            Step::Wait { condition, timeout, save }
        }
        LineCommand::Screenshot { file } => {
            file.check(1, false, output)?;
            Step::Screenshot(file)
        }
        LineCommand::Sleep { time } => Step::Sleep(time),
        LineCommand::Log { words } => Step::Log(words.join(" ")),
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Rectangle;
    use crate::terminal::output::{Color, Format};

    fn lines(script: &str) -> Result<Vec<ScriptLine>, String> {
        let env: Environment = [("PASSWORD", "secret")].into_iter().collect();
        let output = Output::new(Format::Text, Color::Never, true, 0, &env);
        parse(script, &env, output).map_err(|error| format!("{:#}", error.error))
    }

    #[test]
    fn each_command_is_parsed() {
        let script = "# a comment\n\nkey ctrl-alt-f1 wait:1s\ntype --env PASSWORD --enter --layout de\n\
                      type 'two words' # and a comment\nwait --still 2s --area 1,2,3,4 --timeout 9\nscreenshot a.png\n\
                      sleep 500ms\nlog --all is \"well  done\"\n";
        let lines = lines(script).unwrap();
        assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [3, 4, 5, 6, 7, 8, 9]);
        let steps: Vec<&Step> = lines.iter().map(|line| &line.step).collect();
        assert!(matches!(steps[0], Step::Key { actions, keysyms: false } if actions.len() == 2));
        assert!(matches!((steps[1], steps[2]), (Step::Type(_), Step::Type(_))));
        let area = Some(Rectangle { x: 1, y: 2, width: 3, height: 4 });
        let Step::Wait { condition, timeout, save } = steps[3] else { panic!("{:?}", steps[3]) };
        assert_eq!((condition.area, *timeout, save), (area, Duration::from_secs(9), &None));
        assert!(matches!(steps[4], Step::Screenshot(PictureTarget::File(_))));
        assert!(matches!(steps[5], Step::Sleep(time) if *time == Duration::from_millis(500)));
        assert!(matches!(steps[6], Step::Log(text) if text == "--all is well  done"));
    }

    #[test]
    fn an_error_names_its_line_and_quotes_no_secret() {
        for (script, parts) in [
            ("key a\nkey ctrl-alt-delet", &["line 2", "\"delet\""][..]),
            ("type 'a", &["line 1", "quote"]),
            ("\n\npress a", &["line 3", "unknown command 'press'"]),
            ("wait --still 3s --change", &["line 1", "cannot be used with"]),
            ("wait", &["line 1", "--still"]),
            ("type --layout us grün", &["line 1", "ü U+00FC (line 1, column 3)"]),
            ("type two words", &["line 1", "one TEXT"]),
            ("type --words", &["line 1", "one TEXT"]),
            ("type --stdin", &["line 1", "--stdin cannot be used in a script"]),
            ("type --env NONE", &["line 1", "NONE is not set"]),
            ("sleep 3d", &["line 1", "not a time"]),
            ("screenshot none/there/a.png", &["line 1", "the directory none/there does not exist"]),
            ("# nothing\n", &["the script is empty"]),
        ] {
            let error = lines(script).unwrap_err();
            assert!(parts.iter().all(|part| error.contains(part)), "{script}: {error}");
        }
        for script in ["type secret words", "type --secret", "type -secret", "type a --layout us secret"] {
            assert!(!lines(script).unwrap_err().contains("secret"), "{script}");
        }
        assert!(!format!("{:?}", lines("type --env PASSWORD").unwrap()).contains("secret"));
        assert!(lines(&"sleep 1s\n".repeat(MAX_LINES + 1)).unwrap_err().contains("10000"));
    }
}
