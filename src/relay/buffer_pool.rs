//! Buffers that are lent while bytes are being copied. An idle session holds none.

use std::future::poll_fn;
use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use tokio::io::{AsyncRead, ReadBuf};

use crate::websocket::frame::HEADROOM;

/// The most bytes read at once.
pub(crate) const MAX_READ_LEN: usize = 64 << 10;

/// The most unused buffers that are kept.
const MAX_UNUSED: usize = 8;

#[derive(Clone, Debug, Default)]
pub(crate) struct BufferPool(Arc<Mutex<Vec<Box<[u8]>>>>);

/// Bytes in a borrowed buffer, with [`HEADROOM`] before them for a frame header.
#[derive(Debug)]
pub(crate) struct Buffer<'a> {
    pool: &'a BufferPool,
    bytes: Box<[u8]>,
    length: usize,
}

impl BufferPool {
    /// Reads the available bytes; none at the end of the stream. While there are none yet, no buffer is held.
    pub(crate) async fn read<R: AsyncRead + Unpin>(&self, reader: &mut R) -> io::Result<Buffer<'_>> {
        poll_fn(|context| {
            let mut buffer = Buffer { pool: self, bytes: self.take(), length: 0 };
            let mut space = ReadBuf::new(&mut buffer.bytes[HEADROOM..]);
            match Pin::new(&mut *reader).poll_read(context, &mut space) {
                Poll::Ready(Ok(())) => {
                    buffer.length = space.filled().len();
                    Poll::Ready(Ok(buffer))
                }
                Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
                Poll::Pending => Poll::Pending,
            }
        })
        .await
    }

    /// Copies at most [`MAX_READ_LEN`] bytes into a buffer.
    pub(crate) fn copy(&self, bytes: &[u8]) -> Buffer<'_> {
        let mut buffer = Buffer { pool: self, bytes: self.take(), length: bytes.len().min(MAX_READ_LEN) };
        let range = buffer.range();
        buffer.bytes[range].copy_from_slice(&bytes[..buffer.length]);
        buffer
    }

    /// How many unused buffers are kept.
    #[cfg(test)]
    pub(crate) fn unused_count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn take(&self) -> Box<[u8]> {
        let unused = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        unused.unwrap_or_else(|| vec![0; HEADROOM + MAX_READ_LEN].into())
    }
}

impl Buffer<'_> {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes[self.range()]
    }

    /// The whole buffer including the headroom, and the length of the bytes behind the headroom.
    pub(crate) fn with_headroom(&mut self) -> (&mut [u8], usize) {
        (&mut self.bytes, self.length)
    }

    fn range(&self) -> Range<usize> {
        HEADROOM..HEADROOM + self.length
    }
}

impl Drop for Buffer<'_> {
    fn drop(&mut self) {
        let mut unused = self.pool.0.lock().unwrap_or_else(PoisonError::into_inner);
        if unused.len() < MAX_UNUSED {
            unused.push(std::mem::take(&mut self.bytes));
        }
    }
}
