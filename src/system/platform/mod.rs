//! Everything that differs between operating systems.

#[cfg(target_os = "linux")]
mod netlink;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
mod windows_access;
#[cfg(windows)]
mod windows_processes;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

#[cfg(target_os = "linux")]
pub(crate) use netlink::query_sockets;
pub use system::{disable_core_dumps, end_requested};
#[cfg(unix)]
pub(crate) use unix::{create_private_dir, create_private_file, others_can_rename_in};
#[cfg(windows)]
pub(crate) use windows_access::{create_private_dir, create_private_file};
#[cfg(windows)]
pub(crate) use windows_processes::{connections_of_processes, user_of_process};

pub(crate) use system::{
    current_uid, detach, enable_escape_sequences, is_foreign_pipe, is_own, is_owned_by_another_user, is_private,
    is_trusted_link, lock_dir, mode_of, mode_open_to_others, open_lock_file, open_own_file, open_private_file,
    set_mode, terminal_modes, terminal_size, terminate, translate_line_feeds, write_stdout,
};

use std::env;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::system::environment::Environment;
pub use crate::system::operating_system::System;

/// Bundles of trusted certificates, by distribution; the first file that exists is the system's store.
/// macOS and Windows have no such file.
pub const CA_BUNDLES: &[&str] = if cfg!(any(target_os = "macos", windows)) {
    &[]
} else {
    &[
        "/etc/ssl/certs/ca-certificates.crt",                // Debian, Ubuntu, Arch, Gentoo
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Fedora, RHEL, Alibaba Cloud Linux
        "/etc/pki/tls/certs/ca-bundle.crt",                  // CentOS 6
        "/etc/ssl/ca-bundle.pem",                            // openSUSE
        "/etc/ssl/cert.pem",                                 // Alpine, the BSDs
    ]
};

/// Files that list all TCP sockets of this network namespace with their owners. Only Linux has them.
/// Source: the kernel's Documentation/networking/proc_net_tcp.rst.
pub(crate) const SOCKET_TABLES: &[&str] =
    if cfg!(target_os = "linux") { &["/proc/net/tcp", "/proc/net/tcp6"] } else { &[] };

/// Fails: only Linux has such questions.
#[cfg(not(target_os = "linux"))]
pub(crate) fn query_sockets(_question: &[u8], _answer: &mut [u8]) -> std::io::Result<usize> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// Whether the system lists TCP connections with their processes, and tells the users of those.
pub(crate) const HAS_CONNECTIONS_OF_PROCESSES: bool = cfg!(windows);

/// The ends of a TCP connection, that of the process first, and the number of this process. 0 if no process has it open.
pub(crate) type ProcessConnection = ([SocketAddr; 2], u32);

/// Fails: only Windows lists connections in this way.
#[cfg(not(windows))]
pub(crate) fn connections_of_processes(_local: SocketAddr) -> std::io::Result<Vec<ProcessConnection>> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// Fails: only Windows names users in this way.
#[cfg(not(windows))]
pub(crate) fn user_of_process(_process: u32) -> std::io::Result<Option<String>> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// Separates the entries of a list in an environment variable such as `BROWSER`.
pub(crate) const LIST_SEPARATOR: char = if cfg!(windows) { ';' } else { ':' };

/// The locale of the user, such as `zh_CN.UTF-8` or `zh-CN`: the first of the variables that POSIX names for messages, or
/// else what the system says.
pub(crate) fn user_locale(env: &Environment) -> Option<String> {
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| env.get(name));
    named.map(str::to_owned).or_else(system::user_locale)
}

/// What asks this process to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndRequest {
    /// The user pressed Ctrl-C, or Ctrl-Break on Windows.
    CtrlC,
    /// The process is to be terminated, or its terminal was closed.
    Other,
}

/// The size of a terminal, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TerminalSize {
    pub(crate) columns: u16,
    pub(crate) rows: u16,
    /// The width and height of one character in pixels, if the terminal reports them.
    pub(crate) cell: Option<(u16, u16)>,
}

