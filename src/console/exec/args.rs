//! Arguments of commands that run something in a guest.

use clap::Args;

use crate::args::word_arg;
use crate::command_error::CommandError;
use crate::console::guest_login::{GuestLogin, LoginSource};
use crate::console::reading::pattern::Pattern;
use crate::console::typing::KeyboardArgs;
use crate::settings::Context;

/// Who runs it, and how keys are pressed.
#[derive(Args, Clone, Debug)]
pub(crate) struct GuestArgs {
    /// Log in as this user first.
    ///
    /// As `ecs-vnc login` does, with the password of --env. If a shell's prompt is there already, nobody is logged in. The user
    /// stays logged in.
    #[arg(long, value_name = "NAME", value_parser = word_arg, requires = "env")]
    user: Option<String>,
    /// Take the password of --user from this environment variable.
    #[arg(long, value_name = "VARIABLE", requires = "user")]
    env: Option<String>,
    /// Recognise the shell's prompt by this.
    ///
    /// A regular expression, which the last row with text must match. By default, that row ends with `#`, `$`, `%` or `>`.
    #[arg(long, value_name = "REGEX")]
    prompt: Option<Pattern>,
    #[command(flatten)]
    pub(crate) keyboard: KeyboardArgs,
}

impl GuestArgs {
    /// The login, if one is asked for, and what recognises the prompt.
    pub(crate) fn parts(&self, context: &Context) -> Result<(Option<GuestLogin>, Option<Pattern>), CommandError> {
        let login = match (&self.user, &self.env) {
            (Some(user), Some(variable)) => {
                let typing = self.keyboard.at_usual_speed();
                let source = LoginSource::with_variable(user.clone(), variable.clone(), typing);
                Some(source.read(&context.env)?)
            }
            _ => None,
        };
        Ok((login, self.prompt.clone()))
    }
}
