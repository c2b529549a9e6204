//! Types lines as fast as a guest takes them. Each is read back, so that lost keys are typed again, and more slowly.
//!
//! QEMU's VNC server itself passes on one key event each 10 ms (`key-delay-ms`) and keeps up to 341 that wait; later ones are lost
//! (ui/input.c, `queue_limit`). So keys are sent in parts that fit, and the next part waits for the echo.

use std::time::Duration;

use crate::command_error::CommandError;
use crate::console::exec::errors;
use crate::console::key_sender::dense_events;
use crate::console::remote_screen::RemoteScreen;
use crate::console::screen_watch::Watch;
use crate::console::typing::KeyboardArgs;
use crate::console::verdict::Verdict;
use crate::error_kind::ErrorKind;
use crate::guest_shell::echo::{LineStart, is_echoed};
use crate::guest_shell::script::ScreenSize;
use crate::keyboard::{KeyEncoding, Keystroke, Layout, parse_key_action, text_to_keystrokes};
use crate::screen_text::Screen;
use crate::terminal::output::Output;

/// The most key events that wait in the server.
const MAX_WAITING_EVENTS: usize = 240;

/// The time between two key events: at the beginning, and its bounds. Where the server has its own pace, a longer one is kept.
const START_GAP: Duration = Duration::from_millis(8);
const MIN_GAP: Duration = Duration::from_millis(3);
const MAX_GAP: Duration = Duration::from_millis(60);

/// How long the echo may take after the last key. A guest that has shown nothing new for this time has lost the rest.
const ECHO_TIMEOUT: Duration = Duration::from_millis(1200);

/// How long a key event may wait in the server, where others are before it.
const EVENT_TIME: Duration = Duration::from_millis(15);

/// How often a line is typed.
const MAX_ATTEMPTS: usize = 4;

/// How long a line may take to go after Ctrl-U, and to come after Ctrl-R.
const EDIT_TIMEOUT: Duration = Duration::from_millis(500);

/// A line may take this long to come in all.
const LINE_TIMEOUT: Duration = Duration::from_secs(60);

/// Types on one console.
pub(crate) struct Typist {
    layout: &'static Layout,
    encoding: KeyEncoding,
    gap: Duration,
    pub(crate) size: ScreenSize,
    output: Output,
}

impl Typist {
    pub(crate) async fn new(
        screen: &mut RemoteScreen,
        keyboard: &KeyboardArgs,
        size: ScreenSize,
        output: Output,
    ) -> Result<Self, CommandError> {
        let encoding = screen.key_encoding(keyboard.keysyms).await?;
        if screen.client.leds().is_some_and(|leds| leds.caps_lock) {
            output.warning("Caps Lock is on at the console: letters will have the wrong case");
        }
        Ok(Self { layout: keyboard.layout()?, encoding, gap: START_GAP, size, output })
    }

    /// Types a line without Enter, until the screen shows it.
    pub(crate) async fn type_line(
        &mut self,
        screen: &mut RemoteScreen,
        start: LineStart<'_>,
        line: &str,
        progress: &str,
    ) -> Result<(), CommandError> {
        for _ in 0..MAX_ATTEMPTS {
            match self.try_line(screen, start, line, progress).await? {
                Echo::Equal => {
                    self.gap = (self.gap * 3 / 4).max(MIN_GAP);
                    return Ok(());
                }
                Echo::Differs => {}
                Echo::Unreadable(last) => return Err(errors::no_text(screen, &last)),
            }
            self.gap = (self.gap * 2).min(MAX_GAP);
            let length = line.chars().count();
            self.output.detail(2, &format!("keys of a line of {length} characters were lost: typing it again, slower"));
            // At a prompt, Ctrl-C gives a new one, even if something was written behind the old one.
            self.press(screen, if start == LineStart::Column0 { "ctrl-u" } else { "ctrl-c" }).await?;
            self.await_echo(screen, start, "", EDIT_TIMEOUT, progress).await?;
        }
        Err(errors::lost_keys(screen, line))
    }

