//! The lines of a script, as they are written: one verb a line, in the words of the commands. Pure, but for the pictures
//! and texts in files that a line names.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::args::{MAX_TIME_LIMIT, time_in, time_limit_arg};
use crate::command_error::CommandError;
use crate::commands::cli::may_quote_arguments;
use crate::commands::key;
use crate::commands::wait::USUAL;
use crate::console::picture_file::{self, Name};
use crate::console::screen_condition::{Condition, ConditionArgs};
use crate::console::typing::{How, MORE_THAN_ONE_TEXT, Source, Text};
use crate::error_kind::ErrorKind;
use crate::keyboard::KeyAction;
use crate::system::environment::Environment;
use crate::terminal::output::Output;

/// The longest script, in bytes, and in lines.
pub(crate) const LONGEST: usize = 256 << 10;
const MOST_LINES: usize = 10_000;

/// What a line does.
#[derive(Debug)]
pub(crate) enum Step {
    /// Presses keys.
    Key(Vec<KeyAction>, bool),
    /// Types.
    Type(Text),
    /// Waits on the screen, for so long at the most; what is seen in the end goes to a file, if it was in vain.
    Wait(Condition, Duration, Option<PathBuf>),
    /// Takes a picture.
    Screenshot(Name),
    /// Waits.
    Sleep(Duration),
    /// Says something.
    Log(String),
}

/// A line, and its number in the script, from 1.
#[derive(Debug)]
pub(crate) struct Line {
    /// For messages.
    pub(crate) number: usize,
    /// What it does.
    pub(crate) step: Step,
}

