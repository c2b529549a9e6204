//! Linux, macOS and the BSDs.

use std::fs::{self, DirBuilder, File, Metadata};
use std::future::pending;
use std::io::{self, IsTerminal as _, Stdout, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::fs::{
    DirBuilderExt as _, FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _,
};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command};

use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Resource, Rlimit, Signal, geteuid, getrlimit, kill_process_group, setrlimit};
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::yield_now;

use rustix::stdio::{stdin, stdout};
use rustix::termios::{OptionalActions, OutputModes, tcgetattr, tcgetwinsize, tcsetattr};

use super::{EndRequest, TerminalSize};

/// The mode of a file or directory, such as `0644`, if users other than its owner have any access.
pub(crate) fn mode_open_to_others(file: &Path) -> Option<String> {
    let mode = fs::metadata(file).ok()?.permissions().mode() & 0o7777;
    (mode & 0o077 != 0).then(|| format!("{mode:04o}"))
}

/// Whether only the owner of a file can read or write it.
pub(crate) fn is_private(file: &Metadata) -> bool {
    file.permissions().mode() & 0o077 == 0
}

/// Whether users other than this one and root can rename entries of a directory: one of theirs, or one that others can
/// write to. With the sticky bit, only the owners of the entries can.
pub(crate) fn others_can_rename_in(dir: &Path) -> bool {
    let is_safe = |dir: &Metadata| {
        let is_closed = dir.mode() & 0o022 == 0 || dir.mode() & 0o1000 != 0;
        is_closed && (is_own(dir) || dir.uid() == 0)
    };
    !fs::metadata(dir).is_ok_and(|dir| is_safe(&dir))
}

/// The mode of a file.
pub(crate) fn mode_of(file: &Metadata) -> Option<u32> {
    Some(file.permissions().mode())
}

/// Sets the mode of a file.
pub(crate) fn set_mode(file: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(file, fs::Permissions::from_mode(mode))
}

/// Creates a directory and its missing parents with mode 0700.
pub(crate) fn create_private_dir(dir: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// Writes to stdout. [`io::Stdout`] itself ignores that it is not open for writing.
pub(crate) fn write_stdout(stdout: &Stdout, bytes: &[u8]) -> io::Result<()> {
    File::from(stdout.as_fd().try_clone_to_owned()?).write_all(bytes)
}

/// The size of the terminal on stdout.
pub(crate) fn terminal_size() -> Option<TerminalSize> {
    let size = tcgetwinsize(stdout()).ok()?;
    let (columns, rows) = (size.ws_col, size.ws_row);
    let cell = (size.ws_xpixel.checked_div(columns)?, size.ws_ypixel.checked_div(rows)?);
    Some(TerminalSize { columns, rows, cell: (cell.0 > 0 && cell.1 > 0).then_some(cell) })
}

/// Notes the modes of this process's terminal, such as its echo, and returns what sets them again. `None` without a terminal.
pub(crate) fn terminal_modes() -> Option<impl FnOnce() + Send> {
    let terminal = fs::OpenOptions::new().read(true).write(true).open("/dev/tty").ok()?;
    let modes = tcgetattr(&terminal).ok()?;
    Some(move || {
        // A terminal that is gone needs no modes.
        let _ = tcsetattr(&terminal, OptionalActions::Now, &modes);
    })
}

/// Lets the terminal on stdin put a carriage return before each line feed that is written, as it does outside raw mode.
pub(crate) fn translate_line_feeds() {
    if let Ok(mut modes) = tcgetattr(stdin()) {
        modes.output_modes |= OutputModes::OPOST | OutputModes::ONLCR;
        // Without it, lines become stairs, which can be read.
        let _ = tcsetattr(stdin(), OptionalActions::Now, &modes);
    }
}

/// Creates a file that only this user can open.
pub(crate) fn create_private_file(file: &Path) -> io::Result<File> {
    fs::OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(file)
}

/// Opens a file for writing, at its end if `appends`, else empty. A new one can be read by this user only.
pub(crate) fn open_private_file(file: &Path, appends: bool) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.create(true).write(true).append(appends).truncate(!appends).mode(0o600).open(file)
}

/// The uid that this process has for files and sockets.
pub(crate) fn current_uid() -> io::Result<u32> {
    Ok(geteuid().as_raw())
}

/// Turns core dumps off: they would hold secrets. Programs that this process starts inherit it, and may turn them on again.
///
/// A limit of 0 does not keep Linux from passing a dump to a program of `kernel.core_pattern`; a limit of 1 byte does.
/// Source: the kernel's `fs/coredump.c`.
pub fn disable_core_dumps() {
    let limit = Rlimit { current: Some(cfg!(target_os = "linux").into()), ..getrlimit(Resource::Core) };
    // Fails only if the hard limit is 0, which turns them off as well.
    let _ = setrlimit(Resource::Core, limit);
}

