//! Holds comments to plain English: a doc comment says something, and names who acts.

use std::fs;
use std::path::Path;

/// Words that leave open who acts.
const VAGUE: [&str; 3] = ["somebody", "nobody", "whoever"];

/// Each doc comment below `src`, with its file and first line.
fn doc_comments() -> Vec<(String, String)> {
    let (mut found, mut dirs) = (Vec::new(), vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")]);
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.extend(comments_of(&path.display().to_string(), &fs::read_to_string(&path).unwrap()));
            }
        }
    }
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
        (None, 0..=1) => Some("is one word".to_owned()),
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
        ["is one word", "says `nobody`"]
    );
    assert!(faults("/// Who\n/// asks.\n//! A room.").is_empty());
}
