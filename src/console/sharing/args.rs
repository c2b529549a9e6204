//! The arguments of a shared console.

use std::io::{self, IsTerminal as _};

use clap::Args;

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::rfb::server::Security;
use crate::secret::Secret;
use crate::settings::Context;
use crate::share::ServeOptions;
use crate::system::random;
use crate::terminal::prompt::{ask_secretly, read_line};
use crate::vnc::share_password::{SharePassword, SharePasswordError};

/// The environment variable that has the password.
const PASSWORD_VARIABLE: &str = "ECS_VNC_SHARE_PASSWORD";

/// The longest line on stdin, in bytes. The password has eight at most.
const MAX_LINE_LEN: usize = 64;

/// How viewers share a session.
#[derive(Args, Clone, Debug)]
pub(crate) struct ShareArgs {
    /// Let viewers share one session.
    ///
    /// The first viewer opens the console, and any number of others see and use the same session. When it is lost, it is
    /// opened again while the viewers stay connected. Without this, each new viewer disconnects the one before.
    ///
    /// A console that asks for its VNC password gets it from ECS_VNC_PASSWORD or the profile, not from the viewers.
    #[arg(long)]
    pub(crate) share: bool,
    /// With --share: ignore keys and mouse.
    ///
    /// Viewers can only watch.
    #[arg(long, requires = "share")]
    pub(crate) read_only: bool,
    /// With --share: read a password from stdin.
    ///
    /// One line of six to eight letters, digits or signs, which viewers are asked for [env: ECS_VNC_SHARE_PASSWORD].
    /// Required if other machines can connect.
    #[arg(long, requires = "share")]
    pub(crate) share_password_stdin: bool,
}

impl ShareArgs {
    /// Returns how viewers are served, or `None` without `--share`. Reads the password.
    pub(crate) fn options(&self, context: &Context) -> Result<Option<ServeOptions>, CommandError> {
        if !self.share {
            return Ok(None);
        }
        let security = match self.password(context)? {
            Some(password) => Security::Password { password: password.into_secret(), fill_random: random::fill },
            None => Security::None,
        };
        Ok(Some(ServeOptions { security, is_read_only: self.read_only, is_program: false }))
    }

    fn password(&self, context: &Context) -> Result<Option<SharePassword>, CommandError> {
        let faulty = |source: &str, error: SharePasswordError| {
            CommandError::message(ErrorKind::Usage, format!("{source}: {error}"))
        };
        if self.share_password_stdin {
            let line = match io::stdin().is_terminal() {
                true => ask_secretly("password for viewers (not shown): ")?,
                false => read_line(MAX_LINE_LEN).map_err(|error| {
                    let error = anyhow::Error::new(error).context("cannot read the password from stdin");
                    CommandError::new(ErrorKind::Usage, error)
                })?,
            };
            return SharePassword::try_from(&line).map(Some).map_err(|error| faulty("stdin", error));
        }
        let variable = context.env.get(PASSWORD_VARIABLE).map(Secret::new);
        let password = variable.as_ref().map(SharePassword::try_from).transpose();
        password.map_err(|error| faulty(PASSWORD_VARIABLE, error))
    }
}

/// The error for a password that is needed but was not given.
pub(crate) fn password_needed() -> CommandError {
    CommandError::message(ErrorKind::Usage, "a console that other machines can reach needs a password for its viewers")
        .hint(format!("give one with --share-password-stdin or in {PASSWORD_VARIABLE}"))
}
