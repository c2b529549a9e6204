//! The exit codes, in one table. README.md repeats it.

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
    /// The number the operating system is given.
    pub fn number(self) -> u8 {
        self as u8
    }
}
