//! The exit codes, in one table. README.md and the manual repeat it.

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitCode {
    /// Done.
    Done = 0,
    /// Anything not below.
    Other = 1,
    /// A bad flag, value or configuration file.
    Usage = 2,
    /// Credentials missing, rejected, expired or not permitted.
    Credentials = 3,
    /// No such profile, region or instance.
    NotFound = 4,
    /// The instance's state does not allow it.
    WrongState = 5,
    /// Throttled or unavailable after all retries.
    Unavailable = 6,
    /// DNS, TCP or TLS did not come about.
    CannotConnect = 10,
    /// The connection was lost, or someone else took it over.
    ConnectionLost = 11,
    /// An answer that could not be understood.
    BadAnswer = 20,
    /// No browser, no viewer, a file not written.
    ActionFailed = 30,
    /// The time limit passed.
    TimeLimit = 40,
    /// Ctrl-C.
    Interrupted = 130,
}

impl ExitCode {
    /// All of them, in order.
    pub const ALL: [Self; 13] = [
        Self::Done,
        Self::Other,
        Self::Usage,
        Self::Credentials,
        Self::NotFound,
        Self::WrongState,
        Self::Unavailable,
        Self::CannotConnect,
        Self::ConnectionLost,
        Self::BadAnswer,
        Self::ActionFailed,
        Self::TimeLimit,
        Self::Interrupted,
    ];

    /// The number the operating system is given.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// When it is given, for the manual.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Other => "anything not below",
            Self::Usage => "usage or configuration: a bad flag, value or file",
            Self::Credentials => {
                "credentials missing, rejected, expired or not permitted (the hint names the RAM action)"
            }
            Self::NotFound => "not found: profile, region, instance, or a name that fits several",
            Self::WrongState => "the instance's state does not allow it",
            Self::Unavailable => "throttled or unavailable after all retries",
            Self::CannotConnect => "cannot connect: DNS, TCP, TLS",
            Self::ConnectionLost => "the connection was lost, or someone else took it over",
            Self::BadAnswer => "an answer that could not be understood",
            Self::ActionFailed => "the action failed: no browser or viewer started, a file not written",
            Self::TimeLimit => "the time limit passed",
            Self::Interrupted => "interrupted (Ctrl-C, SIGTERM, SIGHUP)",
        }
    }
}
