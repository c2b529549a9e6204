//! Holds the documents to the code, and to each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use ecs_vnc::error_kind::EXIT_CODES;

use crate::house::FLOORS;
use crate::sandbox::Sandbox;
use crate::source_files::source_files;

pub(crate) const READMES: [&str; 2] = ["README.md", "README.zh-CN.md"];

/// The documents beside README and `docs`.
const OTHERS: [&str; 5] = ["README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"];

/// A block of code in a document.
pub(crate) struct Block {
    /// The file and the line.
    pub place: String,
    pub language: String,
    /// The comment above it: `<!-- name: value -->`.
    comment: Option<String>,
    pub lines: Vec<String>,
}

impl Block {
    /// What the comment above the block says of `name`.
    pub(crate) fn note(&self, name: &str) -> Option<&str> {
        self.comment.as_deref()?.strip_prefix(name)?.strip_prefix(": ")
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

pub(crate) fn committed(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_default()
}

/// The page that teaches agents the command line.
const SKILL: &str = "skills/ecs-vnc/SKILL.md";

/// README, all of `docs`, and the skill.
pub(crate) fn pages() -> Vec<String> {
    let names = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().file_name());
    let docs: BTreeSet<String> = names.map(|name| format!("docs/{}", name.to_str().unwrap())).collect();
    let docs = docs.into_iter().filter(|name| name.ends_with(".md"));
    ["README.md".to_owned()].into_iter().chain(docs).chain([SKILL.to_owned()]).collect()
}

fn every_document() -> Vec<String> {
    pages().into_iter().chain(OTHERS.map(str::to_owned)).collect()
}

/// The blocks of code of a document.
pub(crate) fn blocks(file: &str, text: &str) -> Vec<Block> {
    let (mut found, mut open, mut above): (Vec<Block>, bool, Option<String>) = (Vec::new(), false, None);
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(language) = line.strip_prefix("```") {
            open = !open;
            if open {
                let (place, language) = (format!("{file}:{number}"), language.to_owned());
                found.push(Block { place, language, comment: above.take(), lines: Vec::new() });
            }
        } else if open {
            found.last_mut().unwrap().lines.push(line.to_owned());
        } else {
            let comment = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"));
            above = comment.map(str::to_owned);
        }
    }
    assert!(!open, "{file}: a block of code is not closed");
    found
}

/// The commands below these, as the help names them.
pub(crate) fn verbs(above: &[&str]) -> Vec<String> {
    let help = help(above);
    let names: Vec<&str> = help
        .split("\n\n")
        .flat_map(|part| part.lines().skip_while(|line| !line.ends_with(':') || line.starts_with(' ')).skip(1))
        .filter(|line| line.starts_with("  ") && !line.starts_with("   ") && !line.starts_with("  -"))
        .filter_map(|line| line[2..].split("  ").next())
        .filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-') && *name != "help")
        .collect();
    if names.is_empty() || !help.contains("<COMMAND>") {
        return vec![above.join(" ")];
    }
    names.iter().flat_map(|name| verbs(&[above, &[name]].concat())).collect()
}

pub(crate) fn help(verb: &[&str]) -> String {
    Sandbox::new().run(&[verb, &["--help"]].concat()).ends(0).stdout
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c != '-' && !c.is_ascii_alphanumeric())
}

pub(crate) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// A document without its blocks of code.
fn prose(text: &str) -> String {
    let mut is_code = false;
    let kept = text.lines().filter(|line| {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    });
    kept.collect::<Vec<_>>().join("\n")
}

pub(crate) fn first_cell(row: &str) -> &str {
    row.split(" | ").next().unwrap()
}

/// The rows of the table whose head begins with a cell.
fn table(text: &str, head: &str) -> Vec<Vec<String>> {
    let rows = text.lines().skip_while(|line| !line.starts_with(&format!("| {head} |"))).skip(2);
    let rows = rows.take_while(|line| line.starts_with("| "));
    let cells = |row: &str| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    rows.map(cells).collect()
}

#[test]
fn the_table_of_exit_codes_is_that_of_the_code() {
    let rows: String = EXIT_CODES.iter().map(|(code, meaning)| format!("| {code} | {meaning} |\n")).collect();
    assert!(committed("docs/exit-codes-and-json.md").contains(&rows), "the table should be:\n{rows}");
}

