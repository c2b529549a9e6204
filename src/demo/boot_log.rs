//! GetInstanceConsoleOutput: what an instance wrote to its serial console when it last started or stopped.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use serde_json::{Value, json};

use super::display::linux::boot;
use super::displays::machine;
use super::fleet::Instance;
use crate::text::sanitize::sanitize_lines;

/// How long before the first request the first instance started; each further one started an hour earlier, up to a day.
const LAST_START: TimeDelta = TimeDelta::minutes(3);

/// How often an instance that runs writes a line, in seconds, and how many lines it writes.
const LINE_INTERVAL: i64 = 5;
const MAX_LATER_LINES: i64 = 60;

/// What the firmware and the boot loader send to a serial console: escape sequences for a reset, the cursor and colours.
const BOOT_LOADER: &str = "\x1bc\x1b[2J\x1b[1;1H{firmware}\x1b[?25l\x1b[0m\x1b[37m\x1b[40m\x1b[2J\x1b[01;01H\
    \x20 Booting `{system}'\x1b[m\n\n";

/// The times that decide what was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// When the first output was requested.
    pub(crate) since: DateTime<Utc>,
    /// When the instance was last started, stopped or rebooted by a request.
    pub(crate) changed_at: Option<DateTime<Utc>>,
    pub(crate) now: DateTime<Utc>,
}

/// The fields of the answer for an instance with this status. What RemoveSymbols removes is not documented; here it
/// removes everything that is no text.
///
/// An instance that runs has written some more lines since the first request.
pub(crate) fn describe(instance: &Instance, status: &str, removes_symbols: bool, times: Times) -> Value {
    let Times { since, changed_at, now } = times;
    let machine = machine(instance);
    let mut text = BOOT_LOADER.replace("{firmware}", boot::FIRMWARE).replace("{system}", machine.distribution.name());
    let screen = instance.state_screen();
    match screen {
        Some(screen) => text.push_str(screen.text.strip_suffix('\n').unwrap_or(screen.text)),
        None => text.push_str(&(boot::log(&machine) + &boot::prompt(&machine))),
    }
    if status == "Running" && screen.is_none() {
        text.push_str(&later_lines(now - since));
    }
    if matches!(status, "Stopped" | "Stopping") {
        text.push('\n');
        text.push_str(&boot::shutdown_log(false));
    }
    // A serial console needs a carriage return before each line feed.
    let text = text.replace('\n', "\r\n");
    let text = if removes_symbols { sanitize_lines(text.as_bytes()) } else { text };
    json!({
        "InstanceId": instance.id, "ConsoleOutput": BASE64_STANDARD.encode(text),
        "LastUpdateTime": beijing_time(changed_at.unwrap_or_else(|| first_start(instance, since))),
    })
}

/// When an instance started that nothing has started since, for an account that began to answer at `since`. One of those that
/// all show a state has for more than an hour: then its state does not depend on a log that is as young as a desktop.
pub(crate) fn first_start(instance: &Instance, since: DateTime<Utc>) -> DateTime<Utc> {
    let hours = i64::try_from(instance.index % 24).unwrap_or_default();
    let least = i64::from(instance.is_of_every_state());
    since - LAST_START - TimeDelta::hours(hours.max(least))
}

/// What an instance has written this long after the first request: a line every five seconds for five minutes, below its
/// login prompt.
fn later_lines(time: TimeDelta) -> String {
    let count = (time.num_seconds() / LINE_INTERVAL).clamp(0, MAX_LATER_LINES);
    let lines = (1..=count).map(|number| {
        let seconds = LAST_START.num_seconds() + number * LINE_INTERVAL;
        format!("[{seconds:5}.000000] demo: {seconds} s after the start, still running\n")
    });
    let lines: String = lines.collect();
    if lines.is_empty() { lines } else { format!("\n{lines}") }
}

/// As in the vendor's sample: UTC+8, without a mark of the time zone.
fn beijing_time(time: DateTime<Utc>) -> String {
    let zone = FixedOffset::east_opt(8 * 3600);
    zone.map_or_else(String::new, |zone| time.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_instance_writes_lines_for_a_while() {
        let lines = |seconds| later_lines(TimeDelta::seconds(seconds));
        assert_eq!((lines(-1), lines(4)), (String::new(), String::new()));
        assert_eq!(lines(5), "\n[  185.000000] demo: 185 s after the start, still running\n");
        assert!(lines(11).starts_with(&lines(5)) && lines(11).lines().count() == 3);
        assert_eq!((lines(300), lines(300).lines().count()), (lines(9000), 61));
    }
}
