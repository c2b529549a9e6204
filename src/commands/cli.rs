//! The command line, as clap types. Each verb's own arguments are in the file of the verb.

use std::ffi::OsString;

use crate::command_error::CommandError;
use crate::commands::help::{self, Example, examples};
use crate::commands::variables::{OUTPUT_VARIABLE, with_variables};
use crate::commands::{self, habits, help_language};
use crate::console::text_source::MORE_THAN_ONE_TEXT;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::system::environment::Environment;
use crate::system::invocation::Invocation;
use crate::system::platform;
use crate::terminal::output::{Color, Format, Output};
use crate::text::program_name;
use crate::text::sanitize::sanitize;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind as ClapErrorKind};
use clap::{ArgMatches, Command as ClapCommand, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

/// The widest line of the help: longer ones are hard to read.
const MAX_COLUMNS: usize = 100;

/// The first is not for the plugin, which has no profile `demo`.
const EXAMPLES: &[Example] = &[
    ("Try a command without an account, on simulated instances", "ecs-vnc screenshot web-01 --show --profile demo"),
    ("Open the console of an instance in the browser", "ecs-vnc open web-01"),
    ("Show the options and examples of a command", "ecs-vnc open --help"),
];

/// Open the VNC console of Alibaba Cloud ECS instances.
///
/// When SSH is dead, the network is down or the kernel has panicked, an instance can still be reached through its VNC
/// console. The console URL is valid for 15 seconds; ecs-vnc gets you there in time.
#[derive(Debug, Parser)]
#[command(
    name = "ecs-vnc",
    version,
    max_term_width = 100,
    propagate_version = true,
    after_help = examples(EXAMPLES)
)]
pub struct Cli {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub global: crate::settings::flags::GlobalArgs,
    #[command(subcommand)]
    #[allow(missing_docs)]
    pub(crate) command: Command,
}

