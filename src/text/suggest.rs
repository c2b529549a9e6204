//! "Did you mean": the known word that is most like a mistaken one.

/// The candidate most like `word`, if any is like it: the measure and bound of clap's own suggestions.
pub(crate) fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = candidates.into_iter().map(|candidate| (strsim::jaro(word, candidate), candidate));
    scored.filter(|(score, _)| *score > 0.7).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn what_is_like_nothing_has_no_suggestion() {
        assert_eq!(suggest("delte", ["delete", "insert"]), Some("delete"));
        assert_eq!(suggest("xyz", ["delete", "insert"]), None);
    }
}
