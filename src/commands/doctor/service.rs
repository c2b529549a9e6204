//! Checks whether the service answers, how fast, whether the clock is right, and who owns the AccessKey.

use chrono::TimeDelta;

use super::first_answer::FirstAnswer;
use super::probes::{Permission, ProbeResults};
use super::report::Report;
use crate::account::request_log::clock_off;
use crate::command_error::CommandError;

/// A clock that is off by more than this is a warning.
const MIN_REPORTED_OFFSET: TimeDelta = TimeDelta::minutes(1);

/// The service refuses requests whose time is off by more than this. ecs-vnc then repeats them with the service's time.
const MAX_ACCEPTED_OFFSET: TimeDelta = TimeDelta::minutes(15);

/// Adds the checks `service`, `clock` and `caller`. `first_answer` is `None` if the service did not answer any request.
pub(crate) fn check(first_answer: Option<FirstAnswer>, results: &ProbeResults, report: &mut Report) {
    match (first_answer, results.service_failure()) {
        (_, Some(failure)) => report.fail("service", failure),
        (Some(first), None) => {
            report.ok("service", format!("reachable, {} ms including the connection", first.elapsed.as_millis()));
        }
        (None, None) => report.skip("service", "no request was sent"),
    }
    check_clock(first_answer.and_then(|first| first.clock_offset), report);
    match (results.access_key_failure(), &results.caller) {
        (Some(failure), _) => report.fail("caller", failure),
        (None, Ok(caller)) => report.ok("caller", format!("{}, account {}", caller.arn, caller.account_id)),
        (None, Err(_)) if results.service_failure().is_some() => report.skip("caller", "the service does not answer"),
        (None, Err(error)) => {
            report.warn("caller", format!("could not look up the owner of the AccessKey: {error}"), None);
        }
    }
}

/// `offset` is the service's time minus the local time, if the service sent its time.
fn check_clock(offset: Option<TimeDelta>, report: &mut Report) {
    const CHECK: &str = "clock";
    let Some(offset) = offset else {
        return report.skip(CHECK, "the service did not send its time");
    };
    let hint = "correct this machine's clock, for example with NTP".to_owned();
    match offset.abs() > MIN_REPORTED_OFFSET {
        true if offset.abs() > MAX_ACCEPTED_OFFSET => {
            let text = format!(
                "{}; requests more than 15 min off are refused, so each command has to repeat one",
                clock_off(offset)
            );
            report.warn(CHECK, text, Some(hint));
        }
        true => report.warn(CHECK, clock_off(offset), Some(hint)),
        false => report.ok(CHECK, format!("within {} s of the service's clock", offset.num_seconds().abs() + 1)),
    }
}

impl ProbeResults {
    /// Returns the first probe's error, if no probe got an answer that says something about a permission.
    pub(crate) fn service_failure(&self) -> Option<&CommandError> {
        let mut failures = self.permissions().into_iter().map(|(_, permission)| match permission {
            Permission::Unknown(failure) => Some(failure),
            _ => None,
        });
        let first = failures.next()??;
        failures.all(|failure| failure.is_some()).then_some(first)
    }

    /// Returns the error with which the service refused the AccessKey, if it did.
    pub(crate) fn access_key_failure(&self) -> Option<&CommandError> {
        self.permissions().into_iter().find_map(|(_, permission)| match permission {
            Permission::AccessKeyRefused(failure) => Some(failure),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_a_minute_is_a_warning_and_more_than_15_are_refused() {
        let report_for = |seconds: i64| {
            let mut report = Report::default();
            check_clock(Some(TimeDelta::seconds(seconds)), &mut report);
            format!("{report:?}")
        };
        for (seconds, status) in [
            (0, "Ok"),
            (60, "Ok"),
            (-60, "Ok"),
            (61, "Warn"),
            (-61, "Warn"),
            (900, "Warn"),
            (901, "Warn"),
            (-901, "Warn"),
        ] {
            let report = report_for(seconds);
            assert!(report.contains(&format!("result: {status}")), "{seconds}: {report}");
            assert_eq!(report.contains("are refused"), seconds.abs() > 900, "{report}");
        }
        assert!(report_for(3700).contains("61 min 40 s behind") && report_for(-120).contains("2 min 0 s ahead of"));
    }
}
