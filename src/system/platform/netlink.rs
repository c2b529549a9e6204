//! Questions to the Linux kernel about sockets.

use std::io;

use rustix::net::netlink::{SOCK_DIAG, SocketAddrNetlink};
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, sendto, socket_with};

/// Sends a message of sock_diag(7) to the kernel and receives the first message of its answer. Returns its length, which is
/// at most that of `answer`.
pub(crate) fn query_sockets(question: &[u8], answer: &mut [u8]) -> io::Result<usize> {
    let socket = socket_with(AddressFamily::NETLINK, SocketType::DGRAM, SocketFlags::CLOEXEC, Some(SOCK_DIAG))?;
    // Port 0 is the kernel. It answers before `sendto` returns.
    sendto(&socket, question, SendFlags::empty(), &SocketAddrNetlink::new(0, 0))?;
    let (count, _) = recv(&socket, answer, RecvFlags::DONTWAIT)?;
    Ok(count)
}
