//! A stream with a bounded buffer on the way in, and what is half said on the way out.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::super::decode::Input;

/// How much is read ahead, in bytes.
const ROOM: usize = 64 << 10;

/// A stream whose reads and writes may be dropped at any moment: nothing is lost, and nothing is said by half.
#[derive(Debug)]
pub(crate) struct Wire<S> {
    stream: S,
    input: Box<[u8]>,
    start: usize,
    end: usize,
    output: Vec<u8>,
    is_flushed: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    /// Over a stream of which nothing has been read ahead.
    pub(crate) fn new(stream: S) -> Self {
        let input = vec![0; ROOM].into_boxed_slice();
        Self { stream, input, start: 0, end: 0, output: Vec::new(), is_flushed: true }
    }

    /// What has come and is not used.
    pub(crate) fn input(&self) -> Input<'_> {
        Input::new(&self.input[self.start..self.end])
    }

    /// All but the last `left` bytes of that are used now.
    pub(crate) fn keep(&mut self, left: usize) {
        self.start = self.end - left;
    }

    /// Waits for more. Whether there is any: if not, the other side has closed.
    pub(crate) async fn fill(&mut self) -> io::Result<bool> {
        self.input.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        let count = self.stream.read(&mut self.input[self.end..]).await?;
        self.end += count;
        Ok(count > 0)
    }

    /// To be said with the next flush.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.output.extend_from_slice(bytes);
        self.is_flushed = false;
    }

    /// Says what there is to say.
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
