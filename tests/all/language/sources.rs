//! Finds the sentences in the Rust sources that people may read.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::path::Path;

use proc_macro2::{Delimiter, Group, LexError, Literal, TokenStream, TokenTree};

use crate::source_files::source_files;

/// Rooms and files whose texts are not for people: answers for agents and programs, guests, screens, markup.
const NOT_FOR_PEOPLE: [&str; 7] =
    ["commands/mcp/", "contact_sheet/", "demo/display", "demo/fault.rs", "guest_shell/", "page/", "screen_text/"];

/// Macros and methods whose texts only a developer sees.
const FOR_DEVELOPERS: [&str; 11] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "expect",
    "include_str",
    "include_bytes",
    "panic",
    "unreachable",
    "concat",
];

/// What takes a text for people even if it is a single word.
const FOR_PEOPLE: [&str; 11] =
    ["ask", "confirm", "context", "detail", "hint", "label", "labelled", "late_warning", "message", "note", "warning"];

/// The sentences below `src`, with the file in which each stands first, in the order of the files.
pub(super) fn sentences() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut by_file = BTreeMap::new();
    for file in source_files(&root).into_iter().filter(|file| !file.is_tests()) {
        let name = file.path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        // The arguments of `mcp` are for people.
        let is_for_people =
            name == "commands/mcp/mod.rs" || !NOT_FOR_PEOPLE.iter().any(|start| name.starts_with(start));
        if is_for_people {
            let texts = of_text(&file.text).unwrap_or_else(|error| panic!("{name}: {error}"));
            by_file.insert(name, texts);
        }
    }
    let in_file = |(name, texts): (String, Vec<String>)| texts.into_iter().map(move |text| (name.clone(), text));
    by_file.into_iter().flat_map(in_file).collect()
}

/// The sentences of a Rust text.
fn of_text(text: &str) -> Result<Vec<String>, LexError> {
    let mut found = Vec::new();
    collect(text.parse()?, false, &mut found);
    Ok(found.iter().map(|text| normalized(text)).filter(|text| text.contains(char::is_alphabetic)).collect())
}

/// Collects what stands in `tokens`. `for_people` is true inside a call that writes for people.
fn collect(tokens: TokenStream, for_people: bool, found: &mut Vec<String>) {
    let mut tokens = tokens.into_iter().peekable();
    let mut name = String::new();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => attribute(&mut tokens, found),
            TokenTree::Ident(ident) => name = ident.to_string(),
            TokenTree::Literal(literal) => {
                found.extend(text_of(&literal).filter(|text| has_letters(text) && (for_people || is_sentence(text))));
            }
            TokenTree::Group(group) => {
                let is_call = group.delimiter() == Delimiter::Parenthesis;
                if !(is_call && FOR_DEVELOPERS.contains(&name.as_str())) {
                    collect(group.stream(), is_call && FOR_PEOPLE.contains(&name.as_str()), found);
                }
                name.clear();
            }
            // `name!(…)`
            TokenTree::Punct(punct) if punct.as_char() == '!' => {}
            TokenTree::Punct(_) => name.clear(),
        }
    }
}

/// Collects the text of `#[error("…")]`, and skips what `#[cfg(test)]` stands at, and other attributes.
fn attribute(tokens: &mut Peekable<impl Iterator<Item = TokenTree>>, found: &mut Vec<String>) {
    let is_inner = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '!');
    tokens.next_if(is_inner);
    let Some(TokenTree::Group(group)) = tokens.next() else { return };
    match group.stream().into_iter().next() {
        Some(TokenTree::Ident(name)) if name == "error" => collect(group.stream(), false, found),
        Some(TokenTree::Ident(name)) if name == "cfg" && is_test(&group) => {
            let is_end = |token: &TokenTree| match token {
                TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                TokenTree::Punct(punct) => punct.as_char() == ';',
                _ => false,
            };
            let _ = tokens.find(is_end);
        }
        _ => {}
    }
}

fn is_test(group: &Group) -> bool {
    group.stream().to_string().replace(' ', "") == "cfg(test)"
}

