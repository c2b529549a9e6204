//! The kernel's list of sockets as text. It is searched where the kernel does not answer questions about single sockets.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::net::{IpAddr, SocketAddr};

use super::owner::Owner;
use crate::system::platform;

/// The maximum length of a line in the list, in bytes. Real lines have 150, or 175 for IPv6.
const MAX_LINE_LEN: u64 = 512;

/// The owner of the peer's socket, if the kernel lists it.
pub(super) fn find_owner(peer: SocketAddr, local: SocketAddr) -> io::Result<Option<Owner>> {
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

#[cfg(target_endian = "little")]
#[cfg(test)]
#[path = "socket_table_tests.rs"]
mod tests;
