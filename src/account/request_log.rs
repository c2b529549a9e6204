//! Reports requests, responses and retries on stderr.

use std::io::{self, IsTerminal as _};
use std::sync::Arc;

use chrono::TimeDelta;

use crate::api::{Event, EventHandler};
use crate::terminal::output::Output;

/// Returns a handler for the client's events. Requests and responses are reported with `-v`. Retries are also reported on
/// a terminal, where the wait would look like a hang. A wrong clock is a warning, since other programs will fail too.
pub(crate) fn listener(output: Output) -> EventHandler {
    let reports_retries = io::stderr().is_terminal() && !output.quiet;
    Arc::new(move |event: &Event<'_>| match event {
        Event::Sending { action, authority, region, attempt } => {
            output.detail(1, &format!("> {action} region={region} endpoint={authority} attempt={attempt}"));
        }
        Event::ResponseReceived { action, status, request_id, elapsed, .. } => {
            let request_id = request_id.as_deref().unwrap_or("-");
            let elapsed = elapsed.as_millis();
            output.detail(1, &format!("< {action} status={status} RequestId={request_id} ({elapsed} ms)"));
        }
        Event::Retrying { action, error, delay } => {
            let line = format!("{action}: {error}; trying again in {:.1} s", delay.as_secs_f64());
            if reports_retries { output.note(&line) } else { output.detail(1, &line) }
        }
        Event::ClockAdjusted { offset } => {
            output.warning(&format!("{}; using the service's time instead", clock_off(*offset)))
        }
    })
}

/// Says by how much this machine's clock is wrong, and in which direction.
pub(crate) fn clock_off(by: TimeDelta) -> String {
    let seconds = by.num_seconds();
    let direction = if seconds > 0 { "behind" } else { "ahead of" };
    let (minutes, seconds) = (seconds.abs() / 60, seconds.abs() % 60);
    let off = match minutes / (24 * 60) {
        0 => format!("{minutes} min {seconds} s"),
        days => format!("{days} days {} min", minutes % (24 * 60)),
    };
    format!("this machine's clock is {off} {direction} the service's")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_behind_when_the_service_is_later() {
        assert!(clock_off(TimeDelta::seconds(3725)).contains("62 min 5 s behind"));
        assert!(clock_off(TimeDelta::seconds(-901)).contains("15 min 1 s ahead of"));
        assert!(clock_off(TimeDelta::hours(49)).contains("2 days 60 min behind"));
    }
}
