//! Listens for viewers and browsers, and limits how many are connected.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::event::ListenEvent;
use super::peer::may_connect;
#[cfg(unix)]
use super::socket::Socket;
use super::stream::Stream;
use crate::system::backoff::Backoff;

/// The waits after a failed accept, most likely because the process has too many open files.
const ACCEPT_BACKOFF: Backoff = Backoff::new(Duration::from_millis(50), Duration::from_secs(1));

/// A TCP port or a Unix socket. The socket's file is removed when this is dropped.
#[derive(Debug)]
pub(crate) struct Listener(Kind);

#[derive(Debug)]
enum Kind {
    Tcp {
        listener: TcpListener,
        address: SocketAddr,
        checks_user: bool,
    },
    #[cfg(unix)]
    Unix(Socket),
}

impl Listener {
    /// Listens on an address; port 0 stands for any free port. Only this user's programs may connect from this machine.
    pub(crate) async fn tcp(address: SocketAddr) -> io::Result<Self> {
        Self::bind_tcp(address, true).await
    }

    /// Like [`Listener::tcp`], but every user of this machine may connect.
    pub(crate) async fn tcp_for_all_users(address: SocketAddr) -> io::Result<Self> {
        Self::bind_tcp(address, false).await
    }

    async fn bind_tcp(address: SocketAddr, checks_user: bool) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self(Kind::Tcp { listener, address, checks_user }))
    }

    /// Listens on a Unix socket that only the user can connect to. Replaces a socket that a dead process left.
    #[cfg(unix)]
    pub(crate) async fn unix(path: &Path) -> io::Result<Self> {
        Socket::bind(path).await.map(|socket| Self(Kind::Unix(socket)))
    }

    /// Fails: this system has no Unix sockets.
    #[cfg(not(unix))]
    pub(crate) async fn unix(_path: &Path) -> io::Result<Self> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "this system has no Unix sockets; use a port"))
    }

    /// The address of a TCP listener.
    pub(crate) fn address(&self) -> Option<SocketAddr> {
        match &self.0 {
            Kind::Tcp { address, .. } => Some(*address),
            #[cfg(unix)]
            Kind::Unix(_) => None,
        }
    }

    /// The path of a Unix socket.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.0 {
            Kind::Tcp { .. } => None,
            #[cfg(unix)]
            Kind::Unix(socket) => Some(socket.path()),
        }
    }

    /// Accepts connections for ever. While `max_connections` streams exist, further clients wait in the system's queue.
    pub(crate) async fn accept_loop(&self, max_connections: usize, mut on_event: impl FnMut(ListenEvent)) {
        let permits = Arc::new(Semaphore::new(max_connections));
        let mut backoff = ACCEPT_BACKOFF;
        loop {
            let Ok(permit) = permits.clone().acquire_owned().await else {
                return;
            };
            match self.accept().await {
                Ok(mut event) => {
                    if let ListenEvent::Connected { stream, .. } = &mut event {
                        stream.set_permit(permit);
                    }
                    backoff.reset();
                    on_event(event);
                }
                Err(error) => {
                    on_event(ListenEvent::Failed(error));
                    sleep(backoff.next_delay()).await;
                }
            }
        }
    }

    /// An error is the listener's, such as too many open files. If the future is dropped, a connection may be lost.
    async fn accept(&self) -> io::Result<ListenEvent> {
        match &self.0 {
            Kind::Tcp { listener, checks_user, .. } => {
                let (stream, peer) = listener.accept().await?;
                let local = stream.local_addr()?;
                // Fails only if the peer has disconnected, which is noticed soon.
                let _ = stream.set_nodelay(true);
                if *checks_user {
                    // With thousands of connections, reading the list of sockets takes milliseconds.
                    let checked = spawn_blocking(move || may_connect(peer, local)).await.map_err(io::Error::other)?;
                    if let Err(refused) = checked {
                        return Ok(ListenEvent::Refused(refused));
                    }
                }
                Ok(ListenEvent::Connected { stream: Stream::from(stream), peer: peer.to_string() })
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
    use tokio::sync::mpsc::unbounded_channel;
    use tokio::time::timeout;

    use super::*;

    async fn connected(listener: &Listener) -> (Stream, String) {
        match listener.accept().await.unwrap() {
            ListenEvent::Connected { stream, peer } => (stream, peer),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn bytes_pass_both_ways_without_delay() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(listener) = Listener::tcp(address.parse().unwrap()).await else {
                assert_ne!(address, "127.0.0.1:0");
                continue;
            };
            let mut client = TcpStream::connect(listener.address().unwrap()).await.unwrap();
            let (mut stream, peer) = connected(&listener).await;
            assert_eq!(peer, client.local_addr().unwrap().to_string());
            assert!(stream.is_nodelay());
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
    async fn two_listeners_do_not_share_a_port() {
        let one = Listener::tcp("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let error = Listener::tcp(one.address().unwrap()).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    }

    #[tokio::test]
    async fn the_number_of_connections_is_limited() {
        let listener = Listener::tcp("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.address().unwrap();
        let (sender, mut events) = unbounded_channel();
        tokio::spawn(async move { listener.accept_loop(2, |event| drop(sender.send(event))).await });
        let mut clients = Vec::new();
        for _ in 0..3 {
            clients.push(TcpStream::connect(address).await.unwrap());
        }
        let first = events.recv().await.unwrap();
        let _second = events.recv().await.unwrap();
        assert!(timeout(Duration::from_millis(50), events.recv()).await.is_err(), "the third one waits");
        drop(first);
        assert!(matches!(events.recv().await.unwrap(), ListenEvent::Connected { .. }));
    }
}
