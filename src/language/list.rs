//! Lists of names and values, such as `text, json` or `a, b or c`.

/// What stands between the items of a list, and what it becomes.
const BETWEEN: [(&str, &str); 3] = [(", ", "、"), (" or ", " 或 "), (" and ", " 和 ")];

/// The items of a list, each with what stands behind it in the other language. `None` if the text is no list of single
/// words: those with several words are clauses, and numbers are counts.
pub(super) fn items(text: &str) -> Option<Vec<(&str, &'static str)>> {
    let (mut items, mut rest) = (Vec::new(), text);
    loop {
        let next = BETWEEN.iter().filter_map(|(between, other)| Some((rest.find(between)?, *between, *other))).min();
        let (item, other) = next.map_or((rest, ""), |(len, _, other)| (&rest[..len], other));
        let is_number = item.chars().all(|c| c.is_ascii_digit());
        if is_number || item.contains(char::is_whitespace) || item.ends_with([',', ';', ':', '.']) {
            return None;
        }
        items.push((item, other));
        match next {
            Some((len, between, _)) => rest = &rest[len + between.len()..],
            None => return Some(items).filter(|items| items.len() > 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_are_items() {
        assert_eq!(items("text, json").unwrap(), [("text", "、"), ("json", "")]);
        assert_eq!(items("a, 'b' or c").unwrap(), [("a", "、"), ("'b'", " 或 "), ("c", "")]);
        for text in ["a", "76, 2", "a, it is b", "a: b, c", "a, , b", "a b or c", ", a", ""] {
            assert_eq!(items(text), None, "{text}");
        }
    }
}
