//! Runs the examples of the help on the simulated account.

#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::thread;

use crate::examples::Home;
use crate::help::{commands, help};

/// Examples that are not run, and why.
const NOT_RUN: [(&str, &str); 31] = [
    ("ecs-vnc open web-01", "starts a browser"),
    ("ecs-vnc open web-01 --page local", "starts a browser"),
    ("ecs-vnc open db-01 --start", "starts a browser"),
    ("ecs-vnc open 10.0.0.10 --region cn-hangzhou", "starts a browser"),
    ("ecs-vnc view web-01", "starts a viewer"),
    ("ecs-vnc view web-01 --viewer 'vncviewer -FullScreen'", "starts a viewer"),
    ("ecs-vnc view web-01 --viewer 'krdc vnc://{host}:{port}'", "starts a viewer"),
    ("ecs-vnc relay web-01 office-01 --port 5951", "another program may have these ports"),
    ("ecs-vnc demo --port 8080 -o json", "another program may have this port"),
    ("ecs-vnc screenshot web-01 --show", "needs a terminal"),
    ("ecs-vnc screenshot web-01 --show --profile demo", "needs a terminal"),
    ("ecs-vnc console web-01", "needs a terminal"),
    ("ecs-vnc console web-01 --log web-01.log --log-timestamps", "needs a terminal"),
    ("ecs-vnc console web-01 --read-only --plain | tee web-01.txt", "runs until Ctrl-C"),
    ("ecs-vnc start db-01 --wait", "asks at the terminal"),
    ("ecs-vnc stop web-01 --wait", "asks at the terminal"),
    ("ecs-vnc reboot web-01 --wait", "asks at the terminal"),
    ("ecs-vnc password set web-01", "asks at the terminal"),
    ("ecs-vnc profile add prod --region cn-hangzhou", "asks at the terminal"),
    ("ecs-vnc profile add prod --force < accesskey.txt", "tries the keys at the service"),
    ("ecs-vnc profile remove old", "asks at the terminal"),
    ("ecs-vnc profile edit", "starts an editor"),
    ("EDITOR=nano ecs-vnc profile edit", "starts an editor"),
    ("ecs-vnc wait web-01 --change --area 0,0,320,200 --timeout 5m", "waits for a person"),
    ("ecs-vnc man | man -l -", "needs the program man"),
    ("ecs-vnc exec web-01 -- ip addr", "needs a real shell in the guest"),
    ("ecs-vnc exec web-01 --user root --env ROOT_PASSWORD -- dmesg > dmesg.txt", "needs a real shell in the guest"),
    ("ecs-vnc exec web-01 --stdin -- sh < fix.sh", "needs a real shell in the guest"),
    ("ecs-vnc cp web-01:/etc/fstab fstab", "needs a real shell in the guest"),
    ("ecs-vnc cp fstab web-01:/etc/fstab --user root --env ROOT_PASSWORD", "needs a real shell in the guest"),
    ("ecs-vnc cp web-01:/etc/os-release -", "needs a real shell in the guest"),
];

/// Examples that serve until Ctrl-C.
const SERVING: [&str; 9] = [
    "ecs-vnc bootlog web-01 --follow",
    "ecs-vnc check db-02 --watch",
    "ecs-vnc open web-01 --print",
    "ecs-vnc relay web-01",
    "ecs-vnc relay web-01 --share",
    "ecs-vnc relay web-01 --unix ~/.ecs-vnc/web-01.sock",
    "ecs-vnc demo",
    "ecs-vnc demo --rate-limit 20",
    "ecs-vnc demo --vnc-target 127.0.0.1:5900",
];

/// What the examples find in the home directory.
const PREPARED: &str = "\
set -e
mkdir -p .zfunc .config/fish/completions .local/share/bash-completion/completions .local/share/man/man1
printf 'key enter\\nwait --still 1s --timeout 30\\nscreenshot after.png\\n' > login.txt
printf 'systemctl restart sshd\\n' > fix.sh
printf 'abc123\\n' > password.txt
printf 'LTAIexample\\nsecret\\n\\n' > accesskey.txt
mkdir -p .config/ecs-vnc
printf '[profile.prod]\\n\\n[profile.old]\\n' > .config/ecs-vnc/config.toml
chmod 600 .config/ecs-vnc/config.toml
";

/// The pictures among them.
const PICTURES: [&str; 2] = ["login.png", "ok-button.png"];

/// The keys that `--from-env` takes.
const KEYS: &str = "export ALIBABA_CLOUD_ACCESS_KEY_ID=LTAIexample ALIBABA_CLOUD_ACCESS_KEY_SECRET=secret\n";

/// The comment and the command line of each example of a command.
fn examples(command: &str) -> Vec<(String, String)> {
    let help = help(command, "--help");
    let (_, text) = help.split_once("\nExamples:\n").unwrap_or_else(|| panic!("{command} has no examples"));
    let lines: Vec<&str> = text.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect();
    assert!(lines.len().is_multiple_of(2), "{command}: a line of an example is too long: {text}");
    lines.chunks(2).map(|pair| (pair[0].to_owned(), pair[1].to_owned())).collect()
}

#[test]
fn every_command_has_two_to_five_examples_with_comments() {
    for command in commands() {
        let examples = examples(&command);
        assert!((2..=5).contains(&examples.len()), "{command} has {} examples", examples.len());
        for (comment, line) in examples {
            assert!(comment.starts_with("# ") && !comment.ends_with('.'), "{command}: {comment}");
            let is_own =
                line.contains(&format!("ecs-vnc {command}")) || command.is_empty() || line.contains("ecs-vnc list");
            assert!(is_own, "{command}: {line}");
        }
    }
}

#[test]
fn the_examples_of_the_help_run() {
    let mut left: BTreeSet<&str> = NOT_RUN.iter().map(|(line, _)| *line).chain(SERVING).collect();
    let lines: Vec<String> = commands()
        .iter()
        .flat_map(|command| examples(command))
        .map(|(_, line)| line)
        .filter(|line| !left.remove(line.as_str()) && !NOT_RUN.iter().any(|(not_run, _)| not_run == line))
        .filter(|line| !SERVING.contains(&line.as_str()))
        .collect();
    assert!(left.is_empty(), "these are no examples any more: {left:?}");
    assert!(lines.len() >= 35, "only {} examples are run", lines.len());
    let run = |line: &str| {
        let home = Home::new();
        // A file of a profile is made by some.
        fs::create_dir_all(home.dir.path().join(".config")).unwrap();
        let keys = if line.contains("--from-env") { KEYS } else { "" };
        let pictures = PICTURES.iter().filter(|picture| line.contains(**picture));
        let pictures: String = pictures.map(|picture| format!("ecs-vnc screenshot web-01 -f {picture}\n")).collect();
        let (printed, code) = home.run(&format!("{PREPARED}{pictures}{keys}{line}"));
        (code != Some(0)).then(|| format!("`{line}` ended with {code:?}:\n{printed}"))
    };
    let faults: Vec<String> = thread::scope(|scope| {
        let chunks: Vec<_> = lines
            .chunks(lines.len().div_ceil(4))
            .map(|chunk| scope.spawn(|| chunk.iter().filter_map(|line| run(line)).collect::<Vec<_>>()))
            .collect();
        chunks.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_examples_that_serve_print_where() {
    for line in SERVING {
        let printed = Home::new().run_until_interrupted(line, 1);
        assert!(!printed.is_empty() && !printed.contains("error:"), "`{line}` printed\n{printed}");
    }
}
