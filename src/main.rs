//! Parse, run, report once, exit: the only place that ends the process.

use std::process::exit;

use ecs_vnc::cli::{self, Cli};
use ecs_vnc::environment::Environment;
use ecs_vnc::exit_code::ExitCode;
use ecs_vnc::output::Output;
use ecs_vnc::{commands, failure::Failure};

fn main() {
    let env = Environment::of_process();
    let cli = cli::parse(&env).unwrap_or_else(|code| exit(code.number().into()));
    let output = Output::new(cli.global.output, cli.global.color, cli.global.quiet, cli.global.verbose, &env);
    let outcome = run(cli, env, output);
    if let Err(failure) = &outcome {
        output.failure(failure);
    }
    let code = outcome.unwrap_or_else(|failure| failure.exit);
    exit(code.number().into());
}

/// One thread is enough, and starts faster. Ctrl-C wins over whatever runs.
fn run(cli: Cli, env: Environment, output: Output) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new(ExitCode::Other, error))?;
    let outcome = runtime.block_on(async {
        tokio::select! {
            biased;
            _ = tokio::signal::ctrl_c() => Ok(ExitCode::Interrupted),
            outcome = commands::run(cli, env, output) => outcome,
        }
    });
    // A thread may still wait for a line of the terminal; the process does not wait for it.
    runtime.shutdown_background();
    outcome
}
