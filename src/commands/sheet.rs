//! `ecs-vnc sheet`: a contact sheet of the screens of many instances.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use crate::args::{path_arg, trimmed_enum};
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::console::args::ScreenArgs;
use crate::console::machine_state::{Certainty, Evidence, StateReader, Verdict};
use crate::console::picture_source::{Beside, Look, PictureArgs, Via, for_each_look};
use crate::console::result_file;
use crate::console::screen_reader::ScreenReader;
use crate::console::state_rules::read_rules;
use crate::contact_sheet::{Head, HtmlSheet, MAX_PNG_TILES, PngSheet, SheetError, Thumbnail, Tile};
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::Purpose;
use crate::instances::selection_args::SelectionArgs;
use crate::screen_state::is_sick;
use crate::settings::Context;
use crate::system::clock::{Clock, iso_8601};
use crate::text::program_name::in_text;
use crate::text::quoted::Shown as _;
use crate::text::shell::word;

/// The state of an instance that cannot be looked at.
const ERROR: &str = "error";

const EXAMPLES: &[Example] = &[
    ("Put the screens of three instances on a web page", "ecs-vnc sheet web-01 db-02 office-01 -f sheet.html"),
    ("Put them into one picture", "ecs-vnc sheet web-01 db-02 office-01 -f sheet.png"),
    ("Put all running instances whose names match on a page", "ecs-vnc sheet 'web-0?' --status Running -f web.html"),
];

/// Make a contact sheet: the screens of many instances on one page.
///
/// Each instance has a small picture of its screen, its state as `ecs-vnc check` tells it, and the row that says so. Those that
/// need attention come first and are framed. A file that ends in .html is a web page on which you can search the text of all
/// screens, filter by state and copy the command that opens a console; it loads nothing from anywhere. One that ends in .png
/// is a picture, of at most 1000 instances.
///
/// The screenshots come from the API, which does not disturb anyone on the consoles.
#[derive(Args, Debug)]
#[command(
    after_help = examples(EXAMPLES),
    override_usage = "ecs-vnc sheet [OPTIONS] <INSTANCE|--tag|--all>...",
)]
pub(crate) struct SheetArgs {
    #[command(flatten)]
    which: SelectionArgs,
    /// Output file.
    ///
    /// A name that ends in .html is a web page, one that ends in .png a picture. An existing file is overwritten. Only you can
    /// read the file.
    #[arg(short, long, value_name = "FILE", value_parser = path_arg(), default_value = "sheet.html")]
    file: PathBuf,
    /// Add the rules in this file.
    ///
    /// Rules that tell states, as for `ecs-vnc check`. Repeat it for several files.
    #[arg(long, value_name = "FILE", value_parser = path_arg())]
    rules: Vec<PathBuf>,
    /// Do not read the console output of the last boot.
    #[arg(long)]
    no_bootlog: bool,
    #[arg(
        long,
        value_enum,
        value_parser = trimmed_enum::<Via>(),
        value_name = "SOURCE",
        help = "Source",
        long_help = "Take the pictures from this source",
        default_value_t = Via::Api
    )]
    via: Via,
    /// Wake sleeping screens first.
    ///
    /// Over VNC, this presses the Shift key.
    #[arg(long)]
    wake: bool,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// `-o json`: the sheet that was written.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SheetOutput<'a> {
    file: &'a str,
    /// How many instances are on the sheet.
    instances: usize,
    /// How many of them need attention.
    sick: usize,
    /// How many have each state.
    states: &'a BTreeMap<String, usize>,
    time: &'a str,
}

/// A sheet in the format that the name of its file asks for.
enum Sheet {
    Html(HtmlSheet<File>),
    Png(PngSheet<File>),
}

/// How many tiles a sheet has.
#[derive(Default)]
struct Counts {
    instances: usize,
    /// How many of them could not be looked at.
    failed: usize,
    /// How many arguments are no instance.
    missing: usize,
    sick: usize,
    states: BTreeMap<String, usize>,
}

