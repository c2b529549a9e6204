//! `ecs-vnc check`: what instances are at, told from their screens.

mod change_filter;
mod printer;
mod rule_list;
mod tally;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use tokio::time::sleep;

use self::change_filter::{ChangeFilter, Told};
pub(crate) use self::printer::state_color;
use self::printer::{CheckPrinter, Checked};
use self::rule_list::print_rules;
use self::tally::Tally;
use crate::args::{path_arg, time_in};
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::commands::serving;
use crate::console::args::ScreenArgs;
use crate::console::machine_state::StateReader;
use crate::console::picture_source::{Beside, Look, PictureArgs, for_each_look};
use crate::console::screen_reader::ScreenReader;
use crate::console::state_rules::read_rules;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::Purpose;
use crate::instances::selection_args::SelectionArgs;
use crate::screen_state::{RuleSet, STATES};
use crate::settings::Context;
use crate::system::clock::Clock;
use crate::text::suggest::suggest;

/// The time between two rounds, without `--interval`, and the shortest: the service takes a picture of an instance every 10 s.
const MIN_INTERVAL: Duration = Duration::from_secs(10);

/// The result of `--probe` that `--fail-on` takes.
const FROZEN: &str = "frozen";

const EXAMPLES: &[Example] = &[
    ("Say what web-01 and db-02 are at", "ecs-vnc check web-01 db-02"),
    (
        "Fail in CI if a kernel has panicked or a boot is stuck",
        "ecs-vnc check 'web-0?' --fail-on panic,emergency,initramfs",
    ),
    ("Print the state of db-02 whenever it changes, until Ctrl-C", "ecs-vnc check db-02 --watch"),
    ("Print the rules that tell states", "ecs-vnc check --list-rules"),
];

/// Say what instances are at: login, boot, panic and so on.
///
/// The text on the screen is read, and its lowest row that a rule knows tells the state; the row is printed beside it. Text that
/// no rule knows is the state text, a screen without text that can be read is picture, and an instance that does not run is
/// stopped, stopping, starting or pending. The screenshot comes from the API if it has one, which does not disturb anyone; see `ecs-vnc screenshot`.
///
/// For Linux, the console output of the last boot is read as well: a panic does not reach every screen. It counts only where the
/// screen says nothing. The text of Windows cannot be read: colors and layout tell its state perhaps.
///
/// Patterns, --tag and --all select instances in every state here, also those that do not run. docs/check.md explains the
/// states and how to write rules.
#[derive(Args, Debug)]
#[command(
    after_help = examples(EXAMPLES),
    override_usage = "ecs-vnc check [OPTIONS] <INSTANCE|--tag|--all>...\n       ecs-vnc check [OPTIONS] --list-rules",
)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    which: SelectionArgs,
    /// Print the rules in their order.
    #[arg(long, conflicts_with_all = ["positional", "instances", "all", "tags", "fail_on", "watch"])]
    list_rules: bool,
    /// Add the rules in this file.
    ///
    /// A TOML file; docs/check.md has its format. For the same row, its rules decide before those that are built in. Repeat it
    /// for several files.
    #[arg(long, value_name = "FILE", value_parser = path_arg())]
    rules: Vec<PathBuf>,
    /// Exit with code 30 in one of these states.
    #[arg(long, value_name = "STATE,...", value_delimiter = ',')]
    fail_on: Vec<String>,
    /// Do not read the console output of the last boot.
    #[arg(long)]
    no_bootlog: bool,
    /// Check again and again, and print what has changed.
    ///
    /// It ends with Ctrl-C, or when an instance is in a state of --fail-on.
    #[arg(long)]
    watch: bool,
    /// Find out whether guests react, over VNC.
    ///
    /// This opens a session, which disconnects anyone on the console. NumLock is pressed twice and its LED watched, and the
    /// screen for 1.5 seconds. PROBE is idle for a guest that reacts, frozen for one that does not, and unknown if the console
    /// does not send LEDs. --fail-on takes frozen then.
    #[arg(long, conflicts_with = "via")]
    probe: bool,
    /// How often to check [default: 10s].
    #[arg(long, value_name = "DURATION", requires = "watch", value_parser = time_in(MIN_INTERVAL..=Duration::from_secs(24 * 3600)))]
    interval: Option<Duration>,
    #[command(flatten)]
    picture: PictureArgs,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// Runs the verb.
pub(crate) async fn run(args: CheckArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let rules = read_rules(&args.rules, context.flags.file_limit())?;
    if args.list_rules {
        return print_rules(&rules, output).map(|()| ExitCode::SUCCESS);
    }
    let fail_on = known_states(args.fail_on, args.probe, &rules)?;
    // Stopped ones are told too.
    let selection = args.which.selection(&[], Purpose::Look, context)?;
    if args.watch && selection.reads_stdin() {
        let error = CommandError::message(ErrorKind::Usage, "--watch checks again, but - can be read once");
        return Err(error.hint("name the instances, or use a pattern, --tag or --all"));
    }
    let reader = Arc::new(StateReader { reader: ScreenReader::with_files(&[], context)?, rules, output });
    let beside = Beside { has_status: true, has_boot_log: !args.no_bootlog, has_probe: args.probe };
    let clock = Clock::system();
    let judge = async |look: Look, _| {
        let time = clock.utc();
        let judge = move |reader: &StateReader, look: Look| {
            let verdict = reader.judge(&look);
            Checked::of(look, verdict, time)
        };
        reader.on_thread(look, judge).await
    };
    let (mut printer, mut changes) = (CheckPrinter::new(args.watch, args.probe, output), ChangeFilter::default());
    printer.reserve_widths(&selection);
    if args.watch {
        serving::begin();
    }
    // What is said of a round is said once.
    let again = Context { output: output.quietly(), ..context.clone() };
    for round in 0_u64.. {
        let context = if round == 0 { context } else { &again };
        let mut tally = Tally::new(&fail_on);
        let report = |label: &str, checked: Result<Checked, CommandError>| {
            let is_new = changes.is_new(label, Told::of(&checked)) || !args.watch;
            let checked = match checked {
                Ok(checked) => checked,
                Err(error) => return Ok(Some(error).filter(|_| is_new)),
            };
            tally.count(&checked);
            if is_new {
                printer.print(&checked)?;
            }
            Ok(None)
        };
        let code = for_each_look(&selection, args.picture, beside, &args.screen, context, judge, report).await?;
        tally.warn_of_boot_logs(context.output);
        match (tally.failure(), args.watch) {
            (Some(failure), _) => return Err(failure),
            (None, false) => return Ok(code),
            (None, true) => sleep(args.interval.unwrap_or(MIN_INTERVAL)).await,
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The states of `--fail-on`. One that no rule gives would never fail: it is an error.
fn known_states(states: Vec<String>, has_probe: bool, rules: &RuleSet) -> Result<Vec<String>, CommandError> {
    let known: Vec<&str> = STATES
        .iter()
        .copied()
        .chain(rules.rules().iter().map(|rule| rule.state.as_str()))
        .chain(has_probe.then_some(FROZEN))
        .collect();
    match states.iter().find(|state| !known.contains(&state.as_str())) {
        None => Ok(states),
        Some(unknown) => {
            let similar = suggest(unknown, known.iter().copied()).map(|state| format!("did you mean {state}? "));
            let hint = format!("{}the states are {}", similar.unwrap_or_default(), STATES.join(", "));
            Err(CommandError::message(ErrorKind::Usage, format!("unknown state `{unknown}` in --fail-on")).hint(hint))
        }
    }
}
