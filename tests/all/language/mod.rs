//! Holds the Chinese catalogue complete: each sentence that a person may read has a translation.
//!
//! After a change of an English sentence, `SNAPSHOTS=overwrite cargo test --test all language::` writes
//! `src/language/zh_CN.po` anew: new sentences are added without a translation, and those that are gone are removed.
//! `tests/all/language/kept.txt` has the sentences that stay English.

mod help_texts;
mod library_texts;
mod po;
mod sources;
mod spoken;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::{env, fs};

fn in_repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn catalogue() -> PathBuf {
    in_repository("src/language/zh_CN.po")
}

/// The sentences that stay English, one a line, as the catalogue would have them.
fn kept() -> BTreeSet<String> {
    let text = fs::read_to_string(in_repository("tests/all/language/kept.txt")).unwrap();
    text.lines().filter(|line| !line.is_empty()).map(|line| line.replace("\\n", "\n")).collect()
}

/// The sentences that need a translation, each once.
fn needed() -> Vec<(String, String)> {
    let (kept, mut seen) = (kept(), BTreeSet::new());
    let sources = sources::sentences().into_iter().map(|(file, text)| (format!("src/{file}"), text));
    let mut all: Vec<_> = sources.chain(help_texts::sentences()).chain(library_texts::sentences()).collect();
    all.retain(|(_, text)| !kept.contains(text) && seen.insert(text.clone()));
    all
}

/// The fields of a sentence, those without a name by their position.
fn fields(text: &str) -> Vec<String> {
    let names = text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()));
    let number = |(position, name): (usize, String)| if name.is_empty() { position.to_string() } else { name };
    let mut fields: Vec<String> = names.enumerate().map(number).collect();
    fields.sort();
    fields
}

#[test]
fn each_sentence_has_a_translation() {
    let (file, needed) = (catalogue(), needed());
    let translations = po::read(&fs::read_to_string(&file).unwrap());
    if env::var_os("SNAPSHOTS").is_some_and(|action| action == "overwrite") {
        fs::write(&file, po::write(&needed, &translations)).unwrap();
    }
    let is_missing = |text: &str| translations.get(text).is_none_or(String::is_empty);
    let missing: Vec<_> = needed.iter().filter(|(_, text)| is_missing(text)).collect();
    assert!(missing.is_empty(), "{} without a translation: {missing:#?}", missing.len());
    let needed: BTreeSet<&str> = needed.iter().map(|(_, text)| text.as_str()).collect();
    let unused: Vec<_> = translations.keys().filter(|text| !needed.contains(text.as_str())).collect();
    assert!(unused.is_empty(), "in the catalogue, but not in the program: {unused:#?}");
}

#[test]
fn a_translation_has_the_fields_of_its_sentence() {
    let translations = po::read(&fs::read_to_string(catalogue()).unwrap());
    let has_other_fields = |(text, translation): &(&String, &String)| fields(text) != fields(translation);
    let faults: Vec<_> = translations.iter().filter(|entry| !entry.1.is_empty()).filter(has_other_fields).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn what_is_kept_is_in_the_program() {
    let all: BTreeSet<String> =
        sources::sentences().into_iter().chain(help_texts::sentences()).map(|(_, text)| text).collect();
    let gone: Vec<String> = kept().difference(&all).cloned().collect();
    assert!(gone.is_empty(), "{gone:#?}");
}
