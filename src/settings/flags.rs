//! The flags that every command takes.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::args::time_limit_arg;
use crate::terminal::output::{Color, Format};

/// What every verb understands.
#[derive(Args, Clone, Debug)]
pub struct GlobalArgs {
    /// The profile to use; `demo` is a simulated account that needs no network.
    #[arg(long, global = true, value_name = "PROFILE", help_heading = "Global options")]
    pub(crate) profile: Option<String>,
    /// The configuration file, in place of the user's own.
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub(crate) config: Option<PathBuf>,
    /// The region the instance is in, such as cn-hangzhou.
    #[arg(short, long, global = true, value_name = "REGION", help_heading = "Global options")]
    pub(crate) region: Option<String>,
    /// The API's endpoint: a host (https), or http(s)://HOST[:PORT].
    #[arg(long, global = true, value_name = "URL", help_heading = "Global options")]
    pub(crate) endpoint: Option<String>,
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
    #[arg(long, global = true, value_name = "SECONDS", value_parser = time_limit_arg, help_heading = "Global options")]
    pub(crate) timeout: Option<Duration>,
    /// Ask for new temporary keys, and keep none.
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) no_cache: bool,
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
