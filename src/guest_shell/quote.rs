//! Words of a shell.

/// Puts a text in single quotes, where no character but the quote itself means anything to a shell. POSIX, XCU 2.2.2.
pub(crate) fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_ends_the_quotes_and_begins_them_again() {
        assert_eq!(single_quoted("a b $c"), "'a b $c'");
        assert_eq!(single_quoted("it's"), r"'it'\''s'");
        assert_eq!(single_quoted(""), "''");
        // Held against the library that splits words as a shell does.
        for text in ["", "'", "a'b\"c`d\\e\n$f", "  "] {
            assert_eq!(shlex::split(&single_quoted(text)).unwrap(), [text]);
        }
    }
}
