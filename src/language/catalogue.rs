//! A catalogue of sentences in the PO format of GNU gettext.
//! Source: <https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html>.

use std::collections::HashMap;

use super::pattern::{Field, Pattern, letters};

/// The fewest characters of a sentence outside its fields, without spaces. With fewer it would match sentences that it was
/// not made for. A pattern with fewer, such as `in {region}`, is a part of sentences: it stands in their fields only.
const MIN_CHARACTERS: usize = 4;

/// A pattern with fewer letters does not stand around several words that are not translated themselves.
const WEAK_LETTERS: usize = 10;

/// English sentences and what they are in another language.
#[derive(Debug)]
pub(super) struct Catalogue {
    constants: HashMap<&'static str, &'static str>,
    /// With fields, those with the most letters first.
    patterns: Vec<(Pattern<'static>, Pattern<'static>)>,
}

impl Catalogue {
    /// Reads the entries of a PO file. Those without a translation are left out.
    pub(super) fn parse(text: &'static str) -> Self {
        let mut catalogue = Self { constants: HashMap::new(), patterns: Vec::new() };
        for (source, translation) in entries(text) {
            let pattern = Pattern::parse(source);
            if pattern.is_constant() {
                catalogue.constants.insert(source, translation);
            } else {
                catalogue.patterns.push((pattern, Pattern::parse(translation)));
            }
        }
        catalogue.patterns.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.letters));
        catalogue
    }

    /// Returns the translation of a sentence, or of a part of one. `accept` tells which texts may stand in fields, `field`
    /// translates them.
    pub(super) fn find(
        &self,
        text: &str,
        is_part: bool,
        accept: impl Fn(&str) -> bool,
        field: impl Fn(&str) -> Translation,
    ) -> Option<Translation> {
        if let Some(translation) = self.constants.get(text) {
            return Some(Translation { text: (*translation).to_owned(), letters: letters(text) });
        }
        let min_characters = if is_part { 1 } else { MIN_CHARACTERS };
        let mut candidates = self.patterns.iter().filter(|(source, _)| source.characters >= min_characters);
        candidates.find_map(|(source, target)| {
            let fields = source.fields(text)?;
            if !fields.iter().all(|field| field.is_quoted || accept(field.text)) {
                return None;
            }
            let translated = |found: &Field<'_>| match found.is_quoted {
                true => Translation { text: found.text.to_owned(), letters: 0 },
                false => field(found.text),
            };
            let translations: Vec<(&str, Translation)> = source.names().zip(fields.iter().map(translated)).collect();
            let is_english = |(found, (_, translation)): (&Field<'_>, &(&str, Translation))| {
                !found.is_quoted && found.text.trim().contains(' ') && translation.letters == 0
            };
            // A few words around a foreign sentence are found there by chance.
            if source.letters < WEAK_LETTERS && fields.iter().zip(&translations).any(is_english) {
                return None;
            }
            let letters = source.letters + translations.iter().map(|(_, field)| field.letters).sum::<usize>();
            let text = target.fill(|name, position| fill(&translations, name, position));
            Some(Translation { text, letters })
        })
    }
}

/// A text in the other language.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Translation {
    pub(super) text: String,
    /// The number of English letters that were translated.
    pub(super) letters: usize,
}

/// What stands for a field of the translation: the source's field of this name, or for `{}` that of this position.
fn fill(fields: &[(&str, Translation)], name: &str, position: usize) -> String {
    let by_name = fields.iter().find(|(source, _)| !name.is_empty() && *source == name);
    let found = by_name.or_else(|| fields.get(name.parse().unwrap_or(position)));
    found.map(|(_, field)| field.text.clone()).unwrap_or_default()
}

/// The entries that have a translation. The strings of our file are written as they are, on one line each, and escaped
/// quotes and backslashes are rare: only those strings take memory.
fn entries(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut source = None;
    text.lines().filter_map(move |line| {
        if let Some(quoted) = line.strip_prefix("msgid ") {
            source = unquote(quoted);
            return None;
        }
        let translation = unquote(line.strip_prefix("msgstr ")?)?;
        source.take().filter(|source| !source.is_empty() && !translation.is_empty()).map(|source| (source, translation))
    })
}

/// The text of a string in quotes.
fn unquote(quoted: &'static str) -> Option<&'static str> {
    let inner = quoted.trim().strip_prefix('"')?.strip_suffix('"')?;
    if !inner.contains('\\') {
        return Some(inner);
    }
    let (mut text, mut chars) = (String::with_capacity(inner.len()), inner.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next()? {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                other => text.push(other),
            },
            c => text.push(c),
        }
    }
    // The catalogue lives as long as the process.
    Some(Box::leak(text.into_boxed_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PO: &str = r#"
msgid ""
msgstr "Language: zh_CN\n"

#: src/a.rs
msgid "cannot read {name}: {error}"
msgstr "读取 {name} 失败：{error}"

msgid "{} of {} are ready"
msgstr "{1} 个中有 {0} 个就绪"

msgid "not done"
msgstr ""

msgid "say \"yes\"\n"
msgstr "回答“是”\n"

msgid "{a} is {b}"
msgstr "{a} 是 {b}"

msgid "first run `{command}`"
msgstr "请先运行 `{command}`"
"#;

    fn find(text: &str) -> Option<String> {
        find_as(text, false)
    }

    fn find_as(text: &str, is_part: bool) -> Option<String> {
        let field = |text: &str| Translation { text: text.to_uppercase(), letters: 0 };
        Catalogue::parse(PO).find(text, is_part, |_| true, field).map(|found| found.text)
    }

    #[test]
    fn a_sentence_is_found_with_its_fields() {
        assert_eq!(find("cannot read a.png: gone").unwrap(), "读取 A.PNG 失败：GONE");
        assert_eq!(find("3 of 10 are ready").unwrap(), "10 个中有 3 个就绪");
        assert_eq!(find("say \"yes\"\n").unwrap(), "回答“是”\n");
        assert_eq!(find("first run `ecs-vnc list`").unwrap(), "请先运行 `ecs-vnc list`");
    }

    #[test]
    fn what_is_not_translated_is_not_found() {
        for text in ["not done", "Language: zh_CN\n", "", "another sentence", "one is two"] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    #[test]
    fn a_weak_pattern_does_not_stand_around_other_sentences() {
        let find = |text: &str| {
            let kept = |text: &str| Translation { text: text.to_owned(), letters: 0 };
            Catalogue::parse(PO).find(text, true, |_| true, kept).map(|found| found.text)
        };
        assert_eq!(find("web-01 is Stopped").unwrap(), "web-01 是 Stopped");
        assert_eq!(find("The region is not opened for this account"), None);
        assert_eq!(find("cannot read my file: no such file").unwrap(), "读取 my file 失败：no such file");
    }

    #[test]
    fn a_short_pattern_is_a_part_of_sentences() {
        assert_eq!(find_as("one is two", true).unwrap(), "ONE 是 TWO");
    }
}
