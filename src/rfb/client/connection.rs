//! A stream with a bounded input buffer and an output queue.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::super::decode::Input;

/// How much is read ahead, in bytes.
const INPUT_BUFFER_LEN: usize = 64 << 10;

/// A stream whose reads and writes are cancel-safe: dropping a call loses no input and sends no message twice or in part.
#[derive(Debug)]
pub(crate) struct Connection<S> {
    stream: S,
    input: Box<[u8]>,
    start: usize,
    end: usize,
    output: Vec<u8>,
    is_flushed: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    pub(crate) fn new(stream: S) -> Self {
        let input = vec![0; INPUT_BUFFER_LEN].into_boxed_slice();
        Self { stream, input, start: 0, end: 0, output: Vec::new(), is_flushed: true }
    }

    /// The bytes that were read and not consumed yet.
    pub(crate) fn input(&self) -> Input<'_> {
        Input::new(&self.input[self.start..self.end])
    }

    /// Consumes the input up to its last `remaining` bytes.
    pub(crate) fn consume_up_to(&mut self, remaining: usize) {
        self.start = self.end - remaining;
    }

    /// Waits for more input. Returns whether some came; if not, the server has closed the connection.
    pub(crate) async fn fill(&mut self) -> io::Result<bool> {
        self.input.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        let count = self.stream.read(&mut self.input[self.end..]).await?;
        self.end += count;
        Ok(count > 0)
    }

    /// Adds bytes to what the next flush sends.
    pub(crate) fn queue(&mut self, bytes: &[u8]) {
        self.output.extend_from_slice(bytes);
        self.is_flushed = false;
    }

    /// Sends everything that is queued.
    pub(crate) async fn flush(&mut self) -> io::Result<()> {
        while !self.output.is_empty() {
            let count = self.stream.write(&self.output).await?;
            if count == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            self.output.drain(..count);
        }
        if !self.is_flushed {
            self.stream.flush().await?;
            self.is_flushed = true;
        }
        Ok(())
    }
}
