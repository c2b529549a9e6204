//! Checks whether the service answers, how fast, the time there, and whose AccessKey is used.

use chrono::TimeDelta;

use super::first_answer::FirstAnswer;
use super::questions::{Answers, Judged};
use super::report::Report;
use crate::account::request_log::clock_off;
use crate::command_error::CommandError;

/// A smaller offset of the clock is not reported.
const MIN_REPORTED_OFFSET: TimeDelta = TimeDelta::minutes(1);

/// The service refuses requests whose time is further off. ecs-vnc then repeats them with the service's time.
const MAX_ACCEPTED_OFFSET: TimeDelta = TimeDelta::minutes(15);

/// Checks whether the service answers, its clock, and whose AccessKey it is.
pub(crate) fn check(first_answer: Option<FirstAnswer>, answers: &Answers, report: &mut Report) {
    match (first_answer, answers.silence()) {
        (_, Some(failure)) => report.fail("service", failure),
        (Some(first), None) => {
            report.ok("service", format!("reachable, {} ms including the connection", first.elapsed.as_millis()));
        }
        (None, None) => report.skip("service", "no request was sent"),
    }
    clock(first_answer.and_then(|first| first.clock_offset), report);
    match (answers.refusal(), &answers.caller) {
        (Some(failure), _) => report.fail("caller", failure),
        (None, Ok(caller)) => report.ok("caller", format!("{}, account {}", caller.arn, caller.account_id)),
        (None, Err(_)) if answers.silence().is_some() => report.skip("caller", "the service does not answer"),
        (None, Err(error)) => {
            report.warn("caller", format!("could not look up the owner of the AccessKey: {error}"), None);
        }
    }
}

fn clock(off: Option<TimeDelta>, report: &mut Report) {
    const CHECK: &str = "clock";
    let Some(off) = off else {
        return report.skip(CHECK, "the service did not send its time");
    };
    let mend = "correct this machine's clock, for example with NTP".to_owned();
    match off.abs() > MIN_REPORTED_OFFSET {
        true if off.abs() > MAX_ACCEPTED_OFFSET => {
            let text = format!(
                "{}; requests more than 15 min off are refused, so each command has to repeat one",
                clock_off(off)
            );
            report.warn(CHECK, text, Some(mend));
        }
        true => report.warn(CHECK, clock_off(off), Some(mend)),
        false => report.ok(CHECK, format!("within {} s of the service's clock", off.num_seconds().abs() + 1)),
    }
}

impl Answers {
    /// Why there is no answer from the service, where none came to any question.
    pub(crate) fn silence(&self) -> Option<&CommandError> {
        let mut failures = self.actions().into_iter().map(|(_, judged)| match judged {
            Judged::Silent(failure) => Some(failure),
            _ => None,
        });
        let first = failures.next()??;
        failures.all(|failure| failure.is_some()).then_some(first)
    }

    /// Why the service refuses the key, where it does.
    pub(crate) fn refusal(&self) -> Option<&CommandError> {
        self.actions().into_iter().find_map(|(_, judged)| match judged {
            Judged::Refused(failure) => Some(failure),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_worth_a_word_and_a_quarter_of_an_hour_is_refused() {
        let found = |seconds: i64| {
            let mut report = Report::default();
            clock(Some(TimeDelta::seconds(seconds)), &mut report);
            format!("{report:?}")
        };
        for (seconds, mark) in [
            (0, "Ok"),
            (60, "Ok"),
            (-60, "Ok"),
            (61, "Warn"),
            (-61, "Warn"),
            (900, "Warn"),
            (901, "Warn"),
            (-901, "Warn"),
        ] {
            let found = found(seconds);
            assert!(found.contains(&format!("result: {mark}")), "{seconds}: {found}");
            assert_eq!(found.contains("are refused"), seconds.abs() > 900, "{found}");
        }
        assert!(found(3700).contains("61 min 40 s behind") && found(-120).contains("2 min 0 s ahead of"));
    }
}
