//! GetInstanceConsoleOutput: what an instance wrote to its console when it last started or stopped.

use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};
use serde::{Deserialize, Deserializer};

use super::{Base64, ECS};
use crate::api::client::{Client, Reply};
use crate::api::error::ApiError;
use crate::api::signature::Operation;
use crate::system::clock::Deadline;

/// The most an answer may hold, in bytes. The vendor names no limit; the kernel's own log has 1 MiB at most as
/// distributions build it, so twice that fits, in base64.
const LIMIT: usize = 3 << 20;

/// The forms of LastUpdateTime: that of the vendor's sample, and that of its page's text.
const FORMS: [&str; 3] = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%SZ"];

/// The answer to GetInstanceConsoleOutput.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ConsoleOutput {
    /// As the console got it: escape sequences, carriage returns, and whatever else is no text.
    #[serde(default)]
    pub(crate) console_output: Base64,
    /// When the last of it was written, where that is told.
    #[serde(default, deserialize_with = "beijing_time")]
    pub(crate) last_update_time: Option<DateTime<Utc>>,
    /// What the vendor's support asks for.
    pub(crate) request_id: String,
}

/// The vendor's page: "The time is displayed in UTC+8", also where a `Z` stands behind it. What is no time is not told.
fn beijing_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    const HOURS: i32 = 8;
    let text = String::deserialize(deserializer)?;
    let local = FORMS.iter().find_map(|form| NaiveDateTime::parse_from_str(text.trim(), form).ok());
    let zone = FixedOffset::east_opt(HOURS * 3600);
    Ok(local.zip(zone).and_then(|(local, zone)| local.and_local_timezone(zone).single()).map(|time| time.to_utc()))
}

impl Client {
    /// GetInstanceConsoleOutput. Windows instances have none.
    ///
    /// RemoveSymbols is not asked for: what it takes away is not documented, and line ends may be among it.
    pub(crate) async fn get_instance_console_output(
        &self,
        region: &str,
        instance: &str,
        limit: Deadline,
    ) -> Result<Reply<ConsoleOutput>, ApiError> {
        let operation = Operation::new("GetInstanceConsoleOutput", ECS);
        let operation = operation.with("RegionId", region).with("InstanceId", instance).answer_limit(LIMIT);
        self.call(&operation, limit).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::clock::iso_8601;

    fn read(answer: &str) -> ConsoleOutput {
        serde_json::from_str(answer).unwrap()
    }

    #[test]
    fn the_vendors_sample_is_understood() {
        // The vendor's page on GetInstanceConsoleOutput, the log cut to its first and last words.
        let sample = r#"{"ConsoleOutput":"V2VsY29tZSB0byBDZW50T1MgCgpsb2dpbjo=","InstanceId":"i-j5e42sbbthlokka11***",
            "RequestId":"22A1933F-AD02-4560-A6A7-53CF2231D942","LastUpdateTime":"2018-03-22 10:04:57"}"#;
        let output = read(sample);
        assert_eq!(output.console_output.0, b"Welcome to CentOS \n\nlogin:");
        assert_eq!(output.last_update_time.map(iso_8601).as_deref(), Some("2018-03-22T02:04:57Z"));
    }

    #[test]
    fn a_time_is_beijing_s_in_any_form_and_nothing_where_it_is_none() {
        let time = |text: &str| {
            let answer = format!(r#"{{"RequestId":"R","LastUpdateTime":"{text}"}}"#);
            read(&answer).last_update_time.map(iso_8601)
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
        let empty = read(r#"{"RequestId":"R"}"#);
        assert!(empty.console_output.0.is_empty() && empty.last_update_time.is_none());
    }
}
