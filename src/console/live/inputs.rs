//! Reads the terminal, and knows the way out even if nothing else goes on.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::escape_prompt::{EscapeKey, WayOut};
use crate::secret::Secret;
use crate::system::blocking;
use crate::system::clock::Clock;
use crate::terminal::input::{Event, KeyEvent, KeyEventKind, TerminalInput};
use crate::terminal::raw_terminal::RawTerminal;

/// The most events that wait while the console takes none; later ones are dropped.
const MAX_WAITING: usize = 1000;

/// What happens on the terminal.
pub(super) enum Input {
    Key(KeyEvent),
    /// A text that was pasted: it may be a password.
    Paste(Secret),
    /// The terminal has another size.
    Resize,
    /// The terminal may not report releases any more.
    FocusLost,
    /// The terminal is gone.
    Closed,
}

/// The terminal's events.
pub(crate) struct Inputs {
    receiver: Receiver<Input>,
    way_out: Arc<Notify>,
    _sender: Option<Sender<Input>>,
}

impl Inputs {
    /// Reads the terminal from now on.
    pub(crate) fn start(terminal: Arc<RawTerminal>, escape: Option<EscapeKey>, clock: Clock) -> Self {
        let (sender, receiver) = channel(MAX_WAITING);
        let way_out = Arc::new(Notify::new());
        tokio::spawn(read(terminal, escape, clock, sender, way_out.clone()));
        Self { receiver, way_out, _sender: None }
    }

    /// A terminal on which nothing is typed.
    pub(crate) fn none() -> Self {
        let (sender, receiver) = channel(1);
        Self { receiver, way_out: Arc::default(), _sender: Some(sender) }
    }

    /// The next event. Cancelling it loses nothing.
    pub(super) async fn next(&mut self) -> Input {
        self.receiver.recv().await.unwrap_or(Input::Closed)
    }

    /// Is notified when the escape key was pressed three times.
    pub(super) fn way_out(&self) -> Arc<Notify> {
        self.way_out.clone()
    }
}

async fn read(
    terminal: Arc<RawTerminal>,
    escape: Option<EscapeKey>,
    clock: Clock,
    sender: Sender<Input>,
    way_out: Arc<Notify>,
) {
    // Without an answer it takes 2 s, in which keys wait.
    let _ = blocking::run(move || terminal.enable_kitty_keyboard()).await;
    let (mut input, mut presses) = (TerminalInput::new(), WayOut::default());
    while let Some(Ok(event)) = input.next().await {
        let input = match event {
            Event::Key(key) => {
                if key.kind == KeyEventKind::Press {
                    match escape.is_some_and(|escape| escape.matches(&key)) {
                        true if presses.press(clock.instant()) => way_out.notify_one(),
                        true => {}
                        false => presses.reset(),
                    }
                }
                Input::Key(key)
            }
            Event::Paste(text) => Input::Paste(Secret::new(text)),
            Event::Resize(..) => Input::Resize,
            Event::FocusLost => Input::FocusLost,
            Event::FocusGained | Event::Mouse(_) => continue,
        };
        // A full channel means that the console takes no keys.
        let _ = sender.try_send(input);
    }
    let _ = sender.send(Input::Closed).await;
}
