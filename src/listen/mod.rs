//! Where viewers and browsers connect: a TCP port or a Unix socket. On this machine only programs of the user and of root
//! may connect.
//!
//! ```text
//! accept → check the user → Stream        a Unix socket has mode 0600 in a 0700 directory, and is removed at the end
//! ```

mod event;
mod listener;
mod owner;
mod peer;
mod process_owner;
#[cfg(unix)]
mod socket;
mod socket_query;
mod socket_table;
mod stream;
mod usage;

pub(crate) use event::ListenEvent;
pub(crate) use listener::Listener;
pub(crate) use peer::{RefusedPeer, can_check_peers};
pub(crate) use stream::{Stream, connect_to_port, connect_to_socket};
