//! Which user's process has the other end of a connection, where the system lists connections with their processes: on
//! Windows, whose users are security identifiers.

use std::io;
use std::net::SocketAddr;
use std::process;

use crate::system::platform::{self, ProcessConnection};

/// A process with the user that it runs as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ProcessOwner {
    pub(super) process: u32,
    pub(super) user: String,
}

/// The process that has the peer's end of a connection; `None` if it has been closed.
pub(super) fn find_owner(peer: SocketAddr, local: SocketAddr) -> io::Result<Option<ProcessOwner>> {
    match find_process(&platform::connections_of_processes(local)?, peer, local) {
        Some(process) => Ok(user_of(process)?.map(|user| ProcessOwner { process, user })),
        None => Ok(None),
    }
}

/// The user of this process.
pub(super) fn own_user() -> io::Result<String> {
    user_of(process::id())?.ok_or_else(|| io::ErrorKind::NotFound.into())
}

fn user_of(process: u32) -> io::Result<Option<String>> {
    platform::user_of_process(process).map_err(|error| {
        io::Error::new(error.kind(), format!("the system does not tell the user of process {process}: {error}"))
    })
}

/// The process that has the peer's end of the connection.
fn find_process(connections: &[ProcessConnection], peer: SocketAddr, local: SocketAddr) -> Option<u32> {
    // The table has no scopes of addresses.
    let plain = |end: SocketAddr| (end.ip().to_canonical(), end.port());
    let is_peer = |ends: &[SocketAddr; 2]| ends.map(plain) == [peer, local].map(plain);
    connections.iter().find(|(ends, _)| is_peer(ends)).map(|(_, process)| *process).filter(|process| *process != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_the_peers_end_of_the_connection_counts() {
        let ends = |one, other| [address(one), address(other)];
        let (peer, local) = (address("127.0.0.1:50000"), address("127.0.0.1:5900"));
        let listed = [
            (ends("127.0.0.1:5900", "0.0.0.0:0"), 4),
            (ends("127.0.0.1:5900", "127.0.0.1:50000"), 8),
            (ends("127.0.0.2:50000", "127.0.0.1:5900"), 12),
            (ends("127.0.0.1:50000", "127.0.0.1:5901"), 16),
            (ends("127.0.0.1:50000", "127.0.0.1:5900"), 20),
        ];
        assert_eq!(find_process(&listed, peer, local), Some(20));
        assert_eq!(find_process(&listed[..4], peer, local), None);
        let mapped = address("[::ffff:127.0.0.1]:50000");
        assert_eq!(find_process(&listed, mapped, address("[::ffff:127.0.0.1]:5900")), Some(20));
    }

    #[test]
    fn an_address_is_found_without_its_scope() {
        let listed = [([address("[fe80::1]:50000"), address("[fe80::1]:5900")], 20)];
        assert_eq!(find_process(&listed, address("[fe80::1%3]:50000"), address("[fe80::1%3]:5900")), Some(20));
    }

    #[test]
    fn a_connection_that_was_closed_has_no_process() {
        let (peer, local) = (address("[::1]:50000"), address("[::1]:5900"));
        assert_eq!(find_process(&[([peer, local], 0)], peer, local), None);
    }

    #[cfg(not(windows))]
    #[test]
    fn a_system_without_such_a_list_says_so() {
        let found = find_owner(address("127.0.0.1:50000"), address("127.0.0.1:5900"));
        assert_eq!(found.unwrap_err().kind(), io::ErrorKind::Unsupported);
    }

    /// Wine knows the process of a connection once that has read or written.
    #[cfg(windows)]
    #[test]
    fn a_connection_of_this_process_is_of_this_user() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let local = listener.local_addr().unwrap();
        let mut client = std::net::TcpStream::connect(local).unwrap();
        io::Write::write_all(&mut client, b"x").unwrap();
        let (_stream, peer) = listener.accept().unwrap();
        let own = ProcessOwner { process: process::id(), user: own_user().unwrap() };
        assert_eq!(find_owner(peer, local).unwrap(), Some(own));
    }
}
