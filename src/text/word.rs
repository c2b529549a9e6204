//! Words that people give: ids and names. Pure.

use thiserror::Error;

use super::sanitize::is_unsafe;

/// A word with a character that cannot be seen. It usually comes from a text that was copied from a page.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("it contains the invisible character U+{:04X}; type it instead of pasting it", u32::from(*.0))]
pub(crate) struct InvisibleCharacter(char);

/// Returns `text` without white space around it, unless it contains a character that cannot be seen.
pub(crate) fn word(text: &str) -> Result<&str, InvisibleCharacter> {
    let text = text.trim();
    text.chars().find(|c| is_unsafe(*c)).map_or(Ok(text), |c| Err(InvisibleCharacter(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_dropped_and_what_cannot_be_seen_is_named() {
        assert_eq!(word("\r\n\t\u{3000}web 01\u{a0}\n"), Ok("web 01"));
        let error = |text| word(text).unwrap_err().to_string();
        assert!(error("cn-\u{200b}hangzhou").starts_with("it contains the invisible character U+200B"));
        assert!(error("a\nb").contains("U+000A"));
    }
}
