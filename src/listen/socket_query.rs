//! Asks the kernel who owns one socket: a message of the sock_diag protocol, which takes the same time however many
//! sockets there are.
//!
//! Source: sock_diag(7), and the kernel's `include/uapi/linux/inet_diag.h` and `netlink.h`.

use std::io;
use std::net::{IpAddr, SocketAddr};

use super::owner::Owner;
use crate::system::platform;

/// Message types: an error, and the question and its answer.
const NLMSG_ERROR: u16 = 2;
const SOCK_DIAG_BY_FAMILY: u16 = 20;

const NLM_F_REQUEST: u16 = 1;
const IPPROTO_TCP: u8 = 6;
/// The address families of Linux.
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
const ENOENT: i32 = 2;

/// The lengths of `nlmsghdr`, of `inet_diag_req_v2` and of `inet_diag_msg`.
const HEADER_LEN: usize = 16;
const REQUEST_LEN: usize = 56;
const ANSWER_LEN: usize = 72;

/// The owner of the socket with this address and peer; `None` if there is no such socket.
pub(super) fn find_owner(address: SocketAddr, peer: SocketAddr) -> io::Result<Option<Owner>> {
    // The answer has attributes behind it, and an error has the question.
    let mut answer = [0; 512];
    let count = platform::query_sockets(&encode(address, peer), &mut answer)?;
    parse(&answer[..count.min(answer.len())], address, peer)
}

/// Encodes the question: `nlmsghdr`, then `inet_diag_req_v2`.
fn encode(address: SocketAddr, peer: SocketAddr) -> Vec<u8> {
    let mut message = Vec::with_capacity(HEADER_LEN + REQUEST_LEN);
    message.extend(((HEADER_LEN + REQUEST_LEN) as u32).to_ne_bytes());
    message.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    message.extend(NLM_F_REQUEST.to_ne_bytes());
    message.extend([0; 8]); // the sequence number and the port
    let family = if address.ip().to_canonical().is_ipv4() { AF_INET } else { AF_INET6 };
    message.extend([family, IPPROTO_TCP, 0, 0]);
    message.extend(u32::MAX.to_ne_bytes()); // every state
    message.extend(address.port().to_be_bytes());
    message.extend(peer.port().to_be_bytes());
    message.extend(octets(address.ip()));
    message.extend(octets(peer.ip()));
    let interface = if let SocketAddr::V6(address) = address { address.scope_id() } else { 0 };
    message.extend(interface.to_ne_bytes());
    message.extend([0xff; 8]); // no cookie
    message
}

/// An address of IPv4 has its four bytes first.
fn octets(ip: IpAddr) -> [u8; 16] {
    let mut octets = [0; 16];
    match ip.to_canonical() {
        IpAddr::V4(ip) => octets[..4].copy_from_slice(&ip.octets()),
        IpAddr::V6(ip) => octets = ip.octets(),
    }
    octets
}

/// Parses the answer: `nlmsghdr`, then `inet_diag_msg` or an error number. The kernel may answer with a socket that listens
/// on the same port, which is not the one that was asked for.
fn parse(answer: &[u8], address: SocketAddr, peer: SocketAddr) -> io::Result<Option<Owner>> {
    let invalid = || io::Error::from(io::ErrorKind::InvalidData);
    let kind = answer.get(4..6).and_then(|kind| kind.try_into().ok()).map(u16::from_ne_bytes);
    let body = answer.get(HEADER_LEN..).ok_or_else(invalid)?;
    let number = |at: usize| Some(u32::from_ne_bytes(body.get(at..at + 4)?.try_into().ok()?));
    match kind {
        Some(NLMSG_ERROR) => match number(0).ok_or_else(invalid)?.cast_signed().saturating_neg() {
            ENOENT => Ok(None),
            error => Err(io::Error::from_raw_os_error(error)),
        },
        Some(SOCK_DIAG_BY_FAMILY) if body.len() >= ANSWER_LEN => {
            let port = |at: usize| u16::from_be_bytes([body[at], body[at + 1]]);
            let ends = [(parse_ip(body, 8), port(4)), (parse_ip(body, 24), port(6))];
            let wanted = [address, peer].map(|end| (Some(end.ip().to_canonical()), end.port()));
            let (uid, inode) = (number(64).ok_or_else(invalid)?, number(68).ok_or_else(invalid)?);
            Ok((ends == wanted).then_some(Owner { uid, inode: inode.into() }))
        }
        _ => Err(invalid()),
    }
}

