//! The VNC viewers that are looked for, and the arguments that make each of them connect.
//!
//! Source: each viewer's manual; the paths on macOS and Windows are those of the installers, as virtctl uses them. TigerVNC's
//! on macOS are those of `release/makemacpkg.in` in its sources, from 1.16 and before it.

use std::path::Path;

use crate::system::platform::System;

#[derive(Debug)]
pub(crate) struct KnownViewer {
    pub(crate) name: &'static str,
    /// Names in `PATH` or absolute paths, in which `*` stands for a version.
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
const fn tigervnc(system: System) -> KnownViewer {
    KnownViewer {
        name: "TigerVNC",
        programs: match system {
            System::MacOs => &[
                "/Applications/TigerVNC.app/Contents/MacOS/vncviewer",
                "/Applications/TigerVNC Viewer *.app/Contents/MacOS/TigerVNC Viewer",
                "vncviewer",
            ],
            System::Windows => &["C:\\Program Files\\TigerVNC\\vncviewer.exe", "vncviewer"],
            System::Linux => &["xtigervncviewer", "vncviewer"],
        },
        arguments: HOST_PORT_ARGUMENTS,
        is_shared: false,
    }
}

const fn realvnc(system: System) -> KnownViewer {
    KnownViewer {
        name: "RealVNC",
        programs: match system {
            System::MacOs => &[
                "/Applications/RealVNC Viewer.app/Contents/MacOS/vncviewer",
                "/Applications/VNC Viewer.app/Contents/MacOS/vncviewer",
            ],
            System::Windows => &["C:\\Program Files\\RealVNC\\VNC Viewer\\vncviewer.exe"],
            System::Linux => &["realvnc-viewer", "realvnc-vnc-viewer"],
        },
        // No warning about the unencrypted connection, which stays on this machine.
        arguments: &["-WarnUnencrypted=0", "{host}::{port}"],
        is_shared: false,
    }
}

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

const fn tightvnc(system: System) -> KnownViewer {
    KnownViewer {
        name: "TightVNC",
        programs: match system {
            System::Windows => &["C:\\Program Files\\TightVNC\\tvnviewer.exe", "tvnviewer"],
            System::Linux | System::MacOs => &["xtightvncviewer"],
        },
        arguments: HOST_PORT_ARGUMENTS,
        is_shared: false,
    }
}

const LINUX: &[KnownViewer] =
    &[tigervnc(System::Linux), realvnc(System::Linux), REMOTE_VIEWER, REMMINA, tightvnc(System::Linux)];
const MAC_OS: &[KnownViewer] = &[tigervnc(System::MacOs), realvnc(System::MacOs), REMOTE_VIEWER, SCREEN_SHARING];
const WINDOWS: &[KnownViewer] =
    &[tigervnc(System::Windows), realvnc(System::Windows), tightvnc(System::Windows), REMOTE_VIEWER];

/// The viewers for an operating system, in the order in which they are tried. Screen Sharing is the last one, because it asks
/// for a password even if the console has none.
pub(crate) const fn known_viewers(system: System) -> &'static [KnownViewer] {
    match system {
        System::Linux => LINUX,
        System::MacOs => MAC_OS,
        System::Windows => WINDOWS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: `release/makemacpkg.in` of TigerVNC 1.13 (`TigerVNC Viewer @VERSION@.app`) and 1.16 (`TigerVNC.app`).
    #[test]
    fn every_version_of_tigervnc_on_macos_is_known() {
        let tigervnc = &known_viewers(System::MacOs)[0];
        assert_eq!(tigervnc.programs[0], "/Applications/TigerVNC.app/Contents/MacOS/vncviewer");
        assert_eq!(tigervnc.programs[1], "/Applications/TigerVNC Viewer *.app/Contents/MacOS/TigerVNC Viewer");
        for program in [
            "/Applications/TigerVNC.app/Contents/MacOS/vncviewer",
            "/Applications/TigerVNC Viewer 1.13.1.app/Contents/MacOS/TigerVNC Viewer",
        ] {
            assert!(tigervnc.is_called(Path::new(program)), "{program}");
        }
    }

    #[test]
    fn paths_belong_to_their_system() {
        for (system, is_path) in [
            (System::Linux, (|program| program.starts_with('/')) as fn(&str) -> bool),
            (System::MacOs, |program| program.starts_with("/Applications/") || program.starts_with("/usr/bin/")),
            (System::Windows, |program| program.starts_with("C:\\Program Files\\") && program.ends_with(".exe")),
        ] {
            for program in known_viewers(system).iter().flat_map(|viewer| viewer.programs) {
                assert!(!program.contains(['/', '\\']) || is_path(program), "{system:?}: {program}");
            }
        }
    }
}
