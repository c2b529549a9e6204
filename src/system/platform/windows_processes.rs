//! What Windows tells of processes: their TCP connections, and their users.

use std::io;
use std::net::SocketAddr;

use netsock::family::AddressFamilyFlags;
use netsock::iter_sockets;
use netsock::protocol::ProtocolFlags;
use winsafe::{ConvertSidToStringSid, HPROCESS, TokenInfo, co};

use super::ProcessConnection;

/// All TCP connections of this machine with addresses of the same family as `local`, from GetExtendedTcpTable. Windows lists a
/// connection of IPv4 as such, whatever its program calls it.
pub(crate) fn connections_of_processes(local: SocketAddr) -> io::Result<Vec<ProcessConnection>> {
    // A machine without IPv6 may have no table of it.
    let family = if local.ip().to_canonical().is_ipv4() { AddressFamilyFlags::IPV4 } else { AddressFamilyFlags::IPV6 };
    let sockets = iter_sockets(family, ProtocolFlags::TCP).map_err(io::Error::other)?;
    let mut connections = Vec::new();
    for socket in sockets {
        let socket = socket.map_err(io::Error::other)?;
        if let (Some(tcp), Some(process)) = (socket.tcp_info(), socket.processes.first()) {
            let ends = [(tcp.local_addr, tcp.local_port), (tcp.remote_addr, tcp.remote_port)];
            connections.push((ends.map(SocketAddr::from), process.pid));
        }
    }
    Ok(connections)
}

/// The user of a process as a security identifier, such as `S-1-5-21-1-2-3-1001`; `None` if there is no such process. Windows
/// refuses the question about most processes of other users, unless an administrator asks.
pub(crate) fn user_of_process(process: u32) -> io::Result<Option<String>> {
    let opened = match HPROCESS::OpenProcess(co::PROCESS::QUERY_LIMITED_INFORMATION, false, process) {
        Err(co::ERROR::INVALID_PARAMETER) => return Ok(None),
        opened => opened.map_err(os_error)?,
    };
    let token = opened.OpenProcessToken(co::TOKEN::QUERY).map_err(os_error)?;
    let TokenInfo::User(user) = token.GetTokenInformation(co::TOKEN_INFORMATION_CLASS::User).map_err(os_error)? else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    // Not `to_string`, which gives the text of the error where this fails: the same for any two users.
    let sid = user.User.Sid().ok_or(io::ErrorKind::InvalidData)?;
    ConvertSidToStringSid(sid).map(Some).map_err(os_error)
}

fn os_error(error: co::ERROR) -> io::Error {
    io::Error::from_raw_os_error(error.raw().cast_signed())
}

#[cfg(test)]
mod tests {
    use std::process;

    use super::*;

    #[test]
    fn a_process_has_a_user() {
        let own = user_of_process(process::id()).unwrap().unwrap();
        assert!(own.starts_with("S-1-5-"), "{own}");
        assert_eq!(user_of_process(process::id()).unwrap(), Some(own));
    }

    #[test]
    fn a_process_that_does_not_exist_has_none() {
        // The numbers of processes are multiples of four.
        assert_eq!(user_of_process(0x7fff_fffd).unwrap(), None);
    }
}
