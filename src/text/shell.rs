//! Words of a POSIX shell.

/// Puts a text in single quotes, where no character but the quote itself means anything to a shell. POSIX, XCU 2.2.2.
pub(crate) fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The text as one word that is short to type: in quotes only if it needs them.
pub(crate) fn word(text: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "/._-+,@%".contains(character);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => single_quoted(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_ends_the_quotes_and_begins_them_again() {
        assert_eq!(single_quoted("a b $c"), "'a b $c'");
        assert_eq!(single_quoted("it's"), r"'it'\''s'");
        assert_eq!((single_quoted(""), word("")), ("''".to_owned(), "''".to_owned()));
        assert_eq!([word("/etc/fstab"), word("a b"), word("~")], ["/etc/fstab", "'a b'", "'~'"]);
        // Held against the library that splits words as a shell does.
        for text in ["", "'", "a'b\"c`d\\e\n$f", "  "] {
            assert_eq!(shlex::split(&single_quoted(text)).unwrap(), [text]);
            assert_eq!(shlex::split(&word(text)).unwrap(), [text]);
        }
    }
}
