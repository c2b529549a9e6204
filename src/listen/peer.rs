//! Which user a TCP connection on this machine belongs to, as all users can connect to a loopback address.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::net::{IpAddr, SocketAddr};

use thiserror::Error;

use crate::system::platform;

/// The maximum length of a line in the kernel's list of sockets, in bytes. Real lines have 150, or 175 for IPv6.
const MAX_LINE_LEN: u64 = 512;

/// Why a connection is refused.
#[derive(Debug, Error)]
pub(crate) enum RefusedPeer {
    #[error("a connection from another user (uid {0})")]
    OtherUser(u32),
    /// The connection is not in the list, or no process has it open.
    #[error("a connection from an unknown user: it was closed already")]
    NoOwner,
    /// The list cannot be read.
    #[error("a connection from an unknown user: {0}")]
    LookupFailed(io::Error),
}

impl RefusedPeer {
    /// Whether the peer has most likely just disconnected, which is not worth a warning.
    pub(crate) fn has_disconnected(&self) -> bool {
        matches!(self, Self::NoOwner)
    }
}

/// Whether the user of a connection can be found out on this system. If not, every user of this machine may connect.
pub(crate) fn can_check_peers() -> bool {
    !platform::SOCKET_TABLES.is_empty()
}

/// Allows connections of this user, and all connections from other machines: whether those are possible was decided when
/// listening.
pub(crate) fn may_connect(peer: SocketAddr, local: SocketAddr) -> Result<(), RefusedPeer> {
    if !is_from_this_machine(peer.ip(), local.ip()) || !can_check_peers() {
        return Ok(());
    }
    let uid = platform::current_uid().map_err(RefusedPeer::LookupFailed)?;
    // The list may change while it is read, so that a line is missed.
    for _ in 0..2 {
        if let Some(owner) = find_owner(peer, local).map_err(RefusedPeer::LookupFailed)? {
            return check_owner(owner, uid);
        }
    }
    Err(RefusedPeer::NoOwner)
}

/// A connection to a loopback address always comes from this machine, although its own address may be another one of this
/// machine.
fn is_from_this_machine(peer: IpAddr, local: IpAddr) -> bool {
    let (peer, local) = (peer.to_canonical(), local.to_canonical());
    peer.is_loopback() || local.is_loopback() || peer == local
}

fn check_owner(owner: Owner, uid: u32) -> Result<(), RefusedPeer> {
    match owner {
        // A closed socket is listed as root's.
        Owner { inode: 0, .. } => Err(RefusedPeer::NoOwner),
        Owner { uid: other, .. } if other != uid => Err(RefusedPeer::OtherUser(other)),
        Owner { .. } => Ok(()),
    }
}

/// The owner of the peer's socket, if the kernel lists it.
fn find_owner(peer: SocketAddr, local: SocketAddr) -> io::Result<Option<Owner>> {
    let (pairs, mut has_table) = (address_pairs(peer, local), false);
    for table in platform::SOCKET_TABLES {
        let file = match File::open(table) {
            // A kernel without IPv6.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            file => file?,
        };
        has_table = true;
        let found = parse_owner(BufReader::new(file), &pairs)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    if has_table { Ok(None) } else { Err(io::Error::new(io::ErrorKind::NotFound, "the system has no list of sockets")) }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Owner {
    uid: u32,
    /// 0 if no process has the socket open.
    inode: u64,
}

/// Finds the socket with one of these address pairs in a list. Source: the kernel's
/// Documentation/networking/proc_net_tcp.rst.
fn parse_owner(mut lines: impl BufRead, pairs: &[[String; 2]]) -> io::Result<Option<Owner>> {
    let mut line = Vec::new();
    loop {
        line.clear();
        match lines.by_ref().take(MAX_LINE_LEN).read_until(b'\n', &mut line)? {
            0 => return Ok(None),
            _ if !line.ends_with(b"\n") => return Err(io::ErrorKind::InvalidData.into()),
            _ => {}
        }
        let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).skip(1);
        let ends = [words.next(), words.next()];
        if pairs.iter().any(|pair| pair.each_ref().map(|end| Some(end.as_bytes())) == ends) {
            // st, tx_queue:rx_queue, tr:tm->when, retrnsmt, uid, timeout, inode
            let (uid, inode) = (number(words.nth(4)), number(words.nth(1)));
            let found = uid.and_then(|uid| Some(Owner { uid: uid.try_into().ok()?, inode: inode? }));
            return found.map(Some).ok_or(io::ErrorKind::InvalidData.into());
        }
    }
}

fn number(word: Option<&[u8]>) -> Option<u64> {
    str::from_utf8(word?).ok()?.parse().ok()
}

/// How the list may write the peer's socket, its own address first. A socket of IPv6 may have a mapped IPv4 address.
fn address_pairs(peer: SocketAddr, local: SocketAddr) -> Vec<[String; 2]> {
    let forms = |end: SocketAddr| {
        let format = |octets: &[u8]| format!("{}:{:04X}", hex(octets), end.port());
        match end.ip().to_canonical() {
            IpAddr::V4(ip) => vec![format(&ip.octets()), format(&ip.to_ipv6_mapped().octets())],
            IpAddr::V6(ip) => vec![format(&ip.octets())],
        }
    };
    forms(peer).into_iter().zip(forms(local)).map(|(peer, local)| [peer, local]).collect()
}

/// The kernel prints each 32-bit word of an address, which is in network byte order, as a number of this machine.
fn hex(octets: &[u8]) -> String {
    let words = octets.chunks_exact(4).map(|word| u32::from_ne_bytes([word[0], word[1], word[2], word[3]]));
    words.map(|word| format!("{word:08X}")).collect()
}

#[cfg(test)]
#[path = "peer_tests.rs"]
mod tests;
