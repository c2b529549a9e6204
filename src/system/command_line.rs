//! Splits command lines into words, as a POSIX shell does.

use crate::system::operating_system::System;

/// The words of a line; `None` if a quote is not closed.
///
/// On Windows a backslash separates directories: it quotes the next character only if a POSIX shell gives that character a
/// meaning. So `C:\dir\a.png`, `"C:\my dir\a.png"` and `\\server\share` are words as they stand, and `a\ b` is one word too.
pub(crate) fn split(line: &str, system: System) -> Option<Vec<String>> {
    match system {
        System::Windows => shlex::split(&keep_separators(line)),
        System::Linux | System::MacOs => shlex::split(line),
    }
}

/// The quote that the text so far has opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    None,
    Single,
    Double,
}

/// Doubles the backslashes that separate directories.
fn keep_separators(line: &str) -> String {
    let mut kept = String::with_capacity(line.len());
    let (mut quote, mut is_start) = (Quote::None, true);
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        kept.push(c);
        match (quote, c) {
            (Quote::None, '\'') => quote = Quote::Single,
            (Quote::None, '"') => quote = Quote::Double,
            (Quote::Single, '\'') | (Quote::Double, '"') => (quote, is_start) = (Quote::None, false),
            (Quote::None | Quote::Double, '\\') => {
                let mut next = rest.clone();
                match (next.next(), next.next()) {
                    // Two at the start of a word, before the name of a machine: both are kept.
                    (Some('\\'), Some(name)) if is_start && name.is_alphanumeric() => {
                        rest.next();
                        kept.push_str("\\\\\\");
                    }
                    (Some(next), _) if is_special(next) || (next == '#' && is_start) => kept.extend(rest.next()),
                    (Some(_), _) => kept.push('\\'),
                    // shlex finds the fault of a line that ends so.
                    (None, _) => {}
                }
                is_start = false;
            }
            _ => is_start = quote == Quote::None && c.is_ascii_whitespace(),
        }
    }
    kept
}

/// Whether a backslash before this character quotes it: it has a meaning in a shell, and is rare in names of files.
fn is_special(c: char) -> bool {
    c.is_ascii_whitespace() || "|&;<>()$`\\\"'*?".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_windows(line: &str) -> Vec<String> {
        split(line, System::Windows).unwrap()
    }

    #[test]
    fn a_path_of_windows_is_a_word() {
        for (line, words) in [
            (r"screenshot C:\users\x\out.png", &["screenshot", r"C:\users\x\out.png"][..]),
            (r#"screenshot "C:\my dir\out.png""#, &["screenshot", r"C:\my dir\out.png"]),
            (r"screenshot 'C:\my dir\out.png'", &["screenshot", r"C:\my dir\out.png"]),
            (r"screenshot C:\\users\\out.png", &["screenshot", r"C:\users\out.png"]),
            (r"C:\my\ dir\out.png", &[r"C:\my dir\out.png"]),
            (r"\\server\share\out.png", &[r"\\server\share\out.png"]),
            (r#"x "\\server\share\out.png" '\\server\y'"#, &["x", r"\\server\share\out.png", r"\\server\y"]),
            (r"..\out.png .\a", &[r"..\out.png", r".\a"]),
            (r"C:\Benutzer\ä\ü.png", &[r"C:\Benutzer\ä\ü.png"]),
        ] {
            assert_eq!(on_windows(line), words, "{line}");
        }
    }

    #[test]
    fn what_a_shell_quotes_stays_quoted_on_windows() {
        for line in
            [r#"type "say \"hi\"""#, r"type a\'b", r"type 'a b' \$HOME \# x", r#"type "\$x \` \\""#, r#"type "\\""#]
        {
            assert_eq!(on_windows(line), shlex::split(line).unwrap(), "{line}");
        }
        for open in [r#""C:\dir\"#, r#""C:\dir\""#, "'x", r"x\"] {
            assert_eq!(split(open, System::Windows), None, "{open}");
        }
    }

    #[test]
    fn elsewhere_a_backslash_quotes_every_character() {
        assert_eq!(split(r"a\b\ c", System::Linux).unwrap(), ["ab c"]);
    }

    proptest::proptest! {
        #[test]
        fn a_line_without_backslashes_is_split_alike_everywhere(line in "[ a-z'\"#$=\\n]{0,30}") {
            proptest::prop_assert_eq!(split(&line, System::Windows), split(&line, System::MacOs));
        }
    }
}
