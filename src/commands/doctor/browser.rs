//! Checks whether `open` can start a browser, without starting one.

use super::report::Report;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::programs::{Browser, BrowserError};
use crate::system::environment::Environment;

/// The hint if this machine has no display or no browser.
const NO_BROWSER_HINT: &str = "without a browser, `ecs-vnc open` prints a link on a terminal; elsewhere it prints the console URL, valid for 15 s; \
     add --print for a link that stays valid until you open it";

/// The hint if `$BROWSER` cannot be used.
const BROKEN_BROWSER_HINT: &str =
    "set BROWSER to an installed browser, or unset it; `ecs-vnc open --print` needs no browser";

/// Adds the check `browser`. A machine without a browser is a warning, a faulty `$BROWSER` fails.
pub(crate) fn check(env: &Environment, report: &mut Report) {
    const CHECK: &str = "browser";
    match Browser::find(env) {
        Ok(Browser::Desktop) => report.ok(CHECK, "the default browser of the desktop"),
        Ok(browser @ Browser::Commands(_)) => {
            if browser.is_installed(env) {
                return report.ok(CHECK, "the one that $BROWSER names");
            }
            let message = "none of the commands in $BROWSER is installed";
            report.fail(CHECK, &CommandError::message(ErrorKind::ActionFailed, message).hint(BROKEN_BROWSER_HINT));
        }
        Err(BrowserError::Unavailable(reason)) => {
            report.warn(CHECK, reason, Some(NO_BROWSER_HINT.to_owned()));
        }
        Err(error @ (BrowserError::StartFailed(_) | BrowserError::ReportedFailure(_))) => {
            report.fail(CHECK, &CommandError::new(ErrorKind::ActionFailed, error).hint(BROKEN_BROWSER_HINT))
        }
    }
}
