//! What every command runs with.

use crate::command_error::CommandError;
use crate::settings::flags::GlobalArgs;
use crate::settings::resolved::Settings;
use crate::settings::sources::SettingSources;
use crate::system::environment::Environment;
use crate::terminal::output::Output;

/// The global flags, the environment variables and the output of one command.
#[derive(Clone, Debug)]
pub struct Context {
    pub(crate) flags: GlobalArgs,
    pub(crate) env: Environment,
    pub(crate) output: Output,
}

impl Context {
    /// Binds the flags to the environment, and makes the output that they ask for.
    pub fn new(flags: GlobalArgs, env: Environment) -> Self {
        let output = Output::new(flags.output, flags.color, flags.quiet, flags.verbose, &env);
        let output = output.without_input(flags.no_input);
        Self { flags, env, output }
    }

    /// Prints to stdout and stderr as the flags ask for.
    pub fn output(&self) -> Output {
        self.output
    }

    /// Reads the configuration files and resolves the settings. A command calls this once, after it has checked its
    /// arguments. The first faulty setting is a usage error.
    pub(crate) fn settings(&self) -> Result<Settings, CommandError> {
        Settings::resolve(&SettingSources::load(&self.flags, &self.env, self.output)?)
    }
}
