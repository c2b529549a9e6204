//! Parses the command line, runs the verb, reports its error, and exits.

use std::process::exit;

use ecs_vnc::commands::cli;
use ecs_vnc::commands::interruptible::run_until_interrupted;
use ecs_vnc::completion;
use ecs_vnc::error_kind::ExitCode;
use ecs_vnc::system::environment::Environment;
use ecs_vnc::system::shutdown::Shutdown;
use ecs_vnc::terminal::output::Output;

fn main() {
    let env = Environment::from_process();
    if completion::complete_if_requested(&env) {
        exit(ExitCode::SUCCESS.number().into());
    }
    let cli = cli::parse(&env).unwrap_or_else(|code| exit(code.number().into()));
    let output = Output::new(cli.global.output, cli.global.color, cli.global.quiet, cli.global.verbose, &env);
    let outcome = run_until_interrupted(cli, env, output);
    if let Err(error) = &outcome {
        output.failure(error);
    }
    Shutdown::of_process().run_cleanups();
    let code = outcome.unwrap_or_else(|error| error.kind.exit_code());
    exit(code.number().into());
}
