//! The catalogue as a file: reads and writes the PO format of GNU gettext.

use std::collections::BTreeMap;
use std::fmt::Write as _;

const HEADER: &str = "# The Chinese of ecs-vnc. Fields such as {name} stand for what differs; `{}` are counted from 0.\n\
    # After a change of an English sentence: SNAPSHOTS=overwrite cargo test --test all language::\n\
    msgid \"\"\n\
    msgstr \"Language: zh_CN\\nContent-Type: text/plain; charset=UTF-8\\nContent-Transfer-Encoding: 8bit\\n\"\n";

/// The translations, by the English sentence. Those that are missing are empty.
pub(super) fn read(text: &str) -> BTreeMap<String, String> {
    let mut entries = BTreeMap::new();
    let mut source = String::new();
    for line in text.lines() {
        if let Some(quoted) = line.strip_prefix("msgid ") {
            source = unquote(quoted);
        } else if let Some(quoted) = line.strip_prefix("msgstr ") {
            assert!(entries.insert(source.clone(), unquote(quoted)).is_none(), "twice in the catalogue: {source}");
        } else {
            assert!(line.is_empty() || line.starts_with('#'), "not understood: {line}");
        }
    }
    entries.remove("");
    entries
}

/// The file with these sentences, each with the place that it comes from.
pub(super) fn write(sentences: &[(String, String)], translations: &BTreeMap<String, String>) -> String {
    let mut text = HEADER.to_owned();
    for (place, sentence) in sentences {
        let translation = translations.get(sentence).map_or("", String::as_str);
        let _ = write!(text, "\n#: {place}\nmsgid {}\nmsgstr {}\n", quote(sentence), quote(translation));
    }
    text
}

fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t"))
}

fn unquote(quoted: &str) -> String {
    let inner = quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap();
    let (mut text, mut chars) = (String::new(), inner.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next().unwrap() {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                other => text.push(other),
            },
            c => text.push(c),
        }
    }
    text
}
