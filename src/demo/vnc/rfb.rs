//! The server of a simulated display: one client, security None, encoding Raw, keys as keysyms or, where the client
//! offers it, as scancodes. RFC 6143.

use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::time::{sleep_until, timeout};

use super::End;
use super::screen::Screen;
use crate::demo::display::keyboard::Code;
use crate::demo::display::shared_display::SharedDisplay;
use crate::picture::Rectangle;
use crate::rfb::server::{self, ClientMessage, Encoder, Security, ServerError, read_message, send_update};
use crate::system::clock::Clock;

/// Why [`run`] returns.
enum Stop {
    End(End),
    Error(ServerError),
}

/// What a client is served.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Console<'a> {
    /// The desktop's name.
    pub(crate) name: &'a str,
    pub(crate) display: &'a SharedDisplay,
    /// Tells the time by which the display changes.
    pub(crate) clock: &'a Clock,
}

/// Serves a client until it leaves, or until it has sent nothing for `idle_limit`.
///
/// Only whole messages count: a client that sends half a message, or does not take an update, is idle.
pub(crate) async fn serve<S>(stream: S, console: Console<'_>, idle_limit: Duration) -> Result<End, ServerError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let Err(stop) = run(BufStream::new(stream), console, idle_limit).await;
    match stop {
        Stop::End(end) => Ok(end),
        Stop::Error(error) if error.is_leaving() => Ok(End::ClientLeft),
        Stop::Error(error) => Err(error),
    }
}

async fn run<S>(mut stream: BufStream<S>, console: Console<'_>, idle_limit: Duration) -> Result<Infallible, Stop>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let Console { name, display, clock } = console;
    let mut screen = Screen::new(display.frame(clock.instant()));
    let version = with_limit(idle_limit, server::agree_on_version(&mut stream)).await?;
    with_limit(idle_limit, server::agree_on_security(&mut stream, version, &Security::None)).await?;
    let accepting = async { server::accept(&mut stream, version, &Security::None).await.map(Some) };
    with_limit(idle_limit, accepting).await?;
    let Rectangle { width, height, .. } = screen.frame().area();
    with_limit(idle_limit, server::initialise(&mut stream, (width, height), name)).await?;
    let (mut reader, mut writer) = tokio::io::split(stream);
    let mut encoder = Encoder::default();
    loop {
        let update_and_read = async {
            // A message that is half read is dropped only together with the session.
            let mut reading = pin!(read_message(&mut reader));
            loop {
                let now = clock.instant();
                screen.show(display.frame(now));
                send_due(&mut writer, &mut screen, &mut encoder).await?;
                // A change that no client waits for needs no timer.
                let change = display.next_change(now).filter(|_| screen.is_awaited());
                tokio::select! {
                    biased;
                    message = &mut reading => break message,
                    () = sleep_until(now + change.unwrap_or_default()), if change.is_some() => {}
                }
            }
        };
        match with_limit(idle_limit, update_and_read).await? {
            ClientMessage::Key { is_down, keysym } => display.press(Code::Keysym(keysym), is_down, clock.instant()),
            ClientMessage::ExtendedKey { is_down, keycode, .. } => {
                display.press(Code::Scancode(keycode), is_down, clock.instant());
            }
            other => screen.handle(other),
        }
    }
}

/// Sends all that is due.
async fn send_due<S>(stream: &mut S, screen: &mut Screen, encoder: &mut Encoder) -> Result<(), ServerError>
where
    S: AsyncWrite + Unpin,
{
    for notice in screen.take_notices() {
        stream.write_all(&notice).await?;
        stream.flush().await?;
    }
    match screen.take_due() {
        Some(update) => send_update(stream, &update, encoder, screen.frame()).await,
        None => Ok(()),
    }
}

/// Does one step of a session, up to the client's next whole message. Returns `None` if the client has left.
async fn with_limit<T>(limit: Duration, step: impl Future<Output = Result<Option<T>, ServerError>>) -> Result<T, Stop> {
    match timeout(limit, step).await {
        Err(_) => Err(Stop::End(End::Idle)),
        Ok(Ok(None)) => Err(Stop::End(End::ClientLeft)),
        Ok(Ok(Some(done))) => Ok(done),
        Ok(Err(error)) => Err(Stop::Error(error)),
    }
}

#[cfg(test)]
#[path = "rfb_tests.rs"]
mod tests;
