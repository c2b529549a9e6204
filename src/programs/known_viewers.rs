//! The VNC viewers that are looked for, and the arguments that make each of them connect.
//!
//! Source: each viewer's manual; the paths on macOS and Windows are those of the installers, as virtctl uses them.

use std::path::Path;

#[derive(Debug)]
pub(crate) struct KnownViewer {
    pub(crate) name: &'static str,
    /// Names in `PATH` or absolute paths.
    pub(crate) programs: &'static [&'static str],
    /// With the placeholders of [`Viewer`](super::Viewer).
    pub(crate) arguments: &'static [&'static str],
    /// Whether its process may also show other consoles.
    pub(crate) is_shared: bool,
}

impl KnownViewer {
    /// Whether `program` has the file name of one of its programs.
    pub(crate) fn is_called(&self, program: &Path) -> bool {
        let stem = program.file_stem();
        stem.is_some() && self.programs.iter().any(|own| Path::new(own).file_stem() == stem)
    }
}

/// Most viewers understand this. After a single colon, a number below 100 is a display; for some viewers every number is.
pub(crate) const HOST_PORT_ARGUMENTS: &[&str] = &["{host}::{port}"];

/// `vncviewer` may be TigerVNC's, RealVNC's or TightVNC's: all three take the same arguments.
const TIGERVNC: KnownViewer = KnownViewer {
    name: "TigerVNC",
    programs: if cfg!(target_os = "macos") {
        &["/Applications/TigerVNC.app/Contents/MacOS/TigerVNC", "vncviewer"]
    } else if cfg!(windows) {
        &["C:\\Program Files\\TigerVNC\\vncviewer.exe", "vncviewer"]
    } else {
        &["xtigervncviewer", "vncviewer"]
    },
    arguments: HOST_PORT_ARGUMENTS,
    is_shared: false,
};

const REALVNC: KnownViewer = KnownViewer {
    name: "RealVNC",
    programs: if cfg!(target_os = "macos") {
        &[
            "/Applications/RealVNC Viewer.app/Contents/MacOS/vncviewer",
            "/Applications/VNC Viewer.app/Contents/MacOS/vncviewer",
        ]
    } else if cfg!(windows) {
        &["C:\\Program Files\\RealVNC\\VNC Viewer\\vncviewer.exe"]
    } else {
        &["realvnc-viewer", "realvnc-vnc-viewer"]
    },
    // No warning about the unencrypted connection, which stays on this machine.
    arguments: &["-WarnUnencrypted=0", "{host}::{port}"],
    is_shared: false,
};

const REMOTE_VIEWER: KnownViewer = KnownViewer {
    name: "remote-viewer",
    programs: &["remote-viewer"],
    arguments: &["--title", "{title}", "vnc://{host}:{port}"],
    is_shared: false,
};

const REMMINA: KnownViewer =
    KnownViewer { name: "Remmina", programs: &["remmina"], arguments: &["-c", "vnc://{host}:{port}"], is_shared: true };

const SCREEN_SHARING: KnownViewer = KnownViewer {
    name: "Screen Sharing",
    programs: &["/usr/bin/open"],
    // -W waits until it is closed.
    arguments: &["-W", "-a", "Screen Sharing", "vnc://{host}:{port}"],
    is_shared: true,
};

const TIGHTVNC: KnownViewer = KnownViewer {
    name: "TightVNC",
    programs: if cfg!(windows) {
        &["C:\\Program Files\\TightVNC\\tvnviewer.exe", "tvnviewer"]
    } else {
        &["xtightvncviewer"]
    },
    arguments: HOST_PORT_ARGUMENTS,
    is_shared: false,
};

/// The viewers for this operating system, in the order in which they are tried. Screen Sharing is the last one, because
/// it asks for a password even if the console has none.
pub(crate) const KNOWN_VIEWERS: &[KnownViewer] = if cfg!(target_os = "macos") {
    &[TIGERVNC, REALVNC, REMOTE_VIEWER, SCREEN_SHARING]
} else if cfg!(windows) {
    &[TIGERVNC, REALVNC, TIGHTVNC, REMOTE_VIEWER]
} else {
    &[TIGERVNC, REALVNC, REMOTE_VIEWER, REMMINA, TIGHTVNC]
};