/// Runs the verb.
pub(crate) async fn run(args: SheetArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    result_file::check_path(&args.file)?;
    let mut sheet = Sheet::new(&args.file)?;
    let rules = read_rules(&args.rules, context.flags.file_limit())?;
    // Stopped ones have a place too.
    let selection = args.which.selection(&[], Purpose::Look, context)?;
    let reader = Arc::new(StateReader { reader: ScreenReader::with_files(&[], context)?, rules, output });
    let beside = Beside { has_status: true, has_boot_log: !args.no_bootlog, has_probe: false };
    let picture = PictureArgs::new(args.via, args.wake);
    let mut counts = Counts::default();
    // The picture of a screen is large: only its thumbnail is kept.
    let profile = context.flags.profile.as_deref();
    let process = async |look: Look, _| {
        let profile = profile.map(str::to_owned);
        let make = move |reader: &StateReader, look: Look| tile(reader, &look, profile.as_deref());
        reader.on_thread(look, make).await?
    };
    let report = |label: &str, tile: Result<Tile, CommandError>| match tile {
        Ok(tile) => {
            counts.count(&tile);
            sheet.add(&tile).map(|()| None)
        }
        // What was not found, or is no single instance, is no machine.
        Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Usage) => {
            counts.missing += 1;
            Ok(Some(error))
        }
        Err(error) => {
            let tile = tile_of_error(label, &error, profile);
            counts.count(&tile);
            counts.failed += 1;
            sheet.add(&tile).map(|()| Some(error))
        }
    };
    let code = for_each_look(&selection, picture, beside, &args.screen, context, process, report).await?;
    if counts.instances == counts.failed {
        return Ok(code);
    }
    let time = iso_8601(Clock::system().utc());
    let head = Head { time: time.clone(), is_partial: counts.missing > 0 };
    let limit = context.flags.file_limit();
    let left_out = result_file::write_with(&args.file, limit, |out| sheet.finish(&head, out))?;
    if left_out > 0 {
        output.warning(&format!(
            "{left_out} instances are left out: a PNG has at most {MAX_PNG_TILES}; use a file that ends in .html for all"
        ));
    }
    let file = args.file.display().to_string();
    let Counts { instances, sick, states, .. } = &counts;
    match output.is_json() {
        true => output.json(&SheetOutput { file: &file, instances: *instances, sick: *sick, states, time: &time })?,
        false => output.line(&output.file_link(&args.file))?,
    }
    Ok(code)
}

impl Sheet {
    /// An empty sheet. Its tiles wait in a file without a name, which ends with this process.
    fn new(path: &Path) -> Result<Self, CommandError> {
        let waiting = || {
            tempfile::tempfile().map_err(|error| {
                let error = anyhow::Error::new(error).context("could not create a temporary file");
                CommandError::new(ErrorKind::ActionFailed, error).hint("TMPDIR names the directory for temporary files")
            })
        };
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        match extension.as_str() {
            "html" | "htm" => Ok(Self::Html(HtmlSheet::new(waiting()?))),
            "png" => Ok(Self::Png(PngSheet::new(waiting()?))),
            _ => {
                let message = format!("{}: a sheet is a web page or a PNG", path.shown());
                let hint = "use a name that ends in .html or .png";
                Err(CommandError::message(ErrorKind::Usage, message).hint(hint))
            }
        }
    }

    fn add(&mut self, tile: &Tile) -> Result<(), CommandError> {
        let added = match self {
            Self::Html(sheet) => sheet.add(tile),
            Self::Png(sheet) => sheet.add(tile),
        };
        added.map_err(|error| {
            let error = anyhow::Error::new(error).context("could not write to a temporary file");
            CommandError::new(ErrorKind::ActionFailed, error).hint("TMPDIR names the directory for temporary files")
        })
    }

