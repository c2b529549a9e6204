//! The condition that a screen is to meet, as flags and script lines give it.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{ArgGroup, Args};

use crate::args::{path_arg, time_limit_arg};
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::picture::{Picture, Rectangle};
use crate::text::duration;

/// The longest picture file, in bytes: a screen of 2560 x 2048 has 15 MiB of pixels.
const MAX_PICTURE_FILE_LEN: u64 = 32 << 20;

/// The flags of a condition, for `wait` and for the lines of a script.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(group(ArgGroup::new("condition").required(true).args(["still", "change", "image"])))]
pub(crate) struct ConditionArgs {
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
    /// X and Y are the distances from the left and the top of the screen to the part, W and H its width and height, all
    /// in pixels.
    #[arg(long, value_name = "X,Y,W,H")]
    pub(crate) area: Option<Rectangle>,
    /// Ignore differences up to N of 255.
    ///
    /// Two pixels are equal if their red, green and blue differ by no more than N. A JPEG picture is never exact.
    #[arg(long, value_name = "N", default_value_t = 0)]
    tolerance: u8,
}

/// What a screen is to meet.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) goal: Goal,
    /// The part that is compared; `None` is the whole screen.
    pub(crate) area: Option<Rectangle>,
    /// By how much red, green and blue of equal pixels may differ, 0 to 255.
    pub(crate) tolerance: u8,
}

#[derive(Clone, Debug)]
pub(crate) enum Goal {
    /// Nothing changes for this time.
    Still(Duration),
    Change,
    /// The screen looks like this picture; the name is for messages.
    Image(Picture, String),
}

impl ConditionArgs {
    /// Reads the picture of `--image`, and checks that the area fits into it.
    pub(crate) fn condition(&self) -> Result<Condition, CommandError> {
        let Self { still, image, area, tolerance, .. } = self;
        let goal = match (still, image) {
            (Some(time), _) => Goal::Still(*time),
            (None, Some(path)) => Goal::Image(read(path)?, path.display().to_string()),
            (None, None) => Goal::Change,
        };
        if let (Goal::Image(picture, name), Some(area)) = (&goal, area)
            && !area.fits(picture.width(), picture.height())
        {
            let (width, height) = (picture.width(), picture.height());
            let message = format!("the area {area} is not inside {name}, which has {width}x{height} pixels");
            let hint = "the picture is one of the whole screen; the area is the part of it that counts";
            return Err(CommandError::message(ErrorKind::Usage, message).hint(hint));
        }
        Ok(Condition { goal, area: *area, tolerance: *tolerance })
    }
}

impl Condition {
    /// An error if the condition cannot be met within the time limit.
    pub(crate) fn check_timeout(&self, timeout: Duration) -> Result<(), CommandError> {
        match self.goal {
            Goal::Still(time) if time >= timeout => {
                let (time, timeout) = (duration::format(time), duration::format(timeout));
                let message = format!("--still {time} cannot be reached within the time limit of {timeout}");
                Err(CommandError::message(ErrorKind::Usage, message).hint("allow more time with --timeout"))
            }
            _ => Ok(()),
        }
    }
}

/// Reads a picture from a regular file.
fn read(path: &Path) -> Result<Picture, CommandError> {
    let about = format!("cannot read {}", path.display());
    let unread = |error: anyhow::Error| CommandError::new(ErrorKind::Usage, error.context(about.clone()));
    // Before it is opened: opening a FIFO would block.
    if !std::fs::metadata(path).map_err(|error| unread(error.into()))?.is_file() {
        return Err(unread(anyhow::Error::msg("not a regular file")));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| unread(error.into()))?;
    file.take(MAX_PICTURE_FILE_LEN + 1).read_to_end(&mut bytes).map_err(|error| unread(error.into()))?;
    if bytes.len() as u64 > MAX_PICTURE_FILE_LEN {
        return Err(unread(anyhow::Error::msg(format!("it is longer than {} MiB", MAX_PICTURE_FILE_LEN >> 20))));
    }
    Picture::decode(&bytes).map_err(|error| unread(error.into()))
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

    #[test]
    fn a_line_of_words_is_a_condition() {
        let still = read_line("--still 3s --area 1,2,3,4").unwrap();
        assert!(matches!(still.goal, Goal::Still(time) if time == Duration::from_secs(3)));
        assert_eq!((still.area, still.tolerance), (Some(Rectangle { x: 1, y: 2, width: 3, height: 4 }), 0));
        let change = read_line("--change --tolerance 7").unwrap();
        assert!(matches!(change.goal, Goal::Change) && change.tolerance == 7);
        for (bad, why) in [
            ("--tolerance 7", "--still"),
            ("--still 3s --change", "cannot be used with"),
            ("--still 0s", "too short"),
            ("--still 3x", "not a time"),
            ("--change --area 1,2,3", "is not an area"),
            ("--change --tolerance 256", "256"),
        ] {
            let error = read_line(bad).unwrap_err();
            assert!(error.contains(why), "{bad}: {error}");
        }
    }

    #[test]
    fn a_picture_is_read_from_a_regular_file_of_a_bounded_size() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name).display().to_string();
        let picture = Picture::new(4, 2, vec![9; 24]).unwrap();
        std::fs::write(path("a.png"), picture.to_png().unwrap()).unwrap();
        let condition = read_line(&format!("--image {}", path("a.png"))).unwrap();
        assert!(matches!(condition.goal, Goal::Image(read, _) if read == picture));
        let outside = read_line(&format!("--image {} --area 1,0,4,2", path("a.png"))).unwrap_err();
        assert!(outside.contains("1,0,4,2 is not inside") && outside.contains("4x2"), "{outside}");

        std::fs::write(path("a.txt"), "words").unwrap();
        File::create(path("huge.png")).unwrap().set_len(MAX_PICTURE_FILE_LEN + 1).unwrap();
        for (name, why) in [
            ("a.txt", "looks like text"),
            ("huge.png", "longer than 32 MiB"),
            ("none.png", "cannot read"),
            (".", "not a regular file"),
        ] {
            let error = read_line(&format!("--image {}", path(name))).unwrap_err();
            assert!(error.contains(why), "{name}: {error}");
        }
    }
}
