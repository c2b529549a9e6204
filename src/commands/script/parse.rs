//! Parses a script: one command per line, with the arguments of the command of the same name. Pure, apart from reading
//! the pictures and texts in the files that a line names.

use std::path::PathBuf;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue};
use clap::{Args, Command, CommandFactory as _, Parser, Subcommand};

use crate::args::{MAX_TIME_LIMIT, path_arg, time_in, time_limit_arg};
use crate::command_error::CommandError;
use crate::commands::cli::may_quote_arguments;
use crate::commands::{habits, key};
use crate::console::args::DEFAULT_SCREEN_TIMEOUT;
use crate::console::guarded_typing::{GuardArgs, GuardedText};
use crate::console::picture_file::{self, PictureTarget};
use crate::console::screen_condition::{Condition, ConditionArgs};
use crate::console::text_source::{MORE_THAN_ONE_TEXT, TextSource};
use crate::console::typing::{TypableText, TypingArgs};
use crate::error_kind::ErrorKind;
use crate::keyboard::KeyAction;
use crate::settings::DEFAULT_TIMEOUT;
use crate::system::environment::Environment;
use crate::terminal::output::{Color, Format, Output};

/// The longest script, in bytes.
pub(crate) const MAX_SCRIPT_LEN: usize = 256 << 10;

/// The longest script, in lines.
const MAX_LINES: usize = 10_000;

/// The most faulty lines that are reported.
const MAX_FAULTS: usize = 10;

const VERBS_HINT: &str = "write one command per line: key, type, wait, screenshot, sleep or log";

/// What a line does.
#[derive(Debug)]
pub(crate) enum Step {
    Key {
        actions: Vec<KeyAction>,
        /// Whether to send keysyms even if the console takes scancodes.
        keysyms: bool,
    },
    Type {
        text: GuardedText,
        /// How long its prompt may take to come.
        timeout: Duration,
    },
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
    #[command(flatten)]
    guard: GuardArgs,
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

/// The lines of a script that cannot be parsed.
#[derive(Debug)]
pub(crate) struct ScriptFaults {
    /// The errors of the first of them, at least one and at most [`MAX_FAULTS`].
    errors: Vec<CommandError>,
    /// The last line that was checked, if lines after it were not.
    checked_up_to: Option<usize>,
}

impl ScriptFaults {
    fn of_script(error: CommandError) -> Self {
        Self { errors: vec![error], checked_up_to: None }
    }

    /// Adds the error of a line. A hint that several errors would repeat is left to the last.
    fn add(&mut self, error: CommandError) {
        if let Some(before) = self.errors.last_mut().filter(|before| before.hint == error.hint) {
            before.hint = None;
        }
        self.errors.push(error);
    }

    /// Reports all errors but the last, and returns that for the end of the command.
    pub(crate) fn report(mut self, output: Output) -> CommandError {
        if let Some(line) = self.checked_up_to {
            output.note(&format!("the lines after line {line} were not checked"));
        }
        let last = self.errors.pop();
        self.errors.iter().for_each(|error| output.failure(error));
        last.unwrap_or_else(|| CommandError::message(ErrorKind::Usage, "the script is faulty"))
    }
}

/// Returns the number of steps of a script, or the error of the first line that cannot be parsed.
pub fn count_steps(script: &str) -> Result<usize, CommandError> {
    let env = Environment::default();
    let output = Output::new(Format::Text, Color::Never, true, 0, &env);
    parse(script, &env, output).map(|lines| lines.len()).map_err(|mut faults| faults.errors.swap_remove(0))
}

/// Parses a whole script, or returns the errors of the lines that cannot be parsed. Empty lines and comments, which begin
/// with `#`, are skipped.
pub(crate) fn parse(script: &str, env: &Environment, output: Output) -> Result<Vec<ScriptLine>, ScriptFaults> {
    let usage = |message: String| CommandError::message(ErrorKind::Usage, message);
    let count = script.lines().count();
    if count > MAX_LINES {
        return Err(ScriptFaults::of_script(usage(format!("the script has more than {MAX_LINES} lines"))));
    }
    let (mut lines, mut faults) = (Vec::new(), ScriptFaults { errors: Vec::new(), checked_up_to: None });
    for (number, line) in (1..).zip(script.lines()) {
        match parse_line(number, line, env, output) {
            Ok(step) => lines.extend(step.map(|step| ScriptLine { number, step })),
            Err(error) => faults.add(error),
        }
        if faults.errors.len() == MAX_FAULTS {
            faults.checked_up_to = Some(number).filter(|number| *number < count);
            break;
        }
    }
    match (lines.is_empty(), faults.errors.is_empty()) {
        (_, false) => Err(faults),
        (true, true) => Err(ScriptFaults::of_script(usage("the script is empty".to_owned()).hint(VERBS_HINT))),
        (false, true) => Ok(lines),
    }
}

/// Parses a line, which is split into words like in a shell; `None` if there are none.
fn parse_line(number: usize, line: &str, env: &Environment, output: Output) -> Result<Option<Step>, CommandError> {
    let usage = |message: String| CommandError::message(ErrorKind::Usage, message);
    let words = shlex::split(line).ok_or_else(|| usage(format!("line {number}: a quote is not closed")))?;
    if words.is_empty() {
        return Ok(None);
    }
    let is_type = words[0] == "type";
    let args = LineArgs::try_parse_from(words).map_err(|error| match is_type && may_quote_arguments(&error) {
        true => usage(format!("line {number}: {MORE_THAN_ONE_TEXT}")),
        false => unknown_line(number, &error),
    })?;
    step(args.command, env, output).map(Some).map_err(|error| with_line(number, error))
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
        parse(script, &env, output).map_err(|faults| format!("{:#}", faults.errors[0].error))
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
        assert!(matches!((steps[1], steps[2]), (Step::Type { .. }, Step::Type { .. })));
        let area = Some(Rectangle { x: 1, y: 2, width: 3, height: 4 });
        let Step::Wait { condition: Condition::Picture(condition), timeout, save } = steps[3] else {
            panic!("{:?}", steps[3])
        };
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
