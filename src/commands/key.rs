//! `ecs-vnc key`: presses keys on a console.

use clap::Args;
use serde::Serialize;

use crate::command_error::CommandError;
use crate::commands::help::{Example, examples, keys, sections_and_examples};
use crate::console::args::ScreenArgs;
use crate::console::chords::parse_chords;
use crate::console::remote_screen::RemoteScreen;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::args::LeadingInstanceArg;
use crate::secret::Secret;
use crate::settings::Context;

const EXAMPLES: &[Example] = &[
    ("Press Ctrl+Alt+Delete", "ecs-vnc key web-01 ctrl-alt-delete"),
    ("Switch to the second text console and press Enter there", "ecs-vnc key web-01 ctrl-alt-f2 wait:1s enter"),
    ("Hold Ctrl+C down for two seconds", "ecs-vnc key web-01 hold:ctrl-c:2s"),
    (
        "Sync the disks, remount them read-only and reboot a hung Linux",
        "ecs-vnc key web-01 alt-sysrq-s wait:2s alt-sysrq-u wait:2s alt-sysrq-b",
    ),
];

/// Press keys on the console.
///
/// A CHORD is one or more keys pressed together, such as ctrl-alt-delete, alt-f2 or alt-sysrq-b. hold:ctrl-c:2s holds a
/// chord down (for up to 1m), and wait:500ms pauses (for up to 10m). --help lists the names of the keys.
///
/// Names are case-insensitive, and so are letters: write shift-a for a capital A. ^C and C-c are ctrl-c, M-x is alt-x, and
/// cad is ctrl-alt-delete. All chords are checked before the first
/// key is pressed, and all keys are released at the end, even if the command fails.
///
/// This joins the session that another command of yours has with the console. Where there is none, it opens one, and anyone
/// already on the console is disconnected.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), after_long_help = sections_and_examples(&[("Keys (aliases in parentheses; letters and digits name themselves)", keys())], EXAMPLES), override_usage = "ecs-vnc key [OPTIONS] [INSTANCE] <CHORD>...")]
pub(crate) struct KeyArgs {
    #[command(flatten)]
    which: LeadingInstanceArg,
    /// The chords to press, one after another.
    #[arg(value_name = "CHORD")]
    chords: Vec<String>,
    /// Send keysyms instead of scancodes.
    ///
    /// By default, scancodes are sent if the console supports the QEMU Extended Key Event.
    #[arg(long)]
    keysyms: bool,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// The line that `-o json` prints.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct KeyOutput<'a> {
    instance_id: &'a str,
    region_id: &'a str,
    steps: usize,
}

/// Runs the verb.
pub(crate) async fn run(args: KeyArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let is_chord = |text: &str| parse_chords(&[text]).is_ok();
    let is_complete = !args.chords.is_empty() || !args.which.leading().is_some_and(is_chord);
    let (selector, first) = args.which.split(is_complete, context)?;
    let chords: Vec<&str> = first.iter().map(Secret::expose).chain(args.chords.iter().map(String::as_str)).collect();
    if chords.is_empty() {
        let error = CommandError::message(ErrorKind::Usage, "no keys to press");
        return Err(error.hint("add at least one CHORD, such as ctrl-alt-delete"));
    }
    let actions = parse_chords(&chords)?;
    let settings = context.settings()?;
    let mut screen = RemoteScreen::of(&selector, &args.screen, &settings, settings.timeout_flag, context).await?;
    screen.press_keys(&actions, args.keysyms).await?;
    let instance = screen.instance().clone();
    screen.close().await?;
    if output.is_json() {
        output.json(&KeyOutput { instance_id: &instance.id, region_id: &instance.region, steps: actions.len() })?;
    }
    Ok(ExitCode::SUCCESS)
}
