//! A console that stays open while nothing uses it.

use std::time::Duration;

use tokio::time::{timeout, timeout_at};

use super::reading::typed_words::TypedWords;
use super::remote_screen::RemoteScreen;
use super::session_errors::{lost, timed_out};
use crate::command_error::CommandError;
use crate::rfb::ClientError;
use crate::system::clock::Deadline;

/// How long the console may take to answer after the last keys.
const LAST_ANSWER_TIMEOUT: Duration = Duration::from_secs(2);

impl RemoteScreen {
    /// Waits until the console has read the last keys and pointer events.
    pub(crate) async fn confirm_input(&mut self) -> Result<(), CommandError> {
        match self.client.is_input_confirmed() {
            true => Ok(()),
            false => match timeout(LAST_ANSWER_TIMEOUT, self.client.refresh_screen()).await {
                // A console that does not answer has most likely read them.
                Ok(Ok(())) | Err(_) => Ok(()),
                Ok(Err(error)) => Err(self.explain(error).await),
            },
        }
    }

    /// Reads what the console sends until its session ends, and returns how. Cancel-safe.
    pub(crate) async fn until_lost(&mut self) -> ClientError {
        loop {
            if let Err(error) = self.client.next_event().await {
                return error;
            }
        }
    }

    /// The error of a session that was lost. A client that took the console is seldom told from a connection that broke.
    pub(crate) async fn loss(&mut self, error: ClientError) -> CommandError {
        match self.reason_to_reconnect(error).await {
            Ok(reason) => lost(&self.instance().id, &reason),
            Err(error) => error,
        }
    }

    /// Begins the next use as if the console had just been opened: its screen is requested, and nothing is known of what was
    /// typed before. Fails if the session was lost.
    pub(crate) async fn resume(&mut self, deadline: Deadline) -> Result<(), CommandError> {
        self.typed = TypedWords::default();
        (self.pointer, self.answered) = (None, None);
        match timeout_at(deadline.at, self.client.refresh_screen()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(self.loss(error).await),
            Err(_) => Err(timed_out(&self.instance().id, "show a whole screen", deadline)),
        }
    }
}
