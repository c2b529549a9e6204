//! How a program ended, in words. `ExitStatus` writes `exit status: 1`, whose colon would part a sentence.

use std::process::ExitStatus;

/// Such as `exit status 1`, or what the system says of a signal.
pub(crate) fn describe(status: ExitStatus) -> String {
    status.code().map_or_else(|| status.to_string().replace(": ", " "), |code| format!("exit status {code}"))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    #[test]
    fn a_status_has_no_colon() {
        assert_eq!(describe(ExitStatus::from_raw(3 << 8)), "exit status 3");
        assert_eq!(describe(ExitStatus::from_raw(9)), "signal 9 (SIGKILL)");
    }
}
