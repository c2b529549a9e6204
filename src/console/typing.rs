//! A text to type, where it comes from, and how it is typed.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{ArgGroup, Args};
use zeroize::Zeroizing;

use crate::args::time_in;
use crate::command_error::CommandError;
use crate::console::remote_screen::RemoteScreen;
use crate::error_kind::ErrorKind;
use crate::keyboard::{KeyEncoding, LAYOUTS, Layout, UntypableText, find_layout, text_to_keystrokes};
use crate::secret::Secret;
use crate::system::blocking;
use crate::system::environment::Environment;
use crate::terminal::output::Output;

/// The longest text, in bytes: at 30 keys a second it takes 36 minutes.
const LONGEST: usize = 64 << 10;

/// The slowest typing.
const SLOWEST: Duration = Duration::from_secs(10);

/// The error for arguments of `type` that clap does not understand. It must not quote them: they may be secret.
pub(crate) const MORE_THAN_ONE_TEXT: &str =
    "`type` takes one TEXT and the flags that its help names: quote the text, and put -- before one that begins with -";

/// Where a text is.
#[derive(Args, Debug)]
#[group(skip)]
#[command(group(ArgGroup::new("source").args(["text", "stdin", "file", "env"])))]
pub(crate) struct Source {
    /// The text to type.
    #[arg(value_name = "TEXT")]
    text: Option<Secret>,
    /// Read the text from stdin.
    ///
    /// A trailing newline is dropped.
    #[arg(long)]
    stdin: bool,
    /// Read the text from a file.
    ///
    /// A trailing newline is dropped.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Type the value of this environment variable.
    #[arg(long, value_name = "VARIABLE")]
    env: Option<String>,
    /// Press Enter after the text.
    #[arg(long)]
    enter: bool,
}

/// How a text is typed.
#[derive(Args, Clone, Debug)]
pub(crate) struct How {
    /// Pause between keys.
    ///
    /// At most 10s.
    #[arg(long, value_name = "DURATION", default_value = "33ms", value_parser = time_in(Duration::ZERO..=SLOWEST))]
    pub(crate) delay: Duration,
    /// Keyboard layout of the guest.
    #[arg(long, value_name = "LAYOUT", default_value = "us", value_parser = PossibleValuesParser::new(LAYOUTS.iter().map(|layout| PossibleValue::new(layout.name).help(layout.keyboard))))]
    pub(crate) layout: String,
    /// Send keysyms instead of scancodes.
    ///
    /// By default, scancodes are sent if the console supports the QEMU Extended Key Event.
    #[arg(long)]
    pub(crate) keysyms: bool,
}

impl Source {
    /// Returns the source with `text` as its TEXT, where that is not `None` and no other source was given.
    pub(crate) fn or_text(mut self, text: Option<Secret>) -> Result<Self, CommandError> {
        let is_given = self.text.is_some() || self.stdin || self.file.is_some() || self.env.is_some();
        match (text, is_given) {
            (Some(_), true) => Err(CommandError::message(ErrorKind::Usage, MORE_THAN_ONE_TEXT)),
            (None, false) => Err(CommandError::message(ErrorKind::Usage, "no text to type")
                .hint("give TEXT, --stdin, --file FILE or --env NAME")),
            (text, _) => {
                self.text = self.text.or(text);
                Ok(self)
            }
        }
    }

    /// Whether it is on stdin.
    pub(crate) fn is_stdin(&self) -> bool {
        self.stdin
    }

    /// Reads the text, with a line feed at the end for `--enter`.
    ///
    /// A pipe that is given as the file may take `limit`.
    pub(crate) fn read(&self, env: &Environment, limit: Duration) -> Result<Secret, CommandError> {
        let text = self.bare(env, limit)?;
        Ok(if self.enter { Secret::new(format!("{}\n", text.expose())) } else { text })
    }

