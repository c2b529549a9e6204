//! Hyperlinks in a terminal (OSC 8), for terminals that are known to support them. Pure.
//!
//! Source: <https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda>, and its list of terminals.

use std::path::Path;

use crate::system::environment::Environment;
use crate::text::percent;

/// Values of TERM_PROGRAM.
const PROGRAMS: [&str; 7] = ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio"];

/// Beginnings of TERM.
const TERMS: [&str; 6] = ["xterm-kitty", "xterm-ghostty", "alacritty", "foot", "contour", "wezterm"];

/// Variables that only terminals with hyperlinks set: Windows Terminal, Konsole, DomTerm.
const VARIABLES: [&str; 3] = ["WT_SESSION", "KONSOLE_VERSION", "DOMTERM"];

/// The first version of VTE (GNOME Terminal and others) whose hyperlinks have no serious fault: 0.50.
const MIN_VTE_VERSION: u32 = 5000;

/// Whether the terminal that these variables describe is known to support hyperlinks. One inside tmux or screen is not.
pub(super) fn are_supported(env: &Environment) -> bool {
    let term = env.get("TERM").unwrap_or_default();
    if term == "dumb" || env.get("NO_COLOR").is_some() {
        return false;
    }
    if term.starts_with("tmux") || term.starts_with("screen") || env.get("TMUX").is_some() {
        return false;
    }
    let vte_version: Option<u32> = env.get("VTE_VERSION").and_then(|version| version.parse().ok());
    env.get("TERM_PROGRAM").is_some_and(|program| PROGRAMS.contains(&program))
        || TERMS.iter().any(|start| term.starts_with(start))
        || VARIABLES.iter().any(|name| env.get(name).is_some())
        || vte_version.is_some_and(|version| version >= MIN_VTE_VERSION)
}

/// A text that leads to a URL.
pub(super) fn hyperlink(url: &str, text: &str) -> String {
    format!("\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\")
}

/// Whether files of this machine are those that the terminal can open: not over SSH.
pub(super) fn has_files(env: &Environment) -> bool {
    env.get("SSH_CONNECTION").is_none() && env.get("SSH_TTY").is_none()
}

/// The URL of a file on the machine of the terminal; `None` if the path is not absolute.
pub(super) fn file_url(path: &Path) -> Option<String> {
    let path = path.to_str().filter(|_| path.is_absolute())?.replace('\\', "/");
    let path: Vec<String> = path.split('/').map(percent::encode).collect();
    let path = path.join("/");
    let slash = if path.starts_with('/') { "" } else { "/" };
    Some(format!("file://{slash}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_terminals_that_are_known_have_hyperlinks() {
        let has = |variables: &[(&str, &str)]| are_supported(&variables.iter().copied().collect());
        for known in [
            &[("TERM", "xterm-256color"), ("VTE_VERSION", "7600")][..],
            &[("TERM", "xterm-kitty")],
            &[("TERM", "xterm-256color"), ("TERM_PROGRAM", "iTerm.app")],
            &[("WT_SESSION", "2b9f")],
        ] {
            assert!(has(known), "{known:?}");
            for off in [("TERM", "dumb"), ("NO_COLOR", "1"), ("TMUX", "/tmp/tmux-0/default,1,0"), ("TERM", "screen")] {
                assert!(!has(&[known, &[off]].concat()), "{known:?} {off:?}");
            }
        }
        for unknown in [&[][..], &[("TERM", "xterm-256color")], &[("TERM", "linux")], &[("VTE_VERSION", "4205")]] {
            assert!(!has(unknown), "{unknown:?}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn the_url_of_a_file_has_escapes() {
        // RFC 8089, appendix B.
        let url = file_url(Path::new("/home/a b/截图;1.png")).unwrap();
        assert_eq!(url, "file:///home/a%20b/%E6%88%AA%E5%9B%BE%3B1.png");
        assert_eq!(file_url(Path::new("a.png")), None);
    }
}