#[test]
fn the_readmes_have_a_row_for_every_command() {
    let commands = verbs(&[]);
    assert!(commands.len() >= 20 && commands.contains(&"profile show".to_owned()), "{commands:?}");
    for (file, head) in READMES.iter().zip(["command", "命令"]) {
        let rows = table(&committed(file), head);
        let named: Vec<&str> = rows.iter().flat_map(|row| pieces(&row[0])).collect();
        for command in &commands {
            let is_it = |piece: &&str| *piece == command || piece.starts_with(&format!("{command} "));
            assert!(named.iter().any(is_it), "{file} has no row of {command}");
        }
    }
}

#[test]
fn the_documents_name_every_flag() {
    let text: String = pages().iter().map(|page| committed(page)).collect();
    let named: BTreeSet<&str> = words(&text).collect();
    for verb in verbs(&[]) {
        let verb: Vec<&str> = verb.split(' ').collect();
        let help = help(&verb);
        let options = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
        for flag in options.flat_map(words).filter(|word| word.starts_with("--") && word.len() > 2) {
            assert!(["--help", "--version"].contains(&flag) || named.contains(flag), "{verb:?}: no page names {flag}");
        }
    }
}

/// The production code, without comments and tests.
fn code() -> String {
    let files = source_files(&root().join("src")).into_iter().filter(|file| !file.is_tests());
    files.map(|file| file.text.split("#[cfg(test)]").next().unwrap().to_owned()).collect()
}

/// What stands behind each `start` up to the next character that is none of a name.
fn names_behind<'a>(text: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(start).map(move |(at, _)| {
        let rest = &text[at + start.len()..];
        &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())]
    })
}

#[test]
fn the_documents_name_every_variable() {
    let (code, page) = (code(), prose(&committed("docs/configuration.md")));
    let mut variables = BTreeSet::new();
    for prefix in ["ALIBABA_CLOUD_", "ECS_VNC_"] {
        variables.extend(names_behind(&code, &format!("\"{prefix}")).map(|name| format!("{prefix}{name}")));
    }
    variables.extend(names_behind(&code, "vendor(\"").map(|name| format!("ALIBABA_CLOUD_{name}")));
    variables.retain(|name| !name.ends_with('_'));
    assert!(variables.len() > 12, "{variables:?}");
    let named: BTreeSet<&str> = pieces(&page).collect();
    for name in &variables {
        assert!(named.contains(name.as_str()), "docs/configuration.md does not name {name}");
    }
    for name in named.iter().filter(|name| name.starts_with("ALIBABA_CLOUD_") || name.starts_with("ECS_VNC_")) {
        let suffix = name.trim_start_matches("ALIBABA_CLOUD_");
        assert!(code.contains(&format!("\"{name}")) || code.contains(&format!("\"{suffix}\"")), "nothing reads {name}");
    }
}

#[test]
fn the_page_on_configuration_names_every_key() {
    let page = committed("docs/configuration.md");
    for line in committed("config.example.toml").lines().map(|line| line.trim_start_matches("#: ")) {
        if let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| !key.starts_with('#')) {
            assert!(page.contains(key), "docs/configuration.md does not name {key}");
        }
    }
}

#[test]
fn the_policies_of_the_documents_allow_what_the_code_asks_for() {
    let code = code();
    let used: BTreeSet<String> =
        names_behind(&code, "ecs:").filter(|name| !name.is_empty()).map(|name| format!("ecs:{name}")).collect();
    assert!(used.len() >= 4, "{used:?}");
    for file in READMES {
        let [opening] = &policies(file)[..] else { panic!("{file}: one policy") };
        assert!(opening.contains("ecs:DescribeInstanceVncUrl"), "{file}: {opening:?}");
    }
    let file = "docs/permissions.md";
    let [read, drive, power, one] = &policies(file)[..] else { panic!("{file}: four policies") };
    assert_eq!(*power, ["Reboot", "Start", "Stop"].map(|verb| format!("ecs:{verb}Instance")).into());
    assert!(read.is_disjoint(drive) && read.is_disjoint(power) && drive.is_disjoint(power) && one == drive);
    let all: BTreeSet<String> = [read, drive, power].into_iter().flatten().cloned().collect();
    assert!(used.is_subset(&all), "{file}: no policy has {:?}", used.difference(&all));
    assert_eq!(actions_of_the_code(), all, "{file}: what the code asks for");
}

/// The RAM actions of the operations of ECS that the code calls.
pub(crate) fn actions_of_the_code() -> BTreeSet<String> {
    let code = code();
    let operations = code.split("Operation::new(\"").skip(1).filter_map(|rest| rest.split_once("\", ECS"));
    let operations = operations.map(|(name, _)| name).filter(|name| name.chars().all(char::is_alphanumeric));
    operations.map(|name| format!("ecs:{name}")).collect()
}

