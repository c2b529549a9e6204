//! One file a verb, and what the verbs share. The only room that joins others.

pub mod bootlog;
mod choice;
mod clients;
pub mod complete;
pub mod completions;
pub mod demo;
pub mod doctor;
mod explain;
mod find;
pub mod key;
mod keys;
mod keystrokes;
pub mod list;
mod load;
pub mod man;
mod mint;
mod narrate;
pub mod open;
pub mod password;
mod port;
pub mod profile;
mod progress;
pub mod regions;
pub mod relay;
mod screen;
pub mod screenshot;
pub mod script;
mod session;
mod settings;
pub mod r#type;
mod until_running;
pub mod view;
pub mod vnc_url;
pub mod wait;
mod way;
mod which;

use std::io::{self, Read as _};

use crate::cli::{Cli, Command};
use crate::commands::find::Target;
use crate::commands::mint::PageSettings;
use crate::commands::session::Session;
use crate::commands::settings::Layers;
use crate::environment::Environment;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::output::Output;
use crate::secret::Secret;
use crate::vnc_password::VncPassword;

/// Runs the verb. `Ok` is an exit code too: some verbs report failures themselves and go on.
pub async fn run(cli: Cli, env: Environment, output: Output) -> Result<ExitCode, Failure> {
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
        Command::Completions(args) => completions::run(&args, output),
        Command::Man => man::run(output),
    }
}

/// What the verbs that lead to a console understand.
#[derive(Clone, Debug, clap::Args)]
pub struct ConsoleArgs {
    /// Tell the console page that the instance runs Windows, instead of asking the API.
    #[arg(long, conflicts_with = "no_windows")]
    pub windows: bool,
    /// Tell the console page that the instance does not run Windows, instead of asking the API.
    #[arg(long)]
    pub no_windows: bool,
    /// Read the instance's VNC password, a line of six letters or digits, from stdin and hand it to the page.
    #[arg(long)]
    pub password_stdin: bool,
    /// Wait until the instance runs, for as long as --timeout says [default: 600 s].
    #[arg(long)]
    pub wait: bool,
}

impl ConsoleArgs {
    /// What the page is told, from flags, stdin and settings.
    fn page(&self, layers: &Layers<'_>) -> Result<PageSettings, Failure> {
        let given = if self.password_stdin { Some(read_password()?) } else { None };
        let is_windows = (self.windows || self.no_windows).then_some(self.windows);
        Ok(PageSettings { is_windows, password: layers.vnc_password(given)? })
    }
}

/// The instance, running, where `wait` wants that.
async fn ready(session: &Session, target: Target, wait: bool, output: Output) -> Result<Target, Failure> {
    match wait {
        true => until_running::until_running(session, target, output).await,
        false => Ok(target),
    }
}

/// The instance, ready, and not one that is known to be off: neither a browser nor a viewer need be started for that.
async fn running(session: &Session, target: Target, wait: bool, output: Output) -> Result<Target, Failure> {
    let target = ready(session, target, wait, output).await?;
    match target.known.as_ref().map(|known| known.status.as_str()) {
        Some(status @ ("Stopped" | "Stopping")) => {
            let message = format!("{} is {status}, and the console needs it Running", target.instance);
            let hint = "start it first; --wait waits until it runs";
            Err(Failure::message(ExitCode::WrongState, message).hint(hint))
        }
        _ => Ok(target),
    }
}

/// The VNC password on stdin.
fn read_password() -> Result<VncPassword, Failure> {
    let line = read_line(64).map_err(|error| {
        Failure::new(ExitCode::Usage, anyhow::Error::new(error).context("could not read the password from stdin"))
    })?;
    VncPassword::try_from(&line).map_err(|error| Failure::message(ExitCode::Usage, format!("on stdin: {error}")))
}

/// The answer to a question on the terminal, which does not show it.
fn ask_secretly(question: &str) -> Result<Secret, Failure> {
    rpassword::prompt_password(question).map(Secret::new).map_err(unreadable)
}

/// A terminal, or stdin, that gave no answer.
fn unreadable(error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::Interrupted => Failure::interrupted(),
        _ => Failure::new(ExitCode::Usage, anyhow::Error::new(error).context("could not read the answer")),
    }
}

/// A line of stdin, without its end; empty at the end of stdin. One longer than `limit` bytes is refused: cut, its rest
/// would be taken for the next.
fn read_line(limit: usize) -> io::Result<Secret> {
    let mut line = zeroize::Zeroizing::new(Vec::new());
    for byte in io::stdin().lock().bytes() {
        match byte? {
            b'\n' => break,
            _ if line.len() == limit => return Err(io::Error::other(format!("a line is longer than {limit} bytes"))),
            byte => line.push(byte),
        }
    }
    let text = std::str::from_utf8(&line).map_err(|_| io::Error::other("a line is not UTF-8 text"))?;
    Ok(Secret::new(text.trim_end_matches('\r')))
}