/// The address at `at` in an `inet_diag_msg`, whose first byte is its family.
fn parse_ip(body: &[u8], at: usize) -> Option<IpAddr> {
    let octets: [u8; 16] = body.get(at..at + 16)?.try_into().ok()?;
    match body[0] {
        AF_INET => Some([octets[0], octets[1], octets[2], octets[3]].into()),
        AF_INET6 => Some(IpAddr::from(octets).to_canonical()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    /// Bytes as Python's socket and struct modules exchanged them with Linux 6.18 on a little-endian machine: the client of
    /// a connection from 127.0.0.1:49530 to 127.0.0.1:57841, of uid 0x3e8.
    const QUESTION: &str = "48000000140001000000000000000000\
        02060000ffffffffc17ae1f17f0000010000000000000000000000007f00000100000000000000000000000000000000ffffffffffffffff";
    const ANSWER: &str = "7c000000140000000100000032 6f0000\
        02010000c17ae1f17f0000010000000000000000000000007f000001000000000000000000000000\
        00000000010000000000000000000000000000000000 0000e803000007000000";

    fn bytes(hex: &str) -> Vec<u8> {
        let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
        digits.chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
    }

    #[cfg(target_endian = "little")]
    #[test]
    fn the_question_names_one_socket() {
        let (client, server) = (address("127.0.0.1:49530"), address("127.0.0.1:57841"));
        assert_eq!(encode(client, server), bytes(QUESTION));
        assert_eq!(encode(address("[::ffff:127.0.0.1]:49530"), address("[::ffff:127.0.0.1]:57841")), bytes(QUESTION));
        assert_eq!(encode(address("[::1]:1"), address("[::1]:2"))[HEADER_LEN], AF_INET6);
    }

    #[cfg(target_endian = "little")]
    #[test]
    fn only_the_answer_about_that_socket_counts() {
        let (client, server) = (address("127.0.0.1:49530"), address("127.0.0.1:57841"));
        let answer = bytes(ANSWER);
        assert_eq!(answer.len(), HEADER_LEN + ANSWER_LEN);
        assert_eq!(parse(&answer, client, server).unwrap(), Some(Owner { uid: 1000, inode: 7 }));
        for (address, peer) in
            [(server, client), (client, address("127.0.0.1:0")), (address("127.0.0.2:49530"), server)]
        {
            assert_eq!(parse(&answer, address, peer).unwrap(), None, "{address} {peer}");
        }
        for length in 0..answer.len() {
            assert_eq!(parse(&answer[..length], client, server).unwrap_err().kind(), io::ErrorKind::InvalidData);
        }
    }

    #[test]
    fn an_error_is_told_from_a_socket_that_does_not_exist() {
        let (client, server) = (address("127.0.0.1:49530"), address("127.0.0.1:57841"));
        let error = |number: i32| {
            let mut message = [0; HEADER_LEN + 4];
            message[4..6].copy_from_slice(&NLMSG_ERROR.to_ne_bytes());
            message[HEADER_LEN..].copy_from_slice(&number.to_ne_bytes());
            parse(&message, client, server)
        };
        assert_eq!(error(-2).unwrap(), None);
        assert_eq!(error(-1).unwrap_err().raw_os_error(), Some(1));
        assert!(error(i32::MIN).is_err());
    }
}
