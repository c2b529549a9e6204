//! The text of `type`: whether a keyboard layout has keys for it, and how it is typed.

use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};

use crate::args::{one_of, time_in};
use crate::command_error::CommandError;
use crate::console::reading::new_rows::RowsBefore;
use crate::console::reading::rows::TextRows;
use crate::console::remote_screen::RemoteScreen;
use crate::error_kind::ErrorKind;
use crate::keyboard::{KeyEncoding, LAYOUTS, Layout, UntypableText, find_layout, text_to_keystrokes};
use crate::screen_text::Screen;
use crate::secret::Secret;
use crate::system::shutdown::Shutdown;
use crate::terminal::output::Output;

/// The longest text, in bytes. At 30 keys a second, typing it takes 36 minutes.
pub(crate) const MAX_TEXT_LEN: usize = 64 << 10;

/// The longest pause between two keys.
const MAX_DELAY: Duration = Duration::from_secs(10);

/// The speed, the keyboard layout and the kind of key events.
#[derive(Args, Clone, Debug)]
pub(crate) struct TypingArgs {
    /// Pause between keys.
    ///
    /// At most 10s.
    #[arg(long, value_name = "DURATION", default_value = "33ms", value_parser = time_in(Duration::ZERO..=MAX_DELAY))]
    pub(crate) delay: Duration,
    #[command(flatten)]
    pub(crate) keyboard: KeyboardArgs,
}

/// The keyboard layout and the kind of key events.
#[derive(Args, Clone, Debug)]
pub(crate) struct KeyboardArgs {
    /// Keyboard layout of the guest.
    ///
    /// The layouts are XKB's, which Debian, Ubuntu and X use. The older console maps of kbd have some characters elsewhere:
    /// docs/automation.md lists them.
    #[arg(long, value_name = "LAYOUT", default_value = "us", value_parser = one_of(PossibleValuesParser::new(LAYOUTS.iter().map(|layout| PossibleValue::new(layout.name).help(layout.keyboard)))))]
    pub(crate) layout: String,
    /// Send keysyms instead of scancodes.
    ///
    /// By default, scancodes are sent if the console supports the QEMU Extended Key Event.
    #[arg(long)]
    pub(crate) keysyms: bool,
}

/// The pause between keys without `--delay`.
const USUAL_DELAY: Duration = Duration::from_millis(33);

impl KeyboardArgs {
    /// `layout` may be the name of none.
    pub(crate) fn with_layout(layout: String) -> Self {
        Self { layout, keysyms: false }
    }

    /// The layout that was chosen.
    pub(crate) fn layout(&self) -> Result<&'static Layout, CommandError> {
        find_layout(&self.layout)
            .ok_or_else(|| CommandError::message(ErrorKind::Usage, format!("unknown keyboard layout {}", self.layout)))
    }

    /// The same at the usual speed.
    pub(crate) fn at_usual_speed(&self) -> TypingArgs {
        TypingArgs { delay: USUAL_DELAY, keyboard: self.clone() }
    }
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
        let layout = args.keyboard.layout()?;
        match text.expose().len() {
            0 => {
                let failure = CommandError::message(ErrorKind::Usage, "nothing to type: the text is empty");
                return Err(failure.hint("use --enter to press only Enter"));
            }
            length if length > MAX_TEXT_LEN => return Err(too_long()),
            _ => {}
        }
        // What scancodes cannot type, keysyms cannot either.
        text_to_keystrokes(text.expose(), layout, KeyEncoding::Scancodes)
            .map_err(|error| untypable(error, &text, is_secret))?;
        Ok(Self { text, is_secret, args: args.clone(), layout })
    }
}

pub(crate) fn too_long() -> CommandError {
    let message = format!("the text is too long: at most {} KiB can be typed", MAX_TEXT_LEN >> 10);
    CommandError::message(ErrorKind::Usage, message)
}

/// The error for a text that the layout has no keys for. It does not say which characters of a secret. The hint names the
/// layouts that have them.
fn untypable(error: UntypableText, text: &Secret, is_secret: bool) -> CommandError {
    let can_type = |layout: &&Layout| text_to_keystrokes(text.expose(), layout, KeyEncoding::Scancodes).is_ok();
    let names: Vec<&str> = LAYOUTS.iter().filter(can_type).map(|layout| layout.name).collect();
    let hint = match names.is_empty() {
        true if is_secret => "no keyboard layout has all of its characters; a console takes keys only".to_owned(),
        true => "no keyboard layout has all of these characters; a console takes keys only".to_owned(),
        false => format!("--layout {} can type it; name the layout that the guest has set", names.join(", ")),
    };
    let failure = match is_secret {
        true => {
            let message = format!("the secret has a character that the {} layout cannot type", error.layout);
            CommandError::message(ErrorKind::Usage, message)
        }
        false => CommandError::new(ErrorKind::Usage, error),
    };
    failure.hint(hint)
}

/// The row of the cursor up to it; empty where none is seen.
fn text_before_cursor(seen: &Screen) -> String {
    let Some(cursor) = seen.cursor else { return String::new() };
    let rows = TextRows::of_screen(seen);
    rows.rows().get(cursor.row).map(|row| row.chars().take(cursor.column).collect()).unwrap_or_default()
}

/// Types the text on a console. Warns if Caps Lock is on there.
pub(crate) async fn type_text(
    screen: &mut RemoteScreen,
    text: &TypableText,
    output: Output,
) -> Result<(), CommandError> {
    let TypableText { text, is_secret, args, layout } = text;
    let encoding = screen.key_encoding(args.keyboard.keysyms).await?;
    let keystrokes =
        text_to_keystrokes(text.expose(), layout, encoding).map_err(|error| untypable(error, text, *is_secret))?;
    if screen.client.leds().is_some_and(|leds| leds.caps_lock) {
        output.warning("Caps Lock is on at the console: letters will have the wrong case");
    }
    let count = keystrokes.len();
    let mut typed = 0;
    let progress = |typed_now| {
        typed = typed_now;
        output.progress(&format!("typing: {typed_now} of {count} keys"));
    };
    let seen = screen.read_text();
    if *is_secret {
        screen.answered = Some(RowsBefore::new(&TextRows::of_screen(&seen)));
    }
    if !is_secret && !text.expose().trim().is_empty() {
        screen.typed.set_prompt(&text_before_cursor(&seen));
    }
    screen.typed.add(text, *is_secret);
    // After Ctrl-C, the process must not end before the user knows how much of the text the guest has.
    let _delay = Shutdown::of_process().delay();
    let result = screen.type_keystrokes(encoding, &keystrokes, args.delay, progress).await;
    if result.as_ref().is_err_and(|error| error.kind == ErrorKind::Interrupted) {
        output.note(&format!("interrupted: {typed} of {count} keys typed"));
    }
    result
}
