//! A catalogue of sentences in the PO format of GNU gettext.
//! Source: <https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html>.

use std::collections::HashMap;

use super::pattern::{Field, Pattern, letters};
use super::punctuation::{SEPARATORS, is_one};
use super::translation::Translation;
use super::{list, shield};

/// The fewest characters of a sentence outside its fields, without spaces. With fewer it would match sentences that it was
/// not made for. A pattern with fewer, such as `in {region}`, is a part of sentences: it stands in their fields only.
const MIN_CHARACTERS: usize = 4;

/// A pattern with fewer letters does not stand around several words that are not translated themselves.
const WEAK_LETTERS: usize = 10;

/// The most places that are tried for the end of a field without a text behind it.
const MAX_CUTS: usize = 12;

/// The fewest letters of a clause that begins with a field.
const MIN_LETTERS_BEHIND_FIELD: usize = 16;

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
        entries(text).for_each(|(source, translation)| catalogue.add(source, translation));
        // The sort keeps the order of equals: a sentence of its own comes before the clause of another.
        for (source, translation) in entries(text).flat_map(|(source, translation)| clauses(source, translation)) {
            if !catalogue.constants.contains_key(source) {
                catalogue.add(source, translation);
            }
        }
        catalogue.patterns.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.letters));
        catalogue
    }

    fn add(&mut self, source: &'static str, translation: &'static str) {
        let pattern = Pattern::parse(source);
        if pattern.is_constant() {
            self.constants.insert(source, translation);
        } else {
            self.patterns.push((pattern, Pattern::parse(translation)));
        }
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
            let fields = source.fields(text, |fields| cut(fields, &field))?;
            if !fields.iter().all(|field| field.is_quoted || accept(field.text)) {
                return None;
            }
            // A few letters at a single field are a part of a sentence, such as `{} left`, and do not hold several.
            if source.letters < WEAK_LETTERS && fields.len() == 1 && !fields[0].is_quoted && !is_one(fields[0].text) {
                return None;
            }
            let translated = |found: &Field<'_>| match found.is_quoted {
                true => Translation { text: found.text.to_owned(), letters: 0 },
                false => field(found.text),
            };
            let translations: Vec<(&str, Translation)> = source.names().zip(fields.iter().map(translated)).collect();
            let is_english = |(found, (_, translation)): (&Field<'_>, &(&str, Translation))| {
                !found.is_quoted && translation.letters == 0 && has_several_words(found.text.trim())
            };
            // A few words around a foreign sentence are found there by chance.
            if source.letters < WEAK_LETTERS && fields.iter().zip(&translations).any(is_english) {
                return None;
            }
            let letters = source.letters + translations.iter().map(|(_, field)| field.letters).sum::<usize>();
            let translated = target.fill(|name, position| fill(&translations, name, position));
            // One such as `RequestId {}` is the same in both languages, and no sign of a sentence that is known.
            (translated != text).then_some(Translation { text: translated, letters })
        })
    }
}

/// Where the first of two fields ends that have no text between them: where most of both is translated. The second one
/// begins with a space or with punctuation, or is empty. It is as short as it can be.
fn cut(fields: &str, field: impl Fn(&str) -> Translation) -> usize {
    let may_begin = |(at, c): (usize, char)| {
        let is_mark = " ,;:.".contains(c) && !fields[..at].ends_with([',', ';', ':', '.']);
        (at > 0 && is_mark).then_some(at)
    };
    let cuts = fields.char_indices().filter_map(may_begin).take(MAX_CUTS);
    let letters = |at: usize| field(&fields[..at]).letters + field(&fields[at..]).letters;
    // Punctuation is a better place than a space.
    let best = cuts.map(|at| (letters(at), !fields[at..].starts_with(' '), at)).max();
    let whole = if is_one(fields.trim_start_matches([',', ';', ':', '.', ' '])) { field(fields).letters } else { 0 };
    best.filter(|(letters, ..)| *letters > whole).map_or(fields.len(), |(.., at)| at)
}

/// What stands for a field of the translation: the source's field of this name, or for `{}` that of this position.
fn fill<'f>(fields: &'f [(&str, Translation)], name: &str, position: usize) -> Option<&'f Translation> {
    let by_name = fields.iter().find(|(source, _)| !name.is_empty() && *source == name);
    let found = by_name.or_else(|| fields.get(name.parse().unwrap_or(position)));
    found.map(|(_, field)| field)
}

/// Whether a text may be a foreign sentence: a list of words and a name in quotes are none.
fn has_several_words(text: &str) -> bool {
    text.contains(' ') && list::items(text).is_none() && shield::find(text, " ").is_some()
}

/// The clauses of a sentence, if its translation has the same: what stands between semicolons, and what stands behind a field at
/// the beginning. Where other text stands in such a field, the whole sentence may not be found.
fn clauses(source: &'static str, translation: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    let (parts, translated): (Vec<_>, Vec<_>) = (source.split("; ").collect(), translation.split('；').collect());
    if parts.len() > 1 && parts.len() == translated.len() {
        found.extend(parts.into_iter().zip(translated));
    }
    for (separator, translated_separator) in SEPARATORS {
        let behind = |text: &'static str, separator: &str| match text.split_once(separator)? {
            (field, behind) if field.starts_with('{') && field.find('}') == Some(field.len() - 1) => {
                Some((field, behind))
            }
            _ => None,
        };
        let both = (behind(source, separator), behind(translation, translated_separator));
        if let (Some((field, behind)), Some((translated_field, translated))) = both
            && field == translated_field
        {
            found.push((behind, translated));
        }
    }
    found.retain(|(source, translation)| is_clause(source, translation));
    found
}

/// Whether a clause can be told from other sentences, such as those of the service, and has the fields of its translation,
/// each of which has a name or is the only one.
fn is_clause(source: &'static str, translation: &'static str) -> bool {
    let (source, translation) = (Pattern::parse(source), Pattern::parse(translation));
    let names = |pattern: &Pattern<'static>| {
        let mut names: Vec<&str> = pattern.names().collect();
        names.sort_unstable();
        names
    };
    let names = (names(&source), names(&translation));
    let least = if source.begins_with_field() { MIN_LETTERS_BEHIND_FIELD } else { 1 };
    source.letters >= least && names.0 == names.1 && (names.0.len() < 2 || names.0.iter().all(|name| !name.is_empty()))
}

/// The entries that have a translation. The strings of our file are written as they are, on one line each, and escaped
/// quotes and backslashes are rare: only those strings take memory.
pub(super) fn entries(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
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

msgid "{reason}; nothing was typed: {count} keys"
msgstr "{reason}；没有输入：{count} 个键"

msgid "{key} is missing; add it to {file}"
msgstr "缺少 {key}；请将其添加到 {file}"

msgid "{file} has no settings of its own; none is used"
msgstr "{file} 中没有任何设置；不使用任何设置"
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
    fn a_clause_is_found_without_its_sentence() {
        assert_eq!(find("nothing was typed: 3 keys").unwrap(), "没有输入：3 个键");
        assert_eq!(find("add it to a.toml").unwrap(), "请将其添加到 A.TOML");
        assert_eq!(find("profile has no settings of its own").unwrap(), "PROFILE 中没有任何设置");
        assert_eq!(find("the region is missing"), None, "it could be a sentence of the service");
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
