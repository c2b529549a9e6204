//! Punctuation in English and in Chinese.

use super::{list, shield};

/// What stands between sentences and between their parts, and what it becomes behind a translated one.
pub(super) const SEPARATORS: [(&str, &str); 5] = [("\n", "\n"), (". ", "。"), ("; ", "；"), (": ", "："), (", ", "，")];

/// Marks at the edges of a sentence, which the catalogue leaves out.
pub(super) const PUNCTUATION: [(char, char); 4] = [('.', '。'), (';', '；'), (':', '：'), (',', '，')];

/// Whether a text is one name, value or sentence, or a list of names: it has no other one behind it.
pub(super) fn is_one(text: &str) -> bool {
    !SEPARATORS.iter().any(|(separator, _)| shield::find(text, separator).is_some()) || list::items(text).is_some()
}

/// The punctuation at the edge of a sentence, as it is in Chinese: without a space behind it.
pub(super) fn punctuation(edge: &str) -> String {
    let translated = |c: char| PUNCTUATION.iter().find(|(mark, _)| c == *mark).map(|(_, translated)| *translated);
    let (mut text, mut is_behind_mark) = (String::new(), false);
    for c in edge.chars() {
        match translated(c) {
            Some(mark) => text.push(mark),
            None if c == ' ' && is_behind_mark => {}
            None => text.push(c),
        }
        is_behind_mark = translated(c).is_some();
    }
    text
}
