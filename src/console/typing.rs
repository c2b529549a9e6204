//! The text of `type`: where it comes from, whether a keyboard layout has keys for it, and how it is typed.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{ArgGroup, Args};
use zeroize::Zeroizing;

use crate::args::{path_arg, time_in};
use crate::command_error::CommandError;
use crate::console::remote_screen::RemoteScreen;
use crate::error_kind::ErrorKind;
use crate::keyboard::{KeyEncoding, LAYOUTS, Layout, UntypableText, find_layout, text_to_keystrokes};
use crate::secret::Secret;
use crate::system::blocking;
use crate::system::environment::Environment;
use crate::system::shutdown::Shutdown;
use crate::terminal::output::Output;

/// The longest text, in bytes. At 30 keys a second, typing it takes 36 minutes.
const MAX_TEXT_LEN: usize = 64 << 10;

/// The longest pause between two keys.
const MAX_DELAY: Duration = Duration::from_secs(10);

/// The error for arguments of `type` that clap does not understand. It must not quote them: they may be secret.
pub(crate) const MORE_THAN_ONE_TEXT: &str = "`type` takes one TEXT: quote it if it has spaces, and put -- before it if it begins with -; see ecs-vnc type --help \
     for the flags";

/// Where the text comes from: one of an argument, stdin, a file and an environment variable.
#[derive(Args, Debug)]
#[group(skip)]
#[command(group(ArgGroup::new("source").args(["text", "stdin", "file", "env"])))]
pub(crate) struct TextSource {
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
    #[arg(long, value_name = "FILE", value_parser = path_arg())]
    file: Option<PathBuf>,
    /// Type the value of this environment variable.
    ///
    /// It is a secret, and so is the text of --stdin: it is typed only at a prompt for a password. --after names another
    /// prompt, and --blind types it anywhere.
    #[arg(long, value_name = "VARIABLE")]
    env: Option<String>,
    /// Press Enter after the text.
    #[arg(long)]
    enter: bool,
}

/// The speed, the keyboard layout and the kind of key events.
#[derive(Args, Clone, Debug)]
pub(crate) struct TypingArgs {
    /// Pause between keys.
    ///
    /// At most 10s.
    #[arg(long, value_name = "DURATION", default_value = "33ms", value_parser = time_in(Duration::ZERO..=MAX_DELAY))]
    pub(crate) delay: Duration,
    /// Keyboard layout of the guest.
    ///
    /// The layouts are XKB's, which Debian, Ubuntu and X use. The older console maps of kbd have some characters elsewhere:
    /// docs/automation.md lists them.
    #[arg(long, value_name = "LAYOUT", default_value = "us", value_parser = PossibleValuesParser::new(LAYOUTS.iter().map(|layout| PossibleValue::new(layout.name).help(layout.keyboard))))]
    pub(crate) layout: String,
    /// Send keysyms instead of scancodes.
    ///
    /// By default, scancodes are sent if the console supports the QEMU Extended Key Event.
    #[arg(long)]
    pub(crate) keysyms: bool,
}

impl TextSource {
    /// Returns the source with `text` as its TEXT, if there is one. Fails unless exactly one source is given.
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

    /// Whether the text is read from stdin.
    pub(crate) fn is_stdin(&self) -> bool {
        self.stdin
    }

    /// Whether the text may be a password.
    pub(crate) fn is_secret(&self) -> bool {
        self.stdin || self.env.is_some()
    }

    /// Reads the text. With `--enter`, a line feed is added. A pipe that is given as the file may take `limit`.
    pub(crate) fn read(&self, env: &Environment, limit: Duration) -> Result<Secret, CommandError> {
        let text = self.read_without_enter(env, limit)?;
        Ok(if self.enter { Secret::new(format!("{}\n", text.expose())) } else { text })
    }

    fn read_without_enter(&self, env: &Environment, limit: Duration) -> Result<Secret, CommandError> {
        match self {
            Self { text: Some(text), .. } => Ok(text.clone()),
            Self { file: Some(file), .. } => read_file(file, limit),
            Self { env: Some(name), .. } => env.get_verbatim(name).map(Secret::new).ok_or_else(|| {
                let message =
                    format!("the environment variable {} is not set", crate::text::sanitize::sanitize(name, 80));
                CommandError::message(ErrorKind::Usage, message)
            }),
            _ => read(io::stdin().lock(), "stdin"),
        }
    }
}

fn read_file(file: &Path, limit: Duration) -> Result<Secret, CommandError> {
    let name = file.display().to_string();
    let bytes =
        blocking::read_file(file, MAX_TEXT_LEN + "\r\n".len(), limit).map_err(|error| unreadable(error, &name))?;
    read(&bytes[..], &name)
}

