//! A regular expression for the rows of a screen.

use std::fmt;
use std::str::FromStr;

use regex::{Regex, RegexBuilder};

/// The longest pattern, in bytes.
const MAX_LEN: usize = 4096;

/// The most memory that a compiled pattern takes, in bytes. `\w{100}` takes 2 MB.
const MAX_SIZE: usize = 4 << 20;

/// A pattern that rows of a screen can match.
#[derive(Clone, Debug)]
pub(crate) struct Pattern(Regex);

impl Pattern {
    /// Where a text first matches, in bytes.
    pub(crate) fn find(&self, text: &str) -> Option<std::ops::Range<usize>> {
        self.0.find(text).map(|found| found.range())
    }
}

impl FromStr for Pattern {
    type Err = String;

    /// Parses the syntax of the crate `regex`. Refuses a pattern that no row can match, or that every row would.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "" => return Err("it is empty, and would match every screen".to_owned()),
            text if text.len() > MAX_LEN => return Err(format!("it is longer than {MAX_LEN} bytes")),
            text if text.contains("\\n") || text.contains('\n') => {
                return Err("it has a line break, but each row is matched by itself".to_owned());
            }
            text if text.ends_with(" $") || text.ends_with("\\s$") => {
                return Err("rows have no spaces at their end; write ` *$` in place of ` $`".to_owned());
            }
            _ => {}
        }
        let regex = RegexBuilder::new(text).size_limit(MAX_SIZE).build().map_err(|error| reason(&error))?;
        match regex.is_match("") {
            true => Err("it matches an empty row, and so every screen".to_owned()),
            false => Ok(Self(regex)),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

/// The error in one line. The crate draws the pattern, with a mark below the fault, and names the fault in the last line.
fn reason(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(limit) => format!("it takes more than {} MiB of memory", limit >> 20),
        error => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            format!("not a regular expression: {}", last.strip_prefix("error: ").unwrap_or(last))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Pattern, String> {
        text.parse()
    }

    #[test]
    fn a_pattern_finds_text() {
        assert_eq!(parse("lo.in: *$").unwrap().find("web-01 login:"), Some(7..13));
        assert_eq!(parse("(?i)PASS").unwrap().find("Password:"), Some(0..4));
        // Perl's classes are Unicode's.
        assert_eq!(parse(r"\w+\d").unwrap().find("grün٣"), Some(0..7));
        assert_eq!(parse("a|b").unwrap().to_string(), "a|b");
    }

    #[test]
    fn what_matches_always_or_never_is_refused() {
        for (text, words) in [
            ("", "empty"),
            ("x*", "matches an empty row"),
            ("^$", "matches an empty row"),
            (".*", "matches an empty row"),
            ("login:\\npassword", "line break"),
            ("login: $", "no spaces at their end"),
            (r"login:\s$", "no spaces at their end"),
            ("(login", "not a regular expression: unclosed group"),
            (r"\w{1000}{1000}", "more than 4 MiB"),
            (&"a".repeat(4097), "longer than 4096 bytes"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(words) && !error.contains('\n'), "{text}: {error}");
        }
        assert!(parse(r"\w{100}").is_ok());
    }
}
