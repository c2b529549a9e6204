//! What stands in quotes or parentheses stays together: neither a sentence nor a field ends there.

/// Returns where `wanted` first begins in `text` outside quotes and parentheses.
pub(super) fn find(text: &str, wanted: &str) -> Option<usize> {
    let mut start = 0;
    text.find(wanted)?;
    for (opening, end) in groups(text) {
        // It may reach into the group, but not begin there.
        match text[start..].find(wanted) {
            Some(at) if start + at <= opening => return Some(start + at),
            Some(_) => start = end,
            None => return None,
        }
    }
    Some(start + text[start..].find(wanted)?)
}

/// Whether a parenthesis is closed that was not opened: what is opened before the text ends inside it.
pub(super) fn is_closed_too_early(text: &str) -> bool {
    let mut start = 0;
    for (opening, end) in groups(text) {
        if text[start..opening].contains(')') {
            return true;
        }
        start = end;
    }
    text[start..].contains(')')
}

/// The insides of the parentheses that stand in no other group, by their first byte and the byte behind the last.
pub(super) fn parentheses(text: &str) -> impl Iterator<Item = (usize, usize)> {
    groups(text).filter(|(start, _)| text[*start..].starts_with('(')).map(|(start, end)| (start + 1, end - 1))
}

/// The quoted texts and the parentheses that stand in no other, by their first byte and the byte behind the last.
fn groups(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut start = 0;
    std::iter::from_fn(move || {
        loop {
            let at = start + text[start..].find(['`', '"', '\'', '('])?;
            if let Some(end) = group_end(text, at) {
                start = end;
                return Some((at, end));
            }
            start = at + 1;
        }
    })
}

/// The byte behind the group that begins at `start`, if one does. An apostrophe begins none.
fn group_end(text: &str, start: usize) -> Option<usize> {
    let inside = &text[start + 1..];
    if text[start..].starts_with('(') {
        let mut depth = 1_usize;
        let closes = |c: char| {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            depth == 0
        };
        return Some(start + 2 + inside.find(closes)?);
    }
    if text[..start].ends_with(char::is_alphanumeric) || inside.starts_with(char::is_whitespace) {
        return None;
    }
    let quote = &text[start..=start];
    let is_end = |at: usize| !inside[at + 1..].starts_with(char::is_alphanumeric);
    let (at, _) = inside.match_indices(quote).find(|(at, _)| is_end(*at))?;
    Some(start + at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_begins_in_quotes_or_parentheses() {
        for (text, wanted, at) in [
            ("a, b", ", ", Some(1)),
            ("'a, b', c", ", ", Some(6)),
            ("`a, b` (c, d), e", ", ", Some(13)),
            ("x (a (b), c)", ", ", None),
            ("the user's, 'a'", ", ", Some(10)),
            ("'it's, this', b", ", ", Some(12)),
            ("a (b, c", ", ", Some(4)),
            ("' , '", ", ", Some(2)),
            ("a (b)", " (", Some(1)),
            ("数据 (库, 主), x", ", ", Some(17)),
        ] {
            assert_eq!(find(text, wanted), at, "{text}");
        }
    }

    #[test]
    fn parentheses_are_counted() {
        for text in ["a) (b", "a)", "(a))"] {
            assert!(is_closed_too_early(text), "{text}");
        }
        for text in ["", "a (b)", "(a (b)) (c)", "'a)'", "(a"] {
            assert!(!is_closed_too_early(text), "{text}");
        }
    }
}
