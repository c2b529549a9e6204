//! A directory that only this user can enter, locked while files are made in it.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::system::platform;

/// Creates a directory if it is missing, checks that only the user can enter it, and waits for its lock. Closing the file
/// releases the lock. To keep it across an `await` can block the thread for ever.
pub(crate) fn lock_private_dir(dir: &Path) -> io::Result<File> {
    platform::create_private_dir(dir)?;
    check_private(dir)?;
    platform::lock_dir(dir)
}

/// Accepts every directory: Windows' access lists are not checked.
#[cfg(not(unix))]
fn check_private(_dir: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn check_private(dir: &Path) -> io::Result<()> {
    use std::fs;
    use std::os::unix::fs::MetadataExt as _;

    let denied = |text| Err(io::Error::new(io::ErrorKind::PermissionDenied, text));
    let advice = "use a directory of your own with mode 0700, or one that does not exist yet";
    if let Some(mode) = platform::mode_open_to_others(dir) {
        return denied(format!("{} is accessible to other users (mode {mode}); {advice}", dir.display()));
    }
    // A new file belongs to this process's user.
    if tempfile::tempfile_in(dir)?.metadata()?.uid() != fs::metadata(dir)?.uid() {
        return denied(format!("{} belongs to another user; {advice}", dir.display()));
    }
    if let Some(parent) =
        fs::canonicalize(dir)?.ancestors().skip(1).find(|parent| platform::others_can_rename_in(parent))
    {
        let (dir, parent) = (dir.display(), parent.display());
        return denied(format!("other users can rename {dir}, as they can write to {parent}; {advice}"));
    }
    Ok(())
}
