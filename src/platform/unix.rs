//! Linux, macOS and the BSDs.

use std::fs::{self, DirBuilder, File, Metadata};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use rustix::stdio::stdout;
use rustix::termios::tcgetwinsize;

use crate::picture::terminal::Space;

/// The mode of a file that users other than its owner can read, as `0644`.
pub fn others_can_read(file: &Path) -> Option<String> {
    let mode = fs::metadata(file).ok()?.permissions().mode() & 0o7777;
    (mode & 0o077 != 0).then(|| format!("{mode:04o}"))
}

/// Whether nobody but its owner can read or write a file.
pub fn is_private(file: &Metadata) -> bool {
    file.permissions().mode() & 0o077 == 0
}

/// Creates a directory, and those above it, that only its owner may enter.
pub fn create_private_dir(dir: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// The size of the terminal on stdout, and of its cells where it tells.
pub fn terminal() -> Option<Space> {
    let size = tcgetwinsize(stdout()).ok()?;
    let (columns, rows) = (size.ws_col, size.ws_row);
    let cell = (size.ws_xpixel.checked_div(columns)?, size.ws_ypixel.checked_div(rows)?);
    Some(Space { columns, rows, cell: (cell.0 > 0 && cell.1 > 0).then_some(cell) })
}

/// The user's number, where there is `/proc`: a process belongs to its user there.
pub fn user() -> io::Result<u32> {
    Ok(fs::metadata("/proc/self")?.uid())
}

/// Lets the program live on when Ctrl-C ends this one.
pub fn detach(command: &mut Command) {
    command.process_group(0);
}

/// Waits for the exclusive lock on a directory; it ends with the file. A file system without locks has none to wait for.
pub fn lock_dir(dir: &Path) -> io::Result<File> {
    let open = File::open(dir)?;
    match open.lock() {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(open),
        locked => locked.map(|()| open),
    }
}

/// The words of a command line.
pub fn words(line: &str) -> Option<Vec<String>> {
    shlex::split(line)
}
