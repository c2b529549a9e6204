//! Whether the service answers, how fast, and what time it is there; and whose key it is asked with.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;

use super::questions::{Answers, Judged};
use super::report::Report;
use crate::account::request_log::{self, clock_off};
use crate::api::{Event, EventHandler};
use crate::command_error::CommandError;
use crate::system::clock::Clock;
use crate::terminal::output::Output;

/// What is less than this is not worth a word.
const WORTH_A_WORD: TimeDelta = TimeDelta::minutes(1);

/// The service refuses times that are further off. This tool then asks again with the service's, so that consoles open
/// all the same.
const REFUSED: TimeDelta = TimeDelta::minutes(15);

/// Not one of the account's own API, so it tells nothing of the way there.
pub(crate) const OF_STS: &str = "GetCallerIdentity";

/// The first answer, once there is one.
pub(crate) type Hearing = Arc<Mutex<Option<Heard>>>;

/// What the first answer tells, whatever it says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heard {
    took: Duration,
    /// Service time less local time.
    off: Option<TimeDelta>,
}

/// Hears the first answer, and tells all as ever.
pub(crate) fn hearing(hushed: Output) -> (Hearing, EventHandler) {
    let (hearing, tell, clock) = (Hearing::default(), request_log::listener(hushed), Clock::system());
    let first = hearing.clone();
    let listener: EventHandler = Arc::new(move |event: &Event<'_>| {
        if let Event::ResponseReceived { action, date, elapsed, .. } = event
            && *action != OF_STS
        {
            // The service wrote its date about half-way.
            let half = TimeDelta::from_std(*elapsed / 2).unwrap_or_default();
            let off = date.map(|date| date - (clock.utc() - half));
            first.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(Heard { took: *elapsed, off });
        }
        tell(event);
    });
    (hearing, listener)
}

/// Tells of the service, its clock, and the key's owner. Whether the service was asked in vain.
pub(crate) fn check(hearing: &Hearing, answers: &Answers, report: &mut Report) {
    let heard = *hearing.lock().unwrap_or_else(PoisonError::into_inner);
    match (heard, answers.silence()) {
        (_, Some(failure)) => report.fail("service", failure),
        (Some(heard), None) => {
            report.ok("service", format!("answers in {} ms, connecting included", heard.took.as_millis()));
        }
        (None, None) => report.skip("service", "nothing was asked"),
    }
    clock(heard.and_then(|heard| heard.off), report);
    match (answers.refusal(), &answers.caller) {
        (Some(failure), _) => report.fail("caller", failure),
        (None, Ok(caller)) => report.ok("caller", format!("{}, account {}", caller.arn, caller.account_id)),
        (None, Err(_)) if answers.silence().is_some() => report.skip("caller", "the service gives no answer"),
        (None, Err(error)) => {
            report.warn("caller", format!("whose key it is could not be asked: {error}"), None);
        }
    }
}

fn clock(off: Option<TimeDelta>, report: &mut Report) {
    const CHECK: &str = "clock";
    let Some(off) = off else {
        return report.skip(CHECK, "the service has not told its time");
    };
    let mend = "set this machine's clock (NTP)".to_owned();
    match off.abs() > WORTH_A_WORD {
        true if off.abs() > REFUSED => {
            let text = format!("{}; each command takes a round trip more, since 15 min are refused", clock_off(off));
            report.warn(CHECK, text, Some(mend));
        }
        true => report.warn(CHECK, clock_off(off), Some(mend)),
        false => report.ok(CHECK, format!("within {} s of the service's", off.num_seconds().abs() + 1)),
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
