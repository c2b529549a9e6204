//! Which user a TCP connection on this machine belongs to, as all users can connect to a loopback address.
//!
//! Connections of this user and of root are allowed: root can read everything of this user anyway, and the forwarders of
//! WSL and of containers run as root. A connection whose user cannot be found out is refused.

use std::io;
use std::net::{IpAddr, SocketAddr};

use thiserror::Error;

use super::owner::Owner;
use super::process_owner::ProcessOwner;
use super::{process_owner, socket_query, socket_table};
use crate::system::platform;

/// The user SYSTEM of Windows, which is to it what root is elsewhere.
/// Source: "Well-known SIDs" in Microsoft's documentation.
const SYSTEM: &str = "S-1-5-18";

/// Why a connection is refused.
#[derive(Debug, Error)]
pub(crate) enum RefusedPeer {
    #[error("a connection from another user (uid {0})")]
    OtherUser(u32),
    /// On Windows, where a user is a security identifier.
    #[error("a connection from another user ({user}, process {process})")]
    OtherUsersProcess { process: u32, user: String },
    /// The kernel does not know the connection, or no process has it open.
    #[error("a connection from an unknown user: it was closed already")]
    NoOwner,
    /// The kernel did not answer.
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
    platform::HAS_CONNECTIONS_OF_PROCESSES || !platform::SOCKET_TABLES.is_empty()
}

/// Whether a user may connect: this user, or root.
pub(super) fn is_allowed(uid: u32, own_uid: u32) -> bool {
    uid == own_uid || uid == 0
}

/// How the owner of a socket is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OwnerLookup {
    /// By asking the kernel about this one socket.
    Query,
    /// By searching the list of all sockets, which takes the longer the more there are.
    Table,
    /// By searching the list of all connections for the process, and asking for its user.
    Process,
}

impl OwnerLookup {
    /// Asks about a socket that listens. Kernels without this kind of question deny that it exists.
    pub(super) fn detect(listening: SocketAddr) -> Self {
        if platform::HAS_CONNECTIONS_OF_PROCESSES {
            return Self::Process;
        }
        let remote = SocketAddr::new(if listening.is_ipv4() { [0; 4].into() } else { [0; 16].into() }, 0);
        match socket_query::find_owner(listening, remote) {
            Ok(Some(_)) => Self::Query,
            Ok(None) | Err(_) => Self::Table,
        }
    }

    /// Allows connections of this user and of root (SYSTEM on Windows), and all connections from other machines: whether those
    /// are possible was decided when listening. Refuses a connection whose user cannot be found out.
    pub(super) fn may_connect(self, peer: SocketAddr, local: SocketAddr) -> Result<(), RefusedPeer> {
        if !is_from_this_machine(peer.ip(), local.ip()) || !can_check_peers() {
            return Ok(());
        }
        let found = match self {
            Self::Query => socket_query::find_owner(peer, local),
            // The list may change while it is read, so that a line is missed.
            Self::Table => match socket_table::find_owner(peer, local) {
                Ok(None) => socket_table::find_owner(peer, local),
                found => found,
            },
            Self::Process => {
                let found = process_owner::find_owner(peer, local).map_err(RefusedPeer::LookupFailed)?;
                let own = process_owner::own_user().map_err(RefusedPeer::LookupFailed)?;
                return check_process(found.ok_or(RefusedPeer::NoOwner)?, &own);
            }
        };
        let owner = found.map_err(RefusedPeer::LookupFailed)?.ok_or(RefusedPeer::NoOwner)?;
        check_owner(owner, platform::current_uid().map_err(RefusedPeer::LookupFailed)?)
    }
}

/// A connection to a loopback address always comes from this machine, although its own address may be another one of this
/// machine.
fn is_from_this_machine(peer: IpAddr, local: IpAddr) -> bool {
    let (peer, local) = (peer.to_canonical(), local.to_canonical());
    peer.is_loopback() || local.is_loopback() || peer == local
}

fn check_owner(owner: Owner, own_uid: u32) -> Result<(), RefusedPeer> {
    match owner {
        // A closed socket is listed as root's.
        Owner { inode: 0, .. } => Err(RefusedPeer::NoOwner),
        Owner { uid, .. } if !is_allowed(uid, own_uid) => Err(RefusedPeer::OtherUser(uid)),
        Owner { .. } => Ok(()),
    }
}

fn check_process(owner: ProcessOwner, own_user: &str) -> Result<(), RefusedPeer> {
    match owner {
        ProcessOwner { user, .. } if user == own_user || user == SYSTEM => Ok(()),
        ProcessOwner { process, user } => Err(RefusedPeer::OtherUsersProcess { process, user }),
    }
}

#[cfg(test)]
#[path = "peer_tests.rs"]
mod tests;
