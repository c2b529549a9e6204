//! Where viewers connect, a TCP port or a Unix socket, and who may: nobody but the user.
//!
//! ```text
//! accept → whose is it? → Stream        a Unix socket is 0600 in a 0700 directory, and goes with the process
//! ```

mod listener;
mod peer;
#[cfg(unix)]
mod socket;
mod stream;

pub(crate) use listener::Listener;
pub(crate) use peer::{RefusedPeer, peer_check_is_possible};
pub(crate) use stream::Stream;

/// Removes the sockets of this process, and lets no new one come. For the end of the process, which drops nothing.
pub fn end() {
    #[cfg(unix)]
    socket::end();
}
