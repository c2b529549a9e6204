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

/// What the firmware and the boot loader send to a serial console: escape sequences for a reset, the cursor and colours.
const BOOT_LOADER: &str = "\x1bc\x1b[2J\x1b[1;1H{firmware}\x1b[?25l\x1b[0m\x1b[37m\x1b[40m\x1b[2J\x1b[01;01H\
    \x20 Booting `{system}'\x1b[m\n\n";

/// The last lines of an instance that was shut down.
const SHUTDOWN: &str = "\n[\x1b[0;32m  OK  \x1b[0m] Stopped target \x1b[0;1;39mMulti-User System\x1b[0m.\n\
    [\x1b[0;32m  OK  \x1b[0m] Reached target \x1b[0;1;39mPower-Off\x1b[0m.\n\
    [ 8123.004512] reboot: Power down\n";

/// The fields of the answer for an instance with this status, if the first request came at `since`. What RemoveSymbols
/// removes is not documented; here it removes everything that is no text.
pub(crate) fn describe(instance: &Instance, status: &str, removes_symbols: bool, since: DateTime<Utc>) -> Value {
    let machine = machine(instance);
    let mut text = BOOT_LOADER.replace("{firmware}", boot::FIRMWARE).replace("{system}", machine.distribution.name());
    text.push_str(&boot::log(&machine));
    text.push_str(&boot::prompt(&machine));
    if matches!(status, "Stopped" | "Stopping") {
        text.push_str(SHUTDOWN);
    }
    // A serial console needs a carriage return before each line feed.
    let text = text.replace('\n', "\r\n");
    let text = if removes_symbols { sanitize_lines(text.as_bytes()) } else { text };
    let hours = i64::try_from(instance.index % 24).unwrap_or_default();
    json!({
        "InstanceId": instance.id, "ConsoleOutput": BASE64_STANDARD.encode(text),
        "LastUpdateTime": beijing_time(since - LAST_START - TimeDelta::hours(hours)),
    })
}

/// As in the vendor's sample: UTC+8, without a mark of the time zone.
fn beijing_time(time: DateTime<Utc>) -> String {
    let zone = FixedOffset::east_opt(8 * 3600);
    zone.map_or_else(String::new, |zone| time.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string())
}
