//! Values of arguments that several commands take.

use std::time::Duration;

/// A number of seconds, fractions allowed.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    text.parse().ok().and_then(time_limit).ok_or_else(|| "a number of seconds, above 0 and up to 86400".to_owned())
}

/// A time limit that makes sense: above 0, up to a day.
pub(crate) fn time_limit(seconds: f64) -> Option<Duration> {
    (seconds > 0.0 && seconds <= 86_400.0).then(|| Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_limit_is_above_zero_and_at_most_a_day() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for bad in ["0", "-1", "nan", "inf", "86401", "", "30s"] {
            assert!(seconds(bad).is_err(), "{bad}");
        }
    }
}
