//! `ecs-vnc text`: the text on the screens of instances, read from their pixels.

mod lesson;
mod printer;

use std::path::PathBuf;

use clap::{Args, value_parser};

use self::lesson::TextFile;
use self::printer::{Printed, Source, TextPrinter};
use crate::args::path_arg;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::console::args::ScreenArgs;
use crate::console::picture_source::by_file::read_picture;
use crate::console::picture_source::{PictureArgs, Shot, for_each_picture};
use crate::console::screen_reader::ScreenReader;
use crate::console::screen_rows::RowSelection;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::selection_args::SelectionArgs;
use crate::instances::{Purpose, Selection};
use crate::picture::Rectangle;
use crate::settings::Context;
use crate::system::clock::iso_8601;

const EXAMPLES: &[Example] = &[
    ("Print the text on the screen of web-01", "ecs-vnc text web-01"),
    (
        "Print the last 5 rows that hold text, in the colors of the screen",
        "ecs-vnc text web-01 --lines 5 --color always",
    ),
    ("Find the instances that wait at a login prompt", "ecs-vnc text 'web-0?' --lines 1 | grep login:"),
    ("Read the text of a screenshot", "ecs-vnc text --image login.png"),
];

/// Print the text on the screen of the console.
///
/// A text console draws each character with a fixed bitmap. ecs-vnc knows the bitmaps of the usual console fonts, and so reads
/// the text from a screenshot exactly; nothing is guessed. A bitmap that no font has is printed as U+FFFD. If the screenshot was
/// compressed or scaled, the nearest bitmaps are taken, and a note says so.
///
/// The screenshot comes from the API if it has one, which does not disturb anyone on the console; see `ecs-vnc screenshot`.
/// Empty rows at the end are left out.
///
/// If there is no text that can be read, because the screen shows a picture or its font is not known, the exit code is 41.
#[derive(Args, Debug)]
#[command(
    after_help = examples(EXAMPLES),
    override_usage = "ecs-vnc text [OPTIONS] <INSTANCE|--tag|--all>...\n       ecs-vnc text [OPTIONS] --image <FILE>",
)]
pub(crate) struct TextArgs {
    #[command(flatten)]
    which: SelectionArgs,
    /// Read a screenshot from this file instead.
    ///
    /// A PNG or JPG file in the size of the screen; - is stdin. No account is needed. Repeat it for several files.
    #[arg(
        long,
        value_name = "FILE",
        value_parser = path_arg(),
        conflicts_with_all = ["positional", "instances", "all", "tags", "statuses", "all_regions", "skip_done", "via", "wake", "wait", "password_stdin"]
    )]
    image: Vec<PathBuf>,
    #[command(flatten)]
    picture: PictureArgs,
    /// Print this part of the screen only.
    ///
    /// X and Y are the distances from the left and the top of the screen to the part, W and H its width and height, all
    /// in character cells.
    #[arg(long, value_name = "X,Y,W,H")]
    area: Option<Rectangle>,
    /// Print only the last N rows that hold text.
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..))]
    lines: Option<u32>,
    /// Read the text with this font first.
    ///
    /// A console font: PSF, BDF, PF2 (GRUB's), or the bitmaps of 256 characters 8 pixels wide; also compressed with gzip.
    /// Needed only if the font is not built in. Repeat it for several fonts.
    #[arg(long, value_name = "FILE", value_parser = path_arg())]
    font: Vec<PathBuf>,
    /// Learn unknown characters from this text.
    ///
    /// The file has text that stands on the screen now: its first line is the first row of the screen, or of --area, and so
    /// on. An empty line leaves its row out. Bitmaps that no font has are then known to be these characters, here and in
    /// later commands.
    #[arg(long, value_name = "FILE", value_parser = path_arg())]
    learn: Option<PathBuf>,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// Runs the verb.
pub(crate) async fn run(args: TextArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let last = args.lines.map(|lines| usize::try_from(lines).unwrap_or(usize::MAX));
    let selection = RowSelection { area: args.area, last };
    let is_left_out = args.which.is_empty();
    let instances = match args.image.is_empty() || !is_left_out {
        true => {
            let selected = args.which.running(args.screen.wait.is_set(), Purpose::Look, context);
            Some(selected.map_err(|error| if is_left_out { or_image(error) } else { error })?)
        }
        false => None,
    };
    let is_several = instances.as_ref().is_some_and(Selection::may_be_several);
    if args.learn.is_some() && (is_several || args.image.len() > 1) {
        let error = CommandError::message(ErrorKind::Usage, "--learn takes one screen");
        return Err(error.hint("run the command once for each screen, with the text of each"));
    }
    let known = args.learn.map(|file| TextFile::read(&file, context.flags.file_limit())).transpose()?;
    let reader = ScreenReader::with_files(&args.font, context)?;
    let printer = TextPrinter { reader, selection, known, context };
    let Some(instances) = instances else {
        return read_files(&args.image, &printer, context);
    };
    let read = |shot: Shot, _| {
        let (id, region, time) = (&shot.instance.id, &shot.instance.region, iso_8601(shot.time.utc));
        let source = Source {
            instance: Some((id, region)),
            file: None,
            via: shot.via,
            time: Some(&time),
            is_lossy: shot.is_lossy,
        };
        printer.read(&shot.picture, &source)
    };
    let report = |printed: Printed| printer.print(printed, is_several);
    for_each_picture(&instances, args.picture, &args.screen, context, read, report).await
}

/// Adds another way out to the error for an instance that is left out.
fn or_image(mut error: CommandError) -> CommandError {
    if let Some(hint) = &mut error.hint {
        hint.push_str("; --image FILE reads a picture");
    }
    error
}

/// Reads the text of picture files. One failure does not stop the others; the exit code is the first failure's.
fn read_files(files: &[PathBuf], printer: &TextPrinter<'_>, context: &Context) -> Result<ExitCode, CommandError> {
    if files.iter().filter(|file| file.as_os_str() == "-").count() > 1 {
        return Err(CommandError::message(ErrorKind::Usage, "stdin is one picture: give --image - once"));
    }
    let mut first_failure = None;
    for file in files {
        let name = if file.as_os_str() == "-" { "stdin".to_owned() } else { file.display().to_string() };
        let printed = read_picture(file, context.flags.file_limit()).and_then(|read| {
            let source =
                Source { instance: None, file: Some(&name), via: "image", time: None, is_lossy: read.is_lossy };
            printer.read(&read.picture, &source)
        });
        let failure = match printed {
            Ok(printed) => match printer.print(printed, files.len() > 1) {
                Err(error) if error.is_silent() => break,
                reported => reported?,
            },
            Err(error) => Some(error),
        };
        if let Some(error) = failure {
            first_failure.get_or_insert(error.kind.exit_code());
            context.output.failure(&error);
        }
    }
    Ok(first_failure.unwrap_or(ExitCode::SUCCESS))
}
