//! One file a verb.

pub(crate) mod bootlog;
pub mod cli;
pub(crate) mod completions;
pub(crate) mod demo;
pub mod doctor;
pub(crate) mod help;
pub mod interruptible;
pub(crate) mod key;
pub(crate) mod list;
pub(crate) mod man;
pub(crate) mod open;
pub(crate) mod password;
pub(crate) mod profile;
pub(crate) mod regions;
pub(crate) mod relay;
pub(crate) mod screenshot;
pub(crate) mod script;
pub(crate) mod r#type;
pub(crate) mod view;
pub(crate) mod vnc_url;
pub(crate) mod wait;

use clap::CommandFactory as _;

use crate::command_error::CommandError;
use crate::commands::cli::{Cli, Command};
use crate::error_kind::ExitCode;
use crate::system::environment::Environment;
use crate::terminal::output::Output;

/// Runs the verb. `Ok` is an exit code too: some verbs report failures themselves and go on.
pub(crate) async fn run(cli: Cli, env: Environment, output: Output) -> Result<ExitCode, CommandError> {
    match cli.command {
        Command::VncUrl(args) => vnc_url::run(args, &cli.global, &env, output).await,
        Command::Open(args) => open::run(args, &cli.global, &env, output).await,
        Command::Relay(args) => relay::run(args, &cli.global, &env, output).await,
        Command::Key(args) => key::run(args, &cli.global, &env, output).await,
        Command::Type(args) => r#type::run(args, &cli.global, &env, output).await,
        Command::View(args) => view::run(args, &cli.global, &env, output).await,
        Command::Screenshot(args) => screenshot::run(args, &cli.global, &env, output).await,
        Command::Script(args) => script::run(args, &cli.global, &env, output).await,
        Command::Wait(args) => wait::run(args, &cli.global, &env, output).await,
        Command::Bootlog(args) => bootlog::run(args, &cli.global, &env, output).await,
        Command::List(args) => list::run(args, &cli.global, &env, output).await,
        Command::Regions(args) => regions::run(args, &cli.global, &env, output).await,
        Command::Password(args) => password::run(args, &cli.global, &env, output).await,
        Command::Profile(args) => profile::run(args, &cli.global, &env, output).await,
        Command::Doctor(args) => doctor::run(args, &cli.global, &env, output).await,
        Command::Demo(args) => demo::run(args, output).await,
        Command::Completions(args) => completions::run(&args, &mut Cli::command(), output),
        Command::Man => man::run(Cli::command(), output),
    }
}
