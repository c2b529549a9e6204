//! `ecs-vnc man`: prints the manual page.

use clap::CommandFactory as _;
use clap_mangen::Man;

use crate::cli::Cli;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::output::Output;

/// Runs the verb.
pub fn run(output: Output) -> Result<ExitCode, Failure> {
    let mut page = Vec::new();
    Man::new(Cli::command()).render(&mut page).map_err(Failure::stdout)?;
    output.bytes(&page)?;
    Ok(ExitCode::Done)
}
