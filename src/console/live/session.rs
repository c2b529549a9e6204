//! The console and the terminal together: what is typed goes there, what changes comes back.

use std::io;
use std::mem;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use super::display::Display;
use super::escape_prompt::{EscapeKey, EscapePrompt};
use super::feed::Feed;
use super::inputs::{Input, Inputs};
use super::key_mapping::KeyMapping;
use super::key_queue::KeyQueue;
use super::view::StatusLine;
use crate::command_error::CommandError;
use crate::console::input_guard::SEND_TIMEOUT;
use crate::console::remote_screen::RemoteScreen;
use crate::keyboard::{KeyEncoding, Layout};
use crate::relay::ReconnectBackoff;
use crate::rfb::{ClientError, Event};
use crate::system::clock::Clock;
use crate::system::shutdown::Shutdown;
use crate::terminal::output::Output;
use crate::terminal::raw_terminal::RawTerminal;

/// The shortest time from one look at the screen to the next. A look takes about a millisecond.
const LOOK_INTERVAL: Duration = Duration::from_millis(10);

/// How long a message is shown.
pub(super) const MESSAGE_TIME: Duration = Duration::from_secs(4);

/// How long the rest of a screen may take after a part of it, before the whole screen is requested again.
const REST_TIMEOUT: Duration = Duration::from_secs(1);

/// A key that a user holds goes up at the latest after this time without a sign of it: a release may be lost.
pub(super) const HOLD_LIMIT: Duration = Duration::from_secs(5);

/// How long the last key events may take at the end.
const LAST_KEYS_TIMEOUT: Duration = Duration::from_millis(700);

/// How a console is used.
#[derive(Clone, Debug)]
pub(crate) struct LiveOptions {
    pub(crate) escape: Option<EscapeKey>,
    pub(crate) is_read_only: bool,
    pub(crate) layout: &'static Layout,
    pub(crate) use_keysyms: bool,
    /// The time from one character of a pasted text to the next.
    pub(crate) paste_interval: Duration,
    pub(crate) log_timestamps: bool,
}

/// Why the work on a session ended.
pub(super) enum Stop {
    /// The user leaves.
    Left,
    Failed(CommandError),
    /// The console is gone.
    Lost(ClientError),
}

impl From<CommandError> for Stop {
    fn from(error: CommandError) -> Self {
        Self::Failed(error)
    }
}

impl From<ClientError> for Stop {
    fn from(error: ClientError) -> Self {
        Self::Lost(error)
    }
}

/// A console in a terminal.
pub(crate) struct LiveConsole {
    pub(super) screen: RemoteScreen,
    pub(super) display: Display,
    pub(super) inputs: Inputs,
    pub(super) feed: Feed,
    pub(super) options: LiveOptions,
    pub(super) prompt: EscapePrompt,
    pub(super) queue: KeyQueue,
    pub(super) mapping: KeyMapping,
    pub(super) clock: Clock,
    pub(super) output: Output,
    /// What is told in the status line, and until when.
    pub(super) message: Option<(String, Option<Instant>)>,
    /// Whether the terminal has ever reported that a key was released.
    pub(super) has_releases: bool,
    /// When keys that are held go up.
    pub(super) held_until: Instant,
    pub(super) backoff: ReconnectBackoff,
    /// When the next key event may be sent.
    next_key_at: Instant,
    /// When the screen is to be looked at.
    look_at: Option<Instant>,
    last_look: Instant,
    /// When the whole screen is requested again, while it is not complete.
    rest_at: Option<Instant>,
    /// Why the log has ended.
    log_error: Option<CommandError>,
    /// Logs that were turned off, until they are written.
    pub(super) ended_logs: JoinSet<Result<(), CommandError>>,
}

impl LiveConsole {
    pub(crate) fn new(
        screen: RemoteScreen,
        display: Display,
        inputs: Inputs,
        feed: Feed,
        options: LiveOptions,
        output: Output,
    ) -> Self {
        let clock = screen.clock().clone();
        let now = clock.instant();
        let mapping = KeyMapping { layout: options.layout, encoding: KeyEncoding::Scancodes };
        Self {
            prompt: EscapePrompt::new(options.escape),
            queue: KeyQueue::default(),
            mapping,
            clock,
            output,
            message: None,
            has_releases: false,
            held_until: now,
            backoff: ReconnectBackoff::default(),
            next_key_at: now,
            look_at: None,
            last_look: now,
            rest_at: None,
            log_error: None,
            ended_logs: JoinSet::new(),
            screen,
            display,
            inputs,
            feed,
            options,
        }
    }

