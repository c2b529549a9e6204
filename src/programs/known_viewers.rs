//! The VNC viewers that people have, in the order in which they are looked for, and how each is told where to connect.
//!
//! Source: each viewer's manual; the places on macOS and Windows are those of their installers, which virtctl knows too.

use std::path::Path;

/// A viewer.
#[derive(Debug)]
pub(crate) struct Known {
    /// What people call it.
    pub(crate) name: &'static str,
    /// Its programs, by name or by where they are installed.
    pub(crate) programs: &'static [&'static str],
    /// What it is told.
    pub(crate) arguments: &'static [&'static str],
    /// Whether one process of it may show other consoles too.
    pub(crate) is_shared: bool,
}

impl Known {
    /// Whether this is one of its programs.
    pub(crate) fn is_called(&self, program: &Path) -> bool {
        let stem = program.file_stem();
        stem.is_some() && self.programs.iter().any(|own| Path::new(own).file_stem() == stem)
    }
}

/// What most understand. Two colons: behind one, numbers below 100 are displays, and for some all are.
pub(crate) const PLAIN: &[&str] = &["{host}::{port}"];

/// `vncviewer` is TigerVNC's, RealVNC's or TightVNC's, whichever is installed: all three understand the same.
const TIGERVNC: Known = Known {
    name: "TigerVNC",
    programs: if cfg!(target_os = "macos") {
        &["/Applications/TigerVNC.app/Contents/MacOS/TigerVNC", "vncviewer"]
    } else if cfg!(windows) {
        &["C:\\Program Files\\TigerVNC\\vncviewer.exe", "vncviewer"]
    } else {
        &["xtigervncviewer", "vncviewer"]
    },
    arguments: PLAIN,
    is_shared: false,
};

const REALVNC: Known = Known {
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
    // It warns of what is not encrypted, which does not leave this machine here.
    arguments: &["-WarnUnencrypted=0", "{host}::{port}"],
    is_shared: false,
};

const REMOTE_VIEWER: Known = Known {
    name: "remote-viewer",
    programs: &["remote-viewer"],
    arguments: &["--title", "{title}", "vnc://{host}:{port}"],
    is_shared: false,
};

const REMMINA: Known =
    Known { name: "Remmina", programs: &["remmina"], arguments: &["-c", "vnc://{host}:{port}"], is_shared: true };

const SCREEN_SHARING: Known = Known {
    name: "Screen Sharing",
    programs: &["/usr/bin/open"],
    // -W: until it is closed.
    arguments: &["-W", "-a", "Screen Sharing", "vnc://{host}:{port}"],
    is_shared: true,
};

const TIGHTVNC: Known = Known {
    name: "TightVNC",
    programs: if cfg!(windows) {
        &["C:\\Program Files\\TightVNC\\tvnviewer.exe", "tvnviewer"]
    } else {
        &["xtightvncviewer"]
    },
    arguments: PLAIN,
    is_shared: false,
};

/// Those of this system. Screen Sharing is the last: it asks for a password even where the console has none.
pub(crate) const HERE: &[Known] = if cfg!(target_os = "macos") {
    &[TIGERVNC, REALVNC, REMOTE_VIEWER, SCREEN_SHARING]
} else if cfg!(windows) {
    &[TIGERVNC, REALVNC, TIGHTVNC, REMOTE_VIEWER]
} else {
    &[TIGERVNC, REALVNC, REMOTE_VIEWER, REMMINA, TIGHTVNC]
};
