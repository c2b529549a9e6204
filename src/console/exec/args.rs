//! Arguments of commands that run something in a guest.

use std::io::{self, Read as _};

use clap::Args;

use crate::args::word_arg;
use crate::command_error::CommandError;
use crate::console::args::{DEFAULT_SCREEN_TIMEOUT, ScreenArgs};
use crate::console::exec::request::{GuestCommand, Run};
use crate::console::guest_login::LoginSource;
use crate::console::reading::pattern::Pattern;
use crate::console::remote_screen::RemoteScreen;
use crate::console::typing::KeyboardArgs;
use crate::error_kind::ErrorKind;
use crate::guest_shell::outcome::Outcome;
use crate::guest_shell::upload::{MAX_PACKED_LEN, packed_len};
use crate::instances::{InstanceSelector, ResolvedInstance};
use crate::settings::Context;
use crate::system::blocking;
use crate::terminal::output::Output;

/// The most bytes that are read for an upload, before they are compressed.
pub(crate) const MAX_INPUT_LEN: usize = 16 << 20;

/// How many bytes are typed in a second, after compression: measured with QEMU, whose keyboard takes an event each 10 ms.
const UPLOAD_RATE: usize = 40;

/// An upload that takes longer is announced, in seconds.
const LONG_UPLOAD: usize = 15;

/// Who runs it, and how keys are pressed.
#[derive(Args, Clone, Debug)]
pub(crate) struct GuestArgs {
    /// Log in as this user first.
    ///
    /// As `ecs-vnc login` does, with the password of --env. Not if a shell's prompt is there already. The user stays logged
    /// in.
    #[arg(long, value_name = "NAME", value_parser = word_arg, requires = "env")]
    user: Option<String>,
    /// Take the password from this environment variable.
    #[arg(long, value_name = "VARIABLE", requires = "user")]
    env: Option<String>,
    /// Recognise the shell's prompt by this.
    ///
    /// A regular expression, which the last row with text must match. By default, that row ends with `#`, `$`, `%` or `>`.
    #[arg(long, value_name = "REGEX")]
    prompt: Option<Pattern>,
    #[command(flatten)]
    keyboard: KeyboardArgs,
}

impl GuestArgs {
    /// Opens the console, logs in if that is asked for, and runs the command.
    pub(crate) async fn run(
        &self,
        selector: &InstanceSelector,
        args: &ScreenArgs,
        command: &str,
        is_merged: bool,
        input: Option<&[u8]>,
        context: &Context,
    ) -> Result<(Outcome, ResolvedInstance), CommandError> {
        let output = context.output;
        let command =
            GuestCommand { command, is_merged, input, prompt: self.prompt.as_ref(), keyboard: &self.keyboard };
        command.check()?;
        let login = match (&self.user, &self.env) {
            (Some(user), Some(variable)) => {
                let typing = self.keyboard.at_usual_speed();
                Some(LoginSource::with_variable(user.clone(), variable.clone(), typing).read(&context.env)?)
            }
            _ => None,
        };
        if let Some(input) = input {
            check_upload(input, output)?;
        }
        let settings = context.settings()?;
        let before_screen = args.opening_limit(&settings)?;
        let mut screen = RemoteScreen::of(selector, args, &settings, before_screen, context).await?;
        if let Some(login) = &login {
            let time = settings.timeout_flag.unwrap_or(DEFAULT_SCREEN_TIMEOUT);
            login.perform(&mut screen, time, output).await?;
        }
        let run = Run { command: &command, limit: settings.timeout_flag, output };
        let outcome = run.run(&mut screen).await?;
        let instance = screen.instance().clone();
        // The outcome was verified, whatever becomes of the session now.
        if let Err(error) = screen.close().await {
            output.warning(&format!("{:#}", error.error));
        }
        Ok((outcome, instance))
    }
}

/// Reads stdin up to its end.
pub(crate) async fn read_input(screen: &ScreenArgs) -> Result<Vec<u8>, CommandError> {
    if screen.password_stdin {
        let message = "stdin cannot be both what is sent to the guest and the password of VNC";
        return Err(CommandError::message(ErrorKind::Usage, message).hint("give that of VNC in ECS_VNC_PASSWORD"));
    }
    let read = || {
        let mut bytes = Vec::new();
        io::stdin().lock().take(MAX_INPUT_LEN as u64 + 1).read_to_end(&mut bytes).map(|_| bytes)
    };
    let bytes = blocking::run(read).await.and_then(|read| read);
    bytes
        .map_err(|error| CommandError::new(ErrorKind::Usage, anyhow::Error::new(error).context("could not read stdin")))
}

/// Says how long an upload takes. One that is too long is an error.
fn check_upload(input: &[u8], output: Output) -> Result<(), CommandError> {
    let packed = packed_len(input);
    if input.len() > MAX_INPUT_LEN || packed > MAX_PACKED_LEN {
        let most = MAX_PACKED_LEN >> 10;
        let message =
            format!("it is too long to be typed: {packed} bytes after compression, of which {most} KiB can be");
        let hint = "use the network of the guest, or a disk that is attached to it";
        return Err(CommandError::message(ErrorKind::Usage, message).hint(hint));
    }
    let seconds = packed / UPLOAD_RATE;
    if seconds >= LONG_UPLOAD {
        let (bytes, time) =
            (input.len(), if seconds < 120 { format!("{seconds} s") } else { format!("{} min", seconds / 60) });
        output.note(&format!("typing {bytes} bytes, {packed} after compression, takes about {time}"));
    }
    Ok(())
}