/// The verbs. The help of each is the doc comment of its arguments.
#[derive(Debug, Subcommand)]
#[allow(missing_docs)]
pub(crate) enum Command {
    VncUrl(commands::vnc_url::VncUrlArgs),
    Open(commands::open::OpenArgs),
    Relay(commands::relay::RelayArgs),
    View(commands::view::ViewArgs),
    Sessions(commands::sessions::SessionsArgs),
    Console(commands::console::ConsoleArgs),
    Screenshot(commands::screenshot::ScreenshotArgs),
    Text(commands::text::TextArgs),
    Check(commands::check::CheckArgs),
    Sheet(commands::sheet::SheetArgs),
    Key(commands::key::KeyArgs),
    Type(commands::r#type::TypeArgs),
    Login(commands::login::LoginArgs),
    Click(commands::click::ClickArgs),
    Move(commands::r#move::MoveArgs),
    Drag(commands::drag::DragArgs),
    Scroll(commands::scroll::ScrollArgs),
    Exec(commands::exec::ExecArgs),
    Cp(commands::cp::CpArgs),
    Wait(commands::wait::WaitArgs),
    Script(commands::script::ScriptArgs),
    Bootlog(commands::bootlog::BootlogArgs),
    #[command(alias = "ls")]
    List(commands::list::ListArgs),
    Start(commands::start::StartArgs),
    Stop(commands::stop::StopArgs),
    Reboot(commands::reboot::RebootArgs),
    Regions(commands::regions::RegionsArgs),
    Password(commands::password::PasswordArgs),
    Profile(commands::profile::ProfileArgs),
    Policy(commands::policy::PolicyArgs),
    Doctor(commands::doctor::DoctorArgs),
    Mcp(commands::mcp::McpArgs),
    Demo(commands::demo::DemoArgs),
    #[command(alias = "completion")]
    Completions(commands::completions::CompletionsArgs),
    Man(commands::man::ManArgs),
    Version(commands::version::VersionArgs),
}

/// Whether clap's message quotes the arguments that it does not understand.
pub(crate) fn may_quote_arguments(error: &clap::Error) -> bool {
    matches!(
        error.kind(),
        ClapErrorKind::UnknownArgument | ClapErrorKind::TooManyValues | ClapErrorKind::InvalidSubcommand
    )
}

/// Whether the arguments may hold a text to type: they name the command `type`, or have that word and name no command,
/// as in `--profile type 'secret'`.
fn may_hold_a_text(command: Option<&str>) -> bool {
    match command {
        Some(command) => command == "type",
        None => arguments().iter().any(|arg| arg == "type"),
    }
}

/// The command that the arguments name, even if they are wrong otherwise.
fn named_command() -> Option<String> {
    let matches = Cli::command().ignore_errors(true).try_get_matches_from(arguments()).ok()?;
    matches.subcommand_name().map(str::to_owned)
}

/// The error for a command that other tools have: clap's own suggestion knows similar names only.
fn unknown_command(error: &clap::Error) -> Option<CommandError> {
    let ContextValue::String(word) = error.get(ContextKind::InvalidSubcommand)? else { return None };
    let message = format!("unknown command '{}'", sanitize(word, 40));
    Some(CommandError::message(ErrorKind::Usage, message).hint(habits::command_hint(word)?))
}

/// The error for arguments that clap's message must not quote, or that another message explains better.
fn explain(error: &clap::Error) -> Option<CommandError> {
    if !may_quote_arguments(error) {
        return None;
    }
    match named_command() {
        command if may_hold_a_text(command.as_deref()) => {
            Some(CommandError::message(ErrorKind::Usage, MORE_THAN_ONE_TEXT))
        }
        None => unknown_command(error),
        Some(_) => None,
    }
}

/// Returns the clap command, with groups, examples and lists of values in its help.
fn command_with_help() -> ClapCommand {
    help::complete(named(Cli::command()), columns())
}

/// The width of the help: that of the terminal as clap finds it, within limits.
fn columns() -> usize {
    let named = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    named.or_else(|| Some(platform::terminal_size()?.columns.into())).unwrap_or(MAX_COLUMNS).min(MAX_COLUMNS)
}

/// This process's arguments, with the program as the first, without those that are for the official CLI.
fn arguments() -> Vec<OsString> {
    Invocation::of_process().without_confirmation(has_yes).arguments
}

/// Whether the command that the arguments name has a flag `--yes`.
fn has_yes(arguments: &[OsString]) -> bool {
    fn in_command(command: &ClapCommand, matches: &ArgMatches) -> bool {
        match matches.subcommand() {
            Some((name, matches)) => command.find_subcommand(name).is_some_and(|verb| in_command(verb, matches)),
            None => command.get_arguments().any(|arg| arg.get_long() == Some("yes")),
        }
    }
    let command = Cli::command();
    let matches = command.clone().ignore_errors(true).try_get_matches_from(arguments);
    matches.is_ok_and(|matches| in_command(&command, &matches))
}

/// The clap command as this process was called.
fn named(command: ClapCommand) -> ClapCommand {
    match Invocation::of_process().is_plugin {
        true => as_plugin(command),
        false => command,
    }
}

/// The clap command of the plugin: its profiles are those of the official CLI.
fn as_plugin(command: ClapCommand) -> ClapCommand {
    let about_profile = "Use this profile of the official CLI";
    command
        .bin_name(program_name::PLUGIN_NAME)
        .after_help(examples(&EXAMPLES[1..]))
        .mut_arg("profile", |arg| arg.help(about_profile).long_help(about_profile))
}

/// Parses the process's arguments with `command`, which has the values of variables.
fn try_parse(command: ClapCommand) -> Result<Cli, clap::Error> {
    // Most runs show no help, and completing it takes longer than the parsing.
    let parsed = named(command).try_get_matches_from(arguments());
    let parsed = parsed.and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
    parsed.or_else(|error| {
        if error.kind() == ClapErrorKind::DisplayVersion {
            return Err(error);
        }
        let mut matches = command_with_help().try_get_matches_from(arguments())?;
        Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command_with_help()))
    })
}

