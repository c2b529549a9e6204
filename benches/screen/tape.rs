//! A session from memory: what the server says is there at once, what the client says is not heard.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use ecs_vnc::rfb::PixelFormat;

/// What is left of it.
pub(crate) struct Tape(&'static [u8]);

impl Tape {
    /// A session's bytes: a greeting without a password (RFC 6143, sections 7.1 to 7.3), and what follows it.
    pub(crate) fn record((width, height): (u16, u16), updates: &[u8]) -> Vec<u8> {
        let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
        [b"RFB 003.008\n\x01\x01\0\0\0\0", &size[..], &PixelFormat::NATIVE.encode(), &[0; 4], updates].concat()
    }

    /// From the beginning.
    pub(crate) fn play(session: &'static [u8]) -> Self {
        Self(session)
    }
}

impl AsyncRead for Tape {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let (some, rest) = self.0.split_at(self.0.len().min(buffer.remaining()));
        buffer.put_slice(some);
        self.0 = rest;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Tape {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