    fn bare(&self, env: &Environment, limit: Duration) -> Result<Secret, CommandError> {
        match self {
            Self { text: Some(text), .. } => Ok(text.clone()),
            Self { file: Some(file), .. } => from_file(file, limit),
            Self { env: Some(name), .. } => env.get(name).map(Secret::new).ok_or_else(|| {
                let message =
                    format!("the environment variable {} is not set", crate::text::sanitize::sanitize(name, 80));
                CommandError::message(ErrorKind::Usage, message)
            }),
            _ => read(io::stdin().lock(), "stdin"),
        }
    }
}

fn from_file(file: &Path, limit: Duration) -> Result<Secret, CommandError> {
    let name = file.display().to_string();
    let bytes = blocking::read_file(file, LONGEST + "\r\n".len(), limit).map_err(|error| unreadable(error, &name))?;
    read(&bytes[..], &name)
}

/// A text, bounded, without a line's end at its end.
fn read(source: impl Read, name: &str) -> Result<Secret, CommandError> {
    // Room for all of it at once: a vector that grows leaves copies behind.
    let most = LONGEST + "\r\n".len();
    let mut bytes = Zeroizing::new(Vec::with_capacity(most + 1));
    source.take(most as u64 + 1).read_to_end(&mut bytes).map_err(|error| unreadable(error, name))?;
    // What is cut is not looked at.
    if bytes.len() > most {
        return Err(too_long());
    }
    let text = str::from_utf8(&bytes).map_err(|_| {
        CommandError::message(ErrorKind::Usage, format!("{name} holds no UTF-8 text, and only text is typed"))
    })?;
    // Some editors write a byte order mark, which is not part of the text.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
    Ok(Secret::new(text))
}

fn too_long() -> CommandError {
    let message = format!("the text is longer than {} KiB, which is the most that is typed", LONGEST >> 10);
    CommandError::message(ErrorKind::Usage, message)
}

fn unreadable(error: io::Error, name: &str) -> CommandError {
    let kind = if error.kind() == io::ErrorKind::TimedOut { ErrorKind::TimeLimit } else { ErrorKind::Usage };
    CommandError::new(kind, anyhow::Error::new(error).context(format!("could not read {name}")))
}

/// A text that a guest's keyboard has keys for.
#[derive(Debug)]
pub(crate) struct Text {
    text: Secret,
    how: How,
    layout: &'static Layout,
}

impl Text {
    /// The number of characters.
    pub(crate) fn characters(&self) -> usize {
        self.text.expose().chars().count()
    }

    /// Checks all of it.
    pub(crate) fn new(text: Secret, how: &How) -> Result<Self, CommandError> {
        let layout = find_layout(&how.layout).ok_or_else(|| {
            CommandError::message(ErrorKind::Usage, format!("there is no keyboard layout {}", how.layout))
        })?;
        match text.expose().len() {
            0 => {
                let failure = CommandError::message(ErrorKind::Usage, "there is nothing to type: the text is empty");
                return Err(failure.hint("--enter presses Enter"));
            }
            length if length > LONGEST => return Err(too_long()),
            _ => {}
        }
        // What scancodes cannot type, keysyms cannot either.
        text_to_keystrokes(
            text.expose(),
            layout,
            if how.keysyms { KeyEncoding::Keysyms } else { KeyEncoding::Scancodes },
        )
        .map_err(untypable)?;
        Ok(Self { text, how: how.clone(), layout })
    }
}

fn untypable(error: UntypableText) -> CommandError {
    CommandError::new(ErrorKind::Usage, error)
        .hint("only what the guest's keyboard has can be typed; set --layout to the guest's layout")
}

/// Types the text on a console.
pub(crate) async fn type_text(screen: &mut RemoteScreen, text: &Text, output: Output) -> Result<(), CommandError> {
    let Text { text, how, layout } = text;
    let encoding = screen.key_encoding(how.keysyms).await?;
    let keystrokes = text_to_keystrokes(text.expose(), layout, encoding).map_err(untypable)?;
    if screen.client.leds().is_some_and(|leds| leds.caps_lock) {
        output.warning("Caps Lock is on at the console: letters will have the wrong case");
    }
    let progress = |typed| output.progress(&format!("typing: {typed} of {} keys", keystrokes.len()));
    screen.type_keystrokes(encoding, &keystrokes, how.delay, progress).await
}
