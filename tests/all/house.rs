//! Holds the rules of the house: which room may import which, and what happens at the edges only.
//!
//! A room is a file or a directory directly below `src`. ARCHITECTURE.md explains the floors.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::source_files::{SourceFile, source_files};

/// The rooms from the bottom up. A room imports rooms of lower floors only, never one of its own floor.
pub(crate) const FLOORS: [&[&str]; 12] = [
    &["error_kind", "font", "language", "picture", "secret", "system", "text", "websocket"],
    &[
        "contact_sheet",
        "credentials",
        "guest_shell",
        "keyboard",
        "listen",
        "programs",
        "rfb",
        "screen_state",
        "screen_text",
        "vnc",
    ],
    &["api", "http_server", "session_registry", "share"],
    &["command_error", "config", "page", "relay"],
    &["api_hints", "args", "demo", "local_web", "terminal"],
    &["settings"],
    &["auth"],
    &["account"],
    &["instances"],
    &["console"],
    &["commands"],
    &["completion"],
];

/// They import from everywhere, and nothing imports them.
const TOP: [&str; 2] = ["main", "lib"];

/// The module path of a file, and its code without the tests.
struct Module {
    path: PathBuf,
    room: String,
    text: String,
    code: String,
}

/// All production modules, by their path in the crate: `relay::bridge`, or `relay` for `relay/mod.rs`.
fn modules() -> BTreeMap<String, Module> {
    let root = root();
    let mut found = BTreeMap::new();
    for SourceFile { path, text } in source_files(&root).into_iter().filter(|file| !file.is_tests()) {
        let relative = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        let module = relative.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::");
        let room = module.split("::").next().unwrap().to_owned();
        let code = without_comments(&without_tests(&text));
        found.insert(module, Module { path, room, text, code });
    }
    assert!(found.len() > 40, "the sources were not found");
    found
}

/// Another tree can be measured in its place: `ECS_VNC_HOUSE=/path/to/src cargo test --test all figures -- --ignored`.
fn root() -> PathBuf {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    std::env::var_os("ECS_VNC_HOUSE").map_or_else(own, PathBuf::from)
}

/// The code without `mod tests { … }`, which may import what it likes. Whatever stands behind that is read.
fn without_tests(text: &str) -> String {
    let mut kept = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let starts = line.trim_start().starts_with("mod tests {") || line.contains(") mod tests {");
        if !starts {
            kept.push_str(line);
            kept.push('\n');
            continue;
        }
        // rustfmt closes a block at the indentation at which it was opened.
        let end = format!("{}}}", &line[..line.len() - line.trim_start().len()]);
        for line in lines.by_ref() {
            if line == end {
                break;
            }
        }
    }
    kept
}

/// Words in comments are no imports.
fn without_comments(code: &str) -> String {
    let code = code.lines().map(|line| line.split_once("//").map_or(line, |(before, _)| before));
    code.collect::<Vec<_>>().join("\n")
}

/// Every path of the crate that a module names, absolute: `crate::a::b` → `a::b`, `super::c` → `room::c`.
fn named_paths(module: &str, is_dir: bool, code: &str) -> BTreeSet<String> {
    let parent = if is_dir { module } else { module.rsplit_once("::").map_or("", |(parent, _)| parent) };
    let above = |path: &str| path.rsplit_once("::").map_or(String::new(), |(parent, _)| parent.to_owned());
    let mut found = BTreeSet::new();
    for (start, keyword) in ["crate::", "super::", "self::"]
        .iter()
        .flat_map(|word| code.match_indices(word).map(|(at, word)| (at + word.len(), word)).collect::<Vec<_>>())
    {
        let before = code[..start - keyword.len()].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '$') {
            continue;
        }
        let mut rest = &code[start..];
        let base = match keyword {
            "crate::" => String::new(),
            "self::" => module.to_owned(),
            _ => {
                let mut base = if is_dir { above(module) } else { parent.to_owned() };
                while let Some(next) = rest.strip_prefix("super::") {
                    (base, rest) = (above(&base), next);
                }
                base
            }
        };
        expand(&base, rest, &mut found);
    }
    // A module that is imported by its name: `use crate::a::b;` and then `b::c`.
    for path in found.clone() {
        let alias = path.rsplit("::").next().unwrap_or_default();
        for (at, _) in code.match_indices(&format!("{alias}::")) {
            let before = code[..at].chars().next_back();
            if !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                expand(&path, &code[at + alias.len() + "::".len()..], &mut found);
            }
        }
    }
    found
}

