//! Buffers that are lent for as long as bytes are on their way: an idle session holds none.

use std::future::poll_fn;
use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use tokio::io::{AsyncRead, ReadBuf};

use crate::websocket::frame::HEADROOM;

/// The most bytes read at once.
pub(crate) const PIECE: usize = 64 << 10;

/// As many buffers are kept for the next; more were needed by many sessions at once.
const KEPT: usize = 8;

/// Lends buffers.
#[derive(Clone, Debug, Default)]
pub(crate) struct BufferPool(Arc<Mutex<Vec<Box<[u8]>>>>);

/// What was read, in a buffer with room for a header before it.
#[derive(Debug)]
pub(crate) struct Buffer<'a> {
    pool: &'a BufferPool,
    buffer: Box<[u8]>,
    length: usize,
}

impl BufferPool {
    /// Reads what there is. A buffer is taken only to look, and given back where there is nothing yet.
    pub(crate) async fn read<R: AsyncRead + Unpin>(&self, reader: &mut R) -> io::Result<Buffer<'_>> {
        poll_fn(|context| {
            let mut piece = Buffer { pool: self, buffer: self.take(), length: 0 };
            let mut space = ReadBuf::new(&mut piece.buffer[HEADROOM..]);
            match Pin::new(&mut *reader).poll_read(context, &mut space) {
                Poll::Ready(Ok(())) => {
                    piece.length = space.filled().len();
                    Poll::Ready(Ok(piece))
                }
                Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
                Poll::Pending => Poll::Pending,
            }
        })
        .await
    }

    /// A piece of these few bytes.
    pub(crate) fn piece(&self, bytes: &[u8]) -> Buffer<'_> {
        let mut buffer = self.take();
        let length = bytes.len().min(PIECE);
        buffer[HEADROOM..HEADROOM + length].copy_from_slice(&bytes[..length]);
        Buffer { pool: self, buffer, length }
    }

    /// How many are there for the next.
    #[cfg(test)]
    pub(crate) fn kept(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn take(&self) -> Box<[u8]> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        kept.unwrap_or_else(|| vec![0; HEADROOM + PIECE].into())
    }
}

impl Buffer<'_> {
    /// What was read; nothing at the end of the stream.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[self.range()]
    }

    /// The buffer, the headroom included, and how much is in it behind that.
    pub(crate) fn buffer(&mut self) -> (&mut [u8], usize) {
        (&mut self.buffer, self.length)
    }

    fn range(&self) -> Range<usize> {
        HEADROOM..HEADROOM + self.length
    }
}

impl Drop for Buffer<'_> {
    fn drop(&mut self) {
        let mut kept = self.pool.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT {
            kept.push(std::mem::take(&mut self.buffer));
        }
    }
}
