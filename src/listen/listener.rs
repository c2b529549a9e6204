//! Listens for viewers and browsers, and limits how many are connected.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::sleep;

use super::event::ListenEvent;
use super::peer::OwnerLookup;
#[cfg(unix)]
use super::socket::Socket;
use super::stream::Stream;
use super::usage::Unused;
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
        /// How to find out whose connections come in, if not every user may connect.
        owners: Option<OwnerLookup>,
    },
    #[cfg(unix)]
    Unix(Socket),
}

impl Listener {
    /// Listens on an address; port 0 stands for any free port. Of this machine's users only this one and root may connect.
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
        let owners = checks_user.then(|| OwnerLookup::detect(address));
        Ok(Self(Kind::Tcp { listener, address, owners }))
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

    /// Accepts connections for ever. While `max_connections` streams exist, a further client takes the place of the oldest
    /// one that is not in use yet; if all are in use, it waits.
    pub(crate) async fn accept_loop(&self, max_connections: usize, mut on_event: impl FnMut(ListenEvent)) {
        let permits = Arc::new(Semaphore::new(max_connections));
        let (mut unused, mut backoff) = (Unused::default(), ACCEPT_BACKOFF);
        loop {
            match self.accept().await {
                Ok(mut event) => {
                    if let ListenEvent::Connected { stream, .. } = &mut event {
                        if permits.available_permits() == 0 {
                            unused.evict_oldest();
                        }
                        let Ok(permit) = permits.clone().acquire_owned().await else {
                            return;
                        };
                        stream.set_permit(permit);
                        unused.push(&stream.usage());
                    }
                    backoff.reset();
                    on_event(event);
                }
                Err(error) => {
                    // Most likely there are too many open files.
                    unused.evict_oldest();
                    on_event(ListenEvent::Failed(error));
                    sleep(backoff.next_delay()).await;
                }
            }
        }
    }

    /// An error is the listener's, such as too many open files. If the future is dropped, a connection may be lost.
    async fn accept(&self) -> io::Result<ListenEvent> {
        match &self.0 {
            Kind::Tcp { listener, owners, .. } => {
                let (stream, peer) = listener.accept().await?;
                let local = stream.local_addr()?;
                // Fails only if the peer has disconnected, which is noticed soon.
                let _ = stream.set_nodelay(true);
                if let Some(Err(refused)) = owners.map(|owners| owners.may_connect(peer, local)) {
                    return Ok(ListenEvent::Refused(refused));
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
        for _ in 0..2 {
            clients.push(TcpStream::connect(address).await.unwrap());
        }
        let first = events.recv().await.unwrap();
        let second = events.recv().await.unwrap();
        for event in [&first, &second] {
            let ListenEvent::Connected { stream, .. } = event else { panic!("{event:?}") };
            stream.usage().begin();
        }
        clients.push(TcpStream::connect(address).await.unwrap());
        assert!(timeout(Duration::from_millis(50), events.recv()).await.is_err(), "the third one waits");
        drop(first);
        assert!(matches!(events.recv().await.unwrap(), ListenEvent::Connected { .. }));
    }

    #[tokio::test]
    async fn the_oldest_idle_connection_gives_way_to_a_newer_one() {
        let listener = Listener::tcp("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.address().unwrap();
        let (sender, mut used) = unbounded_channel();
        tokio::spawn(async move {
            let on_event = |event| {
                let ListenEvent::Connected { mut stream, .. } = event else { panic!("{event:?}") };
                let sender = sender.clone();
                tokio::spawn(async move {
                    let usage = stream.usage();
                    if let Ok(byte) = stream.read_u8().await {
                        usage.begin();
                        drop(sender.send((byte, stream)));
                    }
                });
            };
            listener.accept_loop(2, on_event).await;
        });
        let mut first = TcpStream::connect(address).await.unwrap();
        first.write_u8(1).await.unwrap();
        let (one, mut first_served) = used.recv().await.unwrap();
        let mut idle = Vec::new();
        for _ in 0..50 {
            idle.push(TcpStream::connect(address).await.unwrap());
        }
        let mut last = TcpStream::connect(address).await.unwrap();
        last.write_u8(2).await.unwrap();
        let (two, _last_served) = used.recv().await.unwrap();
        assert_eq!((one, two), (1, 2));
        for client in &mut idle {
            assert!(client.read_u8().await.is_err(), "it was closed");
        }
        first.write_u8(3).await.unwrap();
        assert_eq!(first_served.read_u8().await.unwrap(), 3, "one in use stays");
    }
}
