//! The only room that knows which operating system this is.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub use other::{create_private_dir, detach, is_private, lock_dir, others_can_read, words};
#[cfg(unix)]
pub use unix::{create_private_dir, detach, is_private, lock_dir, others_can_read, words};

use crate::environment::Environment;

/// Bundles of trusted certificates, by distribution; the first that is there is the system's store.
/// macOS and Windows keep theirs elsewhere, so they have no entry.
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

/// What separates the entries of a list in an environment variable such as `BROWSER`.
pub const LIST_SEPARATOR: char = if cfg!(windows) { ';' } else { ':' };

/// Why a browser could not be seen here, if so.
pub fn no_display(env: &Environment) -> Option<&'static str> {
    let has = |name: &str| env.get(name).is_some();
    if has("DISPLAY") || has("WAYLAND_DISPLAY") {
        return None;
    }
    if has("SSH_CONNECTION") || has("SSH_TTY") || has("SSH_CLIENT") {
        return Some("this is an SSH session without a display");
    }
    // Under WSL the browser is Windows' own.
    let has_desktop = cfg!(any(target_os = "macos", windows)) || has("WSL_DISTRO_NAME");
    (!has_desktop).then_some("there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(names: &[&str]) -> Option<&'static str> {
        no_display(&names.iter().map(|name| (*name, "x")).collect())
    }

    #[test]
    fn ssh_without_forwarding_has_no_display() {
        assert!(reason(&["SSH_CONNECTION"]).is_some_and(|reason| reason.contains("SSH")));
        assert_eq!(reason(&["SSH_CONNECTION", "DISPLAY"]), None);
        assert_eq!(reason(&["WAYLAND_DISPLAY"]), None);
        assert_eq!(reason(&["WSL_DISTRO_NAME"]), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_bare_console_has_no_display() {
        assert!(reason(&[]).is_some_and(|reason| reason.contains("DISPLAY")));
    }
}
