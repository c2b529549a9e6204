//! Translates a text that consists of several sentences, or of a sentence inside another.

use std::borrow::Cow;

use super::catalogue::Catalogue;
use super::punctuation::{PUNCTUATION, SEPARATORS, is_one, punctuation};
use super::translation::Translation;
use super::{list, shield};

/// The most parts of a text that are looked up together.
const MAX_PARTS: usize = 32;

/// How deep sentences may stand inside each other.
const MAX_DEPTH: usize = 4;

/// Returns the text with all sentences translated that the catalogue has. Others stay as they are.
pub(super) fn translate<'t>(text: &'t str, catalogue: &Catalogue) -> Cow<'t, str> {
    let translation = translate_within(text, catalogue, MAX_DEPTH);
    if translation.letters == 0 { Cow::Borrowed(text) } else { Cow::Owned(translation.text) }
}

/// Translates the text as one sentence whose fields may hold others, or part by part: the way that leaves less English.
fn translate_within(text: &str, catalogue: &Catalogue, depth: usize) -> Translation {
    if depth == 0 {
        return Translation { text: text.to_owned(), letters: 0 };
    }
    let within = |text: &str| translate_within(text, catalogue, depth - 1);
    let is_part = depth < MAX_DEPTH;
    // Most texts are one sentence.
    if let Some(whole) = find(text, catalogue, is_part, is_one, within) {
        return whole;
    }
    if let Some(items) = list::items(text).filter(|_| is_part) {
        return translate_list(&items, within);
    }
    let in_parts = translate_parts(text, catalogue, is_part, within);
    match find(text, catalogue, is_part, |_| true, within) {
        Some(whole) if whole.letters > in_parts.letters => whole,
        _ => in_parts,
    }
}

/// Translates the parts of a text, as many of them as possible in one sentence.
fn translate_parts(
    text: &str,
    catalogue: &Catalogue,
    is_part: bool,
    within: impl Fn(&str) -> Translation,
) -> Translation {
    let parts = parts(text);
    let mut translated = Translation { text: String::new(), letters: 0 };
    // The last separator, and what it becomes before a translated part: a name or a value belongs to what it stands at.
    let (mut separator, mut before_translated) = ("", "");
    let mut first = 0;
    while first < parts.len() {
        let longest = parts.len().min(first + MAX_PARTS);
        let found = (first + 1..=longest).rev().find_map(|end| {
            let sentence = &text[parts[first].start..parts[end - 1].end];
            Some((find(sentence, catalogue, is_part, is_one, &within)?, end))
        });
        let (part, end) = match found {
            Some((sentence, end)) => {
                translated.text.push_str(before_translated);
                (separator, before_translated) =
                    (parts[end - 1].translated_separator, parts[end - 1].translated_separator);
                (sentence, end)
            }
            None => {
                let part = &parts[first];
                let kept = &text[part.start..part.end];
                translated.text.push_str(separator);
                let is_word = !kept.is_empty() && !kept.contains(char::is_whitespace);
                separator = part.separator;
                before_translated = if is_word { part.translated_separator } else { part.separator };
                (translate_in_parentheses(kept, &within), first + 1)
            }
        };
        translated.text.push_str(&part.text);
        translated.letters += part.letters;
        first = end;
    }
    translated.text.push_str(separator);
    translated
}

/// Translates what stands in the parentheses of a text that is not known.
fn translate_in_parentheses(text: &str, within: impl Fn(&str) -> Translation) -> Translation {
    let (mut translated, mut start) = (Translation { text: String::new(), letters: 0 }, 0);
    for (opening, end) in shield::parentheses(text) {
        let inside = within(&text[opening..end]);
        let before = &text[start..opening - 1];
        if inside.letters == 0 {
            translated.text.push_str(&text[start..=end]);
        } else {
            translated.text.push_str(&format!("{}（{}）", before.trim_end(), inside.text));
        }
        translated.letters += inside.letters;
        start = end + 1;
    }
    translated.text.push_str(&text[start..]);
    translated
}

