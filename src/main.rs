//! Parse, run, report once, exit: the only place that ends the process.

use std::pin::pin;
use std::process::exit;
use std::thread;
use std::time::Duration;

use ecs_vnc::command_error::CommandError;
use ecs_vnc::commands;
use ecs_vnc::commands::cli::{self, Cli};
use ecs_vnc::error_kind::{ErrorKind, ExitCode};
use ecs_vnc::system::environment::Environment;
use ecs_vnc::system::{platform, shutdown};
use ecs_vnc::terminal::output::Output;
use ecs_vnc::{completion, listen, programs};
use futures_util::FutureExt as _;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// How long what must be put right may take after Ctrl-C.
const LAST_WORDS: Duration = Duration::from_secs(1);

fn main() {
    let env = Environment::of_process();
    if completion::answer(&env) {
        exit(ExitCode::SUCCESS.number().into());
    }
    let cli = cli::parse(&env).unwrap_or_else(|code| exit(code.number().into()));
    let output = Output::new(cli.global.output, cli.global.color, cli.global.quiet, cli.global.verbose, &env);
    let outcome = run(cli, env, output);
    if let Err(failure) = &outcome {
        output.failure(failure);
    }
    output.end();
    programs::end();
    listen::end();
    let code = outcome.unwrap_or_else(|failure| failure.kind.exit_code());
    exit(code.number().into());
}

/// The work has a thread of its own. This one waits for Ctrl-C and its like, so that it ends the process at every moment:
/// while the work is blocked on a terminal, a pipe or a file, too.
fn run(cli: Cli, env: Environment, output: Output) -> Result<ExitCode, CommandError> {
    let (done, outcome) = oneshot::channel();
    let waiting = runtime().map_err(|error| CommandError::new(ErrorKind::Other, error))?;
    waiting.block_on(async {
        let mut end = pin!(platform::asked_to_end());
        // Asked once, it listens: before there is anything to leave behind.
        if end.as_mut().now_or_never().is_some() {
            return Ok(ErrorKind::Interrupted.exit_code());
        }
        thread::spawn(move || {
            let runtime = runtime();
            let outcome = runtime.as_ref().map(|runtime| runtime.block_on(commands::run(cli, env, output)));
            // Told before the runtime is dropped: that would wait for its threads.
            done.send(outcome.unwrap_or_else(|error| Err(CommandError::message(ErrorKind::Other, error.to_string()))))
        });
        tokio::select! {
            biased;
            _ = end => {
                // Keys that are down are let go first.
                shutdown::ask();
                let _ = timeout(LAST_WORDS, shutdown::settled()).await;
                Ok(ErrorKind::Interrupted.exit_code())
            }
            outcome = outcome => outcome.unwrap_or_else(|error| Err(CommandError::new(ErrorKind::Other, error))),
        }
    })
}

/// One thread is enough, and starts faster.
fn runtime() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}
