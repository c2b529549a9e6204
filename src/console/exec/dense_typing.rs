//! Types lines as fast as a guest takes them. Each is read back, so that lost keys are typed again, and more slowly.
//!
//! QEMU's VNC server itself passes on one key event each 10 ms (`key-delay-ms`) and keeps up to 341 that wait; later ones are lost
//! (ui/input.c, `queue_limit`). So keys are sent in parts, of which two fit, and each waits for the echo of the one before the last.
//! As events are what takes time, keys are not released, if the first line shows that the guest takes them so.

use std::time::Duration;

use crate::command_error::CommandError;
use crate::console::exec::errors;
use crate::console::key_sender::{dense_events, overlapped_events, release_held, type_dense, type_overlapped};
use crate::console::remote_screen::RemoteScreen;
use crate::console::screen_watch::Watch;
use crate::console::typing::KeyboardArgs;
use crate::console::verdict::Verdict;
use crate::error_kind::ErrorKind;
use crate::guest_shell::echo::{LineStart, is_echoed};
use crate::guest_shell::script::ScreenSize;
use crate::keyboard::{Key, KeyAction, KeyEncoding, Keystroke, Layout, parse_key_action, text_to_keystrokes};
use crate::screen_text::Screen;
use crate::terminal::output::Output;

/// The most key events of a part. Two parts may wait in the server.
const MAX_PART_EVENTS: usize = 130;

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

/// How often a line that differs is shown again.
const MAX_REPRINTS: usize = 2;

/// How long a line may take to go after Ctrl-U, and to come after Ctrl-R.
const EDIT_TIMEOUT: Duration = Duration::from_millis(500);

/// A line may take this long to come in all.
const LINE_TIMEOUT: Duration = Duration::from_secs(60);

/// Types on one console.
pub(crate) struct Typist {
    layout: &'static Layout,
    encoding: KeyEncoding,
    gap: Duration,
    overlap: Overlap,
    /// Keys that are down.
    held: Vec<Key>,
    pub(crate) size: ScreenSize,
    output: Output,
}

