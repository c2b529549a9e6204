//! Runs the examples of README and `docs` as they are written, on the simulated account.
//!
//! - A `console` block has commands behind `$ `, continued behind `> `, and what they print. `…` stands for any text; on a
//!   line of its own for any lines. Ports of 127.0.0.1 may differ. A command that fails is followed by `$ echo $?`. One
//!   whose output ends with `^C` is interrupted as soon as it has printed the rest.
//! - A `sh` block is run as a script, which must succeed.
//! - `<!-- file: NAME -->` above any other block writes it to a file.
//! - `<!-- not run: REASON -->` above a block leaves it out; the reason is one of [`NOT_RUN`].
//!
//! Each page has a home directory of its own, which its blocks share.

#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

use crate::docs::{Block, blocks, committed, pages, verbs};
use crate::sandbox::{interrupt, watchdog};

/// Why a block cannot be run here.
const NOT_RUN: [&str; 8] = [
    // tests/e2e/exec.py has one.
    "needs a shell in the guest",
    "needs a real account",
    "needs a desktop",
    "needs another machine",
    "installs",
    // packaging/release.py --check makes and tries them.
    "needs the files of a release",
    "needs another program",
    "builds or tests",
];

/// Stands between the outputs of a block's commands.
const MARK: char = '\u{1e}';

/// A command and what it is to print.
struct Example {
    command: String,
    printed: Vec<String>,
}

/// A page's home, with `ecs-vnc` and a `cargo` that runs what `cargo run` would.
pub(crate) struct Home {
    pub dir: TempDir,
    bin: PathBuf,
}

impl Home {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let bin = dir.path().join(".bin");
        fs::create_dir(&bin).unwrap();
        symlink(cargo_bin("ecs-vnc"), bin.join("ecs-vnc")).unwrap();
        let cargo = bin.join("cargo");
        let script = "#!/bin/sh\n[ \"$1\" = run ] || exit 1\nmkdir -p target\n\
                      while [ \"$1\" != -- ]; do shift; done\nshift\nexec ecs-vnc \"$@\"\n";
        fs::write(&cargo, script).unwrap();
        fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
        Self { dir, bin }
    }

    fn shell(&self, script: &str) -> Child {
        Command::new("sh")
            .args(["-c", script])
            .current_dir(self.dir.path())
            .env_clear()
            .env("HOME", self.dir.path())
            .env("PATH", format!("{}:/usr/bin:/bin", self.bin.display()))
            .env("LANG", "C.UTF-8")
            .env("ALIBABA_CLOUD_PROFILE", "demo")
            .env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
            .env("ROOT_PASSWORD", "any")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// What a script prints, with stderr in its place, and its exit code.
    pub(crate) fn run(&self, script: &str) -> (String, Option<i32>) {
        let child = self.shell(&format!("exec 2>&1\n{script}"));
        let _alive = watchdog(child.id());
        let output = child.wait_with_output().unwrap();
        (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code())
    }

    /// What a command has printed when it is interrupted: so many lines.
    pub(crate) fn run_until_interrupted(&self, command: &str, lines: usize) -> String {
        let mut child = self.shell(&format!("exec 2>&1\nexec {command}"));
        let alive = watchdog(child.id());
        let mut printed = String::new();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        for _ in 0..lines {
            reader.read_line(&mut printed).unwrap();
        }
        drop(alive);
        interrupt(&mut child);
        reader.read_to_string(&mut printed).unwrap();
        printed
    }
}

fn examples(block: &Block) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    for line in &block.lines {
        if let Some(command) = line.strip_prefix("$ ") {
            examples.push(Example { command: command.to_owned(), printed: Vec::new() });
            continue;
        }
        let last = examples.last_mut().unwrap_or_else(|| panic!("{}: no command", block.place));
        match line.strip_prefix("> ") {
            Some(rest) if last.printed.is_empty() => last.command.push_str(&format!("\n{rest}")),
            _ => last.printed.push(line.clone()),
        }
    }
    examples
}

