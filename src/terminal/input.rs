//! What is typed on the terminal in raw mode, key by key.

use std::io;

use crossterm::event::EventStream;
pub(crate) use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use futures_util::Stream as _;
use std::future::poll_fn;
use std::pin::Pin;

/// The events of the terminal, in their order.
pub(crate) struct TerminalInput(EventStream);

impl TerminalInput {
    /// Reads from stdin, or from the terminal of this process if stdin is none.
    pub(crate) fn new() -> Self {
        Self(EventStream::new())
    }

    /// Waits for the next event; `None` once the terminal is gone. Cancelling it loses nothing.
    pub(crate) async fn next(&mut self) -> Option<io::Result<Event>> {
        poll_fn(|context| Pin::new(&mut self.0).poll_next(context)).await
    }
}
