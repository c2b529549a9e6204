//! A Unix socket that only the user can connect to, and that is removed when the process ends.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::SocketAddr;
use std::path::{self, Path, PathBuf};

use futures_util::FutureExt as _;
use tokio::net::{UnixListener, UnixStream};

use super::event::ListenEvent;
use super::peer::{RefusedPeer, is_allowed};
use super::stream::Stream;
use crate::system::private_dir::lock_private_dir;
use crate::system::shutdown::{CleanupGuard, Shutdown};

/// A socket file, identified by more than its path: another process may replace it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct SocketFile {
    path: PathBuf,
    device: u64,
    inode: u64,
    uid: u32,
}

impl SocketFile {
    fn at(path: PathBuf) -> io::Result<Self> {
        let file = fs::symlink_metadata(&path)?;
        Ok(Self { path, device: file.dev(), inode: file.ino(), uid: file.uid() })
    }

    /// Removes the file unless it was replaced. Errors are ignored, as nothing can be done about them.
    fn remove(&self) {
        if Self::at(self.path.clone()).is_ok_and(|found| found == *self) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[derive(Debug)]
pub(crate) struct Socket {
    /// The owner of the socket file.
    uid: u32,
    cleanup: CleanupGuard,
    listener: UnixListener,
    path: PathBuf,
}

impl Socket {
    /// Listens at `path`, with mode 0600 in a directory of mode 0700, which is created if it is missing. Replaces a
    /// socket on which no process listens; fails if another process listens there or the path is no socket.
    pub(crate) async fn bind(path: &Path) -> io::Result<Self> {
        Self::bind_until(path, Shutdown::of_process()).await
    }

    async fn bind_until(path: &Path, shutdown: &'static Shutdown) -> io::Result<Self> {
        let fault = |kind, text: String| Err(io::Error::new(kind, text));
        if path.file_name().is_none() {
            return fault(io::ErrorKind::InvalidInput, "not the name of a file".to_owned());
        }
        if SocketAddr::from_pathname(path).is_err() {
            let length = path.as_os_str().len();
            return fault(
                io::ErrorKind::InvalidInput,
                format!("the path of {length} bytes is too long for a Unix socket"),
            );
        }
        let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Without the lock, two processes that replace the same dead socket could remove each other's.
        let _lock = lock_private_dir(dir)?;
        match fs::symlink_metadata(path) {
            Ok(file) if !file.file_type().is_socket() => {
                return fault(io::ErrorKind::AlreadyExists, "the file exists and is not a socket".to_owned());
            }
            // Not awaited under the lock: another task of this thread may wait for the lock, and would block this one for ever.
            Ok(_) => match UnixStream::connect(path).now_or_never() {
                Some(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path)?,
                // The kernel refuses at once. Any other error, such as a full queue, means that a process listens.
                _ => return Err(io::ErrorKind::AddrInUse.into()),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        Self::listen(path, shutdown)
    }

    fn listen(path: &Path, shutdown: &'static Shutdown) -> io::Result<Self> {
        let absolute = path::absolute(path)?;
        let ((listener, uid), cleanup) = shutdown.create(|| {
            let listener = UnixListener::bind(path)?;
            let file = SocketFile::at(absolute)?;
            Ok(((listener, file.uid), move || file.remove()))
        })?;
        let socket = Self { uid, cleanup, listener, path: path.to_owned() };
        // Until here, the private directory keeps other users out.
        fs::set_permissions(path, Permissions::from_mode(0o600))?;
        Ok(socket)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Waits for a connection. Root can connect despite the mode, and is let in as for TCP.
    pub(crate) async fn accept(&self) -> io::Result<ListenEvent> {
        let (stream, _) = self.listener.accept().await?;
        let peer = match stream.peer_cred() {
            Ok(peer) => peer,
            Err(error) => return Ok(ListenEvent::Refused(RefusedPeer::LookupFailed(error))),
        };
        if !is_allowed(peer.uid(), self.uid) {
            return Ok(ListenEvent::Refused(RefusedPeer::OtherUser(peer.uid())));
        }
        let peer = peer.pid().map_or("a program".to_owned(), |pid| format!("process {pid}"));
        Ok(ListenEvent::Connected { stream: Stream::from(stream), peer })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.cleanup.run();
    }
}

#[cfg(test)]
#[path = "socket_tests.rs"]
mod tests;