    /// Writes the sheet, and returns how many tiles do not fit.
    fn finish(self, head: &Head, out: &mut dyn io::Write) -> io::Result<usize> {
        match self {
            Self::Html(sheet) => sheet.finish(head, out).map(|()| 0),
            Self::Png(sheet) => sheet.finish(head, out).map_err(|error| match error {
                SheetError::Io(error) => error,
                other => io::Error::other(other),
            }),
        }
    }
}

impl Counts {
    fn count(&mut self, tile: &Tile) {
        self.instances += 1;
        self.sick += usize::from(tile.is_sick);
        *self.states.entry(tile.state.clone()).or_default() += 1;
    }
}

/// Makes the tile of an instance.
fn tile(reader: &StateReader, look: &Look, profile: Option<&str>) -> Result<Tile, CommandError> {
    let (verdict, rows) = reader.judge_with_rows(look);
    let shot = look.shot.as_ref();
    let thumbnail = shot.map(|shot| Thumbnail::of(&shot.picture)).transpose();
    let (instance, info) = (&look.instance, look.instance.info.as_ref());
    let mut tile = Tile {
        name: info.map(|info| info.instance_name.clone()).unwrap_or_default(),
        id: instance.id.clone(),
        region: instance.region.clone(),
        is_sick: is_sick(&verdict.state),
        row: verdict.line_and_log(),
        place: place(&verdict),
        time: shot.map(|shot| iso_8601(shot.time.utc)).unwrap_or_default(),
        thumbnail: thumbnail.map_err(|error| CommandError::new(ErrorKind::Other, error).of_instance(&instance.id))?,
        command: open_command(&instance.id, &instance.region, profile),
        state: verdict.state,
        text: Vec::new(),
    };
    tile.set_text(rows);
    Ok(tile)
}

/// The tile of an instance that cannot be looked at: it may be the one that needs attention most.
fn tile_of_error(label: &str, error: &CommandError, profile: Option<&str>) -> Tile {
    let id = error.instance.as_ref().and_then(|instance| instance.id_or_label()).unwrap_or(label);
    Tile {
        name: label.to_owned(),
        id: id.to_owned(),
        state: ERROR.to_owned(),
        is_sick: true,
        row: format!("{:#}", error.error),
        command: open_command(id, "", profile),
        ..Tile::default()
    }
}

/// Where the row of a verdict stands, and how sure it is.
fn place(Verdict { certainty, evidence, row, .. }: &Verdict) -> String {
    let word = match certainty {
        Certainty::Exact => "exact",
        Certainty::Inexact => "inexact",
        Certainty::Perhaps => "perhaps",
    };
    match (evidence, row) {
        (Evidence::Status, _) => String::new(),
        (Evidence::BootLog, Some(row)) => format!("boot log, line {row}, {word}"),
        (_, Some(row)) => format!("row {row}, {word}"),
        (_, None) if *certainty == Certainty::Perhaps => word.to_owned(),
        // Nothing was read that could be wrong.
        (_, None) => String::new(),
    }
}

/// The command line that opens the console of an instance, for a shell. The region may be empty.
fn open_command(id: &str, region: &str, profile: Option<&str>) -> String {
    let profile = profile.map(|profile| format!(" --profile {}", word(profile))).unwrap_or_default();
    let region = if region.is_empty() { String::new() } else { format!(" --region {}", word(region)) };
    in_text(&format!("ecs-vnc open {}{region}{profile}", word(id))).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_safe_to_paste() {
        assert_eq!(open_command("i-bp1", "cn-hangzhou", None), "ecs-vnc open i-bp1 --region cn-hangzhou");
        let command = open_command("i-1; rm -rf ~", "it's", Some("my prod"));
        assert_eq!(command, r"ecs-vnc open 'i-1; rm -rf ~' --region 'it'\''s' --profile 'my prod'");
    }
}
