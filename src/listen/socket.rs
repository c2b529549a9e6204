//! A Unix socket that only the user can reach, and that does not outlive the process.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::SocketAddr;
use std::path::{self, Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::net::{UnixListener, UnixStream};

use super::peer::RefusedPeer;
use super::stream::Stream;
use crate::system::platform;

/// The sockets of this process.
static SOCKETS: Mutex<Sockets> = Mutex::new(Sockets { files: Vec::new(), has_ended: false });

struct Sockets {
    files: Vec<Bound>,
    /// No new one comes.
    has_ended: bool,
}

impl Sockets {
    fn of_process() -> MutexGuard<'static, Self> {
        SOCKETS.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&mut self) {
        self.has_ended = true;
        self.files.drain(..).for_each(|file| file.remove());
    }
}

/// A file that is this process's, and not another that has taken its name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Bound {
    path: PathBuf,
    device: u64,
    inode: u64,
    user: u32,
}

impl Bound {
    fn at(path: PathBuf) -> io::Result<Self> {
        let file = fs::symlink_metadata(&path)?;
        Ok(Self { path, device: file.dev(), inode: file.ino(), user: file.uid() })
    }

    /// There is nowhere left to report that this failed.
    fn remove(&self) {
        if Self::at(self.path.clone()).is_ok_and(|found| found == *self) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Removes them all.
pub(crate) fn end() {
    Sockets::of_process().end();
}

/// A socket that is listened on.
#[derive(Debug)]
pub(crate) struct Socket {
    bound: Bound,
    listener: UnixListener,
    /// As it was asked for.
    path: PathBuf,
}

impl Socket {
    /// Takes `path`, unless somebody listens there or it is no socket.
    pub(crate) async fn bind(path: &Path) -> io::Result<Self> {
        let fault = |kind, text: String| Err(io::Error::new(kind, text));
        if path.file_name().is_none() {
            return fault(io::ErrorKind::InvalidInput, "that names no file".to_owned());
        }
        if SocketAddr::from_pathname(path).is_err() {
            let length = path.as_os_str().len();
            return fault(io::ErrorKind::InvalidInput, format!("{length} bytes are too long a path for a Unix socket"));
        }
        let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Two of us that replace the same dead socket would remove each other's.
        let _lock = private(dir)?;
        match fs::symlink_metadata(path) {
            Ok(file) if !file.file_type().is_socket() => {
                return fault(io::ErrorKind::AlreadyExists, "that is there, and is no socket".to_owned());
            }
            Ok(_) => match UnixStream::connect(path).await {
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path)?,
                // Too many wait there, perhaps, but somebody listens.
                _ => return Err(io::ErrorKind::AddrInUse.into()),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        Self::take(path)
    }

    /// The directory keeps others out until the mode does.
    fn take(path: &Path) -> io::Result<Self> {
        let whole = path::absolute(path)?;
        // From here on the file is there or known.
        let mut sockets = Sockets::of_process();
        if sockets.has_ended {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let listener = UnixListener::bind(path)?;
        let bound = Bound::at(whole)?;
        sockets.files.push(bound.clone());
        drop(sockets);
        let socket = Self { bound, listener, path: path.to_owned() };
        fs::set_permissions(path, Permissions::from_mode(0o600))?;
        Ok(socket)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Waits for a viewer. Root can reach every file; that root's programs are not the user's holds here as for TCP.
    pub(crate) async fn accept(&self) -> io::Result<Result<(Stream, String), RefusedPeer>> {
        let (stream, _) = self.listener.accept().await?;
        let peer = match stream.peer_cred() {
            Ok(peer) => peer,
            Err(error) => return Ok(Err(RefusedPeer::Unknown(error))),
        };
        if peer.uid() != self.bound.user {
            return Ok(Err(RefusedPeer::Other(peer.uid())));
        }
        let who = peer.pid().map_or("a program".to_owned(), |process| format!("process {process}"));
        Ok(Ok((Stream::Unix(stream), who)))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let mut sockets = Sockets::of_process();
        // Unless the process is at its end, and has removed it.
        if let Some(index) = sockets.files.iter().position(|file| *file == self.bound) {
            sockets.files.swap_remove(index).remove();
        }
    }
}

/// Makes sure of a directory that only the user can enter, and holds its lock.
fn private(dir: &Path) -> io::Result<File> {
    let denied = |text| Err(io::Error::new(io::ErrorKind::PermissionDenied, text));
    platform::create_private_dir(dir)?;
    let advice = "name a directory of your own that is 0700, or one that is not there yet";
    if let Some(mode) = platform::others_can_read(dir) {
        return denied(format!("{} is open to other users (mode {mode}); {advice}", dir.display()));
    }
    // Whoever makes a file is its owner.
    if tempfile::tempfile_in(dir)?.metadata()?.uid() != fs::metadata(dir)?.uid() {
        return denied(format!("{} belongs to another user; {advice}", dir.display()));
    }
    platform::lock_dir(dir)
}

#[cfg(test)]
#[path = "socket_tests.rs"]
mod tests;
