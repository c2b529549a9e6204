//! `ecs-vnc key`: presses keys on a console.

use clap::Args;
use serde::Serialize;

use crate::command_error::CommandError;
use crate::console::key_sender;
use crate::console::remote_screen::{RemoteScreen, ScreenArgs};
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::args::LeadingInstanceArg;
use crate::keyboard::{KeyAction, parse_key_action};
use crate::secret::Secret;
use crate::settings::flags::GlobalArgs;
use crate::system::environment::Environment;
use crate::terminal::output::Output;

/// Press keys on an instance's console, without a viewer.
///
/// A CHORD is keys that are down together, such as ctrl-alt-delete, alt-f2, ctrl-alt-f1 or alt-sysrq-b. hold:ctrl-c:2s
/// holds one for a time (up to 1 min), and wait:500ms waits (up to 10 min). Keys have their X11 names, or those that
/// people write (esc, del, pgup, win), in upper or lower case; a letter brings no Shift, so that ctrl-C is ctrl-c. All
/// are checked before the first is pressed, and none stays down, whatever happens. It opens a VNC session, which
/// drops whoever is on the console.
#[derive(Args, Debug)]
pub(crate) struct KeyArgs {
    #[command(flatten)]
    which: LeadingInstanceArg,
    /// What to press, one after another.
    #[arg(value_name = "CHORD", required_unless_present = "instance")]
    chords: Vec<String>,
    /// Send keysyms even where the console takes scancodes (the QEMU Extended Key Event).
    #[arg(long)]
    keysyms: bool,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// `-o json`
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Line<'a> {
    instance_id: &'a str,
    region_id: &'a str,
    steps: usize,
}

/// Runs the verb.
pub(crate) async fn run(
    args: KeyArgs,
    global: &GlobalArgs,
    env: &Environment,
    output: Output,
) -> Result<ExitCode, CommandError> {
    let (selector, first) = args.which.split()?;
    let chords: Vec<&str> = first.iter().map(Secret::expose).chain(args.chords.iter().map(String::as_str)).collect();
    if chords.is_empty() {
        let error = CommandError::message(ErrorKind::Usage, "no keys to press");
        return Err(error.hint("add at least one CHORD, such as ctrl-alt-delete"));
    }
    let steps = parse(&chords)?;
    let mut screen = RemoteScreen::of(&selector, &args.screen, global, env, output).await?;
    key_sender::press(&mut screen, &steps, args.keysyms).await?;
    let target = screen.target().clone();
    screen.leave().await?;
    if output.is_json() {
        output.json(&Line { instance_id: &target.instance, region_id: &target.region, steps: steps.len() })?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The steps that chords are, all of them, or what is wrong with the first that is none.
pub(crate) fn parse(chords: &[impl AsRef<str>]) -> Result<Vec<KeyAction>, CommandError> {
    let step = |chord: &str| {
        parse_key_action(chord).map_err(|error| {
            let hint = error.hint();
            let failure = CommandError::new(ErrorKind::Usage, error);
            hint.into_iter().fold(failure, CommandError::hint)
        })
    };
    chords.iter().map(|chord| step(chord.as_ref())).collect()
}
