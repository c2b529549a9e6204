//! Text that is made from the code and committed must be that of the code.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::docs::{READMES, anchor, committed, first_cell, pieces};
use crate::sandbox::Sandbox;

#[test]
fn committed_completions_are_current() {
    for (shell, file) in [("bash", "ecs-vnc.bash"), ("zsh", "_ecs-vnc"), ("fish", "ecs-vnc.fish")] {
        let script = Sandbox::new().run(&["completions", shell]).ends(0).stdout;
        let command = format!("cargo run -- completions {shell} > completions/{file}");
        assert!(committed(&format!("completions/{file}")) == script, "out of date; run: {command}");
    }
}

/// The licences of noVNC and of each directory of fonts must be in every copy of the binary.
#[test]
fn the_binary_has_the_licences_of_what_it_contains() {
    let shown = Sandbox::new().run(&["man", "--licenses"]).ends(0).stdout;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut licences = vec![root.join("src/page/novnc/docs/LICENSE.MPL-2.0")];
    for directory in fs::read_dir(root.join("src/font/data")).unwrap().map(|entry| entry.unwrap().path()) {
        // What was observed is no font.
        if directory.is_dir() && directory.file_name().unwrap() != "observed" {
            let mut files = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path());
            let text = files.find(|file| file.extension().is_some_and(|extension| extension == "txt"));
            licences.push(text.unwrap_or_else(|| panic!("no licence in {}", directory.display())));
        }
    }
    assert!(licences.len() > 6, "{licences:?}");
    for file in licences {
        assert!(shown.contains(&fs::read_to_string(&file).unwrap()), "{}", file.display());
    }
}

#[test]
fn every_shell_has_its_completions_and_there_is_a_manual() {
    for shell in ["powershell", "elvish"] {
        assert!(Sandbox::new().run(&["completions", shell]).ends(0).stdout.contains("vnc-url"));
    }
    Sandbox::new().run(&["completions", "tcsh"]).ends(2);
    let page = Sandbox::new().run(&["man"]).ends(0).stdout;
    for word in [".TH ecs-vnc 1", "vnc\\-url", "\\-\\-password\\-stdin", "EXIT STATUS", "ENVIRONMENT"] {
        assert!(page.contains(word), "{word}");
    }
    for example in
        [".SS EXAMPLES\n.nf\n# Press Ctrl+Alt+Delete\necs\\-vnc key web\\-01 ctrl\\-alt\\-delete\n", ".SH EXAMPLES\n"]
    {
        assert!(page.contains(example), "{example}");
    }
}

#[test]
fn the_manual_is_in_chinese_too() {
    let page = Sandbox::new().run(&["man", "--lang", "zh"]).ends(0).stdout;
    for word in [".SH 名称", ".SH 退出状态", "[默认值：", ".SS 示例"] {
        assert!(page.contains(word), "{word}");
    }
    for english in ["[default:", "Possible values", ".SH NAME", "Print help"] {
        assert!(!page.contains(english), "{english}");
    }
}

fn numbers(text: &str) -> impl Iterator<Item = String> {
    let parts = text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
    parts.map(|part| part.trim_matches(['.', ',']).to_owned()).filter(|number| !number.is_empty())
}

/// What must be the same in both languages: per section the heading's level, the blocks of code, the pieces of code,
/// numbers and links of the text, and per row of a table the first cell and the numbers.
#[derive(Debug, Default, PartialEq, Eq)]
struct Section {
    level: usize,
    blocks: Vec<String>,
    pieces: BTreeSet<String>,
    numbers: BTreeSet<String>,
    links: BTreeSet<String>,
    rows: Vec<(String, Vec<String>)>,
}

impl Section {
    fn text(&mut self, line: &str) {
        self.pieces.extend(pieces(line).map(str::to_owned));
        self.numbers.extend(numbers(line));
        let links = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        self.links.extend(links.filter(|link| !READMES.contains(link)).map(str::to_owned));
        if line.starts_with("| ---") {
            // The row above is the table's head, whose words are translated.
            let head = &mut self.rows.last_mut().unwrap().0;
            *head = pieces(head).collect();
        } else if line.starts_with("| ") {
            self.rows.push((first_cell(line).to_owned(), numbers(line).collect()));
        }
    }
}

fn sections(readme: &str) -> Vec<Section> {
    let (mut sections, mut anchors) = (vec![Section::default()], vec![String::new()]);
    let mut is_code = false;
    for line in readme.lines() {
        let section = sections.last_mut().unwrap();
        if line.starts_with("```") || is_code {
            is_code ^= line.starts_with("```");
            section.blocks.push(line.to_owned());
        } else if line.starts_with('#') {
            anchors.push(format!("#{}", anchor(line)));
            sections.push(Section { level: line.chars().take_while(|c| *c == '#').count(), ..Section::default() });
        } else {
            section.text(line);
        }
    }
    // A link to a heading is named by which one it is; one that leads nowhere keeps its own name.
    let place = |link: &String| anchors.iter().position(|anchor| anchor == link);
    for section in &mut sections {
        section.links = section.links.iter().map(|link| place(link).map_or(link.clone(), |n| n.to_string())).collect();
    }
    sections
}

#[test]
fn both_readmes_say_the_same() {
    // Pieces of code that a line's end parts are not pieces: neither file has one.
    let [english, chinese] = READMES.map(|file| sections(&committed(file)));
    assert!(english.len() > 6 && english.iter().any(|section| section.pieces.contains("--page local")));
    for (ours, theirs) in english.iter().zip(&chinese) {
        let parted = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
            one.difference(other).cloned().collect::<Vec<_>>().join(" ")
        };
        for (ours, theirs) in
            [(&ours.pieces, &theirs.pieces), (&ours.numbers, &theirs.numbers), (&ours.links, &theirs.links)]
        {
            assert_eq!(parted(ours, theirs), "", "in English only");
            assert_eq!(parted(theirs, ours), "", "in Chinese only");
        }
        assert!(ours.links.iter().chain(&theirs.links).all(|link| !link.starts_with('#')), "a link leads nowhere");
        assert_eq!(ours, theirs);
    }
    assert_eq!(english.len(), chinese.len());
}

#[test]
fn each_readme_leads_to_the_other() {
    assert!(committed("README.md").contains("[README.zh-CN.md](README.zh-CN.md)"));
    assert!(committed("README.zh-CN.md").lines().nth(2).unwrap().starts_with("English: [README.md](README.md)"));
}

/// The address is a placeholder until the project is published. Other files take it from Cargo.toml.
#[test]
fn the_address_of_the_repository_is_in_cargo_toml_only() {
    let manifest = committed("Cargo.toml");
    let value = |key: &str| {
        let line = manifest.lines().find(|line| line.starts_with(&format!("{key} = ")));
        line.and_then(|line| line.split('"').nth(1)).unwrap_or_else(|| panic!("no {key}")).to_owned()
    };
    let repository = value("repository");
    assert!(value("homepage").starts_with(&repository) && value("documentation").starts_with(&repository));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = READMES.map(|file| root.join(file)).to_vec();
    let directories =
        ["docs", "packaging/man", "packaging/man/zh_CN", "packaging/templates", "packaging/steps", ".github/workflows"];
    for directory in directories {
        let entries = fs::read_dir(root.join(directory)).unwrap().map(|entry| entry.unwrap().path());
        files.extend(entries.filter(|path| path.is_file()));
    }
    assert!(files.len() > 60, "{}", files.len());
    for file in files {
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        assert!(!text.contains(&repository), "{} names {repository}", file.display());
    }
}
