//! What is new in a console output that is read again and again. Pure.

/// The service returns the last part of the output only, so a new answer may begin anywhere in what was read before. A shorter
/// overlap than this may be chance, such as a line end. Lines that are all the same look as if nothing were new; those of kernels
/// have times.
const MIN_OVERLAP: usize = 32;

/// The console output so far.
#[derive(Debug, Default)]
pub(super) struct Continuation {
    /// The last answer.
    last: Vec<u8>,
    /// A line without an end, which was not returned yet. Its beginning may be in the last answer no more.
    held: Vec<u8>,
}

/// What an answer has added.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Addition {
    /// Whole lines, and a line without an end once nothing has followed it. Empty if there is nothing new.
    pub(super) text: Vec<u8>,
    /// Whether the answer does not continue the one before. The text is all of the answer then.
    pub(super) has_gap: bool,
    /// What was held back before a gap.
    pub(super) before_gap: Vec<u8>,
}

impl Continuation {
    /// Takes the next answer.
    ///
    /// A line without an end is held back until the rest of it comes, or until an answer adds nothing: it may end within an
    /// escape sequence or a character. One that is longer than the answer is not held back.
    pub(super) fn add(&mut self, answer: Vec<u8>) -> Addition {
        let overlap = overlap(&self.last, &answer);
        let has_gap = overlap < self.last.len().min(MIN_OVERLAP);
        let before_gap = if has_gap { std::mem::take(&mut self.held) } else { Vec::new() };
        let known = if has_gap { 0 } else { overlap };
        let mut text = std::mem::take(&mut self.held);
        text.extend_from_slice(&answer[known..]);
        let end = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let is_due = known == answer.len() || text.len() - end > answer.len();
        if !is_due {
            self.held = text.split_off(end);
        }
        self.last = answer;
        Addition { text, has_gap, before_gap }
    }
}

/// The length of the longest end of `before` that `after` begins with, in bytes.
///
/// This is the search of Knuth, Morris and Pratt for `after` in `before`: its time is linear, whatever the texts are.
fn overlap(before: &[u8], after: &[u8]) -> usize {
    let before = &before[before.len().saturating_sub(after.len())..];
    // For each beginning of `after`, the length of the longest shorter one that it ends with.
    let mut borders = vec![0; after.len()];
    let mut length = 0;
    for at in 1..after.len() {
        length = extended(after, &borders, length, after[at]);
        borders[at] = length;
    }
    length = 0;
    for byte in before {
        length = extended(after, &borders, length, *byte);
    }
    length
}

/// The length of the beginning of `pattern` that a text ends with, after one more byte. It was `length` before.
fn extended(pattern: &[u8], borders: &[usize], mut length: usize, byte: u8) -> usize {
    while length > 0 && pattern.get(length) != Some(&byte) {
        length = borders[length - 1];
    }
    if pattern.get(length) == Some(&byte) { length + 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The additions of answers, each as text, with `!` before one that does not continue the one before.
    fn additions(answers: &[&str]) -> Vec<String> {
        let mut continuation = Continuation::default();
        let add = |answer: &&str| {
            let Addition { text, has_gap, before_gap } = continuation.add(answer.as_bytes().to_vec());
            let before = String::from_utf8(before_gap).unwrap();
            format!("{before}{}{}", if has_gap { "!" } else { "" }, String::from_utf8(text).unwrap())
        };
        answers.iter().map(add).collect()
    }

    const LINE: &str = "[    1.234567] systemd[1]: Reached target Basic System.\n";

    #[test]
    fn what_is_new_follows_what_was_there() {
        let two = format!("{LINE}two\n");
        let (whole, cut) = (format!("{two}three\n"), format!("{}two\nthree\nfour\n", &LINE[10..]));
        assert_eq!(additions(&["", LINE, &two, &two, &whole, &cut]), ["", LINE, "two\n", "", "three\n", "four\n"]);
    }

    #[test]
    fn an_answer_that_continues_nothing_is_a_gap() {
        let (other, tail) = ("another boot\n".repeat(9), "\nand so on\n");
        assert_eq!(additions(&[LINE, &other, &other]), [LINE.to_owned(), format!("!{other}"), String::new()]);
        assert_eq!(additions(&[LINE, tail]), [LINE.to_owned(), format!("!{tail}")], "one line end is chance");
        assert_eq!(additions(&[LINE, ""]), [LINE, "!"]);
        assert_eq!(additions(&["ab\n", "ab\ncd\n"]), ["ab\n", "cd\n"], "all of a short one is enough");
    }

    #[test]
    fn a_line_is_whole_or_nothing_follows_it() {
        let prompt = format!("{LINE}login: ");
        let typed = format!("{prompt}root\nx");
        assert_eq!(additions(&[&prompt, &typed]), [LINE, "login: root\n"]);
        assert_eq!(additions(&[&prompt, &prompt, &prompt, &typed]), [LINE, "login: ", "", "root\n"]);
        let grown = format!("{prompt}r");
        assert_eq!(additions(&[&prompt, &grown, &grown]), [LINE, "", "login: r"]);
    }

    #[test]
    fn a_line_that_no_answer_holds_is_printed_whole() {
        let line: String = (100..200).map(|number| number.to_string()).collect();
        let answers: Vec<&str> =
            (0..=5).map(|step| &line[step * 40..step * 40 + 100]).chain([&line[200..300]]).collect();
        assert_eq!(additions(&answers).concat(), line);
    }

    #[test]
    fn what_was_held_back_comes_before_a_gap() {
        let (prompt, other) = (format!("{LINE}login: "), "another boot\n".repeat(9));
        assert_eq!(additions(&[&prompt, &other]), [LINE.to_owned(), format!("login: !{other}")]);
    }

    proptest! {
        #[test]
        fn the_overlap_is_the_longest(before in "[ab]{0,12}", after in "[ab]{0,12}") {
            let longest = (0..=after.len()).rev().find(|length| before.ends_with(&after[..*length]));
            prop_assert_eq!(Some(overlap(before.as_bytes(), after.as_bytes())), longest);
        }

        /// Whatever is cut at the front: if it is less than what stays, all that was written is printed, once.
        #[test]
        fn nothing_is_lost_or_told_twice(pieces in prop::collection::vec("[a-z0-9]{1,9}\n?", 1..40)) {
            let (mut log, mut printed, mut continuation) = (String::new(), Vec::new(), Continuation::default());
            for (number, piece) in pieces.iter().enumerate() {
                log.push_str(&format!("{number} {piece}"));
                let answer = log.as_bytes()[log.len().saturating_sub(100)..].to_vec();
                let addition = continuation.add(answer);
                prop_assert!(!addition.has_gap);
                printed.extend(addition.text);
            }
            printed.extend(continuation.add(log.as_bytes()[log.len().saturating_sub(100)..].to_vec()).text);
            prop_assert_eq!(String::from_utf8(printed).unwrap(), log);
        }
    }
}
