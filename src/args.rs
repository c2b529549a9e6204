//! Values of arguments that several commands take.

use std::ffi::OsStr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{EnumValueParser, PathBufValueParser, PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Command, ValueEnum};

use crate::text::duration;
use crate::text::word::{InvisibleCharacter, word};

/// The shortest time that an argument takes: 1 ms, so that no limit is 0.
pub(crate) const MIN_TIME: Duration = Duration::from_millis(1);

/// The longest time limit: a day.
pub(crate) const MAX_TIME_LIMIT: Duration = Duration::from_secs(24 * 3600);

/// Returns a parser for arguments that are times, such as `30`, `30s`, `500ms` or `2m`, and lie in `range`.
pub(crate) fn time_in(
    range: RangeInclusive<Duration>,
) -> impl Fn(&str) -> Result<Duration, String> + Clone + Send + Sync + 'static {
    move |text| {
        let time = duration::parse(text).map_err(|error| error.to_string())?;
        if time < *range.start() {
            return Err(format!("too short; use at least {}", duration::format(*range.start())));
        }
        if time > *range.end() {
            return Err(format!("too long; use at most {}", duration::format(*range.end())));
        }
        Ok(time)
    }
}

/// Parses a word, such as the id of a region or the name of a profile.
pub(crate) fn word_arg(text: &str) -> Result<String, InvisibleCharacter> {
    word(text).map(str::to_owned)
}

/// Returns a parser for paths that drops white space around them.
pub(crate) fn path_arg() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().map(|path| path.to_str().map(|path| PathBuf::from(path.trim())).unwrap_or(path))
}

/// Returns a parser for one of several words that drops white space around it.
pub(crate) fn trimmed_enum<E: ValueEnum + Clone + Send + Sync + 'static>() -> impl TypedValueParser<Value = E> {
    Trimmed(EnumValueParser::new())
}

/// Returns a parser for one of these words that drops white space around it.
pub(crate) fn one_of(words: impl Into<PossibleValuesParser>) -> impl TypedValueParser<Value = String> {
    Trimmed(words.into())
}

#[derive(Clone)]
struct Trimmed<P>(P);

impl<P: TypedValueParser> TypedValueParser for Trimmed<P> {
    type Value = P::Value;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<P::Value, clap::Error> {
        self.0.parse_ref(command, arg, value.to_str().map_or(value, |text| OsStr::new(text.trim())))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        self.0.possible_values()
    }
}

/// Parses a time limit: at least 1 ms, at most a day.
pub(crate) fn time_limit_arg(text: &str) -> Result<Duration, String> {
    time_in(MIN_TIME..=MAX_TIME_LIMIT)(text)
}

/// Returns a time limit in seconds as a [`Duration`], or `None` unless it is above 0 and at most a day.
pub(crate) fn time_limit(seconds: f64) -> Option<Duration> {
    (seconds > 0.0 && seconds <= MAX_TIME_LIMIT.as_secs_f64()).then(|| Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_limit_is_above_zero_and_at_most_a_day() {
        assert_eq!(time_limit_arg("0.5"), Ok(Duration::from_millis(500)));
        assert_eq!(time_limit_arg("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(time_limit_arg("24h"), Ok(MAX_TIME_LIMIT));
        for bad in ["0", "-1", "nan", "inf", "86401", ""] {
            assert!(time_limit_arg(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_error_says_what_to_use() {
        let parse = time_in(Duration::from_millis(100)..=Duration::from_secs(10));
        assert_eq!(parse("soon").unwrap_err(), "not a time; use 30, 30s, 500ms or 2m");
        assert_eq!(parse("1ms").unwrap_err(), "too short; use at least 100ms");
        assert_eq!(parse("11").unwrap_err(), "too long; use at most 10s");
        assert_eq!(parse("10"), Ok(Duration::from_secs(10)));
    }
}
