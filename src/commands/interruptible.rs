//! Runs a verb so that Ctrl-C ends the process at any moment.

use std::io;
use std::pin::pin;
use std::thread;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::command_error::CommandError;
use crate::commands;
use crate::commands::cli::Cli;
use crate::commands::serving;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::settings::Context;
use crate::system::platform::{self, EndRequest};
use crate::system::shutdown::Shutdown;

/// How long work that must finish after Ctrl-C may take, such as releasing keys.
const SETTLE_TIMEOUT: Duration = Duration::from_secs(1);

/// The stack of the thread that runs the verb, in bytes. A build without optimization has a place on it for the future of each
/// verb, which takes more than the usual 2 MiB; a release build needs less than 300 KiB.
const VERB_STACK_SIZE: usize = 8 << 20;

/// Runs the verb until it ends or the process is asked to end: by Ctrl-C, SIGTERM or SIGHUP.
///
/// The verb runs in a thread of its own, so that the process can end while it is blocked on a terminal, a pipe or a file.
pub fn run_until_interrupted(cli: Cli, context: Context) -> Result<ExitCode, CommandError> {
    let (sender, outcome) = oneshot::channel();
    let runtime = new_runtime().map_err(|error| {
        let error = anyhow::Error::new(error).context("could not start");
        CommandError::new(ErrorKind::Other, error).hint("raise the limit on open files (ulimit -n)")
    })?;
    runtime.block_on(async {
        let mut end_requested = pin!(platform::end_requested());
        // The first poll installs the signal handlers, before the verb creates anything that must be cleaned up.
        if end_requested.as_mut().now_or_never().is_some() {
            return Ok(ErrorKind::Interrupted.exit_code());
        }
        let verb = move || {
            let runtime = new_runtime();
            let outcome = runtime.as_ref().map(|runtime| runtime.block_on(commands::run(cli.command, context)));
            // Sent before the runtime is dropped, which would wait for its blocking threads.
            sender.send(outcome.unwrap_or_else(|error| Err(CommandError::message(ErrorKind::Other, error.to_string()))))
        };
        if let Err(error) = thread::Builder::new().stack_size(VERB_STACK_SIZE).spawn(verb) {
            let error = anyhow::Error::new(error).context("could not start a thread");
            let hint = "end other programs, or raise the limit on processes (ulimit -u)";
            return Err(CommandError::new(ErrorKind::Other, error).hint(hint));
        }
        tokio::select! {
            biased;
            request = end_requested => {
                let shutdown = Shutdown::of_process();
                shutdown.request();
                let _ = timeout(SETTLE_TIMEOUT, shutdown.settled()).await;
                Ok(exit_code_after(request.ok()))
            }
            outcome = outcome => outcome.unwrap_or_else(|error| Err(CommandError::new(ErrorKind::Other, error))),
        }
    })
}

/// Ctrl-C is how commands that serve are meant to end. No other request is.
fn exit_code_after(request: Option<EndRequest>) -> ExitCode {
    let served = serving::exit_code().filter(|_| request == Some(EndRequest::CtrlC));
    served.unwrap_or(ErrorKind::Interrupted.exit_code())
}

/// One thread is enough, and starts faster than several.
fn new_runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}
