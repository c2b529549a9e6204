//! Text that is made from the code and committed must be that of the code.

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

#[test]
fn the_readme_names_every_command_and_global_flag() {
    let readme = committed("README.md");
    for word in
        ["vnc-url", "open", "profile list", "profile show", "profile add", "password set", "demo", "completions", "man"]
    {
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
