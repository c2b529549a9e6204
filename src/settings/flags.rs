//! The flags that every command takes.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::args::{one_of, path_arg, time_limit_arg, trimmed_enum, word_arg};
use crate::language::Language;
use crate::terminal::output::{Color, Format};

/// The time limit of a command if neither a flag nor the profile sets one.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// What every verb understands.
#[derive(Args, Clone, Debug)]
pub struct GlobalArgs {
    /// Use this profile [env: ALIBABA_CLOUD_PROFILE].
    ///
    /// `demo` is a simulated account that needs no network.
    #[arg(long, global = true, value_name = "PROFILE", value_parser = word_arg, help_heading = "Global options")]
    pub(crate) profile: Option<String>,
    /// Read this configuration file [env: ECS_VNC_CONFIG].
    ///
    /// The default is ecs-vnc/config.toml in your configuration directory, such as ~/.config.
    #[arg(long, global = true, value_name = "FILE", value_parser = path_arg(), help_heading = "Global options")]
    pub(crate) config: Option<PathBuf>,
    /// Use this region [env: ALIBABA_CLOUD_REGION_ID].
    ///
    /// A region ID such as cn-hangzhou; `ecs-vnc regions` lists them. The default is the region of the profile. Without
    /// any, instances are looked for in all regions.
    #[arg(short, long, global = true, value_name = "REGION", value_parser = word_arg, help_heading = "Global options")]
    pub(crate) region: Option<String>,
    /// Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT].
    ///
    /// A host name, which is reached over HTTPS, or http(s)://HOST[:PORT].
    #[arg(long, global = true, value_name = "URL", value_parser = word_arg, help_heading = "Global options")]
    pub(crate) endpoint: Option<String>,
    /// Format of the results.
    #[arg(
        short,
        long,
        global = true,
        value_enum,
        value_parser = trimmed_enum::<Format>(),
        value_name = "FORMAT",
        default_value_t,
        help_heading = "Global options"
    )]
    pub output: Format,
    /// Time limit, such as 30, 500ms or 2m [default: 30s].
    ///
    /// The default can be set in the profile. `open` waits 120s for the browser, `wait` 60s for the screen, and a command
    /// with --wait 10m for the instance.
    #[arg(long, global = true, value_name = "DURATION", value_parser = time_limit_arg, help_heading = "Global options")]
    pub(crate) timeout: Option<Duration>,
    /// Do not use or write the credential cache.
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) no_cache: bool,
    /// Show more detail on stderr (repeat for everything).
    ///
    /// The variable is a number: 2 is -vv.
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Global options")]
    pub verbose: u8,
    /// Print only errors to stderr.
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Global options")]
    pub quiet: bool,
    /// Ask nothing, even on a terminal.
    ///
    /// A command that would ask for an instance, a password or a yes fails instead, and says which argument it needs.
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) no_input: bool,
    /// Speak this language.
    ///
    /// The default is `language` in the configuration file, or the language of your locale. JSON is English.
    #[arg(long, global = true, value_name = "LANG", value_parser = one_of(Language::CODES), help_heading = "Global options")]
    pub lang: Option<String>,
    /// Use color.
    ///
    /// Setting NO_COLOR to any value turns `auto` into `never` [env: NO_COLOR].
    #[arg(
        long,
        global = true,
        value_enum,
        value_parser = trimmed_enum::<Color>(),
        value_name = "WHEN",
        default_value_t,
        help_heading = "Global options"
    )]
    pub color: Color,
}

impl GlobalArgs {
    /// How long a pipe or a device that is given as a file may take: `--timeout`, or 30 s.
    pub(crate) fn file_limit(&self) -> Duration {
        self.timeout.unwrap_or(DEFAULT_TIMEOUT)
    }
}
