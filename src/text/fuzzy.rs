//! Fuzzy search in short lines: how well a line fits what the user has typed. Pure.

/// Words found as they were typed, at the start of a word and inside one, and letters found one after another.
const AT_START: i64 = 300;
const INSIDE: i64 = 200;
const SCATTERED: i64 = 100;

/// Returns how well `line` fits: higher is better. `None` if one of the words of `input` is not in it, not even as letters in
/// their order. Case does not matter.
pub(crate) fn score(input: &str, line: &str) -> Option<i64> {
    let line = line.to_lowercase();
    input.to_lowercase().split_whitespace().map(|word| score_of_word(word, &line)).sum()
}

fn score_of_word(word: &str, line: &str) -> Option<i64> {
    let is_start = |at: usize| !line[..at].ends_with(char::is_alphanumeric);
    if line.match_indices(word).any(|(at, _)| is_start(at)) {
        return Some(AT_START);
    }
    if line.contains(word) {
        return Some(INSIDE);
    }
    // The letters with the fewest gaps from the left; a gap costs a point.
    let (mut gaps, mut letters, mut wanted) = (0, line.chars(), word.chars());
    let first = wanted.next()?;
    letters.find(|letter| *letter == first)?;
    for next in wanted {
        gaps += i64::try_from(letters.position(|letter| letter == next)?).unwrap_or(SCATTERED);
    }
    Some((SCATTERED - gaps).max(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whole_words_come_before_parts_and_these_before_scattered_letters() {
        let lines = ["i-1 prod-web-01 running", "i-2 aweb running", "i-3 w-east-b", "i-4 db-01"];
        let mut scored: Vec<(i64, &str)> =
            lines.into_iter().filter_map(|line| score("web", line).map(|score| (score, &line[..3]))).collect();
        scored.sort_unstable_by_key(|(score, _)| std::cmp::Reverse(*score));
        assert_eq!(scored.iter().map(|(_, id)| *id).collect::<Vec<_>>(), ["i-1", "i-2", "i-3"]);
    }

    #[test]
    fn each_word_must_be_there_in_any_order_and_case() {
        assert!(score("RUN web", "i-1 web-01 Running cn-hangzhou").is_some());
        assert!(score("数据 stop", "i-2 数据库 Stopped").is_some());
        assert_eq!(score("web stopped", "i-1 web-01 Running"), None);
        assert_eq!(score("", "anything"), Some(0));
    }

    proptest! {
        #[test]
        fn a_line_fits_any_part_of_itself(line in "\\PC{1,40}", from in 0_usize..40, length in 1_usize..10) {
            let part: String = line.chars().skip(from).take(length).collect();
            prop_assert!(score(&part, &line).is_some());
        }
    }
}
