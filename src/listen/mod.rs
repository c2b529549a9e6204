//! Where viewers and browsers connect: a TCP port or a Unix socket. On this machine only the user's own programs may connect.
//!
//! ```text
//! accept → check the user → Stream        a Unix socket has mode 0600 in a 0700 directory, and is removed at the end
//! ```

mod event;
mod listener;
mod peer;
#[cfg(unix)]
mod socket;
mod stream;

pub(crate) use event::ListenEvent;
pub(crate) use listener::Listener;
pub(crate) use peer::{RefusedPeer, can_check_peers};
pub(crate) use stream::Stream;