/// Reads a text of at most [`MAX_TEXT_LEN`] bytes, and drops one trailing newline. `name` is for error messages.
fn read(source: impl Read, name: &str) -> Result<Secret, CommandError> {
    // Allocated once: a growing vector leaves copies of the secret in memory.
    let max_len = MAX_TEXT_LEN + "\r\n".len();
    let mut bytes = Zeroizing::new(Vec::with_capacity(max_len + 1));
    source.take(max_len as u64 + 1).read_to_end(&mut bytes).map_err(|error| unreadable(error, name))?;
    // Before the UTF-8 check: the limit may have cut a character.
    if bytes.len() > max_len {
        return Err(too_long());
    }
    let text = str::from_utf8(&bytes).map_err(|_| {
        CommandError::message(ErrorKind::Usage, format!("{name} is not UTF-8 text; only text can be typed"))
    })?;
    // Some editors write a byte order mark, which is not part of the text.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
    Ok(Secret::new(text))
}

fn too_long() -> CommandError {
    let message = format!("the text is too long: at most {} KiB can be typed", MAX_TEXT_LEN >> 10);
    CommandError::message(ErrorKind::Usage, message)
}

fn unreadable(error: io::Error, name: &str) -> CommandError {
    let kind = if error.kind() == io::ErrorKind::TimedOut { ErrorKind::TimeLimit } else { ErrorKind::Usage };
    CommandError::new(kind, anyhow::Error::new(error).context(format!("could not read {name}")))
}

/// A text that can be typed with its keyboard layout.
#[derive(Debug)]
pub(crate) struct TypableText {
    text: Secret,
    is_secret: bool,
    args: TypingArgs,
    layout: &'static Layout,
}

impl TypableText {
    /// The text itself.
    pub(crate) fn expose(&self) -> &str {
        self.text.expose()
    }

    /// A part of the text, to type it in the same way.
    pub(crate) fn part(&self, part: &str) -> Self {
        let (text, is_secret, args) = (Secret::new(part), self.is_secret, self.args.clone());
        Self { text, is_secret, args, layout: self.layout }
    }

    /// Returns the number of characters.
    pub(crate) fn characters(&self) -> usize {
        self.text.expose().chars().count()
    }

    pub(crate) fn is_secret(&self) -> bool {
        self.is_secret
    }

    /// Checks that the text is neither empty nor too long, and that the layout has keys for each character.
    pub(crate) fn new(text: Secret, is_secret: bool, args: &TypingArgs) -> Result<Self, CommandError> {
        let layout = find_layout(&args.layout).ok_or_else(|| {
            CommandError::message(ErrorKind::Usage, format!("unknown keyboard layout {}", args.layout))
        })?;
        match text.expose().len() {
            0 => {
                let failure = CommandError::message(ErrorKind::Usage, "nothing to type: the text is empty");
                return Err(failure.hint("use --enter to press only Enter"));
            }
            length if length > MAX_TEXT_LEN => return Err(too_long()),
            _ => {}
        }
        // What scancodes cannot type, keysyms cannot either.
        text_to_keystrokes(text.expose(), layout, KeyEncoding::Scancodes).map_err(|error| untypable(error, &text))?;
        Ok(Self { text, is_secret, args: args.clone(), layout })
    }
}

/// The error for a text that the layout has no keys for. The hint names the layouts that have them.
fn untypable(error: UntypableText, text: &Secret) -> CommandError {
    let can_type = |layout: &&Layout| text_to_keystrokes(text.expose(), layout, KeyEncoding::Scancodes).is_ok();
    let names: Vec<&str> = LAYOUTS.iter().filter(can_type).map(|layout| layout.name).collect();
    let hint = match names.is_empty() {
        true => "no keyboard layout has all of these characters; a console takes keys only".to_owned(),
        false => format!("--layout {} can type it; name the layout that the guest has set", names.join(", ")),
    };
    CommandError::new(ErrorKind::Usage, error).hint(hint)
}

/// Types the text on a console. Warns if Caps Lock is on there.
pub(crate) async fn type_text(
    screen: &mut RemoteScreen,
    text: &TypableText,
    output: Output,
) -> Result<(), CommandError> {
    let TypableText { text, is_secret, args, layout } = text;
    let encoding = screen.key_encoding(args.keysyms).await?;
    let keystrokes = text_to_keystrokes(text.expose(), layout, encoding).map_err(|error| untypable(error, text))?;
    if screen.client.leds().is_some_and(|leds| leds.caps_lock) {
        output.warning("Caps Lock is on at the console: letters will have the wrong case");
    }
    let count = keystrokes.len();
    let mut typed = 0;
    let progress = |typed_now| {
        typed = typed_now;
        output.progress(&format!("typing: {typed_now} of {count} keys"));
    };
    screen.typed.add(text, *is_secret);
    // After Ctrl-C, the process must not end before the user knows how much of the text the guest has.
    let _delay = Shutdown::of_process().delay();
    let result = screen.type_keystrokes(encoding, &keystrokes, args.delay, progress).await;
    if result.as_ref().is_err_and(|error| error.kind == ErrorKind::Interrupted) {
        output.note(&format!("interrupted: {typed} of {count} keys typed"));
    }
    result
}
