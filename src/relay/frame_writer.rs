//! Sends WebSocket frames to the console.

use std::io;
use std::pin::pin;

use futures_util::FutureExt as _;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;

use super::buffer_pool::Buffer;
use super::drain::STALL_TIMEOUT;
use crate::websocket::frame::{ControlPayload, Opcode, write_frame};

pub(super) enum SendError {
    Io(io::Error),
    /// The console accepted nothing for [`STALL_TIMEOUT`].
    Stalled,
}

impl From<io::Error> for SendError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

pub(super) struct FrameWriter<'a, C> {
    to_console: &'a mut C,
    masks: Masks,
}

impl<'a, C: AsyncWrite + Unpin> FrameWriter<'a, C> {
    pub(super) fn new(to_console: &'a mut C, fill_random: fn(&mut [u8])) -> Self {
        Self { to_console, masks: Masks::new(fill_random) }
    }

    /// Sends the bytes of a buffer as one binary frame, masked and written in place.
    pub(super) async fn data(&mut self, buffer: &mut Buffer<'_>) -> Result<(), SendError> {
        let mask = self.masks.next();
        let (bytes, length) = buffer.with_headroom();
        let range = write_frame(bytes, length, Opcode::Binary, mask);
        self.send(&bytes[range]).await
    }

    pub(super) async fn control(&mut self, opcode: Opcode, control: &ControlPayload) -> Result<(), SendError> {
        let mask = self.masks.next();
        let (frame, length) = control.encode_frame(opcode, mask);
        self.send(&frame[..length]).await
    }

    /// Sends the Close frame. No frame may follow it.
    pub(super) async fn close(&mut self, close: &ControlPayload) -> Result<(), SendError> {
        self.control(Opcode::Close, close).await
    }

    async fn send(&mut self, mut bytes: &[u8]) -> Result<(), SendError> {
        while !bytes.is_empty() {
            let count = with_stall_timeout(self.to_console.write(bytes)).await?;
            if count == 0 {
                return Err(SendError::Io(io::ErrorKind::WriteZero.into()));
            }
            bytes = &bytes[count..];
        }
        // TLS may have buffered some of the bytes.
        with_stall_timeout(self.to_console.flush()).await
    }
}

/// Sets up a timer only if the operation does not finish at once: the timer would cost as much as the operation.
async fn with_stall_timeout<T>(operation: impl Future<Output = io::Result<T>>) -> Result<T, SendError> {
    let mut operation = pin!(operation);
    match operation.as_mut().now_or_never() {
        Some(done) => Ok(done?),
        None => Ok(timeout(STALL_TIMEOUT, operation).await.map_err(|_| SendError::Stalled)??),
    }
}

/// Frame masks from random bytes, drawn 64 at a time. Each is new and unpredictable: RFC 6455, section 5.3.
struct Masks {
    fill_random: fn(&mut [u8]),
    drawn: [u8; 64],
    used: usize,
}

impl Masks {
    fn new(fill_random: fn(&mut [u8])) -> Self {
        Self { fill_random, drawn: [0; 64], used: 64 }
    }

    fn next(&mut self) -> [u8; 4] {
        if self.used == self.drawn.len() {
            (self.fill_random)(&mut self.drawn);
            self.used = 0;
        }
        let [a, b, c, d] = [0, 1, 2, 3].map(|index| self.drawn[self.used + index]);
        self.used += 4;
        [a, b, c, d]
    }
}
