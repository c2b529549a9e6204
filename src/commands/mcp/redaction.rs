//! Finds secrets in texts of machines, also where a row ends inside one. Pure.

use std::ops::Range;

use zeroize::Zeroizing;

use crate::secret::Secret;

/// A shorter line of a secret is not looked for: too many words would be one.
const MIN_LEN: usize = 4;

/// What stands in place of a secret.
const REDACTED: &str = "[redacted]";

/// The secrets that a guest may show.
#[derive(Debug, Default)]
pub(super) struct Secrets(Vec<Secret>);

impl Secrets {
    /// Takes the lines of values.
    pub(super) fn new(values: impl Iterator<Item = String>) -> Self {
        let values = values.map(Zeroizing::new);
        let lines = values.flat_map(|value| value.lines().map(|line| Secret::new(line.trim())).collect::<Vec<_>>());
        Self(lines.filter(|line| line.expose().chars().count() >= MIN_LEN).collect())
    }

    /// The text without secrets. The ends of rows stay.
    pub(super) fn redact(&self, text: String) -> String {
        self.replace(text, |_| REDACTED.to_owned())
    }

    /// The rows with a star for each character of a secret.
    pub(super) fn mask(&self, rows: &[String]) -> Vec<String> {
        if rows.is_empty() {
            return Vec::new();
        }
        let masked = self.replace(rows.join("\n"), |length| "*".repeat(length));
        masked.split('\n').map(str::to_owned).collect()
    }

    /// `in_place` gets the length of each part of a secret; a part ends with its row.
    fn replace(&self, text: String, in_place: impl Fn(usize) -> String) -> String {
        self.0.iter().fold(text, |text, secret| {
            let characters: Zeroizing<Vec<char>> = Zeroizing::new(text.chars().collect());
            let secret: Zeroizing<Vec<char>> = Zeroizing::new(secret.expose().chars().collect());
            let found = find(&characters, &secret);
            if found.is_empty() {
                return text;
            }
            let (mut replaced, mut end) = (String::new(), 0);
            for range in found {
                replaced.extend(&characters[end..range.start]);
                end = range.end;
                let rows = characters[range].split(|c| *c == '\n').map(|part| in_place(part.len()));
                replaced.push_str(&rows.collect::<Vec<_>>().join("\n"));
            }
            replaced.extend(&characters[end..]);
            replaced
        })
    }
}

/// Where a secret is in a text, without overlaps. It has no space at its ends.
fn find(text: &[char], secret: &[char]) -> Vec<Range<usize>> {
    let (mut found, mut start) = (Vec::new(), 0);
    while start < text.len() {
        match match_len(&text[start..], secret) {
            Some(len) => {
                found.push(start..start + len);
                start += len;
            }
            None => start += 1,
        }
    }
    found
}

/// How much of a text a secret at its beginning takes, if there is one. At the end of a row, spaces of the text and of the secret
/// count for nothing: rows are cut there.
fn match_len(text: &[char], secret: &[char]) -> Option<usize> {
    let (mut at, mut matched) = (0, 0);
    while matched < secret.len() {
        let next = *text.get(at)?;
        let may_end = matched > 0 && (next == ' ' || next == '\n');
        let end = if may_end { at + spaces(&text[at..]) } else { at };
        if may_end && text.get(end) == Some(&'\n') {
            at = end + 1 + spaces(&text[end + 1..]);
            matched += spaces(&secret[matched..]);
        } else if next == secret[matched] {
            (at, matched) = (at + 1, matched + 1);
        } else {
            return None;
        }
    }
    Some(at)
}

fn spaces(text: &[char]) -> usize {
    text.iter().take_while(|c| **c == ' ').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(values: &[&str]) -> Secrets {
        Secrets::new(values.iter().map(|value| (*value).to_owned()))
    }

    #[test]
    fn a_secret_is_found_over_the_ends_of_rows() {
        let secrets = secrets(&["hunter-22"]);
        for (text, redacted) in [
            ("a hunter-22hunter-22 b", "a [redacted][redacted] b"),
            ("a hunter\n-22 b", "a [redacted]\n[redacted] b"),
            ("a hun  \n  ter\n-22", "a [redacted]\n[redacted]\n[redacted]"),
            ("hhunter-22", "h[redacted]"),
            ("hunter\n\n-22", "[redacted]\n[redacted]\n[redacted]"),
            ("hunter -22", "hunter -22"),
            ("hunter-2\n", "hunter-2\n"),
            ("", ""),
        ] {
            assert_eq!(secrets.redact(text.to_owned()), redacted);
        }
        let rows = ["a hunter", "-22 b", "hunter-22"].map(str::to_owned);
        assert_eq!(secrets.mask(&rows), ["a ******", "*** b", "*********"]);
    }

    #[test]
    fn a_space_of_a_secret_may_be_at_the_end_of_a_row() {
        let secrets = secrets(&["two words"]);
        for text in ["two words", "two\nwords", "two \nwords", "two\n words", "tw\no words"] {
            assert!(!secrets.redact(text.to_owned()).contains("wo"), "{text}");
        }
        assert_eq!(secrets.redact("twowords".to_owned()), "twowords");
    }

    #[test]
    fn each_line_of_a_secret_is_one_and_short_ones_are_words() {
        let secrets = secrets(&["first line\n\nno\nlast line\n", "abc", ""]);
        assert_eq!(secrets.redact("first line no abc last line".to_owned()), "[redacted] no abc [redacted]");
        assert!(secrets.mask(&[]).is_empty());
    }

    #[test]
    fn a_long_text_of_almost_a_secret_takes_no_time() {
        let secrets = secrets(&[&"ab".repeat(500)]);
        let text = "ab".repeat(499);
        assert_eq!(secrets.redact(text.clone()), text);
    }
}
