//! The kinds of operating systems.

/// A kind of operating system, for rules that are tested on every other one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Linux, and the systems that are not named here.
    Linux,
    /// Has `/Applications`, and no `/proc`.
    MacOs,
    /// Has consoles rather than terminals, drive letters, and environment variables whose names ignore case.
    Windows,
}

impl System {
    /// The one that this program was compiled for.
    pub const THIS: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::MacOs
    } else {
        Self::Linux
    };
}
