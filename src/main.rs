//! Parses the command line, runs the verb, reports its error, and exits.

use std::panic;
use std::process::exit;

use ecs_vnc::command_error::CommandError;
use ecs_vnc::commands::cli;
use ecs_vnc::commands::interruptible::run_until_interrupted;
use ecs_vnc::completion;
use ecs_vnc::error_kind::{ErrorKind, ExitCode};
use ecs_vnc::settings::{self, Context};
use ecs_vnc::system::environment::Environment;
use ecs_vnc::system::platform;
use ecs_vnc::system::shutdown::Shutdown;

fn main() {
    platform::disable_core_dumps();
    let env = Environment::from_process();
    if completion::complete_if_requested(&env) {
        exit(ExitCode::SUCCESS.number().into());
    }
    settings::language::set_for_process(&env);
    let cli = cli::parse(&env).unwrap_or_else(|code| exit(code.number().into()));
    let context = Context::new(cli.global.clone(), env);
    let output = context.output();
    panic::set_hook(Box::new(move |panic| {
        output.failure(&CommandError::from_panic(panic));
        Shutdown::of_process().run_cleanups();
        exit(ErrorKind::Other.exit_code().number().into());
    }));
    let outcome = run_until_interrupted(cli, context);
    if let Err(error) = &outcome {
        output.failure(error);
    }
    output.write_late_warnings();
    Shutdown::of_process().run_cleanups();
    let code = outcome.unwrap_or_else(|error| error.kind.exit_code());
    exit(code.number().into());
}
