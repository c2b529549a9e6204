//! Windows: a user's own directories are closed to others by inherited access lists, so there is nothing to check.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::Path;
use std::process::{Child, Command};

use crate::picture::terminal::Space;

/// Never: there are no mode bits.
pub(crate) fn others_can_read(_file: &Path) -> Option<String> {
    None
}

/// Always: there are no mode bits.
pub(crate) fn is_private(_file: &Metadata) -> bool {
    true
}

/// Creates a directory and those above it.
pub(crate) fn create_private_dir(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)
}

/// The size of the terminal on stdout. Its cells' is not told.
pub(crate) fn terminal() -> Option<Space> {
    let (terminal_size::Width(columns), terminal_size::Height(rows)) = terminal_size::terminal_size()?;
    Some(Space { columns, rows, cell: None })
}

/// Users have no numbers here.
pub(crate) fn user() -> io::Result<u32> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Ends a program; what it has started goes on.
pub(crate) fn end(child: &mut Child) -> io::Result<()> {
    child.kill()
}

/// Waits until this process is asked to end: Ctrl-C. It listens from the first time it is asked.
pub async fn asked_to_end() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// Nothing to do: Ctrl-C reaches the programs of this console only, and an opener does not stay in it.
pub(crate) fn detach(_command: &mut Command) {}

/// Waits for the exclusive lock on a file beside those of a directory, which cannot be locked itself; it ends with the
/// file.
pub(crate) fn lock_dir(dir: &Path) -> io::Result<File> {
    let open = File::create(dir.join(".lock"))?;
    open.lock().map(|()| open)
}

/// The words of a command line. Backslashes part directories here, and quote nothing.
pub(crate) fn words(line: &str) -> Option<Vec<String>> {
    shlex::split(&line.replace('\\', "\\\\"))
}