    async fn try_line(
        &self,
        screen: &mut RemoteScreen,
        start: LineStart<'_>,
        line: &str,
        progress: &str,
    ) -> Result<Echo, CommandError> {
        let characters: Vec<char> = line.chars().collect();
        let mut typed = 0;
        while typed < characters.len() {
            let (count, keystrokes) = self.part(&characters[typed..])?;
            screen.type_dense(self.encoding, &keystrokes, self.gap).await?;
            typed += count;
            let so_far: String = characters[..typed].iter().collect();
            let limit = ECHO_TIMEOUT + EVENT_TIME * dense_events(&keystrokes) as u32;
            let mut echo = self.await_echo(screen, start, &so_far, limit, progress).await?;
            for _ in 0..MAX_ATTEMPTS {
                if start == LineStart::Column0 && echo == Echo::Differs {
                    // Something else may stand in the line: the terminal shows it again.
                    self.press(screen, "ctrl-r").await?;
                    echo = self.await_echo(screen, start, &so_far, EDIT_TIMEOUT, progress).await?;
                }
            }
            if echo != Echo::Equal {
                return Ok(echo);
            }
        }
        Ok(Echo::Equal)
    }

    /// As many characters as may wait in the server.
    fn part(&self, characters: &[char]) -> Result<(usize, Vec<Keystroke>), CommandError> {
        let mut count = characters.len().min(MAX_WAITING_EVENTS / 2);
        loop {
            let part: String = characters[..count].iter().collect();
            let keystrokes = text_to_keystrokes(&part, self.layout, self.encoding)
                .map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
            if count == 1 || dense_events(&keystrokes) <= MAX_WAITING_EVENTS {
                return Ok((count, keystrokes));
            }
            count = (count * 3 / 4).max(1);
        }
    }

    /// Waits until the screen shows the line, or nothing new comes.
    async fn await_echo(
        &self,
        screen: &mut RemoteScreen,
        start: LineStart<'_>,
        line: &str,
        limit: Duration,
        progress: &str,
    ) -> Result<Echo, CommandError> {
        let deadline = screen.clock().deadline(LINE_TIMEOUT);
        let columns = self.size.columns;
        let end = screen.clock().instant() + limit;
        let mut before = None;
        let watch = Watch { area: None, deadline, progress, output: self.output };
        let echo = watch.follow(screen, |screen, now| {
            let seen = screen.read_text();
            let rows = seen.lines();
            if is_echoed(&rows, columns, start, line) {
                return Ok(Verdict::Done(Echo::Equal));
            }
            let since = match before.take() {
                Some((same, since)) if same == rows => since,
                _ => now,
            };
            before = Some((rows, since));
            // A screen on which messages come has something new all the time.
            let end = end.min(since + limit.min(ECHO_TIMEOUT));
            if now < end {
                return Ok(Verdict::NotBefore(end));
            }
            Ok(Verdict::Done(match errors::is_text(&seen) {
                true => Echo::Differs,
                false => Echo::Unreadable(Box::new(seen)),
            }))
        });
        Ok(echo.await?.unwrap_or(Echo::Differs))
    }

    pub(crate) async fn enter(&self, screen: &mut RemoteScreen) -> Result<(), CommandError> {
        let keystrokes = text_to_keystrokes("\n", self.layout, self.encoding).unwrap_or_default();
        screen.type_dense(self.encoding, &keystrokes, MIN_GAP).await
    }

    /// Presses a chord.
    pub(crate) async fn press(&self, screen: &mut RemoteScreen, chord: &str) -> Result<(), CommandError> {
        let action =
            parse_key_action(chord).map_err(|error| CommandError::message(ErrorKind::Other, error.to_string()))?;
        screen.press_keys(&[action], self.encoding != KeyEncoding::Scancodes).await
    }
}

/// What came of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Echo {
    Equal,
    Differs,
    Unreadable(Box<Screen>),
}
