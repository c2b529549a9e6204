//! What is listened on.

use std::io;
use std::net::SocketAddr;
use std::path::Path;

use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

use super::peer::{RefusedPeer, may_connect};
#[cfg(unix)]
use super::socket::Socket;
use super::stream::Stream;

/// Takes viewers in. A Unix socket's file goes when this is dropped.
#[derive(Debug)]
pub(crate) struct Listener(Kind);

#[derive(Debug)]
enum Kind {
    Tcp {
        listener: TcpListener,
        address: SocketAddr,
    },
    #[cfg(unix)]
    Unix(Socket),
}

impl Listener {
    /// Listens on an address; of port 0 the system makes a free one.
    pub(crate) async fn tcp(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self(Kind::Tcp { listener, address }))
    }

    /// Listens on a Unix socket that only the user can reach. What a dead process has left there is replaced.
    #[cfg(unix)]
    pub(crate) async fn unix(path: &Path) -> io::Result<Self> {
        Socket::bind(path).await.map(|socket| Self(Kind::Unix(socket)))
    }

    /// There are no Unix sockets here.
    #[cfg(not(unix))]
    pub(crate) async fn unix(_path: &Path) -> io::Result<Self> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "there are no Unix sockets on this system; use a port"))
    }

    /// The address, where it is TCP.
    pub(crate) fn address(&self) -> Option<SocketAddr> {
        match &self.0 {
            Kind::Tcp { address, .. } => Some(*address),
            #[cfg(unix)]
            Kind::Unix(_) => None,
        }
    }

    /// The Unix socket, where it is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.0 {
            Kind::Tcp { .. } => None,
            #[cfg(unix)]
            Kind::Unix(socket) => Some(socket.path()),
        }
    }

    /// Waits for a viewer, and says who it is, for messages. Whoever may not connect is told apart from an error of the
    /// listener's, such as too many open files. Dropped in the middle, it may lose a viewer that has just come.
    pub(crate) async fn accept(&self) -> io::Result<Result<(Stream, String), RefusedPeer>> {
        match &self.0 {
            Kind::Tcp { listener, address: _ } => {
                let (stream, peer) = listener.accept().await?;
                let local = stream.local_addr()?;
                // A peer that has gone is found out soon enough.
                let _ = stream.set_nodelay(true);
                // A list of many thousands takes milliseconds.
                let allowed = spawn_blocking(move || may_connect(peer, local)).await.map_err(io::Error::other)?;
                Ok(allowed.map(|()| (Stream::Tcp(stream), peer.to_string())))
            }
            #[cfg(unix)]
            Kind::Unix(socket) => socket.accept().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::*;

    #[tokio::test]
    async fn bytes_pass_both_ways_without_delay() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(listener) = Listener::tcp(address.parse().unwrap()).await else {
                assert_ne!(address, "127.0.0.1:0");
                continue;
            };
            let mut client = TcpStream::connect(listener.address().unwrap()).await.unwrap();
            let (mut stream, who) = listener.accept().await.unwrap().unwrap();
            assert_eq!(who, client.local_addr().unwrap().to_string());
            assert!(matches!(&stream, Stream::Tcp(tcp) if tcp.nodelay().unwrap()));
            client.write_all(b"ping").await.unwrap();
            stream.write_all(b"pong").await.unwrap();
            let mut four = [0; 4];
            stream.read_exact(&mut four).await.unwrap();
            assert_eq!(&four, b"ping");
            client.read_exact(&mut four).await.unwrap();
            assert_eq!(&four, b"pong");
            stream.shutdown().await.unwrap();
            assert_eq!(client.read(&mut four).await.unwrap(), 0);
        }
    }

    #[tokio::test]
    async fn two_do_not_share_a_port() {
        let one = Listener::tcp("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let error = Listener::tcp(one.address().unwrap()).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    }
}