/// Whether a file belongs to this user.
pub(crate) fn is_own(file: &Metadata) -> bool {
    file.uid() == geteuid().as_raw()
}

/// Whether a file is a named pipe of another user, who would read what is written to it.
pub(crate) fn is_foreign_pipe(file: &Metadata) -> bool {
    file.file_type().is_fifo() && !is_own(file)
}

/// Whether a file, or what a link leads to, belongs to another user than this one and root.
pub(crate) fn is_owned_by_another_user(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|file| !is_own(&file) && file.uid() != 0)
}

/// Whether a link is this user's or the system's. One of another user may lead to this user's own files.
pub(crate) fn is_trusted_link(link: &Metadata) -> bool {
    is_own(link) || link.uid() == 0
}

/// Opens a regular file of this user for reading. Follows no link, and does not wait for the other end of a pipe.
pub(crate) fn open_own_file(file: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let open = File::from(rustix::fs::open(file, flags, Mode::empty())?);
    let metadata = open.metadata()?;
    if metadata.is_file() && is_own(&metadata) { Ok(open) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

/// Sends SIGTERM to a [detached](detach) program and to the programs it started.
pub(crate) fn terminate(child: &mut Child) -> io::Result<()> {
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw).ok_or(io::ErrorKind::NotFound)?;
    Ok(kill_process_group(group, Signal::TERM)?)
}

/// Always `true`: every terminal that says it is one does.
pub(crate) fn enable_escape_sequences() -> bool {
    true
}

/// Waits for SIGINT (Ctrl-C), SIGTERM or SIGHUP. SIGHUP stays ignored if the parent ignored it (nohup). The handlers are
/// installed when the future is first polled.
pub async fn end_requested() -> io::Result<EndRequest> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    // Reading /proc must not delay the work, so it is left to the second poll.
    yield_now().await;
    let mut hang_up = if ignores_hangup() { None } else { Some(signal(SignalKind::hangup())?) };
    let hung_up = async {
        match &mut hang_up {
            Some(hang_up) => hang_up.recv().await,
            None => pending().await,
        }
    };
    Ok(tokio::select! {
        _ = interrupt.recv() => EndRequest::CtrlC,
        _ = terminate.recv() => EndRequest::Other,
        _ = hung_up => EndRequest::Other,
    })
}

/// Whether SIGHUP is ignored, as far as it is known.
fn ignores_hangup() -> bool {
    let status = fs::read_to_string("/proc/self/status").ok();
    is_hangup_ignored(status.as_deref(), io::stderr().is_terminal())
}

/// Linux reports the signals that are ignored (proc(5)). Elsewhere nohup is recognised by what it does beside that: it leaves no
/// terminal on stderr (POSIX.1-2024, nohup). Without a terminal there, SIGHUP is left as it is.
fn is_hangup_ignored(status: Option<&str>, is_stderr_terminal: bool) -> bool {
    let Some(status) = status else { return !is_stderr_terminal };
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // SIGHUP is signal 1, the lowest bit.
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_none_or(|mask| mask & 1 != 0)
}

/// Starts the program in a process group of its own, so that Ctrl-C in this terminal does not reach it.
pub(crate) fn detach(command: &mut Command) {
    command.process_group(0);
}

/// Waits for the exclusive lock on a directory; closing the file releases it. A file system without locks has none to wait
/// for.
pub(crate) fn lock_dir(dir: &Path) -> io::Result<File> {
    let open = File::open(dir)?;
    match open.lock() {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(open),
        locked => locked.map(|()| open),
    }
}

/// Opens a file that is there to be locked, and creates it if it is missing. Only this user can open it.
pub(crate) fn open_lock_file(file: &Path) -> io::Result<File> {
    fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(file)
}

/// Returns none: the variables say it.
pub(super) fn user_locale() -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sighup_is_taken_unless_it_was_ignored() {
        let status = |mask: &str| format!("Name:\tx\nSigBlk:\t0000000000000001\nSigIgn:\t{mask}\n");
        for is_terminal in [false, true] {
            assert!(!is_hangup_ignored(Some(&status("0000000000001000")), is_terminal));
            assert!(is_hangup_ignored(Some(&status("0000000000001001")), is_terminal));
            assert!(is_hangup_ignored(Some("Name:\tx\n"), is_terminal), "left as it is");
        }
        // macOS and the BSDs have no such file.
        assert!(!is_hangup_ignored(None, true));
        assert!(is_hangup_ignored(None, false), "it may be nohup");
    }
}
