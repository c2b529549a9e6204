//! GetInstanceConsoleOutput: what an instance wrote to its console when it last started or stopped.

use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};
use serde::{Deserialize, Deserializer};

use super::{Base64, ECS, or_default};
use crate::api::client::{Client, Response};
use crate::api::error::ApiError;
use crate::api::signature::Operation;
use crate::system::clock::Deadline;

/// The longest response, in bytes. The vendor documents no limit; a kernel log has at most 1 MiB in common distributions, so
/// this allows for twice that in base64.
const MAX_BODY_LEN: usize = 3 << 20;

/// Formats of LastUpdateTime: that of the vendor's example and those of its description.
const TIME_FORMATS: [&str; 3] = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%SZ"];

/// The response of GetInstanceConsoleOutput.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ConsoleOutput {
    /// The raw bytes of the console, including escape sequences and carriage returns. Empty if it is null or missing.
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) console_output: Base64,
    /// When the output was last written; `None` if the time is missing or invalid.
    #[serde(default, deserialize_with = "beijing_time")]
    pub(crate) last_update_time: Option<DateTime<Utc>>,
    /// Identifies the request to Alibaba Cloud support.
    pub(crate) request_id: String,
}

/// Parses a time in UTC+8, even if it ends in `Z`; an invalid time is `None`.
///
/// Source: the vendor's page on GetInstanceConsoleOutput: "The time is displayed in UTC+8".
fn beijing_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    const HOURS: i32 = 8;
    let text: String = or_default(deserializer)?;
    let local = TIME_FORMATS.iter().find_map(|format| NaiveDateTime::parse_from_str(text.trim(), format).ok());
    let zone = FixedOffset::east_opt(HOURS * 3600);
    Ok(local.zip(zone).and_then(|(local, zone)| local.and_local_timezone(zone).single()).map(|time| time.to_utc()))
}

impl Client {
    /// GetInstanceConsoleOutput, which Windows instances do not support.
    ///
    /// RemoveSymbols is not set: the vendor does not document what it removes, and line breaks may be among it.
    pub(crate) async fn get_instance_console_output(
        &self,
        region: &str,
        instance: &str,
        deadline: Deadline,
    ) -> Result<Response<ConsoleOutput>, ApiError> {
        self.call(&console_output_operation(region, instance), deadline).await
    }
}

/// GetInstanceConsoleOutput of an instance.
pub(crate) fn console_output_operation(region: &str, instance: &str) -> Operation {
    let operation = Operation::new("GetInstanceConsoleOutput", ECS);
    operation.with("RegionId", region).with("InstanceId", instance).max_body_len(MAX_BODY_LEN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::clock::iso_8601;

    fn parse(body: &str) -> ConsoleOutput {
        serde_json::from_str(body).unwrap()
    }

    #[test]
    fn the_vendors_example_is_parsed() {
        // The vendor's page on GetInstanceConsoleOutput, the log shortened to its first and last words.
        let sample = r#"{"ConsoleOutput":"V2VsY29tZSB0byBDZW50T1MgCgpsb2dpbjo=","InstanceId":"i-j5e42sbbthlokka11***",
            "RequestId":"22A1933F-AD02-4560-A6A7-53CF2231D942","LastUpdateTime":"2018-03-22 10:04:57"}"#;
        let output = parse(sample);
        assert_eq!(output.console_output.0, b"Welcome to CentOS \n\nlogin:");
        assert_eq!(output.last_update_time.map(iso_8601).as_deref(), Some("2018-03-22T02:04:57Z"));
    }

    #[test]
    fn times_are_in_utc_plus_8_and_invalid_ones_are_none() {
        let time = |text: &str| {
            let body = format!(r#"{{"RequestId":"R","LastUpdateTime":"{text}"}}"#);
            parse(&body).last_update_time.map(iso_8601)
        };
        for (text, utc) in [
            ("2018-03-22T10:04Z", "2018-03-22T02:04:00Z"),
            ("2018-03-22T10:04:57Z", "2018-03-22T02:04:57Z"),
            ("2018-01-01 07:59:59", "2017-12-31T23:59:59Z"),
        ] {
            assert_eq!(time(text).as_deref(), Some(utc), "{text}");
        }
        for text in ["", "yesterday", "2018-13-22 10:04:57", "262143-12-31 23:59:59", "-262143-01-01 00:00:00"] {
            assert_eq!(time(text), None, "{text}");
        }
        let empty = parse(r#"{"RequestId":"R"}"#);
        assert!(empty.console_output.0.is_empty() && empty.last_update_time.is_none());
    }
}
