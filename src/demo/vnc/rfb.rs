//! A minimal RFB server: one client, security None, encoding Raw, keys as keysyms or, where the client offers it, as
//! scancodes. RFC 6143.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::time::Duration;

use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::time::{sleep_until, timeout};

use super::message::{ClientMessage, EXTENDED_KEY_EVENT};
use super::screen::Screen;
use super::{End, handshake, message};
use crate::demo::display::Frame;
use crate::demo::display::keyboard::Code;
use crate::demo::display::shared_display::SharedDisplay;
use crate::picture::Rectangle;
use crate::rfb::{PixelFormat, PixelFormatError, UnknownVersion};
use crate::system::clock::Clock;

/// RFC 6143, section 7.6.1.
const FRAMEBUFFER_UPDATE: u8 = 0;
/// RFC 6143, section 7.7.1.
const RAW: i32 = 0;

/// Why a session cannot go on.
#[derive(Debug, Error)]
pub(crate) enum RfbError {
    /// Section 7.1.1: no version with a known handshake.
    #[error("a client of {0}")]
    Version(#[from] UnknownVersion),
    /// Section 7.1.2: not what was offered.
    #[error("a client that chose security type {0}, where only None (1) is offered")]
    Security(u8),
    /// Section 7.5.1.
    #[error("an unusable pixel format: {0}")]
    PixelFormat(#[from] PixelFormatError),
    /// Section 7.5: whatever follows cannot be read, as its length is unknown.
    #[error("a client message of type {0}, which RFC 6143 does not know")]
    Message(u8),
    /// As above.
    #[error("a QEMU client message of type {0}, where only the Extended Key Event (0) is known")]
    QemuMessage(u8),
    /// Section 7.5.6.
    #[error("a cut text of {0} bytes, where {max} are the most", max = message::LONGEST_CUT)]
    CutText(u32),
    /// The client has left in the middle of a message.
    #[error("a message that was cut off")]
    CutOff,
    /// The stream below failed.
    #[error("the connection failed: {0}")]
    Stream(#[source] io::Error),
}

impl From<io::Error> for RfbError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::CutOff } else { Self::Stream(error) }
    }
}

/// Why `talk` returns.
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

/// Serves a client to its end: it left, or it said nothing for `idle_limit`.
///
/// Only whole messages count, be it that the next one does not come or that the client does not take an answer.
pub(crate) async fn serve<S>(stream: S, console: Console<'_>, idle_limit: Duration) -> Result<End, RfbError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let Err(stop) = talk(BufStream::new(stream), console, idle_limit).await;
    match stop {
        Stop::End(end) => Ok(end),
        Stop::Error(RfbError::Stream(error)) if is_leaving(&error) => Ok(End::ClientLeft),
        Stop::Error(error) => Err(error),
    }
}

async fn talk<S>(mut stream: BufStream<S>, console: Console<'_>, idle_limit: Duration) -> Result<Infallible, Stop>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let Console { name, display, clock } = console;
    let mut screen = Screen::new(display.frame(clock.instant()));
    let version = in_time(idle_limit, handshake::version(&mut stream)).await?;
    in_time(idle_limit, handshake::security(&mut stream, version)).await?;
    let Rectangle { width, height, .. } = screen.frame().area();
    in_time(idle_limit, handshake::init(&mut stream, (width, height), name)).await?;
    let (mut reader, mut writer) = tokio::io::split(stream);
    loop {
        let answer_and_read = async {
            // Its reading is dropped unfinished only together with the session.
            let mut reading = pin!(message::read(&mut reader));
            loop {
                let now = clock.instant();
                screen.show(display.frame(now));
                answer(&mut writer, &mut screen).await?;
                // A change that no client waits for needs no timer.
                let change = display.next_change(now).filter(|_| screen.is_awaited());
                tokio::select! {
                    biased;
                    message = &mut reading => break message,
                    () = sleep_until(now + change.unwrap_or_default()), if change.is_some() => {}
                }
            }
        };
        match in_time(idle_limit, answer_and_read).await? {
            ClientMessage::Key { down, keysym } => display.press(Code::Keysym(keysym), down, clock.instant()),
            ClientMessage::ExtendedKey { down, scancode } => {
                display.press(Code::Scancode(scancode), down, clock.instant());
            }
            other => screen.handle(other),
        }
    }
}

/// Sends all that is due.
async fn answer<S>(stream: &mut S, screen: &mut Screen) -> Result<(), RfbError>
where
    S: AsyncWrite + Unpin,
{
    if screen.confirm_extended_keys() {
        stream.write_all(&[FRAMEBUFFER_UPDATE, 0]).await?;
        stream.write_u16(1).await?;
        rectangle(stream, screen.frame().area(), EXTENDED_KEY_EVENT).await?;
        stream.flush().await?;
    }
    match screen.take_due() {
        Some(areas) => send(stream, screen.frame(), screen.format, &areas).await,
        None => Ok(()),
    }
}

/// One step of a session, up to the client's next whole message (`None`: there is none).
async fn in_time<T>(limit: Duration, step: impl Future<Output = Result<Option<T>, RfbError>>) -> Result<T, Stop> {
    match timeout(limit, step).await {
        Err(_) => Err(Stop::End(End::Idle)),
        Ok(Ok(None)) => Err(Stop::End(End::ClientLeft)),
        Ok(Ok(Some(done))) => Ok(done),
        Ok(Err(error)) => Err(Stop::Error(error)),
    }
}

/// Sends the areas in one FramebufferUpdate. RFC 6143, section 7.6.1.
async fn send<S>(stream: &mut S, frame: &Frame, format: PixelFormat, areas: &[Rectangle]) -> Result<(), RfbError>
where
    S: AsyncWrite + Unpin,
{
    stream.write_all(&[FRAMEBUFFER_UPDATE, 0]).await?;
    stream.write_u16(areas.len() as u16).await?;
    let mut line = Vec::new();
    for &area in areas {
        rectangle(stream, area, RAW).await?;
        for y in area.y..area.y + area.height {
            line.clear();
            (area.x..area.x + area.width).for_each(|x| format.write_pixel(frame.pixel(x, y), &mut line));
            stream.write_all(&line).await?;
        }
    }
    stream.flush().await?;
    Ok(())
}

/// A rectangle's header. RFC 6143, section 7.6.1.
async fn rectangle<S>(stream: &mut S, area: Rectangle, encoding: i32) -> Result<(), RfbError>
where
    S: AsyncWrite + Unpin,
{
    for number in [area.x, area.y, area.width, area.height] {
        stream.write_u16(number).await?;
    }
    stream.write_i32(encoding).await?;
    Ok(())
}

/// A client that is gone is no fault of the connection, however it went.
fn is_leaving(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset)
}

#[cfg(test)]
#[path = "rfb_tests.rs"]
mod tests;
