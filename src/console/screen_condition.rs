//! The condition that a screen is to meet, as flags and script lines give it.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgGroup, Args};

use crate::args::{path_arg, time_limit_arg};
use crate::command_error::CommandError;
use crate::console::picture_condition::{Goal, PictureCondition};
use crate::console::reading::pattern::Pattern;
use crate::console::reading::text_matcher::{TextCondition, TextGoal};
use crate::error_kind::ErrorKind;
use crate::picture::Rectangle;
use crate::text::duration;

/// The flags of a condition, for `wait` and for the lines of a script.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(group(ArgGroup::new("condition").required(true).args(["text", "no_text", "still", "change", "image"])))]
pub(crate) struct ConditionArgs {
    /// Wait until a row of text matches.
    ///
    /// REGEX is a regular expression (https://docs.rs/regex). It is matched against each row of a text console, without the
    /// spaces at its end, and against rows joined where the row before is full. The text that matches is printed.
    #[arg(long, value_name = "REGEX")]
    text: Option<Pattern>,
    /// Wait until no row of text matches.
    ///
    /// The screen must be text that can be read, or blank.
    #[arg(long, value_name = "REGEX")]
    no_text: Option<Pattern>,
    /// Fail at once if a row of text matches.
    ///
    /// The exit code is 5 then. It also counts if it is on the screen already. Repeat it for several patterns.
    #[arg(long, value_name = "REGEX", conflicts_with_all = ["still", "change", "image"])]
    fail_text: Vec<Pattern>,
    /// Wait until nothing has changed for this time.
    ///
    /// Use --area to leave out a part that always changes, such as a clock.
    #[arg(long, value_name = "DURATION", value_parser = time_limit_arg)]
    still: Option<Duration>,
    /// Wait until something changes.
    #[arg(long)]
    change: bool,
    /// Wait until the screen looks like this picture.
    ///
    /// A PNG or JPEG file of the same size as the screen.
    #[arg(long, value_name = "FILE", value_parser = path_arg())]
    image: Option<PathBuf>,
    /// Look at this part of the screen only.
    ///
    /// X and Y are the distances from the left and the top of the screen to the part, W and H its width and height: in
    /// character cells with --text and --no-text, otherwise in pixels.
    #[arg(long, value_name = "X,Y,W,H")]
    area: Option<Rectangle>,
    /// Ignore differences up to N of 255.
    ///
    /// Two pixels are equal if their red, green and blue differ by no more than N. A JPEG picture is never exact.
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with_all = ["text", "no_text"])]
    tolerance: u8,
}

/// What a screen is to meet.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    Picture(PictureCondition),
    Text(TextCondition),
}

impl ConditionArgs {
    /// Reads the picture of `--image`, and checks that the area fits into it.
    pub(crate) fn condition(self) -> Result<Condition, CommandError> {
        let Self { text, no_text, fail_text: failures, still, image, area, tolerance, .. } = self;
        if let Some(goal) = text.map(TextGoal::Shows).or(no_text.map(TextGoal::ShowsNot)) {
            return Ok(Condition::Text(TextCondition { goal, failures, area }));
        }
        let goal = match (still, image) {
            (Some(time), _) => Goal::Still(time),
            (None, Some(path)) => Goal::image(&path, area)?,
            (None, None) => Goal::Change,
        };
        Ok(Condition::Picture(PictureCondition { goal, area, tolerance }))
    }
}

impl Condition {
    /// Whether it is `--change`.
    pub(crate) fn is_change(&self) -> bool {
        matches!(self, Self::Picture(PictureCondition { goal: Goal::Change, .. }))
    }

    /// An error if the condition cannot be met within the time limit.
    pub(crate) fn check_timeout(&self, timeout: Duration) -> Result<(), CommandError> {
        match self {
            Self::Picture(PictureCondition { goal: Goal::Still(time), .. }) if *time >= timeout => {
                let (time, timeout) = (duration::format(*time), duration::format(timeout));
                let message = format!("--still {time} cannot be reached within the time limit of {timeout}");
                Err(CommandError::message(ErrorKind::Usage, message).hint("allow more time with --timeout"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    #[command(no_binary_name = true)]
    struct Line {
        #[command(flatten)]
        condition: ConditionArgs,
    }

    fn read_line(line: &str) -> Result<Condition, String> {
        let line = Line::try_parse_from(line.split(' ')).map_err(|error| error.to_string())?;
        line.condition.condition().map_err(|failure| format!("{:#}", failure.error))
    }

    fn picture(line: &str) -> PictureCondition {
        match read_line(line).unwrap() {
            Condition::Picture(condition) => condition,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_line_of_words_is_a_condition() {
        let still = picture("--still 3s --area 1,2,3,4");
        assert!(matches!(still.goal, Goal::Still(time) if time == Duration::from_secs(3)));
        assert_eq!((still.area, still.tolerance), (Some(Rectangle { x: 1, y: 2, width: 3, height: 4 }), 0));
        let change = picture("--change --tolerance 7");
        assert!(matches!(change.goal, Goal::Change) && change.tolerance == 7);
        for (bad, why) in [
            ("--tolerance 7", "--still"),
            ("--still 3s --change", "cannot be used with"),
            ("--still 0s", "too short"),
            ("--still 3x", "not a time"),
            ("--change --area 1,2,3", "is not an area"),
            ("--change --tolerance 256", "256"),
            ("--text a --no-text b", "cannot be used with"),
            ("--text a --tolerance 1", "cannot be used with"),
            ("--still 3s --fail-text a", "cannot be used with"),
            ("--fail-text a", "--text"),
            ("--text (a", "unclosed group"),
        ] {
            let error = read_line(bad).unwrap_err();
            assert!(error.contains(why), "{bad}: {error}");
        }
    }

    #[test]
    fn a_text_is_a_condition_too() {
        let Condition::Text(condition) = read_line("--text a+ --fail-text b --fail-text c --area 1,2,3,4").unwrap()
        else {
            panic!("no text");
        };
        assert!(matches!(condition.goal, TextGoal::Shows(pattern) if pattern.to_string() == "a+"));
        assert_eq!(condition.failures.iter().map(Pattern::to_string).collect::<Vec<_>>(), ["b", "c"]);
        assert_eq!(condition.area, Some(Rectangle { x: 1, y: 2, width: 3, height: 4 }));
        let condition = read_line("--no-text a").unwrap();
        assert!(matches!(&condition, Condition::Text(TextCondition { goal: TextGoal::ShowsNot(_), .. })));
        assert!(!condition.is_change() && read_line("--change").unwrap().is_change());
    }
}
