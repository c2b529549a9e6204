//! Keeps two processes from publishing the same console where a Unix socket does not.
//!
//! The operating system releases the lock when the process ends, however it ends. A file is only locked and removed under the
//! lock of its directory: otherwise one process could lock a file that another one is removing.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use crate::system::platform;
use crate::system::private_dir::lock_private_dir;
use crate::system::shutdown::{CleanupGuard, Shutdown};

/// The lock on a console. Its file is removed when this is dropped, or when the process ends.
#[derive(Debug)]
pub(super) struct ConsoleLock(CleanupGuard);

impl ConsoleLock {
    /// Locks the file `name`. Fails with `AddrInUse` if a process has locked it, also this one.
    pub(super) fn acquire(dir: &Path, name: &str) -> io::Result<Self> {
        let _dir_lock = lock_private_dir(dir)?;
        let path = dir.join(name);
        let ((), cleanup) = Shutdown::of_process().create(|| {
            let file = platform::open_lock_file(&path)?;
            try_lock(&file)?;
            let (dir, path) = (dir.to_owned(), path.clone());
            let remove = move || {
                let _dir_lock = lock_private_dir(&dir);
                _ = fs::remove_file(path);
                drop(file);
            };
            Ok(((), remove))
        })?;
        Ok(Self(cleanup))
    }

    /// Runs `remove` and removes the lock file, unless a process has locked it. No process can lock it meanwhile. Returns
    /// whether the file was free.
    pub(super) fn if_free(dir: &Path, name: &str, remove: impl FnOnce()) -> bool {
        let Ok(_dir_lock) = lock_private_dir(dir) else { return false };
        let path = dir.join(name);
        let Ok(file) = platform::open_lock_file(&path) else { return false };
        let is_free = try_lock(&file).is_ok();
        if is_free {
            remove();
            _ = fs::remove_file(path);
        }
        is_free
    }
}

impl Drop for ConsoleLock {
    fn drop(&mut self) {
        self.0.run();
    }
}

fn try_lock(file: &File) -> io::Result<()> {
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => io::ErrorKind::AddrInUse.into(),
        TryLockError::Error(error) => error,
    })
}