/// Parses the process's arguments. Prints the help, or the error (as JSON with `-o json`), and then returns the exit code.
pub fn parse(env: &Environment) -> Result<Cli, ExitCode> {
    if Invocation::of_process().is_plugin {
        program_name::set_plugin(Cli::command().get_subcommands().map(|command| command.get_name().to_owned()));
    }
    let command = with_variables(Cli::command(), &arguments(), env).map_err(|error| {
        Output::new(error_format(env), Color::Auto, false, 0, env).failure(&error);
        error.kind.exit_code()
    })?;
    try_parse(command).map_err(|error| {
        let stdout = Output::new(Format::Text, Color::Auto, false, 0, env);
        if let Some(explained) = explain(&error) {
            Output::new(error_format(env), Color::Auto, false, 0, env).failure(&explained);
            return ErrorKind::Usage.exit_code();
        }
        if error.kind() == ClapErrorKind::DisplayVersion {
            return print_help(&error.render(), stdout);
        }
        if !error.use_stderr() {
            return print_help(&help_language::translate_rendered(&error.render()), stdout);
        }
        if error_format(env) == Format::Text {
            stdout.usage_error(&help_language::translate_error(&error.render()));
            return ErrorKind::Usage.exit_code();
        }
        let message = sanitize(error.to_string().trim_start_matches("error: "), 500);
        Output::new(Format::Json, Color::Never, false, 0, env)
            .failure(&CommandError::message(ErrorKind::Usage, message));
        ErrorKind::Usage.exit_code()
    })
}

/// The format of errors about the command line itself.
fn error_format(env: &Environment) -> Format {
    match named_format(arguments()).as_deref().or_else(|| env.get(OUTPUT_VARIABLE)) {
        Some("json") => Format::Json,
        _ => Format::Text,
    }
}

/// Prints the help or the version.
fn print_help(help: &StyledStr, output: Output) -> ExitCode {
    match output.help(help) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output.failure(&error);
            error.kind.exit_code()
        }
    }
}

/// The value of `-o` or `--output` among arguments that clap could not parse.
fn named_format(args: Vec<OsString>) -> Option<String> {
    let mut args = args.into_iter().filter_map(|arg| arg.into_string().ok()).take_while(|arg| arg != "--");
    while let Some(arg) = args.next() {
        let value = match arg.as_str() {
            "-o" | "--output" => args.next()?,
            arg => match arg.strip_prefix("--output=").or_else(|| arg.strip_prefix("-o")) {
                Some(value) => value.trim_start_matches('=').to_owned(),
                None => continue,
            },
        };
        return Some(value.trim().to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn the_command_decides_whether_yes_is_its_own() {
        for line in ["x stop web-01 --yes", "x -r cn-x stop web-01 --yes", "x profile remove old --yes"] {
            assert!(has_yes(&words(line)), "{line}");
        }
        for line in ["x key web-01 enter --yes", "x profile list --yes", "x --yes", "x -r stop list --yes"] {
            assert!(!has_yes(&words(line)), "{line}");
        }
    }

    #[test]
    fn the_format_is_found_among_faulty_arguments() {
        for line in ["x -o json", "x --nope --output json y", "x -ojson", "x -o=json", "x --output=json -q"] {
            assert_eq!(named_format(words(line)).as_deref(), Some("json"), "{line}");
        }
        assert_eq!(named_format(words("x -o text --nope")).as_deref(), Some("text"));
        for line in ["x", "x -- -o json", "x -q -o"] {
            assert_eq!(named_format(words(line)), None, "{line}");
        }
    }

    #[test]
    fn the_definition_is_sound() {
        command_with_help().debug_assert();
    }
}
