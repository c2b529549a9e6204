//! Linux, macOS and the BSDs.

use std::fs::{self, DirBuilder, File, Metadata};
use std::future::pending;
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::yield_now;

use rustix::stdio::stdout;
use rustix::termios::tcgetwinsize;

use crate::picture::terminal::Space;

/// The mode of a file that users other than its owner can read, as `0644`.
pub(crate) fn others_can_read(file: &Path) -> Option<String> {
    let mode = fs::metadata(file).ok()?.permissions().mode() & 0o7777;
    (mode & 0o077 != 0).then(|| format!("{mode:04o}"))
}

/// Whether nobody but its owner can read or write a file.
pub(crate) fn is_private(file: &Metadata) -> bool {
    file.permissions().mode() & 0o077 == 0
}

/// Creates a directory, and those above it, that only its owner may enter.
pub(crate) fn create_private_dir(dir: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// The size of the terminal on stdout, and of its cells where it tells.
pub(crate) fn terminal() -> Option<Space> {
    let size = tcgetwinsize(stdout()).ok()?;
    let (columns, rows) = (size.ws_col, size.ws_row);
    let cell = (size.ws_xpixel.checked_div(columns)?, size.ws_ypixel.checked_div(rows)?);
    Some(Space { columns, rows, cell: (cell.0 > 0 && cell.1 > 0).then_some(cell) })
}

/// The user's number, where there is `/proc`: a process belongs to its user there.
pub(crate) fn user() -> io::Result<u32> {
    Ok(fs::metadata("/proc/self")?.uid())
}

/// Ends a program that was detached, with all that it has started.
pub(crate) fn end(child: &mut Child) -> io::Result<()> {
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw).ok_or(io::ErrorKind::NotFound)?;
    Ok(kill_process_group(group, Signal::TERM)?)
}

/// Waits until this process is asked to end: Ctrl-C, SIGTERM, or the terminal's end, unless whoever has started it wants
/// it to outlive that (nohup). It listens from the first time it is asked.
pub async fn asked_to_end() -> io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    // What is still to be read is read while the work is under way, and not before it.
    yield_now().await;
    let mut hang_up = if outlives_terminal() { None } else { Some(signal(SignalKind::hangup())?) };
    let hung_up = async {
        match &mut hang_up {
            Some(hang_up) => hang_up.recv().await,
            None => pending().await,
        }
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hung_up => {}
    }
    Ok(())
}

/// Whether SIGHUP is ignored. Only Linux tells; elsewhere it is left to do what it does.
fn outlives_terminal() -> bool {
    let Ok(status) = fs::read_to_string("/proc/self/status") else {
        return true;
    };
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // SIGHUP is 1, the lowest bit.
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_none_or(|mask| mask & 1 != 0)
}

/// Lets the program live on when Ctrl-C ends this one.
pub(crate) fn detach(command: &mut Command) {
    command.process_group(0);
}

/// Waits for the exclusive lock on a directory; it ends with the file. A file system without locks has none to wait for.
pub(crate) fn lock_dir(dir: &Path) -> io::Result<File> {
    let open = File::open(dir)?;
    match open.lock() {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(open),
        locked => locked.map(|()| open),
    }
}

/// The words of a command line.
pub(crate) fn words(line: &str) -> Option<Vec<String>> {
    shlex::split(line)
}