    /// Serves the terminal until the user leaves. `banner` is shown for a moment.
    pub(crate) async fn run(
        mut self,
        banner: Option<String>,
        terminal: Option<&RawTerminal>,
    ) -> Result<(), CommandError> {
        // After SIGTERM, no key may stay down.
        let _delay = Shutdown::of_process().delay();
        if let Some(banner) = banner {
            self.tell(banner);
        }
        let (way_out, output) = (self.inputs.way_out(), self.output);
        let served = tokio::select! {
            biased;
            () = way_out.notified() => Ok(()),
            () = Shutdown::of_process().requested() => Err(CommandError::interrupted()),
            served = self.serve() => served,
        };
        self.feed.finish(&self.display);
        self.message = None;
        self.prompt = EscapePrompt::new(None);
        self.show_status();
        let is_written = self.display.finish().await;
        if let Some(terminal) = terminal {
            if is_written {
                terminal.set_cursor_below();
            }
            terminal.restore();
        }
        let (log_error, logging, mut ended_logs) =
            (self.log_error.take(), self.feed.finish_log(&self.display), mem::take(&mut self.ended_logs));
        // Someone else's session is not ours to release keys in.
        if served.is_ok() || served.as_ref().is_err_and(|error| error.kind == crate::error_kind::ErrorKind::Interrupted)
        {
            let _ = timeout(LAST_KEYS_TIMEOUT, self.release_keys()).await;
        }
        let mut logged = logging.await.and(log_error.map_or(Ok(()), Err));
        while let Some(Ok(ended)) = ended_logs.join_next().await {
            logged = logged.and(ended);
        }
        if let (Err(_), Err(error)) = (&served, &logged) {
            output.warning(&format!("{:#}", error.error));
        }
        served.and(logged)
    }

    async fn serve(&mut self) -> Result<(), CommandError> {
        loop {
            let began = self.clock.instant();
            let Err(stop) = self.attend().await else { return Ok(()) };
            match stop {
                Stop::Left => return Ok(()),
                Stop::Failed(error) => return Err(error),
                Stop::Lost(error) => {
                    let lasted = self.clock.instant().saturating_duration_since(began);
                    match self.reconnect(error, lasted).await {
                        Ok(()) => {}
                        Err(Stop::Left) => return Ok(()),
                        Err(Stop::Failed(error)) => return Err(error),
                        Err(Stop::Lost(error)) => return Err(self.screen.explain(error).await),
                    }
                }
            }
        }
    }

    /// Works on one session, until it ends or the user leaves.
    async fn attend(&mut self) -> Result<(), Stop> {
        self.mapping.encoding = self.screen.key_encoding(self.options.use_keysyms).await?;
        self.request_screen().await?;
        self.look_at = Some(self.clock.instant());
        loop {
            let now = self.clock.instant();
            self.send_due_keys(now).await?;
            if self.look_at.is_some_and(|at| at <= now) {
                self.look();
            }
            if !self.screen.client.has_open_request() {
                self.screen.client.request_changes().await?;
            }
            let key_at = Some(self.next_key_at).filter(|_| !self.queue.is_empty());
            let hold_at = Some(self.held_until).filter(|_| self.queue.has_held());
            let message_at = self.message.as_ref().and_then(|(_, until)| *until);
            let times = [key_at, hold_at, message_at, self.look_at, self.rest_at, self.feed.next_time()];
            let wake_at = times.into_iter().flatten().min();
            tokio::select! {
                biased;
                input = self.inputs.next() => self.take(input).await?,
                () = sleep_until(wake_at.unwrap_or(now)), if wake_at.is_some() => self.wake().await?,
                event = self.screen.client.next_event() => self.notice(event?).await?,
                error = self.display.failure() => return Err(error.into()),
                error = self.feed.log_failure() => self.end_log(error),
            }
        }
    }

    /// Sends the key events whose time has come.
    async fn send_due_keys(&mut self, now: Instant) -> Result<(), Stop> {
        if now < self.next_key_at {
            return Ok(());
        }
        if let Some(step) = self.queue.next() {
            let scancode = (self.mapping.encoding == KeyEncoding::Scancodes).then_some(step.key.scancode);
            let sending = self.screen.client.send_key(step.key.keysym, scancode, step.is_down);
            timeout(SEND_TIMEOUT, sending).await.map_err(|_| ClientError::Io(io::ErrorKind::TimedOut.into()))??;
            self.next_key_at = self.clock.instant() + step.pause;
            if self.queue.is_empty() && self.message.as_ref().is_some_and(|(_, until)| until.is_none()) {
                self.clear_message();
            }
        }
        Ok(())
    }

