//! What kind of failure an error is: it decides the exit code, and whether another try may help.

/// The kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The reader of standard output has closed it (`| head -1`). It is not reported, and the exit code is 0.
    OutputClosed,
    /// Anything not below.
    Other,
    /// A bad flag, value or configuration file.
    Usage,
    /// Credentials missing, rejected, expired or not permitted.
    Credentials,
    /// No such profile, region or instance, or a name that matches several.
    NotFound,
    /// The instance's state does not allow it.
    WrongState,
    /// Throttled or unavailable after all retries.
    Unavailable,
    /// DNS, TCP or TLS failed.
    CannotConnect,
    /// The connection was lost, or someone else took it over.
    ConnectionLost,
    /// An answer that could not be understood.
    BadAnswer,
    /// No browser, no viewer, a file not written.
    ActionFailed,
    /// The time limit passed.
    TimeLimit,
    /// A screen without text that can be read.
    NoText,
    /// Ctrl-C, SIGTERM or SIGHUP.
    Interrupted,
}

impl ErrorKind {
    /// The exit code of a command that ends with this kind of failure.
    pub fn exit_code(self) -> ExitCode {
        ExitCode(match self {
            Self::OutputClosed => 0,
            Self::Other => 1,
            Self::Usage => 2,
            Self::Credentials => 3,
            Self::NotFound => 4,
            Self::WrongState => 5,
            Self::Unavailable => 6,
            Self::CannotConnect => 10,
            Self::ConnectionLost => 11,
            Self::BadAnswer => 20,
            Self::ActionFailed => 30,
            Self::TimeLimit => 40,
            Self::NoText => 41,
            Self::Interrupted => 130,
        })
    }

    /// Whether another try may help: the network comes back, an instance starts again.
    pub(crate) fn is_transient(self) -> bool {
        matches!(
            self,
            Self::WrongState | Self::Unavailable | Self::CannotConnect | Self::ConnectionLost | Self::TimeLimit
        )
    }
}

/// The exit code of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExitCode(u8);

impl ExitCode {
    /// The command succeeded.
    pub const SUCCESS: Self = Self(0);

    /// What `exec` ends with if it fails itself, as ssh does.
    pub(crate) const EXEC_FAILED: Self = Self(255);

    /// The exit code of a command that ran in a guest.
    pub(crate) fn of_guest(status: u8) -> Self {
        Self(status)
    }

    /// The number, from 0 to 255.
    pub fn number(self) -> u8 {
        self.0
    }
}

/// Every exit code and when it is given. The documents and the manual repeat this table.
pub const EXIT_CODES: [(u8, &str); 14] = [
    (0, "done"),
    (1, "anything not below"),
    (2, "usage or configuration: a bad flag, value or file"),
    (
        3,
        "credentials missing, rejected, expired or not permitted (the hint names the RAM action); a login that the guest refuses",
    ),
    (4, "not found: profile, region, instance, or a name that fits several"),
    (5, "the instance's state does not allow it, or the screen shows what `--fail-text` names"),
    (6, "throttled or unavailable after all retries"),
    (10, "cannot connect: DNS, TCP, TLS"),
    (11, "the connection was lost, or someone else took it over"),
    (20, "an answer that could not be understood"),
    (
        30,
        "the action failed: no browser or viewer started, a file not written; or `check` found a state of `--fail-on`",
    ),
    (40, "the time limit passed"),
    (41, "no text that can be read: the screen shows a picture, or its font is not known"),
    (130, "interrupted (Ctrl-C, SIGTERM, SIGHUP), but 0 if Ctrl-C ends a command that serves until Ctrl-C"),
];
