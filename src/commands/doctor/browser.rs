//! Checks whether `open` can start a browser, without starting one.

use super::report::Report;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::programs::{Browser, BrowserError};
use crate::system::environment::Environment;

const WITHOUT: &str = "without a browser, `open` prints the console's URL; `open --print` prints a link that stays valid until you open it";

/// Looks for one, and starts none.
pub(crate) fn check(env: &Environment, report: &mut Report) {
    const CHECK: &str = "browser";
    match Browser::find(env) {
        Ok(Browser::Desktop) => report.ok(CHECK, "the desktop's own"),
        Ok(browser @ Browser::Commands(_)) => {
            if browser.is_installed(env) {
                return report.ok(CHECK, "the one in $BROWSER");
            }
            let why = "none of the commands in $BROWSER is there";
            report.fail(CHECK, &CommandError::message(ErrorKind::ActionFailed, why).hint(WITHOUT));
        }
        Err(BrowserError::Unavailable(why)) => {
            report.warn(CHECK, why, Some(WITHOUT.to_owned()));
        }
        Err(why @ BrowserError::StartFailed(_)) => {
            report.fail(CHECK, &CommandError::new(ErrorKind::ActionFailed, why).hint(WITHOUT))
        }
    }
}
