//! The hub of one console.

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, oneshot, watch};

use super::downstream::{self, ServeOptions};
use super::input::{INPUT_QUEUE_LEN, Input};
use super::screen::{Admission, ClientNumber, SharedScreen};
use super::upstream;
use crate::rfb::server::ServerError;
use crate::rfb::{Client, ClientError};

/// A console that many clients share. Its clones are the same hub.
#[derive(Clone, Debug)]
pub(crate) struct Hub(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    screen: SharedScreen,
    input: mpsc::Sender<Input>,
    /// Locked by the upstream, of which there is one.
    input_receiver: tokio::sync::Mutex<mpsc::Receiver<Input>>,
}

/// Counts as a client until it is dropped.
#[derive(Debug)]
pub(crate) struct ExpectedClient {
    hub: Hub,
    number: ClientNumber,
    end: oneshot::Receiver<String>,
}

impl ExpectedClient {
    /// Waits until all clients are disconnected.
    pub(crate) async fn disconnected(&mut self) {
        _ = (&mut self.end).await;
    }
}

impl Drop for ExpectedClient {
    fn drop(&mut self) {
        self.hub.0.screen.remove(self.number);
    }
}

impl Hub {
    /// A hub without a session and without clients.
    pub(crate) fn new() -> Self {
        let (input, input_receiver) = mpsc::channel(INPUT_QUEUE_LEN);
        Self(Arc::new(Inner { screen: SharedScreen::default(), input, input_receiver: input_receiver.into() }))
    }

    /// Shares this session until it is lost, and returns why. Dropping the call ends the session.
    pub(crate) async fn run_upstream<S>(&self, client: Client<S>) -> ClientError
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let Inner { screen, input_receiver, .. } = &*self.0;
        upstream::run(client, screen, &mut *input_receiver.lock().await).await
    }

    /// Serves a client until it leaves or is disconnected. Calls `joined` when it has got past the security type.
    ///
    /// Keys and buttons that it holds are released at the end, unless the call is dropped.
    pub(crate) async fn serve<D>(
        &self,
        stream: D,
        options: &ServeOptions,
        joined: impl FnOnce(),
    ) -> Result<(), ServerError>
    where
        D: AsyncRead + AsyncWrite + Unpin,
    {
        downstream::serve(stream, options, joined, &self.0.screen, &self.0.input).await
    }

    /// Counts a client that is served later, so that the console is opened before it hears anything.
    pub(crate) fn expect_client(&self) -> ExpectedClient {
        let Admission { number, end, .. } = self.0.screen.add(false);
        ExpectedClient { hub: self.clone(), number, end }
    }

    /// The number of clients that are served or wait for the console, at any time.
    pub(crate) fn client_count(&self) -> watch::Receiver<usize> {
        self.0.screen.client_count()
    }

    /// Shows a notice behind the desktop's name until there is a new picture. rfbproto.rst, "DesktopName Pseudo-encoding".
    pub(crate) fn tell(&self, notice: &str) {
        self.0.screen.tell(notice);
    }

    /// Waits until no client is left, also of those that are being disconnected.
    pub(crate) async fn drained(&self) {
        self.0.screen.drained().await;
    }

    /// Disconnects all clients and those that come later, and tells them why as far as they can be told.
    pub(crate) fn close(&self, reason: &str) {
        self.0.screen.close(reason);
    }

    /// Disconnects all clients, and tells them why as far as they can be told.
    pub(crate) fn disconnect_all(&self, reason: &str) {
        self.0.screen.disconnect_all(reason);
    }
}

#[cfg(test)]
#[path = "hub_tests.rs"]
mod tests;
