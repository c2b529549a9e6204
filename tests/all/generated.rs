//! Text that is made from the code and committed must be that of the code.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ecs_vnc::exit_code::ExitCode;

use crate::sandbox::Sandbox;

fn committed(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap_or_default()
}

#[test]
fn committed_completions_are_current() {
    for (shell, file) in [("bash", "ecs-vnc.bash"), ("zsh", "_ecs-vnc"), ("fish", "ecs-vnc.fish")] {
        let script = Sandbox::new().run(&["completions", shell]).ends(0).stdout;
        let command = format!("cargo run -- completions {shell} > completions/{file}");
        assert!(committed(&format!("completions/{file}")) == script, "out of date; run: {command}");
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
}

#[test]
fn the_readme_has_the_table_of_exit_codes() {
    let rows: String =
        ExitCode::ALL.iter().map(|code| format!("| {} | {} |\n", code.number(), code.meaning())).collect();
    assert!(committed("README.md").contains(&rows), "the table should be:\n{rows}");
}

/// The verbs below these, as the help tells them.
fn verbs(above: &[&str]) -> Vec<String> {
    let help = Sandbox::new().run(&[above, &["--help"]].concat()).ends(0).stdout;
    let Some((_, commands)) = help.split_once("Commands:\n") else {
        return vec![above.join(" ")];
    };
    let names = commands.lines().take_while(|line| !line.is_empty()).filter(|line| line.starts_with("  "));
    let names = names.filter_map(|line| line[2..].split(' ').next()).filter(|name| !["", "help"].contains(name));
    names.flat_map(|name| verbs(&[above, &[name]].concat())).collect()
}

#[test]
fn the_readme_names_every_command_and_global_flag() {
    let readme = committed("README.md");
    let words = verbs(&[]);
    assert!(words.len() >= 12 && words.contains(&"profile show".to_owned()), "{words:?}");
    for word in words {
        assert!(readme.contains(&format!("`{word}")), "{word}");
    }
    let help = Sandbox::new().run(&["--help"]).ends(0).stdout;
    let flags = help.split_whitespace().filter(|word| word.starts_with("--"));
    let flags: Vec<&str> =
        flags.map(|flag| flag.trim_matches(|c: char| c != '-' && !c.is_ascii_alphanumeric())).collect();
    assert!(flags.len() >= 10);
    for flag in flags {
        let name = flag.trim_end_matches('.');
        assert!(readme.contains(name) || ["--help", "--version"].contains(&name), "{name}");
    }
}

/// What must be the same in both languages: per section the heading's level, the blocks of code, the pieces of code in
/// the text, and the numbers of the tables.
#[derive(Debug, Default, PartialEq, Eq)]
struct Section {
    level: usize,
    blocks: Vec<String>,
    pieces: BTreeSet<String>,
    rows: Vec<Vec<String>>,
}

fn sections(readme: &str) -> Vec<Section> {
    let mut sections = Vec::new();
    let (mut section, mut is_code) = (Section::default(), false);
    for line in readme.lines() {
        if line.starts_with("```") {
            is_code = !is_code;
            section.blocks.push(line.to_owned());
        } else if is_code {
            section.blocks.push(line.to_owned());
        } else if line.starts_with('#') {
            let level = line.chars().take_while(|c| *c == '#').count();
            sections.push(std::mem::replace(&mut section, Section { level, ..Section::default() }));
        } else {
            if line.starts_with("| ") {
                let number = |word: &str| word.trim_matches(|c: char| !c.is_ascii_digit()).to_owned();
                let numbers = line.split([' ', '（', '）']).map(number).filter(|word| !word.is_empty());
                let mut row: Vec<String> = numbers.collect();
                row.push(line.split(" | ").next().unwrap().matches('`').count().to_string());
                section.rows.push(row);
            }
            section.pieces.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    sections.push(section);
    sections
}

#[test]
fn both_readmes_say_the_same() {
    // Pieces of code that a line's end parts are not pieces: neither file has one.
    let (english, chinese) = (committed("README.md"), committed("README.zh-CN.md"));
    let (english, chinese) = (sections(&english), sections(&chinese));
    assert!(english.len() > 10 && english.iter().any(|section| section.pieces.contains("--no-cache")));
    for (ours, theirs) in english.iter().zip(&chinese) {
        let parted = |pieces: &BTreeSet<String>, others: &BTreeSet<String>| {
            pieces.difference(others).cloned().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(parted(&ours.pieces, &theirs.pieces), "", "in English only");
        assert_eq!(parted(&theirs.pieces, &ours.pieces), "", "in Chinese only");
        assert_eq!(ours, theirs);
    }
    assert_eq!(english.len(), chinese.len());
}