/// Runs a block, and gives what is wrong.
fn faults_of(block: &Block, home: &Home) -> Vec<String> {
    let fault = |what: String| vec![format!("{}: {what}", block.place)];
    match block.language.as_str() {
        "sh" => {
            let (printed, code) = home.run(&format!("set -e\n{}", block.lines.join("\n")));
            if code == Some(0) { Vec::new() } else { fault(format!("ended with {code:?}:\n{printed}")) }
        }
        "console" => {
            let examples = examples(block);
            if let [Example { command, printed }] = &examples[..]
                && let Some((_, printed)) = printed.split_last().filter(|(last, _)| *last == "^C")
            {
                // At least one: a shell that has not yet started the command may lose the signal.
                let whole = printed.iter().filter(|line| *line != "…").count().max(1);
                return difference(printed, &home.run_until_interrupted(command, whole)).map_or(vec![], fault);
            }
            session(&examples, home).into_iter().flat_map(fault).collect()
        }
        _ => Vec::new(),
    }
}

/// Runs the commands of a block in one shell.
fn session(examples: &[Example], home: &Home) -> Vec<String> {
    let mark = format!("code=$?; printf '{MARK}%d\\n' $code; (exit $code)\n");
    let script: String = examples.iter().flat_map(|example| [&example.command, "\n", &mark]).collect();
    let (printed, _) = home.run(&script);
    let mut faults = Vec::new();
    let mut rest = printed.as_str();
    for (index, Example { command, printed }) in examples.iter().enumerate() {
        let Some((text, after)) = rest.split_once(MARK) else {
            faults.push(format!("`{command}` did not end by itself"));
            break;
        };
        let (code, after) = after.split_once('\n').unwrap();
        rest = after;
        let is_asked = examples.get(index + 1).is_some_and(|next| next.command == "echo $?");
        if code != "0" && !is_asked {
            faults.push(format!("`{command}` ended with {code}:\n{text}"));
        } else if let Some(difference) = difference(printed, text) {
            faults.push(format!("`{command}`: {difference}"));
        }
    }
    faults
}

fn difference(expected: &[String], printed: &str) -> Option<String> {
    let expected: Vec<String> = expected.iter().map(|line| without_ports(line)).collect();
    let actual: Vec<String> = printed.lines().map(without_ports).collect();
    (!matches(&expected, &actual)).then(|| format!("printed\n{printed}\nand not\n{}", expected.join("\n")))
}

/// Whether lines are the expected ones, in which `…` stands for any text, or lines.
fn matches(expected: &[String], actual: &[String]) -> bool {
    match (expected.split_first(), actual.split_first()) {
        (None, None) => true,
        (Some((line, rest)), _) if line == "…" => (0..=actual.len()).any(|skipped| matches(rest, &actual[skipped..])),
        (Some((line, rest)), Some((first, others))) => line_matches(line, first) && matches(rest, others),
        _ => false,
    }
}

fn line_matches(expected: &str, actual: &str) -> bool {
    match expected.split_once('…') {
        None => expected == actual,
        Some((start, rest)) => actual.strip_prefix(start).is_some_and(|actual| {
            let ends = actual.char_indices().map(|(at, _)| at).chain([actual.len()]);
            ends.into_iter().any(|at| line_matches(rest, &actual[at..]))
        }),
    }
}

/// A line in which each port of 127.0.0.1 is `PORT`.
fn without_ports(line: &str) -> String {
    let mut pieces = line.split("127.0.0.1:");
    let mut all = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        // `ssh -L PORT:127.0.0.1:PORT`
        if let Some(before) = all.strip_suffix(':') {
            let kept = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
            if kept < before.len() {
                all = format!("{}PORT:", &before[..kept]);
            }
        }
        let rest = piece.trim_start_matches(':');
        all.push_str("127.0.0.1:");
        all.push_str(&piece[..piece.len() - rest.len()]);
        let behind = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        all.push_str(if behind.len() < rest.len() { "PORT" } else { "" });
        all.push_str(behind);
    }
    all
}