/// Why a window could not be shown here, or `None` if there seems to be a display.
pub(crate) fn no_display(env: &Environment) -> Option<&'static str> {
    let has = |name: &str| env.get(name).is_some();
    if has("DISPLAY") || has("WAYLAND_DISPLAY") {
        return None;
    }
    if has("SSH_CONNECTION") || has("SSH_TTY") || has("SSH_CLIENT") {
        return Some("this is an SSH session without a display");
    }
    // Under WSL the browser is a Windows program.
    let has_desktop = cfg!(any(target_os = "macos", windows)) || has("WSL_DISTRO_NAME");
    (!has_desktop).then_some("no display (neither DISPLAY nor WAYLAND_DISPLAY is set)")
}

/// The path of a program: searched for in `PATH`, unless its name contains a directory. On Windows `.exe` may be omitted. A `*`
/// in the name of a directory stands for any text; of several such directories, the last one in the order of their names counts.
pub(crate) fn find_program(program: &Path, env: &Environment) -> Option<PathBuf> {
    if let Some(expanded) = expand_directory(program) {
        return expanded.filter(|file| file.is_file());
    }
    let mut with_suffix = program.as_os_str().to_owned();
    with_suffix.push(env::consts::EXE_SUFFIX);
    let named = |dir: PathBuf| {
        [&with_suffix, program.as_os_str()].map(|name| dir.join(name)).into_iter().find(|file| file.is_file())
    };
    match program.components().count() {
        1 => env::split_paths(env.get("PATH").unwrap_or_default()).find_map(named),
        _ => named(PathBuf::new()),
    }
}

/// Replaces the directory in whose name there is a `*`. `None` if there is none, `Some(None)` if no directory fits.
fn expand_directory(program: &Path) -> Option<Option<PathBuf>> {
    let pattern = program.ancestors().skip(1).find(|dir| dir.to_string_lossy().ends_with(".app"));
    let pattern = pattern.filter(|dir| dir.to_string_lossy().contains('*'))?;
    let name = pattern.file_name()?.to_string_lossy().into_owned();
    let (before, after) = name.split_once('*')?;
    let fits =
        |name: &str| name.len() >= before.len() + after.len() && name.starts_with(before) && name.ends_with(after);
    let entries = pattern.parent().and_then(|parent| fs::read_dir(parent).ok()).into_iter().flatten().flatten();
    let last = entries
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|name| fits(&name.to_string_lossy())));
    let inside = program.strip_prefix(pattern).ok()?;
    Some(last.max().map(|dir| dir.join(inside)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_in_the_name_of_an_app_may_be_any() {
        let dir = tempfile::tempdir().unwrap();
        let pattern = dir.path().join("Some Viewer *.app/Contents/MacOS/Some Viewer");
        let env = Environment::default();
        assert_eq!(find_program(&pattern, &env), None);
        for version in ["1.12.0", "1.13.1"] {
            let inside = dir.path().join(format!("Some Viewer {version}.app/Contents/MacOS"));
            fs::create_dir_all(&inside).unwrap();
            fs::write(inside.join("Some Viewer"), "").unwrap();
        }
        fs::create_dir_all(dir.path().join("Other Viewer 2.app")).unwrap();
        let newest = dir.path().join("Some Viewer 1.13.1.app/Contents/MacOS/Some Viewer");
        assert_eq!(find_program(&pattern, &env), Some(newest));
        assert_eq!(find_program(&dir.path().join("No *.app/Contents/MacOS/x"), &env), None);
    }

    fn reason(names: &[&str]) -> Option<&'static str> {
        no_display(&names.iter().map(|name| (*name, "x")).collect())
    }

    #[test]
    fn an_ssh_session_without_forwarding_has_no_display() {
        assert!(reason(&["SSH_CONNECTION"]).is_some_and(|reason| reason.contains("SSH")));
        assert_eq!(reason(&["SSH_CONNECTION", "DISPLAY"]), None);
        assert_eq!(reason(&["WAYLAND_DISPLAY"]), None);
        assert_eq!(reason(&["WSL_DISTRO_NAME"]), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_text_console_has_no_display() {
        assert!(reason(&[]).is_some_and(|reason| reason.contains("DISPLAY")));
    }
}
