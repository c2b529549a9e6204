//! Windows. Access lists of files are set where they are created (`windows_access`), and not checked.

use std::fs::{self, File, Metadata};
use std::io::{self, Stdout, Write as _};
use std::os::windows::io::AsRawHandle as _;
use std::path::Path;
use std::process::{Child, Command};

use tokio::signal::windows as signal;

use super::{EndRequest, TerminalSize};

/// Always `None`: Windows has no mode bits.
pub(crate) fn mode_open_to_others(_file: &Path) -> Option<String> {
    None
}

/// Always `true`: Windows has no mode bits.
pub(crate) fn is_private(_file: &Metadata) -> bool {
    true
}

/// Always `None`: Windows has no mode bits.
pub(crate) fn mode_of(_file: &Metadata) -> Option<u32> {
    None
}

/// Does nothing: Windows has no mode bits.
pub(crate) fn set_mode(_file: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

/// Does nothing: Windows writes no dump of a program that fails unless an administrator asked for it.
pub fn disable_core_dumps() {}

/// Always `true`: Windows has no uids.
pub(crate) fn is_own(_file: &Metadata) -> bool {
    true
}

/// Always `false`: Windows has no uids.
pub(crate) fn is_owned_by_another_user(_file: &Path) -> bool {
    false
}

/// Always `false`: on Windows named pipes are not files.
pub(crate) fn is_foreign_pipe(_file: &Metadata) -> bool {
    false
}

/// Always `true`: on Windows creating a link needs a privilege.
pub(crate) fn is_trusted_link(_link: &Metadata) -> bool {
    true
}

/// Opens a regular file for reading. Follows no link.
pub(crate) fn open_own_file(file: &Path) -> io::Result<File> {
    if !fs::symlink_metadata(file)?.is_file() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    File::open(file)
}

/// The size of the terminal on stdout, without the size of its cells.
pub(crate) fn terminal_size() -> Option<TerminalSize> {
    let (terminal_size::Width(columns), terminal_size::Height(rows)) = terminal_size::terminal_size()?;
    Some(TerminalSize { columns, rows, cell: None })
}

/// Always `None`: the shells of Windows set the modes of their console for each line that they read.
pub(crate) fn terminal_modes() -> Option<fn()> {
    None
}

/// Does nothing: Windows' consoles do it in raw mode too.
pub(crate) fn translate_line_feeds() {}

/// Opens a file for writing, at its end if `appends`, else empty. A new one has the access list of its folder.
pub(crate) fn open_private_file(file: &Path, appends: bool) -> io::Result<File> {
    fs::OpenOptions::new().create(true).write(true).append(appends).truncate(!appends).open(file)
}

/// Always an error: Windows has no uids.
pub(crate) fn current_uid() -> io::Result<u32> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Ends a program. The programs it started keep running.
pub(crate) fn terminate(child: &mut Child) -> io::Result<()> {
    child.kill()
}

/// Writes to stdout, which may be a console that takes UTF-16 only. [`Stdout`] itself ignores that there is none.
pub(crate) fn write_stdout(stdout: &Stdout, bytes: &[u8]) -> io::Result<()> {
    let mut stdout = stdout.lock();
    if stdout.as_raw_handle().is_null() {
        return Err(io::Error::other("it is closed"));
    }
    stdout.write_all(bytes).and_then(|()| stdout.flush())
}

/// Waits for Ctrl-C, Ctrl-Break, the closing of the console's window, the end of the user's session or the shutdown of the
/// machine. After the last three, Windows ends the process some seconds later. Ctrl-Break counts as Ctrl-C: it is the only one of
/// the two that another program can send to this one alone. The handlers are installed when the future is first polled.
/// Source: HandlerRoutine of the console API, and GenerateConsoleCtrlEvent.
pub async fn end_requested() -> io::Result<EndRequest> {
    let (mut interrupt, mut interrupt_key) = (signal::ctrl_c()?, signal::ctrl_break()?);
    let (mut close, mut log_off, mut shut_down) =
        (signal::ctrl_close()?, signal::ctrl_logoff()?, signal::ctrl_shutdown()?);
    Ok(tokio::select! {
        _ = interrupt.recv() => EndRequest::CtrlC,
        _ = interrupt_key.recv() => EndRequest::CtrlC,
        _ = close.recv() => EndRequest::Other,
        _ = log_off.recv() => EndRequest::Other,
        _ = shut_down.recv() => EndRequest::Other,
    })
}

/// Makes the console of stdout and stderr understand escape sequences, and returns whether it does. Those before Windows 10
/// cannot, and later ones do so only if they are told to.
pub(crate) fn enable_escape_sequences() -> bool {
    crossterm::ansi_support::supports_ansi()
}

/// Does nothing: Ctrl-C reaches only programs of this console, and a browser's launcher leaves it.
pub(crate) fn detach(_command: &mut Command) {}

/// Waits for the exclusive lock on `.lock` in a directory, as Windows cannot lock a directory; closing the file releases it.
pub(crate) fn lock_dir(dir: &Path) -> io::Result<File> {
    let open = open_lock_file(&dir.join(".lock"))?;
    open.lock().map(|()| open)
}

/// Opens a file that is there to be locked, and creates it if it is missing.
pub(crate) fn open_lock_file(file: &Path) -> io::Result<File> {
    fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).open(file)
}

/// The locale that the user has chosen in the system's settings, such as `zh-CN`.
pub(super) fn user_locale() -> Option<String> {
    sys_locale::get_locale()
}
