//! "Did you mean": the known word that is most similar to a wrong one.

/// The Jaro similarity above which a candidate is suggested, as in clap.
const MIN_SIMILARITY: f64 = 0.7;

/// The candidate that is most similar to `word`, `None` if none is similar. Upper and lower case are the same.
pub(crate) fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let scored = candidates.into_iter().map(|candidate| (strsim::jaro(&word, &candidate.to_lowercase()), candidate));
    scored
        .filter(|(score, _)| *score > MIN_SIMILARITY)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn a_word_unlike_all_others_has_no_suggestion() {
        assert_eq!(suggest("delte", ["delete", "insert"]), Some("delete"));
        assert_eq!(suggest("xyz", ["delete", "insert"]), None);
    }

    #[test]
    fn a_word_in_another_case_is_the_most_similar() {
        assert_eq!(suggest("web-01", ["web-02", "WEB-01", "web-0"]), Some("WEB-01"));
        assert_eq!(suggest("DELTE", ["delete"]), Some("delete"));
    }
}