/// The actions that a policy allows.
pub(crate) fn actions(policy: &serde_json::Value) -> BTreeSet<String> {
    assert_eq!(policy["Version"], "1");
    let statements = policy["Statement"].as_array().unwrap();
    assert!(statements.iter().all(|statement| statement["Effect"] == "Allow"));
    let all = |statement: &serde_json::Value| match &statement["Action"] {
        serde_json::Value::String(action) => vec![action.clone()],
        many => many.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect(),
    };
    statements.iter().flat_map(all).collect()
}

/// The actions of each policy of a document. `tests/all/examples.rs` compares them with what the command prints.
fn policies(file: &str) -> Vec<BTreeSet<String>> {
    let is_policy = |block: &Block| block.lines[0].starts_with("$ ecs-vnc policy");
    let blocks = blocks(file, &committed(file)).into_iter().filter(is_policy);
    blocks.map(|block| actions(&serde_json::from_str(&block.lines[1..].join("\n")).expect(&block.place))).collect()
}

/// The anchor that a heading has on the page.
pub(crate) fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn anchors(file: &str) -> BTreeSet<String> {
    prose(&committed(file)).lines().filter(|line| line.starts_with('#')).map(anchor).collect()
}

#[test]
fn links_lead_somewhere() {
    for file in every_document() {
        let text = committed(&file);
        assert!(!text.is_empty(), "{file} is missing");
        let folder = Path::new(&file).parent().unwrap();
        for link in prose(&text).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.starts_with("https://") {
                continue;
            }
            let (path, place) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { PathBuf::from(&file) } else { folder.join(path) };
            assert!(root().join(&target).exists(), "{file}: {link} leads nowhere");
            let target = resolved(&target);
            assert!(place.is_empty() || anchors(&target).contains(place), "{file}: {link} has no such heading");
        }
    }
}

/// A path without `..`.
fn resolved(path: &Path) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.iter().map(|part| part.to_str().unwrap()) {
        match part {
            ".." => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn every_page_is_linked_from_the_readmes() {
    for file in READMES {
        let readme = committed(file);
        for page in pages().iter().filter(|page| page.starts_with("docs/")) {
            assert!(readme.contains(&format!("({page}")), "{file} does not lead to {page}");
        }
    }
}

#[test]
fn documents_have_short_lines_and_the_readmes_are_short() {
    for file in every_document() {
        let text = committed(&file);
        for (number, line) in (1..).zip(text.lines()) {
            let is_free = line.starts_with("| ") && !READMES.contains(&file.as_str());
            assert!(is_free || line.chars().count() <= 120, "{file}:{number} is longer than 120 characters");
        }
        let is_readme = READMES.contains(&file.as_str());
        assert!(!is_readme || text.lines().count() <= 150, "{file} has more than 150 lines");
    }
}

#[test]
fn the_map_of_floors_is_that_of_the_house() {
    let rows = table(&committed("ARCHITECTURE.md"), "floor");
    let drawn: BTreeMap<usize, Vec<&str>> =
        rows.iter().map(|row| (row[0].parse().unwrap(), pieces(&row[1]).collect())).collect();
    let held: BTreeMap<usize, Vec<&str>> = (1..).zip(FLOORS.iter().map(|rooms| rooms.to_vec())).collect();
    assert_eq!(drawn, held);
    let rooms = table(&committed("ARCHITECTURE.md"), "room");
    let described: BTreeSet<&str> = rooms.iter().flat_map(|row| pieces(&row[0])).collect();
    let held: BTreeSet<&str> = held.into_values().flatten().collect();
    assert_eq!(described, held);
    let map = committed("src/lib.rs");
    let named: BTreeSet<&str> = map.lines().filter(|line| line.starts_with("//! | `")).flat_map(pieces).collect();
    assert!(held.is_subset(&named), "src/lib.rs does not name {:?}", held.difference(&named));
}

#[test]
fn paths_that_the_documents_name_are_there() {
    for file in every_document() {
        for path in pieces(&prose(&committed(&file))) {
            let is_ours = ["src/", "tests/", "benches/", ".ci/", ".github/", "docs/", "completions/", "skills/"];
            if is_ours.iter().any(|start| path.starts_with(start)) && !path.contains(['*', ' ', '…']) {
                assert!(root().join(path).exists(), "{file} names {path}, which is not there");
            }
        }
    }
}
