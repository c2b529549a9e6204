//! Sends keys or pointer events so that nothing stays down, whatever ends the work.

use std::time::Duration;

use tokio::time::timeout;

use crate::rfb::ClientError;
use crate::system::interruption;

/// How long the console may take to accept one key or pointer event.
pub(crate) const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// How long releasing keys and buttons may take after Ctrl-C, or after another request to end.
const RELEASE_TIMEOUT: Duration = Duration::from_millis(500);

/// Why not all keys or pointer events were sent.
#[derive(Debug)]
pub(crate) enum InputError {
    /// The user pressed Ctrl-C, the process got SIGTERM or SIGHUP, or this work was asked to end.
    Interrupted,
    /// The session ended.
    Client(ClientError),
    /// The console did not accept an event within [`SEND_TIMEOUT`].
    Stuck,
}

impl From<ClientError> for InputError {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

/// Sends events, and knows what is down.
pub(crate) trait Presser {
    /// Releases everything that is down.
    async fn release_all(&mut self) -> Result<(), InputError>;

    /// Waits until the console has read all events.
    async fn confirm(&mut self) -> Result<(), ClientError>;
}

/// Does the work, unless Ctrl-C ends it; releases everything in either case.
pub(crate) async fn until_interrupted<P: Presser>(
    mut presser: P,
    work: impl AsyncFnOnce(&mut P) -> Result<(), InputError>,
) -> Result<(), InputError> {
    // Nothing must end before all is up and the console has read that.
    let _delay = interruption::delay();
    let done = tokio::select! {
        biased;
        () = interruption::requested() => None,
        done = work(&mut presser) => Some(done),
    };
    match done {
        Some(Ok(())) => presser.release_all().await,
        // A console that is gone has released them itself.
        Some(Err(error)) => Err(error),
        None => {
            let releasing = async {
                presser.release_all().await?;
                Ok::<_, InputError>(presser.confirm().await?)
            };
            let _ = timeout(RELEASE_TIMEOUT, releasing).await;
            Err(InputError::Interrupted)
        }
    }
}

/// Waits until an event is sent, for at most [`SEND_TIMEOUT`].
pub(crate) async fn sent(sending: impl Future<Output = Result<(), ClientError>>) -> Result<(), InputError> {
    Ok(timeout(SEND_TIMEOUT, sending).await.map_err(|_| InputError::Stuck)??)
}
