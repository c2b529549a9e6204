//! The server of a simulated display: one client, security None, encoding Raw, keys as keysyms or, where the client
//! offers it, as scancodes. RFC 6143.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::time::{sleep_until, timeout};

use super::error::RfbError;
use super::message::{ClientMessage, read_message};
use super::screen::Screen;
use super::{End, handshake};
use crate::demo::display::Frame;
use crate::demo::display::keyboard::Code;
use crate::demo::display::shared_display::SharedDisplay;
use crate::picture::Rectangle;
use crate::rfb::protocol::{encode_rectangle, server_message};
use crate::rfb::{Encoding, PixelFormat};
use crate::system::clock::Clock;

/// Why [`run`] returns.
enum Stop {
    End(End),
    Error(RfbError),
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
pub(crate) async fn serve<S>(stream: S, console: Console<'_>, idle_limit: Duration) -> Result<End, RfbError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let Err(stop) = run(BufStream::new(stream), console, idle_limit).await;
    match stop {
        Stop::End(end) => Ok(end),
        Stop::Error(RfbError::Stream(error)) if is_leaving(&error) => Ok(End::ClientLeft),
        Stop::Error(error) => Err(error),
    }
}

async fn run<S>(mut stream: BufStream<S>, console: Console<'_>, idle_limit: Duration) -> Result<Infallible, Stop>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let Console { name, display, clock } = console;
    let mut screen = Screen::new(display.frame(clock.instant()));
    let version = with_limit(idle_limit, handshake::agree_on_version(&mut stream)).await?;
    with_limit(idle_limit, handshake::agree_on_security(&mut stream, version)).await?;
    let Rectangle { width, height, .. } = screen.frame().area();
    with_limit(idle_limit, handshake::initialise(&mut stream, (width, height), name)).await?;
    let (mut reader, mut writer) = tokio::io::split(stream);
    loop {
        let update_and_read = async {
            // A message that is half read is dropped only together with the session.
            let mut reading = pin!(read_message(&mut reader));
            loop {
                let now = clock.instant();
                screen.show(display.frame(now));
                send_due(&mut writer, &mut screen).await?;
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
            ClientMessage::ExtendedKey { is_down, scancode } => {
                display.press(Code::Scancode(scancode), is_down, clock.instant());
            }
            other => screen.handle(other),
        }
    }
}

/// Sends all that is due.
async fn send_due<S>(stream: &mut S, screen: &mut Screen) -> Result<(), RfbError>
where
    S: AsyncWrite + Unpin,
{
    if screen.confirm_extended_keys() {
        write_update_header(stream, 1).await?;
        write_rectangle_header(stream, screen.frame().area(), Encoding::QemuExtendedKeyEvent).await?;
        stream.flush().await?;
    }
    match screen.take_due() {
        Some(areas) => send_update(stream, screen.frame(), screen.format, &areas).await,
        None => Ok(()),
    }
}

/// Does one step of a session, up to the client's next whole message. Returns `None` if the client has left.
async fn with_limit<T>(limit: Duration, step: impl Future<Output = Result<Option<T>, RfbError>>) -> Result<T, Stop> {
    match timeout(limit, step).await {
        Err(_) => Err(Stop::End(End::Idle)),
        Ok(Ok(None)) => Err(Stop::End(End::ClientLeft)),
        Ok(Ok(Some(done))) => Ok(done),
        Ok(Err(error)) => Err(Stop::Error(error)),
    }
}

/// Sends the areas in one FramebufferUpdate. RFC 6143, section 7.6.1.
async fn send_update<S>(stream: &mut S, frame: &Frame, format: PixelFormat, areas: &[Rectangle]) -> Result<(), RfbError>
where
    S: AsyncWrite + Unpin,
{
    write_update_header(stream, areas.len() as u16).await?;
    let mut row = Vec::new();
    for &area in areas {
        write_rectangle_header(stream, area, Encoding::Raw).await?;
        for y in area.y..area.y + area.height {
            row.clear();
            (area.x..area.x + area.width).for_each(|x| format.write_pixel(frame.pixel(x, y), &mut row));
            stream.write_all(&row).await?;
        }
    }
    stream.flush().await?;
    Ok(())
}

/// RFC 6143, section 7.6.1.
async fn write_update_header<S>(stream: &mut S, rectangle_count: u16) -> Result<(), RfbError>
where
    S: AsyncWrite + Unpin,
{
    stream.write_all(&[server_message::FRAMEBUFFER_UPDATE, 0]).await?;
    stream.write_u16(rectangle_count).await?;
    Ok(())
}

/// RFC 6143, section 7.6.1.
async fn write_rectangle_header<S>(stream: &mut S, area: Rectangle, encoding: Encoding) -> Result<(), RfbError>
where
    S: AsyncWrite + Unpin,
{
    stream.write_all(&encode_rectangle(area)).await?;
    stream.write_i32(encoding.number()).await?;
    Ok(())
}

/// Whether the error only says that the client has left.
fn is_leaving(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset)
}

#[cfg(test)]
#[path = "rfb_tests.rs"]
mod tests;
