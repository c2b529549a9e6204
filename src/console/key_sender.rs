//! Pressing keys on a console: at which pace, and that none stays down.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{sleep, timeout};

use crate::command_error::CommandError;
use crate::console::remote_screen::RemoteScreen;
use crate::error_kind::ErrorKind;
use crate::keyboard::{Key, KeyAction, KeyEncoding, Keystroke};
use crate::rfb::{Client, ClientError};
use crate::system::shutdown::Shutdown;

/// How long a key is down: long enough for every guest, and too short to repeat. Source: os-autoinst, consoles/VNC.pm.
const DOWN: Duration = Duration::from_millis(8);

/// Between what two keys do, at the least: QEMU loses keys that are less than 5 ms apart.
const APART: Duration = Duration::from_millis(8);

/// Between two chords: a guest that switches consoles or opens a menu wants some time for it.
const BETWEEN_CHORDS: Duration = Duration::from_millis(100);

/// How long a console may take nothing.
const TAKES: Duration = Duration::from_secs(10);

/// What waits longer hears the console meanwhile.
const HEARD: Duration = Duration::from_secs(1);

/// How long the console may take to hear the ends of keys after Ctrl-C.
const LETTING_GO: Duration = Duration::from_millis(500);

/// Why not all was pressed.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// Ctrl-C.
    Interrupted,
    /// The console is gone.
    Client(ClientError),
    /// It takes nothing.
    Stuck,
}

impl From<ClientError> for Stopped {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

/// Does the steps on a console.
pub(crate) async fn press(screen: &mut RemoteScreen, todo: &[KeyAction], by_keysym: bool) -> Result<(), CommandError> {
    let sent = sent_to(screen, by_keysym).await?;
    match steps(&mut screen.client, sent, todo).await {
        Ok(()) => Ok(()),
        Err(stopped) => Err(failure(screen, stopped).await),
    }
}

/// How keys are sent to this console, if it says so before long.
pub(crate) async fn sent_to(screen: &mut RemoteScreen, by_keysym: bool) -> Result<KeyEncoding, CommandError> {
    let limit = screen.usual_limit();
    screen.within(limit, "show a whole screen", async |client| sent(client, by_keysym).await).await
}

/// The failure that it is.
pub(crate) async fn failure(screen: &mut RemoteScreen, stopped: Stopped) -> CommandError {
    match stopped {
        Stopped::Interrupted => CommandError::interrupted(),
        Stopped::Client(error) => screen.failure(error).await,
        Stopped::Stuck => {
            let (instance, seconds) = (&screen.target().instance, TAKES.as_secs());
            CommandError::message(
                ErrorKind::TimeLimit,
                format!("the console of {instance} has taken no key for {seconds} s"),
            )
        }
    }
}

/// How keys are sent to this console. That it takes scancodes it says with its first update, or not at all.
async fn sent<S>(client: &mut Client<S>, by_keysym: bool) -> Result<KeyEncoding, ClientError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    if by_keysym {
        return Ok(KeyEncoding::Keysyms);
    }
    if !client.accepts_scancodes() {
        client.request_screen().await?;
    }
    while !client.accepts_scancodes() && !client.is_screen_complete() {
        client.next_event().await?;
    }
    Ok(if client.accepts_scancodes() { KeyEncoding::Scancodes } else { KeyEncoding::Keysyms })
}

/// Does the steps of `key`, one after another.
async fn steps<S>(client: &mut Client<S>, sent: KeyEncoding, steps: &[KeyAction]) -> Result<(), Stopped>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    KeyPresser::on(client, sent)
        .until_interrupted(async |fingers| {
            for (index, step) in steps.iter().enumerate() {
                let (keys, time) = match step {
                    KeyAction::Wait(time) => {
                        fingers.pause(*time).await?;
                        continue;
                    }
                    KeyAction::Press(keys) => (keys, DOWN),
                    KeyAction::Hold { keys, time } => (keys, *time),
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
pub(crate) async fn strokes<S>(
    client: &mut Client<S>,
    sent: KeyEncoding,
    strokes: &[Keystroke],
    pace: Duration,
    mut typed: impl FnMut(usize),
) -> Result<(), Stopped>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    KeyPresser::on(client, sent)
        .until_interrupted(async |fingers| {
            for (index, Keystroke { modifiers, key }) in strokes.iter().enumerate() {
                fingers.press(&[*modifiers, &[*key]].concat(), DOWN).await?;
                typed(index + 1);
                // As long as the keys were down is gone.
                let gone = DOWN + 2 * APART * modifiers.len() as u32;
                sleep(pace.saturating_sub(gone).max(APART)).await;
            }
            Ok(())
        })
        .await
}

/// Hears a console for so long, and looks at nothing that it says.
pub(crate) async fn hear<S>(client: &mut Client<S>, time: Duration) -> Result<(), ClientError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let hearing = async {
        loop {
            client.next_event().await?;
        }
    };
    timeout(time, hearing).await.unwrap_or(Ok(()))
}

/// What is down.
struct KeyPresser<'a, S> {
    client: &'a mut Client<S>,
    sent: KeyEncoding,
    down: Vec<Key>,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> KeyPresser<'a, S> {
    fn on(client: &'a mut Client<S>, sent: KeyEncoding) -> Self {
        Self { client, sent, down: Vec::new() }
    }

    /// Does the work, unless Ctrl-C ends it; lets go of all keys in any case.
    async fn until_interrupted(
        mut self,
        work: impl AsyncFnOnce(&mut Self) -> Result<(), Stopped>,
    ) -> Result<(), Stopped> {
        // The process is not to end before the keys are up, and the console has heard it.
        let shutdown = Shutdown::of_process();
        let _delay = shutdown.delay();
        let done = tokio::select! {
            biased;
            () = shutdown.requested() => None,
            done = work(&mut self) => Some(done),
        };
        match done {
            Some(Ok(())) => self.let_go().await,
            // A console that is gone has let go of them itself.
            Some(Err(stopped)) => Err(stopped),
            None => {
                let heard = async {
                    self.let_go().await?;
                    Ok::<_, Stopped>(self.client.refresh_screen().await?)
                };
                let _ = timeout(LETTING_GO, heard).await;
                Err(Stopped::Interrupted)
            }
        }
    }

    /// The keys down in this order, the last one for so long, and up in the reverse one.
    async fn press(&mut self, keys: &[Key], time: Duration) -> Result<(), Stopped> {
        for (index, key) in keys.iter().enumerate() {
            if index > 0 {
                sleep(APART).await;
            }
            // Before it is said: what was half said may have been heard.
            self.down.push(*key);
            self.say(*key, true).await?;
        }
        self.pause(time).await?;
        self.let_go().await
    }

    /// Waits. In a longer wait the console is heard, so that what it sends does not stand in its way, and its end is seen.
    async fn pause(&mut self, time: Duration) -> Result<(), Stopped> {
        match time < HEARD {
            true => sleep(time).await,
            false => hear(self.client, time).await?,
        }
        Ok(())
    }

    async fn let_go(&mut self) -> Result<(), Stopped> {
        while let Some(key) = self.down.last().copied() {
            self.say(key, false).await?;
            self.down.pop();
            if !self.down.is_empty() {
                sleep(APART).await;
            }
        }
        Ok(())
    }

    async fn say(&mut self, key: Key, is_down: bool) -> Result<(), Stopped> {
        let scancode = (self.sent == KeyEncoding::Scancodes).then_some(key.scancode);
        let said = timeout(TAKES, self.client.send_key(key.keysym, scancode, is_down)).await;
        Ok(said.map_err(|_| Stopped::Stuck)??)
    }
}
