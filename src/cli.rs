//! The command line, as clap types. Each verb's own arguments stand beside the verb, in `commands`.

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};
use clap_complete::ArgValueCompleter;

use crate::commands::{self, complete};
use crate::environment::Environment;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::output::{Color, Format, Output};
use crate::printable::printable;

/// Opens the VNC console of Alibaba Cloud ECS instances.
///
/// When SSH is dead, the network is gone or the kernel has panicked, an instance is still reachable through its
/// VNC console. Its URL lives 15 seconds; ecs-vnc makes it one command, and does not miss them.
///
/// Try it without an account: ecs-vnc open --profile demo i-demo-linux
#[derive(Debug, Parser)]
#[command(name = "ecs-vnc", version, max_term_width = 100, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub global: Global,
    #[command(subcommand)]
    #[allow(missing_docs)]
    pub command: Command,
}

/// The verbs. What each does is said at its arguments.
#[derive(Debug, Subcommand)]
#[allow(missing_docs)]
pub enum Command {
    VncUrl(commands::vnc_url::VncUrlArgs),
    Open(commands::open::OpenArgs),
    Relay(commands::relay::RelayArgs),
    View(commands::view::ViewArgs),
    Screenshot(commands::screenshot::ScreenshotArgs),
    Key(commands::key::KeyArgs),
    Type(commands::r#type::TypeArgs),
    Wait(commands::wait::WaitArgs),
    Script(commands::script::ScriptArgs),
    Bootlog(commands::bootlog::BootlogArgs),
    List(commands::list::ListArgs),
    Regions(commands::regions::RegionsArgs),
    Password(commands::password::PasswordArgs),
    Profile(commands::profile::ProfileArgs),
    Doctor(commands::doctor::DoctorArgs),
    Demo(commands::demo::DemoArgs),
    Completions(commands::completions::CompletionsArgs),
    /// Print the manual page (roff).
    Man,
}

/// What every verb understands.
#[derive(Args, Clone, Debug)]
pub struct Global {
    /// The profile to use; `demo` is a simulated account that needs no network.
    #[arg(long, global = true, value_name = "NAME", help_heading = "Global options", add = ArgValueCompleter::new(complete::profiles))]
    pub profile: Option<String>,
    /// The configuration file, in place of the user's own.
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub config: Option<PathBuf>,
    /// The region the instance is in, such as cn-hangzhou.
    #[arg(short, long, global = true, value_name = "ID", help_heading = "Global options", add = ArgValueCompleter::new(complete::regions))]
    pub region: Option<String>,
    /// The API's endpoint: a host (https), or http(s)://HOST[:PORT].
    #[arg(long, global = true, value_name = "URL", help_heading = "Global options")]
    pub endpoint: Option<String>,
    /// The form of results and of errors.
    #[arg(
        short,
        long,
        global = true,
        value_enum,
        value_name = "FORM",
        default_value_t,
        help_heading = "Global options"
    )]
    pub output: Format,
    /// How long a command may take up to its answer [default: 30; `open` waits 120 for the browser,
    /// `wait` 60 for the screen].
    #[arg(long, global = true, value_name = "SECONDS", value_parser = seconds, help_heading = "Global options")]
    pub timeout: Option<Duration>,
    /// Ask for new temporary keys, and keep none.
    #[arg(long, global = true, help_heading = "Global options")]
    pub no_cache: bool,
    /// Tell more on stderr about the way to the result; -vv tells all.
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Global options")]
    pub verbose: u8,
    /// Nothing on stderr but errors.
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Global options")]
    pub quiet: bool,
    /// When to colour; NO_COLOR is honoured.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t, help_heading = "Global options")]
    pub color: Color,
}

/// What is said of a `type` that clap does not understand.
pub const NO_TEXT: &str =
    "`type` takes one TEXT and the flags that its help names: quote the text, and put -- before one that begins with -";

/// Whether clap quotes what may be a text to be typed, which is nobody's business.
pub fn may_quote_a_text(error: &clap::Error) -> bool {
    matches!(error.kind(), ErrorKind::UnknownArgument | ErrorKind::TooManyValues | ErrorKind::InvalidSubcommand)
}

/// Reads the process's arguments. Help is printed, a fault is told: as JSON where that was asked for.
pub fn parse(env: &Environment) -> Result<Cli, ExitCode> {
    Cli::try_parse().map_err(|error| {
        if may_quote_a_text(&error) && env::args_os().any(|arg| arg == "type") {
            let format = if asks_for_json(env::args_os()) { Format::Json } else { Format::Text };
            Output::new(format, Color::Auto, false, 0, env).failure(&Failure::message(ExitCode::Usage, NO_TEXT));
            return ExitCode::Usage;
        }
        if !error.use_stderr() || !asks_for_json(env::args_os()) {
            return match error.print() {
                Err(why) if why.kind() != io::ErrorKind::BrokenPipe => ExitCode::ActionFailed,
                _ if error.use_stderr() => ExitCode::Usage,
                _ => ExitCode::Done,
            };
        }
        let message = printable(error.to_string().trim_start_matches("error: "), 500);
        Output::new(Format::Json, Color::Never, false, 0, env).failure(&Failure::message(ExitCode::Usage, message));
        ExitCode::Usage
    })
}

/// Whether arguments that clap could not read hold `-o json` in one of its forms.
fn asks_for_json(args: impl Iterator<Item = OsString>) -> bool {
    let args: Vec<String> = args.filter_map(|arg| arg.into_string().ok()).collect();
    let pair = |pair: &[String]| matches!(pair[0].as_str(), "-o" | "--output") && pair[1] == "json";
    let joined = |arg: &String| matches!(arg.as_str(), "-ojson" | "-o=json" | "--output=json");
    args.windows(2).any(pair) || args.iter().any(joined)
}

/// A number of seconds, fractions allowed.
pub fn seconds(text: &str) -> Result<Duration, String> {
    text.parse().ok().and_then(time_limit).ok_or_else(|| "a number of seconds, above 0 and up to 86400".to_owned())
}

/// A time limit that makes sense: above 0, up to a day.
pub fn time_limit(seconds: f64) -> Option<Duration> {
    (seconds > 0.0 && seconds <= 86_400.0).then(|| Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_time_limit_is_above_zero_and_at_most_a_day() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for bad in ["0", "-1", "nan", "inf", "86401", "", "30s"] {
            assert!(seconds(bad).is_err(), "{bad}");
        }
    }
}