fn translate_list(items: &[(&str, &'static str)], within: impl Fn(&str) -> Translation) -> Translation {
    let mut translated = Translation { text: String::new(), letters: 0 };
    for (item, between) in items {
        let item = within(item);
        translated.text.push_str(&item.text);
        translated.text.push_str(between);
        translated.letters += item.letters;
    }
    translated
}

/// Looks a sentence up without the punctuation around it.
fn find(
    text: &str,
    catalogue: &Catalogue,
    is_part: bool,
    accept: impl Fn(&str) -> bool,
    within: impl Fn(&str) -> Translation,
) -> Option<Translation> {
    let is_edge = |c: char| c.is_whitespace() || PUNCTUATION.iter().any(|(mark, _)| c == *mark);
    let core = text.trim_matches(is_edge);
    let (lead, tail) = text.split_once(core).filter(|_| !core.is_empty())?;
    let Translation { text, letters } = catalogue.find(core, is_part, accept, within)?;
    Some(Translation { text: format!("{}{text}{}", punctuation(lead), punctuation(tail)), letters })
}

/// A part of a text, and the separator behind it.
struct Part {
    start: usize,
    end: usize,
    separator: &'static str,
    translated_separator: &'static str,
}

fn parts(text: &str) -> Vec<Part> {
    let (mut parts, mut start) = (Vec::new(), 0);
    loop {
        let next =
            SEPARATORS.iter().filter_map(|(from, to)| Some((shield::find(&text[start..], from)?, *from, *to))).min();
        let Some((len, separator, translated_separator)) = next else {
            parts.push(Part { start, end: text.len(), separator: "", translated_separator: "" });
            return parts;
        };
        parts.push(Part { start, end: start + len, separator, translated_separator });
        start += len + separator.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PO: &str = r#"
msgid "cannot read {name}"
msgstr "读取 {name} 失败"

msgid "it is empty"
msgstr "文件为空"

msgid "there is no file; give one"
msgstr "没有文件；请给出一个"

msgid "in {region}"
msgstr "在地域 {region} 中"

msgid "stopped because {reason}"
msgstr "已停止，原因：{reason}"
"#;

    fn zh(text: &str) -> String {
        translate(text, &Catalogue::parse(PO)).into_owned()
    }

    #[test]
    fn sentences_in_a_row_are_translated_one_by_one() {
        assert_eq!(zh("cannot read a.png: it is empty"), "读取 a.png 失败：文件为空");
        assert_eq!(zh("cannot read a.png: no such thing"), "读取 a.png 失败：no such thing");
        assert_eq!(
            zh("stopped because cannot read a.png: no such thing"),
            "已停止，原因：读取 a.png 失败：no such thing"
        );
        assert_eq!(zh("web-01: it is empty"), "web-01：文件为空");
        assert_eq!(zh("of the service: it is empty"), "of the service: 文件为空");
    }

    #[test]
    fn a_list_keeps_together() {
        assert_eq!(zh("cannot read a, b or c: it is empty"), "读取 a、b 或 c 失败：文件为空");
        assert_eq!(zh("a, b, c"), "a, b, c");
        assert_eq!(zh("stopped because a, it is empty"), "已停止，原因：a，文件为空");
    }

    #[test]
    fn parentheses_keep_together() {
        assert_eq!(zh("nothing known (it is empty: a; cannot read b)"), "nothing known（文件为空：a；读取 b 失败）");
        assert_eq!(zh("nothing known (a; b) at all"), "nothing known (a; b) at all");
        assert_eq!(zh("cannot read a (b: it is empty)"), "读取 a（b：文件为空）失败");
    }

    #[test]
    fn a_sentence_with_a_separator_of_its_own_is_found_whole() {
        assert_eq!(zh("cannot read a.png: there is no file; give one"), "读取 a.png 失败：没有文件；请给出一个");
    }

    #[test]
    fn a_sentence_inside_another_is_translated() {
        assert_eq!(zh("stopped because it is empty"), "已停止，原因：文件为空");
        assert_eq!(zh("stopped because in cn-hangzhou"), "已停止，原因：在地域 cn-hangzhou 中");
        assert_eq!(zh("in cn-hangzhou"), "in cn-hangzhou", "not a sentence");
    }

    #[test]
    fn punctuation_around_a_sentence_is_translated() {
        assert_eq!(zh("it is empty."), "文件为空。");
        assert_eq!(zh(", it is empty: "), "，文件为空：");
        assert_eq!(zh("  it is empty\n"), "  文件为空\n");
    }

    #[test]
    fn other_text_is_kept() {
        for text in ["", "nothing of this is known", "a; b: c. d\ne", "{}"] {
            assert_eq!(zh(text), text);
        }
    }

    #[test]
    fn nested_sentences_end() {
        let deep = "stopped because ".repeat(50) + "it is empty";
        assert!(zh(&deep).starts_with("已停止，原因：已停止"));
    }
}