/// Whether a block is to be run.
fn runs(block: &Block) -> bool {
    ["sh", "console"].contains(&block.language.as_str()) && block.note("not run").is_none()
}

#[test]
fn examples_in_the_documents_run_as_written() {
    let faults: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = pages()
            .into_iter()
            .map(|page| {
                scope.spawn(move || {
                    let home = Home::new();
                    let mut faults = Vec::new();
                    for block in blocks(&page, &committed(&page)) {
                        if let Some(name) = block.note("file") {
                            fs::write(home.dir.path().join(name), block.lines.join("\n") + "\n").unwrap();
                        } else if runs(&block) {
                            faults.extend(faults_of(&block, &home));
                        }
                    }
                    faults
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn most_examples_run_and_the_others_say_why_not() {
    let all: Vec<Block> = pages().iter().flat_map(|page| blocks(page, &committed(page))).collect();
    let all: Vec<&Block> = all.iter().filter(|block| ["sh", "console"].contains(&block.language.as_str())).collect();
    let reasons: Vec<&str> = all.iter().filter_map(|block| block.note("not run")).collect();
    let known: BTreeSet<&str> = NOT_RUN.into();
    assert_eq!(reasons.iter().copied().collect::<BTreeSet<_>>(), known, "reasons why an example is not run");
    let run = all.iter().filter(|block| runs(block)).count();
    assert_eq!(run + reasons.len(), all.len());
    assert!(run >= 24 && reasons.len() * 2 <= run, "{run} examples run, {} do not", reasons.len());
}

#[test]
fn every_command_stands_in_an_example_that_runs() {
    let all: Vec<Block> = pages().iter().flat_map(|page| blocks(page, &committed(page))).collect();
    let text: Vec<String> = all.iter().filter(|block| runs(block)).map(|block| block.lines.join("\n")).collect();
    // They start programs of a desktop, and of a guest.
    for verb in verbs(&[]).iter().filter(|verb| !["view", "exec", "cp"].contains(&verb.as_str())) {
        let call = format!("ecs-vnc {verb}");
        assert!(text.iter().any(|text| text.contains(&call)), "no example runs `{call}`");
    }
}

#[test]
fn an_ellipsis_stands_for_text_or_lines() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    for (expected, actual, fits) in [
        ("a…c", "abc", true),
        ("a…c", "ac", true),
        ("a…c", "abcd", false),
        ("a\n…\nd", "a\nb\nc\nd", true),
        ("a\n…\nd", "a\nd", true),
        ("a\n…", "b\nc", false),
        ("a", "a\nb", false),
        ("", "a", false),
    ] {
        assert_eq!(matches(&lines(expected), &lines(actual)), fits, "{expected:?} {actual:?}");
    }
    assert_eq!(without_ports("-L 1:127.0.0.1:12, 127.0.0.1::34 5"), "-L PORT:127.0.0.1:PORT, 127.0.0.1::PORT 5");
}

#[test]
fn a_wrong_example_is_found() {
    let home = Home::new();
    let wrong = |text: &str| !faults_of(&blocks("x", text)[0], &home).is_empty();
    assert!(!wrong("```console\n$ echo a\na\n```"));
    assert!(wrong("```console\n$ echo a\nb\n```"));
    assert!(wrong("```console\n$ echo a\n```"));
    assert!(wrong("```console\n$ false\n```"));
    assert!(!wrong("```console\n$ false\n$ echo $?\n1\n```"));
    assert!(!wrong("```console\n$ cat <<END\n> a\n> END\na\n```"));
    assert!(wrong("```sh\nfalse\ntrue\n```"));
    assert!(!wrong("```console\n$ ecs-vnc demo\n…\n^C\n```"));
    assert!(wrong("```console\n$ ecs-vnc demo\nexport\n^C\n```"));
    assert!(Path::new(&home.bin.join("ecs-vnc")).exists());
}
