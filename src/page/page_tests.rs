use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::*;

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/page")
}

/// The relative paths of all files below `directory`.
fn files(directory: &Path) -> BTreeSet<String> {
    let (mut found, mut left) = (BTreeSet::new(), vec![directory.to_owned()]);
    while let Some(next) = left.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else {
                let parts = path.strip_prefix(directory).unwrap().components();
                let parts: Vec<_> = parts.map(|part| part.as_os_str().to_str().unwrap().to_owned()).collect();
                found.insert(parts.join("/"));
            }
        }
    }
    found
}

/// The paths that a script imports, relative to the page. `from` is the script's own path.
fn imports(from: &str, script: &str) -> Vec<String> {
    let statements = script.lines().filter(|line| !line.trim_start().starts_with(['*', '/']));
    let named = statements.flat_map(|line| {
        let quoted = line.split_once(" from ").filter(|_| line.starts_with(['i', 'e', '}'])).map(|(_, rest)| rest);
        [quoted, line.split_once("import(").map(|(_, rest)| rest)]
    });
    named.flatten().map(|quoted| resolve(from, quoted.trim_start_matches(['\'', '"']))).collect()
}

fn resolve(from: &str, quoted: &str) -> String {
    let name = quoted.split(['\'', '"']).next().unwrap();
    assert!(name.starts_with("./") || name.starts_with("../"), "{from} imports {name} from elsewhere");
    let mut path: Vec<&str> = from.split('/').collect();
    path.pop();
    for part in name.split('/') {
        match part {
            "." => {}
            ".." => drop(path.pop().unwrap()),
            part => path.push(part),
        }
    }
    path.join("/")
}

fn text(path: &str) -> &'static str {
    std::str::from_utf8(asset(path).unwrap_or_else(|| panic!("{path} is no asset")).body).unwrap()
}

#[test]
fn every_file_of_the_directory_is_embedded() {
    let table: BTreeSet<String> = assets::FILES.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(table.len(), assets::FILES.len(), "a path is listed twice");
    let served = |path: &String| ["html", "css", "js", "svg"].iter().any(|end| path.ends_with(&format!(".{end}")));
    assert_eq!(table, files(&directory()).into_iter().filter(served).collect());
    for (path, body) in assets::FILES {
        assert!(*body == fs::read(directory().join(path)).unwrap() && !body.is_empty(), "{path}");
    }
}

#[test]
fn every_import_is_an_asset_and_every_script_is_imported() {
    let (mut seen, mut left) = (BTreeSet::new(), vec!["console.js".to_owned()]);
    while let Some(path) = left.pop() {
        if seen.insert(path.clone()) {
            left.extend(imports(&path, text(&path)));
        }
    }
    let scripts = assets::FILES.iter().map(|(path, _)| (*path).to_owned()).filter(|path| path.ends_with(".js"));
    assert_eq!(seen, scripts.collect());
}

#[test]
fn the_page_loads_only_its_own_files() {
    let page = text(PAGE);
    let mut found = 0;
    for attribute in [" src=\"", " href=\""] {
        for rest in page.split(attribute).skip(1) {
            let path = rest.split('"').next().unwrap();
            assert!(path.starts_with('#') || asset(path).is_some(), "{path}");
            found += 1;
        }
    }
    assert!(found >= 4, "the script, the style, the icon and the licences");
    // The policy forbids these.
    for word in ["<style", " style=", " onclick", "<script>"] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(!text("console.css").contains("url(") && !text("console.css").contains("@import"));
}

#[test]
fn novnc_is_unmodified() {
    let novnc = directory().join("novnc");
    let sums = fs::read_to_string(novnc.join("SHA256SUMS")).unwrap();
    let mut listed = BTreeSet::new();
    for line in sums.lines() {
        let (sum, path) = line.split_once("  ").unwrap();
        let seen: String =
            Sha256::digest(fs::read(novnc.join(path)).unwrap()).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(seen, sum, "{path}");
        listed.insert(path.to_owned());
    }
    let ours = ["README.md", "SHA256SUMS", ".gitattributes"];
    assert_eq!(listed, files(&novnc).into_iter().filter(|path| !ours.contains(&path.as_str())).collect());
}

