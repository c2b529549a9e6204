//! Names in sentences: one that looks like a part of the sentence stands in quotes.

use std::borrow::Cow;
use std::path::Path;

/// Returns the name as it is in a sentence: in quotes if it has spaces, quotes or parentheses, or punctuation at its end.
pub(crate) fn quoted(name: &str) -> Cow<'_, str> {
    let is_odd = |c: char| c.is_whitespace() || QUOTES.contains(&c) || "()".contains(c);
    if !name.is_empty() && !name.contains(is_odd) && !name.ends_with(['.', ',', ';', ':']) {
        return Cow::Borrowed(name);
    }
    let quote = QUOTES.into_iter().find(|quote| !name.contains(*quote)).unwrap_or(QUOTES[0]);
    Cow::Owned(format!("{quote}{name}{quote}"))
}

/// A path in a sentence.
pub(crate) trait Shown {
    fn shown(&self) -> String;
}

impl Shown for Path {
    fn shown(&self) -> String {
        quoted(&self.display().to_string()).into_owned()
    }
}

const QUOTES: [char; 3] = ['\'', '"', '`'];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_odd_names_are_in_quotes() {
        for name in ["web-01", "/etc/a.toml", r"C:\a", "数据库", "web-*", "a,b"] {
            assert_eq!(quoted(name), name);
        }
        assert_eq!(quoted("in cn-hangzhou"), "'in cn-hangzhou'");
        assert_eq!(quoted("it's"), "\"it's\"");
        assert_eq!(quoted("a:"), "'a:'");
        assert_eq!(quoted("a(b)"), "'a(b)'");
        assert_eq!(quoted(""), "''");
    }
}