/// Writes out `a::{b, c::{d, e}}` as `a::b`, `a::c::d` and `a::c::e`.
fn expand(base: &str, rest: &str, found: &mut BTreeSet<String>) {
    let join = |name: &str| if base.is_empty() { name.to_owned() } else { format!("{base}::{name}") };
    if let Some(group) = rest.strip_prefix('{') {
        let (mut depth, mut start) = (0, 0);
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => {
                    expand(base, group[start..at].trim(), found);
                    return;
                }
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    expand(base, group[start..at].trim(), found);
                    start = at + 1;
                }
                _ => {}
            }
        }
        return;
    }
    let name: String = rest.trim_start_matches("r#").chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    if name.is_empty() {
        return;
    }
    let behind = rest.trim_start_matches("r#")[name.len()..].strip_prefix("::");
    match behind {
        Some(behind) => expand(&join(&name), behind, found),
        None if name == "self" => drop(found.insert(base.to_owned())),
        None => drop(found.insert(join(&name))),
    }
    if behind.is_some() {
        found.insert(join(&name));
    }
}

/// What each module imports: the deepest module that a path names, with re-exports followed to where they lead.
fn imports(modules: &BTreeMap<String, Module>) -> BTreeMap<String, BTreeSet<String>> {
    let exports = re_exports(modules);
    let follow = |path: &str| {
        let mut path = path.to_owned();
        for _ in 0..8 {
            match exports.get(&path) {
                Some(leads) => path.clone_from(leads),
                None => break,
            }
        }
        let mut at = path.as_str();
        loop {
            if modules.contains_key(at) {
                return Some(at.to_owned());
            }
            at = at.rsplit_once("::")?.0;
        }
    };
    let mut all = BTreeMap::new();
    for (name, module) in modules {
        let mut own: BTreeSet<String> = BTreeSet::new();
        for path in named_paths(name, is_dir(module), &module.code) {
            own.extend(follow(&path).filter(|target| target != name));
        }
        all.insert(name.clone(), own);
    }
    all
}

fn is_dir(module: &Module) -> bool {
    module.path.file_name().is_some_and(|name| name == "mod.rs")
}

/// `pub use child::Name;` in `room/mod.rs`: `room::Name` leads to `room::child::Name`.
fn re_exports(modules: &BTreeMap<String, Module>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (name, module) in modules.iter().filter(|(_, module)| is_dir(module)) {
        for (at, _) in module.code.match_indices(" use ") {
            let line_start = module.code[..at].rfind('\n').map_or(0, |at| at + 1);
            if !module.code[line_start..at].trim_start().starts_with("pub") {
                continue;
            }
            let statement = module.code[at + " use ".len()..].split(';').next().unwrap_or_default();
            let statement = statement.trim_start_matches("self::");
            if statement.starts_with("crate::") || statement.starts_with("super::") {
                continue;
            }
            let mut paths = BTreeSet::new();
            expand(name, statement, &mut paths);
            for path in paths {
                if let Some((_, last)) = path.rsplit_once("::") {
                    found.insert(format!("{name}::{last}"), path.clone());
                }
            }
        }
    }
    found.retain(|from, to| from != to);
    found
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&room))
}

/// Each import from one room to another, with the file that has it.
fn between_rooms(modules: &BTreeMap<String, Module>) -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut found: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for (name, targets) in imports(modules) {
        let room = &modules[&name].room;
        if TOP.contains(&room.as_str()) {
            continue;
        }
        for target in targets {
            let theirs = &modules[&target].room;
            if theirs != room {
                found.entry((room.clone(), theirs.clone())).or_default().insert(name.clone());
            }
        }
    }
    found
}

