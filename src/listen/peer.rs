//! Whose a TCP connection is, where both of its ends are on this machine: loopback is open to all users.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::net::{IpAddr, SocketAddr};

use thiserror::Error;

use crate::system::platform;

/// The longest line of the system's list, in bytes. Its own have 150, or 175 for IPv6.
const LONGEST: u64 = 512;

/// Who may not connect.
#[derive(Debug, Error)]
pub(crate) enum RefusedPeer {
    /// Another user of this machine.
    #[error("it is a program's of another user ({0})")]
    Other(u32),
    /// The connection is not in the system's list, or no process has it.
    #[error("whose it is cannot be told: it has no owner (any more)")]
    Unowned,
    /// The list cannot be read.
    #[error("whose it is cannot be told: {0}")]
    Unknown(io::Error),
}

impl RefusedPeer {
    /// Whether it has most likely just left: nobody needs to know.
    pub(crate) fn is_gone(&self) -> bool {
        matches!(self, Self::Unowned)
    }
}

/// Whether this system tells whose a connection on this machine is. Where it does not, every user of it may connect.
pub(crate) fn peer_check_is_possible() -> bool {
    !platform::SOCKET_TABLES.is_empty()
}

/// Lets the user's own programs pass, and everybody from afar: that somebody from afar can come is another decision.
pub(crate) fn may_connect(peer: SocketAddr, local: SocketAddr) -> Result<(), RefusedPeer> {
    if !is_of_this_machine(peer.ip(), local.ip()) || !peer_check_is_possible() {
        return Ok(());
    }
    let user = platform::user().map_err(RefusedPeer::Unknown)?;
    // The list is read in pieces between which it changes, so that a line may be missed.
    for _ in 0..2 {
        if let Some(owner) = find(peer, local).map_err(RefusedPeer::Unknown)? {
            return decide(owner, user);
        }
    }
    Err(RefusedPeer::Unowned)
}

/// A connection to loopback comes from this machine whatever it says it comes from: any of the machine's addresses may
/// be bound before it connects.
fn is_of_this_machine(peer: IpAddr, local: IpAddr) -> bool {
    let (peer, local) = (peer.to_canonical(), local.to_canonical());
    peer.is_loopback() || local.is_loopback() || peer == local
}

fn decide(owner: Owner, user: u32) -> Result<(), RefusedPeer> {
    match owner {
        // What has been closed stands there as root's, and may have left bytes.
        Owner { inode: 0, .. } => Err(RefusedPeer::Unowned),
        Owner { user: other, .. } if other != user => Err(RefusedPeer::Other(other)),
        Owner { .. } => Ok(()),
    }
}

fn find(peer: SocketAddr, local: SocketAddr) -> io::Result<Option<Owner>> {
    let (pairs, mut is_told) = (pairs(peer, local), false);
    for table in platform::SOCKET_TABLES {
        let file = match File::open(table) {
            // A kernel without IPv6.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            file => file?,
        };
        is_told = true;
        let found = owner(BufReader::new(file), &pairs)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    if is_told { Ok(None) } else { Err(io::Error::new(io::ErrorKind::NotFound, "the system has no list of them")) }
}

/// Whose a socket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Owner {
    user: u32,
    /// 0 where no process has it open.
    inode: u64,
}

/// The socket between two ends, in the lines of such a list.
fn owner(mut lines: impl BufRead, pairs: &[[String; 2]]) -> io::Result<Option<Owner>> {
    let mut line = Vec::new();
    loop {
        line.clear();
        match lines.by_ref().take(LONGEST).read_until(b'\n', &mut line)? {
            0 => return Ok(None),
            _ if !line.ends_with(b"\n") => return Err(io::ErrorKind::InvalidData.into()),
            _ => {}
        }
        let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).skip(1);
        let ends = [words.next(), words.next()];
        if pairs.iter().any(|pair| pair.each_ref().map(|end| Some(end.as_bytes())) == ends) {
            // st, tx_queue:rx_queue, tr:tm->when, retrnsmt, uid, timeout, inode
            let (user, inode) = (number(words.nth(4)), number(words.nth(1)));
            let found = user.and_then(|user| Some(Owner { user: user.try_into().ok()?, inode: inode? }));
            return found.map(Some).ok_or(io::ErrorKind::InvalidData.into());
        }
    }
}

fn number(word: Option<&[u8]>) -> Option<u64> {
    str::from_utf8(word?).ok()?.parse().ok()
}

/// How the peer's socket is written: its own end comes first. One of IPv6 may speak IPv4.
fn pairs(peer: SocketAddr, local: SocketAddr) -> Vec<[String; 2]> {
    let forms = |end: SocketAddr| {
        let written = |octets: &[u8]| format!("{}:{:04X}", hex(octets), end.port());
        match end.ip().to_canonical() {
            IpAddr::V4(ip) => vec![written(&ip.octets()), written(&ip.to_ipv6_mapped().octets())],
            IpAddr::V6(ip) => vec![written(&ip.octets())],
        }
    };
    forms(peer).into_iter().zip(forms(local)).map(|(peer, local)| [peer, local]).collect()
}

/// The kernel prints the words of an address as this machine's numbers, though their bytes are the network's.
fn hex(octets: &[u8]) -> String {
    let words = octets.chunks_exact(4).map(|word| u32::from_ne_bytes([word[0], word[1], word[2], word[3]]));
    words.map(|word| format!("{word:08X}")).collect()
}

#[cfg(test)]
#[path = "peer_tests.rs"]
mod tests;
