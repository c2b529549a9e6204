//! Parses a script: one command per line. Pure, apart from reading the pictures and texts in the files that a line names.

use super::line::{ParseContext, VERBS_HINT, parse_line};
use super::step::ScriptLine;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::system::environment::Environment;
use crate::terminal::output::{Color, Format, Output};

/// The longest script, in bytes.
pub(crate) const MAX_SCRIPT_LEN: usize = 256 << 10;

/// The longest script, in lines.
const MAX_LINES: usize = 10_000;

/// The most faulty lines that are reported.
const MAX_FAULTS: usize = 10;

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
    let context = ParseContext { env: &env, output, is_check: false };
    parse(script, &context).map(|lines| lines.len()).map_err(|mut faults| faults.errors.swap_remove(0))
}

/// Parses a whole script, or returns the errors of the lines that cannot be parsed. Empty lines and comments, which begin
/// with `#`, are skipped.
pub(crate) fn parse(script: &str, context: &ParseContext<'_>) -> Result<Vec<ScriptLine>, ScriptFaults> {
    let usage = |message: String| CommandError::message(ErrorKind::Usage, message);
    let count = script.lines().count();
    if count > MAX_LINES {
        return Err(ScriptFaults::of_script(usage(format!("the script has more than {MAX_LINES} lines"))));
    }
    let (mut lines, mut faults) = (Vec::new(), ScriptFaults { errors: Vec::new(), checked_up_to: None });
    for (number, line) in (1..).zip(script.lines()) {
        match parse_line(number, line, context) {
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::commands::script::step::Step;
    use crate::console::picture_file::PictureTarget;
    use crate::console::screen_condition::Condition;
    use crate::picture::Rectangle;

    fn lines(script: &str) -> Result<Vec<ScriptLine>, String> {
        let env: Environment = [("PASSWORD", "hunter-22")].into_iter().collect();
        let output = Output::new(Format::Text, Color::Never, true, 0, &env);
        parse(script, &ParseContext { env: &env, output, is_check: false })
            .map_err(|faults| format!("{:#}", faults.errors[0].error))
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
        assert!(!format!("{:?}", lines("type --env PASSWORD").unwrap()).contains("hunter"));
        assert!(lines(&"sleep 1s\n".repeat(MAX_LINES + 1)).unwrap_err().contains("10000"));
    }
}
