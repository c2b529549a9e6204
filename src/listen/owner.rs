//! The owner of a socket.

/// The user of a socket, as the kernel reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) uid: u32,
    /// 0 if no process has the socket open.
    pub(super) inode: u64,
}