#[test]
fn the_licences_are_served() {
    let Asset { media_type, body } = asset("licences.txt").unwrap();
    assert_eq!(media_type, "text/plain; charset=utf-8");
    let text = std::str::from_utf8(body).unwrap();
    for words in ["Mozilla Public License Version 2.0", "The MIT License", "Samuel Mannehed", "Redistribution and use"]
    {
        assert!(text.contains(words), "{words}");
    }
}

#[test]
fn nothing_else_is_served() {
    for path in ["", "/", "mod.rs", "novnc/README.md", "../mod.rs", "console.html/", "novnc/core/../core/rfb.js"] {
        assert_eq!(asset(path), None, "{path}");
    }
    assert_eq!(asset("console.js").unwrap().media_type, "text/javascript; charset=utf-8");
}

#[test]
fn the_policy_allows_only_what_the_page_needs() {
    let policy = policy("ws://127.0.0.1:80");
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
    assert!(policy.contains("connect-src 'self' ws://127.0.0.1:80;") && !policy.contains("unsafe"), "{policy}");
}

/// The texts in a script that are marked as t`…`, with `{}` for values.
fn marked(script: &str) -> Vec<String> {
    let starts = script.match_indices("t`").filter(|(at, _)| !script[..*at].ends_with(|c: char| c.is_alphanumeric()));
    let texts = starts.map(|(at, _)| script[at + 2..].split('`').next().unwrap());
    let without_values = |text: &str| {
        let mut parts = text.split("${");
        let first = parts.next().unwrap().to_owned();
        parts.fold(first, |all, part| format!("{all}{{}}{}", part.split_once('}').unwrap().1))
    };
    texts.map(without_values).collect()
}

/// The texts of the page, and those of its attributes that people read.
fn texts_of_page(html: &str) -> Vec<String> {
    let of_attributes = [" title=\"", "aria-label=\""].into_iter().flat_map(|name| {
        html.split(name).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect::<Vec<_>>()
    });
    let visible = html.split("<svg id=\"icons\"").next().unwrap();
    let of_nodes = visible.split('>').skip(1).map(|rest| rest.split('<').next().unwrap().trim().to_owned());
    // Names of keys and of parameters are the same in each language.
    let is_name = |text: &String| {
        ["Ctrl+", "F12", "Shift", "Esc", "+", "vncUrl", "token", "isWindows", "instanceId", "noVNC"]
            .iter()
            .any(|name| text.starts_with(name) && !text.contains(' ') || text.starts_with("noVNC"))
    };
    of_nodes.chain(of_attributes).filter(|text| !text.is_empty() && !is_name(text)).collect()
}

#[test]
fn each_text_of_the_page_has_a_translation() {
    let language = text("language.js");
    let table: BTreeSet<String> = language
        .lines()
        .filter_map(|line| {
            let line = line.strip_prefix("  ")?;
            let key = match line.strip_prefix('\'') {
                Some(rest) => rest.replace("\\'", "\u{0}").split('\'').next()?.replace('\u{0}', "'"),
                None => line.split_once(": '")?.0.to_owned(),
            };
            line.contains(':').then_some(key)
        })
        .collect();
    let scripts = ["console.js", "connection.js", "session.js", "typing.js", "text.js", "backoff.js"];
    let marked = scripts.iter().flat_map(|script| marked(text(script)));
    let needed: BTreeSet<String> = marked.chain(texts_of_page(text(PAGE))).collect();
    assert!(needed.len() > 60, "{needed:#?}");
    let missing: Vec<_> = needed.difference(&table).collect();
    assert!(missing.is_empty(), "without a translation: {missing:#?}");
    let unused: Vec<_> = table.difference(&needed).collect();
    assert!(unused.is_empty(), "in no page: {unused:#?}");
}

#[test]
fn the_page_is_marked_as_chinese() {
    assert!(in_chinese(text(PAGE)).contains("<html lang=\"zh-CN\">"));
}
