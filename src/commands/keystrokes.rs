//! Pressing keys on a console: at which pace, and that none stays down.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{sleep, timeout};

use crate::interrupt;
use crate::keyboard::{Key, Sent, Step, Stroke};
use crate::rfb::{Client, ClientError};

/// How long a key is down: long enough for every guest, and too short to repeat. Source: os-autoinst, consoles/VNC.pm.
const DOWN: Duration = Duration::from_millis(8);

/// From a key's end to the next one's beginning at the least: QEMU loses keys that are less than 5 ms apart.
const APART: Duration = Duration::from_millis(8);

/// Between two chords: a guest that switches consoles or opens a menu wants some time for it.
const BETWEEN_CHORDS: Duration = Duration::from_millis(100);

/// How long the console may take to hear the ends of keys after Ctrl-C.
const LETTING_GO: Duration = Duration::from_millis(500);

/// Why not all was pressed.
#[derive(Debug)]
pub enum Stopped {
    /// Ctrl-C.
    Interrupted,
    /// The console is gone.
    Client(ClientError),
}

impl From<ClientError> for Stopped {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

/// How keys are sent to this console. That it takes scancodes it says with its first update, or not at all.
pub async fn sent<S>(client: &mut Client<S>, by_keysym: bool) -> Result<Sent, ClientError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    if by_keysym {
        return Ok(Sent::Keysyms);
    }
    if !client.takes_scancodes() {
        client.request(false).await?;
    }
    while !client.takes_scancodes() && !client.is_complete() {
        client.next().await?;
    }
    Ok(if client.takes_scancodes() { Sent::Scancodes } else { Sent::Keysyms })
}

/// Does the steps of `key`, one after another.
pub async fn steps<S>(client: &mut Client<S>, sent: Sent, steps: &[Step]) -> Result<(), Stopped>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    Fingers::on(client, sent)
        .until_interrupted(async |fingers| {
            for (index, step) in steps.iter().enumerate() {
                let (keys, time) = match step {
                    Step::Wait(time) => {
                        sleep(*time).await;
                        continue;
                    }
                    Step::Press(keys) => (keys, DOWN),
                    Step::Hold { keys, time } => (keys, *time),
                };
                fingers.press(keys, time).await?;
                if index + 1 < steps.len() {
                    sleep(BETWEEN_CHORDS).await;
                }
            }
            Ok(())
        })
        .await
}

/// Types strokes, one each `pace`, and tells `typed` how many there are.
pub async fn strokes<S>(
    client: &mut Client<S>,
    sent: Sent,
    strokes: &[Stroke],
    pace: Duration,
    mut typed: impl FnMut(usize),
) -> Result<(), Stopped>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    Fingers::on(client, sent)
        .until_interrupted(async |fingers| {
            for (index, Stroke { held, key }) in strokes.iter().enumerate() {
                fingers.press(&[*held, &[*key]].concat(), DOWN).await?;
                typed(index + 1);
                // As long as the keys were down is gone.
                let gone = DOWN + APART * held.len() as u32;
                sleep(pace.saturating_sub(gone).max(APART)).await;
            }
            Ok(())
        })
        .await
}

/// What is down.
struct Fingers<'a, S> {
    client: &'a mut Client<S>,
    sent: Sent,
    down: Vec<Key>,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Fingers<'a, S> {
    fn on(client: &'a mut Client<S>, sent: Sent) -> Self {
        Self { client, sent, down: Vec::new() }
    }

    /// Does the work, unless Ctrl-C ends it; lets go of all keys in any case.
    async fn until_interrupted(
        mut self,
        work: impl AsyncFnOnce(&mut Self) -> Result<(), ClientError>,
    ) -> Result<(), Stopped> {
        // The process is not to end before the keys are up, and the console has heard it.
        let _guard = interrupt::hold();
        let done = tokio::select! {
            biased;
            () = interrupt::asked() => None,
            done = work(&mut self) => Some(done),
        };
        match done {
            Some(Ok(())) => Ok(self.let_go().await?),
            // A console that is gone has let go of them itself.
            Some(Err(error)) => Err(error.into()),
            None => {
                let heard = async {
                    self.let_go().await?;
                    self.client.whole_screen().await
                };
                let _ = timeout(LETTING_GO, heard).await;
                Err(Stopped::Interrupted)
            }
        }
    }

    /// The keys down in this order, the last one for so long, and up in the reverse one.
    async fn press(&mut self, keys: &[Key], time: Duration) -> Result<(), ClientError> {
        for (index, key) in keys.iter().enumerate() {
            if index > 0 {
                sleep(APART).await;
            }
            // Before it is said: what was half said may have been heard.
            self.down.push(*key);
            self.say(*key, true).await?;
        }
        sleep(time).await;
        self.let_go().await
    }

    async fn let_go(&mut self) -> Result<(), ClientError> {
        while let Some(key) = self.down.last().copied() {
            self.say(key, false).await?;
            self.down.pop();
        }
        Ok(())
    }

    async fn say(&mut self, key: Key, is_down: bool) -> Result<(), ClientError> {
        let scancode = (self.sent == Sent::Scancodes).then_some(key.scancode);
        self.client.key(key.keysym, scancode, is_down).await
    }
}
