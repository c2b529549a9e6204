//! An accepted connection: TCP or a Unix socket.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio::sync::OwnedSemaphorePermit;

use super::usage::Usage;

#[derive(Debug)]
pub(crate) struct Stream {
    kind: Kind,
    usage: Usage,
    /// Counts towards the limit on connections.
    _permit: Option<OwnedSemaphorePermit>,
}

/// Connects to a Unix socket.
#[cfg(unix)]
pub(crate) async fn connect_to_socket(path: &Path) -> io::Result<Stream> {
    UnixStream::connect(path).await.map(Stream::from)
}

/// Fails: this system has no Unix sockets.
#[cfg(not(unix))]
pub(crate) async fn connect_to_socket(_path: &Path) -> io::Result<Stream> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Connects to a TCP port.
pub(crate) async fn connect_to_port(address: SocketAddr) -> io::Result<Stream> {
    let stream = TcpStream::connect(address).await?;
    // Fails only if the peer has disconnected, which is noticed soon.
    _ = stream.set_nodelay(true);
    Ok(stream.into())
}

#[derive(Debug)]
enum Kind {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Stream {
    pub(super) fn set_permit(&mut self, permit: OwnedSemaphorePermit) {
        self._permit = Some(permit);
    }

    /// Tells the listener when the connection is in use. Before that, it may be closed in favor of a newer one.
    pub(crate) fn usage(&self) -> Usage {
        self.usage.clone()
    }

    #[cfg(test)]
    pub(super) fn is_nodelay(&self) -> bool {
        matches!(&self.kind, Kind::Tcp(tcp) if tcp.nodelay().unwrap())
    }
}

impl From<TcpStream> for Stream {
    fn from(stream: TcpStream) -> Self {
        Self { kind: Kind::Tcp(stream), usage: Usage::default(), _permit: None }
    }
}

#[cfg(unix)]
impl From<UnixStream> for Stream {
    fn from(stream: UnixStream) -> Self {
        Self { kind: Kind::Unix(stream), usage: Usage::default(), _permit: None }
    }
}

/// Calls the same method on either kind.
macro_rules! on {
    ($stream:expr, $inner:ident => $call:expr) => {
        match $stream {
            Kind::Tcp($inner) => $call,
            #[cfg(unix)]
            Kind::Unix($inner) => $call,
        }
    };
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let stream = self.get_mut();
        if stream.usage.poll_has_given_way(cx) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        on!(&mut stream.kind, inner => Pin::new(inner).poll_read(cx, into))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        on!(&mut self.get_mut().kind, inner => Pin::new(inner).poll_write(cx, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        on!(&mut self.get_mut().kind, inner => Pin::new(inner).poll_write_vectored(cx, slices))
    }

    fn is_write_vectored(&self) -> bool {
        on!(&self.kind, inner => inner.is_write_vectored())
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        on!(&mut self.get_mut().kind, inner => Pin::new(inner).poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        on!(&mut self.get_mut().kind, inner => Pin::new(inner).poll_shutdown(cx))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test]
    async fn several_slices_are_one_write() {
        let (one, mut other) = UnixStream::pair().unwrap();
        let mut stream = Stream::from(one);
        assert!(stream.is_write_vectored());
        assert_eq!(stream.write_vectored(&[IoSlice::new(b"ab"), IoSlice::new(b"cd")]).await.unwrap(), 4);
        let mut four = [0; 4];
        other.read_exact(&mut four).await.unwrap();
        assert_eq!(&four, b"abcd");
    }
}