#[test]
fn imports_point_down() {
    let modules = modules();
    let mut faults = Vec::new();
    for ((from, to), files) in between_rooms(&modules) {
        let own = floor(&from).unwrap_or_else(|| panic!("{from} has no floor"));
        let theirs = floor(&to).unwrap_or_else(|| panic!("{to} has no floor, but {from} imports it"));
        if theirs >= own {
            faults.push(format!("{from} imports {to}, which is not below it: {files:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn within_a_room_there_is_no_circle() {
    let modules = modules();
    let circles = circles(&inner_imports(&modules));
    assert!(circles.is_empty(), "these import each other: {circles:#?}");
}

/// Imports between files of one room; not those between a `mod.rs` and what is below it.
fn inner_imports(modules: &BTreeMap<String, Module>) -> BTreeMap<String, BTreeSet<String>> {
    let related = |one: &str, other: &str| other.strip_prefix(one).is_some_and(|rest| rest.starts_with("::"));
    let mut inner = imports(modules);
    for (name, targets) in &mut inner {
        let room = &modules[name].room;
        targets.retain(|target| modules[target].room == *room && !related(name, target) && !related(target, name));
    }
    inner
}

/// Groups of two and more that can reach each other.
fn circles(graph: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let reach = |start: &String| {
        let (mut seen, mut todo) = (BTreeSet::new(), vec![start]);
        while let Some(at) = todo.pop() {
            for next in graph.get(at).into_iter().flatten() {
                if seen.insert(next.clone()) {
                    todo.push(next);
                }
            }
        }
        seen
    };
    let reached: BTreeMap<&String, BTreeSet<String>> = graph.keys().map(|name| (name, reach(name))).collect();
    let mut found = BTreeSet::new();
    for (name, seen) in &reached {
        if seen.contains(*name) {
            let group: Vec<&str> = seen
                .iter()
                .filter(|other| reached.get(other).is_some_and(|theirs| theirs.contains(*name)))
                .map(String::as_str)
                .collect();
            found.insert(group.join(", "));
        }
    }
    found.into_iter().collect()
}

#[test]
fn time_chance_output_and_exit_have_one_place_each() {
    let rules: [(&str, &[&str]); 7] = [
        ("Utc::now", &["system::clock"]),
        ("Instant::now", &["system::clock"]),
        ("getrandom::", &["system::random"]),
        ("io::stdout()", &["terminal::output"]),
        ("process::exit", &["main"]),
        ("env::vars", &["system::environment"]),
        ("dirs::", &["system::directories"]),
    ];
    for (name, module) in modules() {
        for (word, places) in rules {
            assert!(
                !module.code.contains(word) || places.contains(&name.as_str()),
                "{} has {word}",
                module.path.display()
            );
        }
    }
}

#[test]
fn files_are_short() {
    let mut lengths = Vec::new();
    for module in modules().into_values() {
        let lines = module.text.lines().count();
        assert!(module.room != "main" || lines < 40, "main.rs has {lines} lines");
        assert!(lines <= 400, "{} has {lines} lines: it is two things", module.path.display());
        lengths.push(lines);
    }
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median <= 120, "half of the files have more than {median} lines");
}

/// The figures of a tree, for a comparison of before and after: `cargo test --test all figures -- --ignored --nocapture`.
#[test]
#[allow(clippy::print_stdout)]
#[ignore = "prints figures and checks nothing"]
fn figures() {
    let modules = modules();
    let rooms: BTreeSet<&String> = modules.values().map(|module| &module.room).collect();
    let edges = between_rooms(&modules);
    let upward: Vec<_> = edges.keys().filter(|(from, to)| floor(to) >= floor(from)).collect();
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (from, to) in edges.keys() {
        graph.entry(from.clone()).or_default().insert(to.clone());
        graph.entry(to.clone()).or_default();
    }
    let (between, within) = (circles(&graph), circles(&inner_imports(&modules)));
    let count = |circle: &String| circle.split(", ").count();
    let all = circles(&imports(&modules));
    let mut lengths: Vec<usize> = modules.values().map(|module| module.text.lines().count()).collect();
    lengths.sort_unstable();
    println!("files {}, rooms {}, lines {}", modules.len(), rooms.len(), lengths.iter().sum::<usize>());
    println!("longest file {}, median {}", lengths[lengths.len() - 1], lengths[lengths.len() / 2]);
    println!("imports between rooms {}, not pointing down {}", edges.len(), upward.len());
    println!("circles between rooms {} {between:?}", between.len());
    println!("circles within rooms {}, files in them {}", within.len(), within.iter().map(count).sum::<usize>());
    println!("largest circle of files, all imports: {}", all.iter().map(count).max().unwrap_or_default());
}