/// The text of a string literal.
fn text_of(literal: &Literal) -> Option<String> {
    let code = literal.to_string();
    if let Some(raw) = code.strip_prefix('r') {
        return Some(raw.trim_matches('#').strip_prefix('"')?.strip_suffix('"')?.to_owned());
    }
    let inner = code.strip_prefix('"')?.strip_suffix('"')?;
    let (mut text, mut chars) = (String::new(), inner.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next()? {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                '\n' => while chars.next_if(|c| c.is_whitespace()).is_some() {},
                // Control characters and the like: no text for people has them.
                'x' | 'u' | 'r' | '0' => return None,
                other => text.push(other),
            },
            c => text.push(c),
        }
    }
    Some(text)
}

/// The text outside the fields of a sentence.
fn outside_fields(text: &str) -> String {
    let text = normalized(text);
    let parts: Vec<&str> = text.split('{').map(|part| part.rsplit('}').next().unwrap()).collect();
    parts.join(" x ")
}

/// Whether a text has a word outside its fields.
fn has_letters(text: &str) -> bool {
    outside_fields(text).split_whitespace().any(|word| word != "x" && word.contains(char::is_alphabetic))
}

/// Whether a text has two words, one of them in small letters, and is no command line, path, URL or markup.
fn is_sentence(text: &str) -> bool {
    let is_word = |word: &&str| word.trim_matches(|c: char| !c.is_alphanumeric()).chars().any(char::is_alphabetic);
    let without_fields = outside_fields(text);
    let words: Vec<&str> = without_fields.split_whitespace().filter(is_word).collect();
    let is_small = |word: &&str| {
        let word = word.trim_matches(|c: char| ",.;:()`'\"".contains(c));
        word.len() >= 2 && word.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '\'')
    };
    let is_code =
        ["ecs-vnc ", "cat ", "date ", "printf ", "EDITOR=", "aliyun ", "export ", ".", "/", "C:\\", "<", "^", "http"]
            .iter()
            .any(|start| text.trim_start().starts_with(start));
    words.len() >= 2 && words.iter().any(is_small) && !is_code
}

/// The text as the catalogue has it: fields by their names only, and without the punctuation around it, which is
/// translated on its own.
pub(super) fn normalized(text: &str) -> String {
    let (mut plain, mut rest) = (String::new(), text);
    while let Some(start) = rest.find(['{', '}']) {
        plain.push_str(&rest[..start]);
        let brace = &rest[start..];
        if brace.starts_with("{{") || brace.starts_with("}}") {
            plain.push_str(&brace[..1]);
            rest = &brace[2..];
        } else if let Some(end) = brace.find('}').filter(|end| *end > 0) {
            let name = brace[1..end].split(':').next().unwrap().trim();
            plain.push_str(&format!("{{{name}}}"));
            rest = &brace[end + 1..];
        } else {
            plain.push_str(&brace[..1]);
            rest = &brace[1..];
        }
    }
    plain.push_str(rest);
    plain.trim_matches(|c: char| c.is_whitespace() || ",;:.".contains(c)).to_owned()
}

#[test]
fn sentences_of_every_kind_are_found() {
    let code = r##"
        /// A comment of the code.
        #[error("could not read {path}: {0:?}")]
        #[arg(help = "not here")]
        fn a() {
            let text = format!("{name} is {:>5} long; ", 3);
            output.warning("stopped");
            x.hint(format!("use `{}`", y));
            let (path, one, url) = ("/etc/with a space", "word", "ecs-vnc open web-01");
            assert!(x, "for a developer only");
            y.expect("our own types are JSON");
            let raw = r#"a raw "text" here."#;
            "two \
             lines"
        }
        #[cfg(test)]
        mod tests { const TEXT: &str = "text of a test"; }
        const AFTER: &str = "text after the tests";
    "##;
    let expected = [
        "could not read {path}: {0}",
        "{name} is {} long",
        "stopped",
        "use `{}`",
        "a raw \"text\" here",
        "two lines",
        "text after the tests",
    ];
    assert_eq!(of_text(code).unwrap(), expected);
}
