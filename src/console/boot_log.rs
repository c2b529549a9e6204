//! What an instance wrote to its console, as the API keeps it.

use chrono::{DateTime, TimeDelta, Utc};

use crate::account::Account;
use crate::api::Response;
use crate::api::operations::ConsoleOutput;
use crate::instances::{OperationError, ResolvedInstance};
use crate::system::clock::{Deadline, iso_8601};

/// The operation of the API.
pub(crate) const ACTION: &str = "GetInstanceConsoleOutput";

/// Requests the console output of an instance.
pub(crate) async fn request(
    account: &Account,
    instance: ResolvedInstance,
    limit: Deadline,
) -> Result<Response<ConsoleOutput>, OperationError> {
    let ResolvedInstance { id, region, .. } = &instance;
    Ok(account.clients.of(region)?.get_instance_console_output(region, id, limit).await?)
}

/// Returns ` as of TIME (AGE ago)`. The age is left out if the time is in the future, by this machine's clock.
pub(crate) fn as_of(time: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let age = now - time;
    let ago = match (age.num_days(), age.num_hours(), age.num_minutes(), age.num_seconds()) {
        _ if age < TimeDelta::zero() => return format!(" as of {}", iso_8601(time)),
        (2.., ..) => format!("{} days ago", age.num_days()),
        (_, 2.., ..) => format!("{} h ago", age.num_hours()),
        (_, _, 2.., _) => format!("{} min ago", age.num_minutes()),
        (_, _, _, seconds) => format!("{seconds} s ago"),
    };
    format!(" as of {} ({ago})", iso_8601(time))
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    #[test]
    fn an_age_has_a_unit_of_its_magnitude() {
        let now = Utc.with_ymd_and_hms(2026, 11, 25, 10, 12, 3).unwrap();
        for (seconds, ago) in [
            (0, " (0 s ago)"),
            (119, " (119 s ago)"),
            (120, " (2 min ago)"),
            (7199, " (119 min ago)"),
            (7200, " (2 h ago)"),
            (172_799, " (47 h ago)"),
            (172_800, " (2 days ago)"),
            (-1, ""),
        ] {
            let time = now - TimeDelta::seconds(seconds);
            assert_eq!(as_of(time, now), format!(" as of {}{ago}", iso_8601(time)), "{seconds}");
        }
    }
}