    /// Takes a message of the console.
    async fn notice(&mut self, event: Event) -> Result<(), Stop> {
        match event {
            Event::Update { damage: None } | Event::Bell | Event::Leds(_) | Event::Cursor => {}
            Event::Update { damage: Some(_) } => {
                self.look_at.get_or_insert((self.last_look + LOOK_INTERVAL).max(self.clock.instant()));
            }
            // QEMU forgets earlier requests.
            Event::Resized => self.request_screen().await?,
        }
        Ok(())
    }

    async fn request_screen(&mut self) -> Result<(), ClientError> {
        self.rest_at = Some(self.clock.instant() + REST_TIMEOUT);
        self.screen.client.request_screen().await
    }

    /// Reads the screen, once all of it is there.
    fn look(&mut self) {
        self.look_at = None;
        if !self.screen.client.is_screen_complete() {
            return;
        }
        self.rest_at = None;
        let seen = self.screen.read_text();
        let picture = || self.screen.received_picture().ok();
        self.feed.see(&seen, picture, &self.display);
        self.last_look = self.clock.instant();
    }

    /// Does what has to be done at this time.
    async fn wake(&mut self) -> Result<(), Stop> {
        let now = self.clock.instant();
        if self.message.as_ref().is_some_and(|(_, until)| until.is_some_and(|until| until <= now)) {
            self.clear_message();
        }
        if self.queue.has_held() && self.held_until <= now {
            self.queue.release_held();
        }
        if self.rest_at.is_some_and(|at| at <= now) {
            self.rest_at = None;
            // A console without a screen is about to have one, and says so.
            let has_size = self.screen.client.screen().width() > 0;
            if has_size && !self.screen.client.is_screen_complete() {
                self.request_screen().await?;
            }
        }
        if self.feed.next_time().is_some_and(|at| at <= now) && self.feed.wait_is_over(&self.display) {
            self.look_at = Some(now);
        }
        Ok(())
    }

    /// Shows a message for a while.
    pub(super) fn tell(&mut self, text: String) {
        if !self.display.is_drawn() {
            return self.output.note(&text);
        }
        self.message = Some((text, Some(self.clock.instant() + MESSAGE_TIME)));
        self.show_status();
    }

    /// Shows a message until another one.
    pub(super) fn tell_until_changed(&mut self, text: String) {
        if !self.display.is_drawn() {
            return self.output.note(&text);
        }
        self.message = Some((text, None));
        self.show_status();
    }

    pub(super) fn clear_message(&mut self) {
        self.message = None;
        self.show_status();
    }

    /// Goes on without the log. The command's own error says so once more at the end: a message on the screen goes.
    fn end_log(&mut self, error: CommandError) {
        drop(self.feed.finish_log(&self.display));
        if self.display.is_drawn() {
            self.tell(format!("{:#}", error.error));
        }
        self.log_error.get_or_insert(error);
    }

    /// Shows the prompt, or else the message.
    pub(super) fn show_status(&mut self) {
        let message = self.message.as_ref().map(|(text, _)| StatusLine::new(text, false));
        let line = self.prompt.line();
        match line {
            // Without a screen, the prompt is a line of its own.
            Some(line) if !self.display.is_drawn() => self.output.note(&line.text),
            line => self.display.set_status(line.or(message)),
        }
    }

    /// Releases all keys, and waits until the console has read that.
    async fn release_keys(mut self) -> Result<(), Stop> {
        self.queue.stop();
        while !self.queue.is_empty() {
            self.next_key_at = self.clock.instant();
            self.send_due_keys(self.next_key_at).await?;
            sleep_until(self.next_key_at).await;
        }
        Ok(self.screen.close().await?)
    }

    /// Takes what happens on the terminal.
    async fn take(&mut self, input: Input) -> Result<(), Stop> {
        match input {
            Input::Closed => Err(Stop::Left),
            Input::Resize => {
                self.display.resize();
                Ok(())
            }
            Input::FocusLost => {
                self.queue.release_held();
                Ok(())
            }
            Input::Paste(text) => {
                self.paste(&text);
                Ok(())
            }
            Input::Key(event) => self.take_key(&event).await,
        }
    }
}
