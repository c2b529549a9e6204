//! One file a verb.

pub(crate) mod bootlog;
pub(crate) mod check;
pub mod cli;
pub(crate) mod click;
pub(crate) mod completions;
pub(crate) mod console;
pub(crate) mod cp;
pub(crate) mod demo;
pub mod doctor;
pub(crate) mod drag;
pub(crate) mod exec;
pub(crate) mod habits;
pub(crate) mod help;
mod help_language;
pub mod interruptible;
pub(crate) mod key;
pub(crate) mod list;
pub(crate) mod login;
pub(crate) mod man;
pub(crate) mod mcp;
pub(crate) mod r#move;
pub(crate) mod open;
pub(crate) mod password;
pub(crate) mod pointer;
pub(crate) mod policy;
pub(crate) mod power;
pub(crate) mod profile;
pub(crate) mod reboot;
pub(crate) mod regions;
pub(crate) mod relay;
pub(crate) mod screenshot;
pub mod script;
pub(crate) mod scroll;
pub(crate) mod serving;
pub(crate) mod sessions;
pub(crate) mod sheet;
pub(crate) mod start;
pub(crate) mod stop;
pub(crate) mod text;
pub(crate) mod r#type;
pub(crate) mod variable_syntax;
pub(crate) mod variables;
pub(crate) mod version;
pub(crate) mod view;
pub(crate) mod vnc_url;
pub(crate) mod wait;

use clap::CommandFactory as _;

use crate::command_error::CommandError;
use crate::commands::cli::{Cli, Command};
use crate::error_kind::ExitCode;
use crate::settings::Context;

/// Runs the verb. `Ok` is an exit code too: some verbs report failures themselves and go on.
pub(crate) async fn run(command: Command, context: Context) -> Result<ExitCode, CommandError> {
    match command {
        Command::VncUrl(args) => vnc_url::run(args, &context).await,
        Command::Open(args) => open::run(args, &context).await,
        Command::Relay(args) => relay::run(args, &context).await,
        Command::Console(args) => console::run(args, &context).await,
        Command::Key(args) => key::run(args, &context).await,
        Command::Type(args) => r#type::run(args, &context).await,
        Command::Login(args) => login::run(args, &context).await,
        Command::Click(args) => click::run(args, &context).await,
        Command::Move(args) => r#move::run(args, &context).await,
        Command::Drag(args) => drag::run(args, &context).await,
        Command::Scroll(args) => scroll::run(args, &context).await,
        Command::Cp(args) => cp::run(args, &context).await,
        Command::Exec(args) => exec::run(args, &context).await,
        Command::View(args) => view::run(args, &context).await,
        Command::Screenshot(args) => screenshot::run(args, &context).await,
        Command::Check(args) => check::run(args, &context).await,
        Command::Text(args) => text::run(args, &context).await,
        Command::Sheet(args) => sheet::run(args, &context).await,
        Command::Script(args) => script::run(args, &context).await,
        Command::Wait(args) => wait::run(args, &context).await,
        Command::Sessions(_) => sessions::run(&context).await,
        Command::Bootlog(args) => bootlog::run(args, &context).await,
        Command::List(args) => list::run(args, &context).await,
        Command::Start(args) => start::run(args, &context).await,
        Command::Stop(args) => stop::run(args, &context).await,
        Command::Reboot(args) => reboot::run(args, &context).await,
        Command::Regions(regions::RegionsArgs {}) => regions::run(&context).await,
        Command::Password(args) => password::run(args, &context).await,
        Command::Policy(args) => policy::run(args, &context).await,
        Command::Profile(args) => profile::run(args, &context).await,
        Command::Doctor(args) => doctor::run(args, &context).await,
        Command::Demo(args) => demo::run(args, &context.env, context.output).await,
        Command::Mcp(args) => mcp::run(args, &context).await,
        Command::Completions(args) => completions::run(&args, &mut Cli::command(), context.output),
        Command::Version(_) => version::run(context.output),
        Command::Man(args) => man::run(&args, Cli::command(), context.output),
    }
}