/// Whether keys are pressed while others are still down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Overlap {
    /// It is tried with the next line.
    Untried,
    Works,
    Off,
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
        // Other servers than QEMU's press keys of an X server, which takes each once.
        let overlap = if encoding == KeyEncoding::Keysyms { Overlap::Off } else { Overlap::Untried };
        Ok(Self { layout: keyboard.layout()?, encoding, gap: START_GAP, overlap, held: Vec::new(), size, output })
    }

    /// Types a line without Enter, until the screen shows it.
    pub(crate) async fn type_line(
        &mut self,
        screen: &mut RemoteScreen,
        start: LineStart<'_>,
        line: &str,
        progress: &str,
    ) -> Result<(), CommandError> {
        for attempt in 0..MAX_ATTEMPTS {
            let is_overlapped = match self.overlap {
                Overlap::Untried => true,
                Overlap::Works => attempt < 2,
                Overlap::Off => false,
            };
            match self.try_line(screen, start, line, is_overlapped, progress).await? {
                Echo::Equal => {
                    self.gap = (self.gap * 3 / 4).max(MIN_GAP);
                    if is_overlapped {
                        self.overlap = Overlap::Works;
                    }
                    return Ok(());
                }
                Echo::Differs => {}
                Echo::Unreadable(last) => return Err(errors::no_text(screen, &last)),
            }
            if is_overlapped {
                self.release(screen).await?;
                if self.overlap == Overlap::Untried {
                    self.overlap = Overlap::Off;
                }
            } else {
                self.gap = (self.gap * 2).min(MAX_GAP);
            }
            let length = line.chars().count();
            self.output.detail(2, &format!("keys of a line of {length} characters were lost: typing it again, slower"));
            // At a prompt, Ctrl-C gives a new one, even if something was written behind the old one.
            self.press(screen, if start == LineStart::Column0 { "ctrl-u" } else { "ctrl-c" }).await?;
            let nothing = Expected { start, line: "", least: 0 };
            self.await_echo(screen, nothing, EDIT_TIMEOUT, progress).await?;
        }
        Err(errors::lost_keys(screen, line))
    }

    async fn try_line(
        &mut self,
        screen: &mut RemoteScreen,
        start: LineStart<'_>,
        line: &str,
        is_overlapped: bool,
        progress: &str,
    ) -> Result<Echo, CommandError> {
        let characters: Vec<char> = line.chars().collect();
        let (mut typed, mut before) = (0, 0);
        while typed < characters.len() {
            let part = self.part(&characters[typed..], is_overlapped)?;
            let (encoding, gap, held) = (self.encoding, self.gap, &mut self.held);
            screen
                .send_keys(async |client| match is_overlapped {
                    true => type_overlapped(client, encoding, &part.keystrokes, gap, held).await,
                    false => type_dense(client, encoding, &part.keystrokes, gap).await,
                })
                .await?;
            let least = if typed + part.length == characters.len() { characters.len() } else { before };
            (before, typed) = (typed + part.length, typed + part.length);
            if least == 0 {
                continue;
            }
            let so_far: String = characters[..typed].iter().collect();
            let expected = Expected { start, line: &so_far, least };
            let limit = ECHO_TIMEOUT + EVENT_TIME * 2 * MAX_PART_EVENTS as u32;
            let mut echo = self.await_echo(screen, expected, limit, progress).await?;
            for _ in 0..MAX_REPRINTS {
                if start == LineStart::Column0 && echo == Echo::Differs {
                    // Something else may stand in the line: the terminal shows it again.
                    self.press(screen, "ctrl-r").await?;
                    echo = self.await_echo(screen, expected, EDIT_TIMEOUT, progress).await?;
                }
            }
            if echo != Echo::Equal {
                return Ok(echo);
            }
        }
        Ok(Echo::Equal)
    }

    /// As many characters as may wait in the server.
    fn part(&self, characters: &[char], is_overlapped: bool) -> Result<Part, CommandError> {
        let mut length = characters.len().min(MAX_PART_EVENTS);
        loop {
            let part: String = characters[..length].iter().collect();
            let keystrokes = text_to_keystrokes(&part, self.layout, self.encoding)
                .map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
            let events = match is_overlapped {
                true => overlapped_events(&keystrokes, &self.held).len(),
                false => dense_events(&keystrokes),
            };
            if length == 1 || events <= MAX_PART_EVENTS {
                return Ok(Part { length, keystrokes });
            }
            length = (length * 7 / 8).max(1);
        }
    }

    /// Releases all keys.
    pub(crate) async fn release(&mut self, screen: &mut RemoteScreen) -> Result<(), CommandError> {
        let (encoding, held) = (self.encoding, &mut self.held);
        screen.send_keys(async |client| release_held(client, encoding, held).await).await
    }

    /// Waits until the screen shows the line, or nothing new comes.
    async fn await_echo(
        &self,
        screen: &mut RemoteScreen,
        Expected { start, line, least }: Expected<'_>,
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
            if is_echoed(&rows, columns, start, line, least) {
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
        let encoding = self.encoding;
        screen.send_keys(async |client| type_dense(client, encoding, &keystrokes, MIN_GAP).await).await
    }

    /// Presses a chord.
    pub(crate) async fn press(&mut self, screen: &mut RemoteScreen, chord: &str) -> Result<(), CommandError> {
        let action =
            parse_key_action(chord).map_err(|error| CommandError::message(ErrorKind::Other, error.to_string()))?;
        if let KeyAction::Press(keys) = &action {
            // They are up afterwards.
            self.held.retain(|held| keys.iter().all(|key| key.scancode != held.scancode));
        }
        screen.press_keys(&[action], self.encoding != KeyEncoding::Scancodes).await
    }
}

/// Characters that are typed before the next look at the screen.
struct Part {
    length: usize,
    keystrokes: Vec<Keystroke>,
}

/// What the screen is to show.
#[derive(Clone, Copy)]
struct Expected<'a> {
    start: LineStart<'a>,
    line: &'a str,
    /// How many characters of the line have to be there.
    least: usize,
}

/// What came of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Echo {
    Equal,
    Differs,
    Unreadable(Box<Screen>),
}
