//! Times as people write them: `30`, `30s`, `500ms`, `2m`, `1.5h`. A bare number is in seconds.

use std::time::Duration;

use chrono::TimeDelta;

/// The text is not a time, or is too large for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time; use 30, 30s, 500ms or 2m")]
pub(crate) struct DurationError;

/// The units and their length in seconds. The order matters: `ms` also ends with `s`.
const UNITS: [(&str, f64); 4] = [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0)];

/// Parses one number, with a fraction or without, and one unit behind it: `ms`, `s` (the default), `m` or `h`. White space
/// around them is dropped.
pub(crate) fn parse(text: &str) -> Result<Duration, DurationError> {
    let text = text.trim();
    let unit = UNITS.iter().find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, *seconds)));
    let (number, seconds) = unit.unwrap_or((text, 1.0));
    // Rust also reads signs, exponents, `inf` and `nan`.
    let is_plain = number.starts_with(|c: char| c.is_ascii_digit())
        && number.ends_with(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    let number: f64 = if is_plain { number.parse().map_err(|_| DurationError)? } else { return Err(DurationError) };
    Duration::try_from_secs_f64(number * seconds).map_err(|_| DurationError)
}

/// Writes a time as [`parse`] reads it, in the largest unit that needs no fraction: `500ms`, `90s`, `2m`, `24h`.
pub(crate) fn format(time: Duration) -> String {
    let milliseconds = time.as_millis();
    match milliseconds {
        0 => "0s".to_owned(),
        _ if milliseconds.is_multiple_of(3_600_000) => format!("{}h", milliseconds / 3_600_000),
        _ if milliseconds.is_multiple_of(60_000) => format!("{}m", milliseconds / 60_000),
        _ if milliseconds.is_multiple_of(1000) => format!("{}s", milliseconds / 1000),
        _ => format!("{milliseconds}ms"),
    }
}

/// Writes an age in a unit of its magnitude: `119 s`, `2 min`, `2 h`, `2 days`. `None` if it is below 0.
pub(crate) fn age(age: TimeDelta) -> Option<String> {
    match (age.num_days(), age.num_hours(), age.num_minutes(), age.num_seconds()) {
        _ if age < TimeDelta::zero() => None,
        (2.., ..) => Some(format!("{} days", age.num_days())),
        (_, 2.., ..) => Some(format!("{} h", age.num_hours())),
        (_, _, 2.., _) => Some(format!("{} min", age.num_minutes())),
        (_, _, _, seconds) => Some(format!("{seconds} s")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_time_is_a_number_with_an_optional_unit() {
        for (text, milliseconds) in [
            ("30", 30_000),
            ("30s", 30_000),
            ("500ms", 500),
            ("2m", 120_000),
            ("8h", 28_800_000),
            ("0.5", 500),
            ("1.5m", 90_000),
            ("0", 0),
            ("33ms", 33),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in
            ["", "s", "ms", "-1", "+1", "1e3", "nan", "inf", ".5", "5.", "1.2.3", "1d", "3 s", "3S", "1m30s", "٣"]
        {
            assert_eq!(parse(text), Err(DurationError), "{text}");
        }
        assert_eq!(parse(&format!("{}h", "9".repeat(400))), Err(DurationError));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(milliseconds in 0_u64..1_000_000_000) {
            let time = Duration::from_millis(milliseconds);
            prop_assert_eq!(parse(&format(time)), Ok(time));
        }

        #[test]
        fn any_text_is_a_time_or_an_error(text in "[0-9.]{0,20}(ms|s|m|h)?|.*") {
            let _ = parse(&text);
        }
    }
}
