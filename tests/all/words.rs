//! Holds comments to plain English: a doc comment says something, and names who acts.

use std::path::Path;

use crate::source_files::source_files;

/// Words that leave open who acts.
const VAGUE: [&str; 3] = ["somebody", "nobody", "whoever"];

/// Each doc comment below `src`, with its file and first line.
fn doc_comments() -> Vec<(String, String)> {
    let files = source_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let found: Vec<_> =
        files.iter().flat_map(|file| comments_of(&file.path.display().to_string(), &file.text)).collect();
    assert!(found.len() > 500, "the sources were not found");
    found
}

fn comments_of(file: &str, text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut is_open = false;
    for (number, line) in (1..).zip(text.lines().map(str::trim_start)) {
        let comment = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
        match (comment, found.last_mut()) {
            (Some(comment), Some((_, last))) if is_open => last.push_str(comment),
            (Some(comment), _) => found.push((format!("{file}:{number}"), comment.to_owned())),
            (None, _) => {}
        }
        is_open = comment.is_some();
    }
    found
}

/// What is wrong with a doc comment.
fn fault(comment: &str) -> Option<String> {
    let words: Vec<String> =
        comment.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let vague = words.iter().find(|word| VAGUE.contains(&word.as_str()));
    match (vague, words.len()) {
        (Some(word), _) => Some(format!("says `{word}`")),
        (None, 0..=2) => Some("is one word or two".to_owned()),
        (None, _) => None,
    }
}

#[test]
fn doc_comments_are_plain() {
    let faults: Vec<String> = doc_comments()
        .iter()
        .filter_map(|(place, comment)| fault(comment).map(|fault| format!("{place} {fault}:{comment}")))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_comment_that_says_nothing_is_found() {
    let faults = |text: &str| -> Vec<String> {
        comments_of("x", text).iter().filter_map(|(_, comment)| fault(comment)).collect()
    };
    assert_eq!(
        faults("/// Who.\nfn a() {}\n/// The id.\n/// Nobody knows.\nfn b() {}"),
        ["is one word or two", "says `nobody`"]
    );
    assert!(faults("/// Who\n/// asks.\n//! A room.").is_empty());
}