#[derive(Debug, Parser)]
#[command(no_binary_name = true, disable_help_flag = true, disable_help_subcommand = true, disable_version_flag = true)]
struct Words {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Key(KeyWords),
    Type(TypeWords),
    Wait(WaitWords),
    Screenshot {
        #[arg(value_parser = Name::parse, default_value = picture_file::DEFAULT)]
        file: Name,
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
struct KeyWords {
    #[arg(required = true)]
    chords: Vec<String>,
    #[arg(long)]
    keysyms: bool,
}

#[derive(Args, Debug)]
struct TypeWords {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    how: How,
}

#[derive(Args, Debug)]
struct WaitWords {
    #[command(flatten)]
    condition: ConditionArgs,
    #[arg(long, value_parser = time_limit_arg)]
    timeout: Option<Duration>,
    #[arg(long)]
    save: Option<PathBuf>,
}

/// Reads a whole script, or says what is wrong with the first line that is none. Lines are split into words as a shell
/// does it; empty ones, and what follows a `#`, are passed over.
pub(crate) fn read(script: &str, env: &Environment, output: Output) -> Result<Vec<Line>, CommandError> {
    let usage = |message: String| CommandError::message(ErrorKind::Usage, message);
    if script.lines().count() > MOST_LINES {
        return Err(usage(format!("the script has more than {MOST_LINES} lines")));
    }
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(script.lines()) {
        let words = shlex::split(line).ok_or_else(|| usage(format!("line {number}: a quote is not closed")))?;
        if words.is_empty() {
            continue;
        }
        let is_text = words[0] == "type";
        let words = Words::try_parse_from(words).map_err(|error| match is_text && may_quote_arguments(&error) {
            true => usage(format!("line {number}: {MORE_THAN_ONE_TEXT}")),
            false => usage(format!("line {number}: {}", told(&error))),
        })?;
        let step = step(words.verb, env, output).map_err(|failure| at(number, failure))?;
        lines.push(Line { number, step });
    }
    if lines.is_empty() {
        return Err(usage("the script has no line that does anything".to_owned())
            .hint("verbs are key, type, wait, screenshot, sleep and log, one a line"));
    }
    Ok(lines)
}

/// The failure, and whose it is.
pub(crate) fn at(number: usize, mut failure: CommandError) -> CommandError {
    // The error stays the cause, so that nothing of it is lost.
    failure.error = failure.error.context(format!("line {number}"));
    failure
}

fn step(verb: Verb, env: &Environment, output: Output) -> Result<Step, CommandError> {
    Ok(match verb {
        Verb::Key(KeyWords { chords, keysyms }) => Step::Key(key::parse(&chords)?, keysyms),
        Verb::Type(TypeWords { source, .. }) if source.is_stdin() => {
            let message = "a script types no stdin, which may be the script";
            return Err(
                CommandError::message(ErrorKind::Usage, message).hint("--env NAME or --file FILE has a secret text")
            );
        }
        Verb::Type(TypeWords { source, how }) => Step::Type(Text::new(source.or_text(None)?.read(env)?, &how)?),
        Verb::Wait(WaitWords { condition, timeout, save }) => {
            save.as_deref().map(picture_file::check_dir).transpose()?;
            Step::Wait(condition.condition()?, timeout.unwrap_or(USUAL), save)
        }
        Verb::Screenshot { file } => {
            file.check(1, false, output)?;
            Step::Screenshot(file)
        }
        Verb::Sleep { time } => Step::Sleep(time),
        Verb::Log { words } => Step::Log(words.join(" ")),
    })
}

/// What clap says, without its own heads and tails.
fn told(error: &clap::Error) -> String {
    let text = error.to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let text = text.replace("unrecognized subcommand", "there is no verb");
    text.split("\n\n").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Rectangle;
    use crate::terminal::output::{Color, Format};

    fn lines(script: &str) -> Result<Vec<Line>, String> {
        let env: Environment = [("PASSWORD", "secret")].into_iter().collect();
        let output = Output::new(Format::Text, Color::Never, true, 0, &env);
        read(script, &env, output).map_err(|failure| format!("{:#}", failure.error))
    }

    #[test]
    fn each_verb_has_its_line() {
        let script = "# a comment\n\nkey ctrl-alt-f1 wait:1s\ntype --env PASSWORD --enter --layout de\n\
                      type 'two words' # and a comment\nwait --still 2s --area 1,2,3,4 --timeout 9\nscreenshot a.png\n\
                      sleep 500ms\nlog --all is \"well  done\"\n";
        let lines = lines(script).unwrap();
        assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [3, 4, 5, 6, 7, 8, 9]);
        let steps: Vec<&Step> = lines.iter().map(|line| &line.step).collect();
        assert!(matches!(steps[0], Step::Key(chords, false) if chords.len() == 2));
        assert!(matches!((steps[1], steps[2]), (Step::Type(_), Step::Type(_))));
        let area = Some(Rectangle { x: 1, y: 2, width: 3, height: 4 });
        let nine = Duration::from_secs(9);
        assert!(matches!(steps[3], Step::Wait(condition, time, None) if condition.area == area && *time == nine));
        assert!(matches!(steps[4], Step::Screenshot(Name::File(_))));
        assert!(matches!(steps[5], Step::Sleep(time) if *time == Duration::from_millis(500)));
        assert!(matches!(steps[6], Step::Log(text) if text == "--all is well  done"));
    }

    #[test]
    fn the_line_at_fault_is_named_and_nothing_secret_is_told() {
        for (script, parts) in [
            ("key a\nkey ctrl-alt-delet", &["line 2", "\"delet\""][..]),
            ("type 'a", &["line 1", "quote"]),
            ("\n\npress a", &["line 3", "there is no verb 'press'"]),
            ("wait --still 3s --change", &["line 1", "cannot be used with"]),
            ("wait", &["line 1", "--still"]),
            ("type --layout us grün", &["line 1", "ü U+00FC (line 1, column 3)"]),
            ("type two words", &["line 1", "one TEXT"]),
            ("type --words", &["line 1", "one TEXT"]),
            ("type --stdin", &["line 1", "no stdin"]),
            ("type --env NONE", &["line 1", "NONE is not set"]),
            ("sleep 3d", &["line 1", "not a time"]),
            ("screenshot none/there/a.png", &["line 1", "no directory none/there"]),
            ("# nothing\n", &["no line that does anything"]),
        ] {
            let error = lines(script).unwrap_err();
            assert!(parts.iter().all(|part| error.contains(part)), "{script}: {error}");
        }
        for script in ["type secret words", "type --secret", "type -secret", "type a --layout us secret"] {
            assert!(!lines(script).unwrap_err().contains("secret"), "{script}");
        }
        assert!(!format!("{:?}", lines("type --env PASSWORD").unwrap()).contains("secret"));
        assert!(lines(&"sleep 1s\n".repeat(MOST_LINES + 1)).unwrap_err().contains("10000"));
    }
}
