//! The session with the console.

use std::convert::Infallible;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio::time::{Duration, sleep};

use super::input::{Input, Key};
use super::screen::SharedScreen;
use crate::rfb::{Client, ClientError, Event, PointerMode};

/// How long the console may take for the rest of its screen before that is requested again, as in [`Client`].
const REST_TIMEOUT: Duration = Duration::from_secs(1);

/// Shares the session until it is lost, and returns why.
pub(super) async fn run<S>(
    mut client: Client<S>,
    screen: &SharedScreen,
    input: &mut mpsc::Receiver<Input>,
) -> ClientError
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    // What was typed for the session before is not typed here.
    while input.try_recv().is_ok() {}
    screen.begin(client.desktop_name());
    let _end = EndGuard(screen);
    let Err(error) = follow(&mut client, screen, input).await;
    error
}

/// Tells the screen at the end of the session, also if the call is dropped.
struct EndGuard<'a>(&'a SharedScreen);

impl Drop for EndGuard<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

async fn follow<S>(
    client: &mut Client<S>,
    screen: &SharedScreen,
    input: &mut mpsc::Receiver<Input>,
) -> Result<Infallible, ClientError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    client.request_screen().await?;
    let (mut is_shown, mut last_place) = (false, None);
    // The refreshes that the open request for the whole screen answers.
    let mut refreshing: Option<u64> = screen.wanted_refreshes();
    loop {
        let is_waiting = !client.is_screen_complete() && !client.screen().bounds().is_empty();
        tokio::select! {
            // The hub keeps a sender, so there is always a next one.
            Some(next) = input.recv() => send(client, next, &mut last_place).await?,
            event = client.next_event() => match event? {
                Event::Update { damage } => {
                    screen.set_keyboard(client.accepts_scancodes(), client.leds().map(|leds| leds.bits()));
                    if is_shown || client.is_screen_complete() {
                        screen.show(client.screen(), client.moves(), damage);
                        is_shown = true;
                    }
                    if client.is_screen_complete() {
                        refreshing.take().into_iter().for_each(|count| screen.set_refreshed(count));
                        refreshing = refresh(client, screen, input, &mut last_place).await?;
                    }
                    client.keep_request_open().await?;
                }
                Event::Resized => {
                    screen.hide();
                    is_shown = false;
                    client.request_screen().await?;
                }
                Event::Leds(leds) => screen.set_keyboard(client.accepts_scancodes(), Some(leds.bits())),
                Event::Bell => screen.ring(),
                Event::Cursor => client.cursor().into_iter().for_each(|shape| screen.set_cursor(shape)),
            },
            () = screen.refresh.notified(), if refreshing.is_none() => {
                refreshing = refresh(client, screen, input, &mut last_place).await?;
            }
            () = sleep(REST_TIMEOUT), if is_waiting => client.request_missing().await?,
        }
    }
}

/// Requests the whole screen if a client waits for that, and returns which refreshes the answer answers. What clients have typed
/// before goes first, so that the answer shows that the console has read it.
async fn refresh<S>(
    client: &mut Client<S>,
    screen: &SharedScreen,
    input: &mut mpsc::Receiver<Input>,
    last_place: &mut Option<(u16, u16)>,
) -> Result<Option<u64>, ClientError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let wanted = screen.wanted_refreshes();
    if wanted.is_some() {
        // No more than were there at the beginning: others may type without end.
        for _ in 0..input.len() {
            if let Ok(next) = input.try_recv() {
                send(client, next, last_place).await?;
            }
        }
        client.request_screen().await?;
    }
    Ok(wanted)
}

/// Sends input to the console. `last_place` is where a client's pointer was last.
async fn send<S>(client: &mut Client<S>, input: Input, last_place: &mut Option<(u16, u16)>) -> Result<(), ClientError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    match input {
        // A console that takes no scancodes gets the keysym; without one there is nothing to press.
        Input::Key { key: Key { keysym: 0, scancode }, .. } if scancode.is_none() || !client.accepts_scancodes() => {
            Ok(())
        }
        Input::Key { key: Key { keysym, scancode }, is_down } => client.send_key(keysym, scancode, is_down).await,
        Input::Pointer { buttons, x, y } => {
            // A client may have a larger screen than the console by now.
            let bounds = client.screen().bounds();
            let (right, bottom) = (bounds.width.saturating_sub(1), bounds.height.saturating_sub(1));
            let (x, y) = (x.min(right), y.min(bottom));
            let (last_x, last_y) = last_place.replace((x, y)).unwrap_or((x, y));
            match client.pointer_mode() {
                PointerMode::Absolute => client.send_pointer(buttons, x, y).await,
                // As QEMU does it for clients that know positions only.
                PointerMode::Relative => {
                    let motion = |to: u16, from: u16| (i32::from(to) - i32::from(from)) as i16;
                    client.send_motion(buttons, motion(x, last_x), motion(y, last_y)).await
                }
            }
        }
        Input::Flushed(done) => {
            // Who waited may have given up.
            _ = done.send(());
            Ok(())
        }
    }
}
