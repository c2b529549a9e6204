//! `doctor`: which actions it checks, when it says that there are credentials, and the summary of what failed.

use std::fs;

use crate::fake::{Fake, good, refusal};
use crate::sandbox::{Sandbox, with_account};

#[test]
fn every_ecs_action_of_the_source_is_checked() {
    let run = with_account().env("BROWSER", "sh").run(&["doctor", "i-demo-linux"]).ends(0);
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/src/api/operations");
    let mut actions = 0;
    for file in fs::read_dir(directory).unwrap() {
        let source = fs::read_to_string(file.unwrap().path()).unwrap();
        for rest in source.split("Operation::new(\"").skip(1) {
            let (action, rest) = rest.split_once('"').unwrap();
            if rest.starts_with(", ECS") {
                actions += 1;
                assert!(run.stdout.contains(&format!("ok    ecs:{action} ")), "{action}: {}", run.stdout);
            }
        }
    }
    assert!(actions >= 6, "{actions}");
}

#[test]
fn a_missing_action_for_screenshots_and_console_output_is_a_warning_with_its_effect() {
    let server = Fake::start(|_, request| match request.contains("Action=GetInstance") {
        true => refusal("Forbidden.RAM"),
        false => good(request),
    });
    let run = Sandbox::with_account(&server.endpoint).env("BROWSER", "sh").run(&["doctor"]).ends(0);
    for words in [
        "warn  ecs:GetInstanceScreenshot    missing; without it, `ecs-vnc screenshot` works only with --via vnc",
        "warn  ecs:GetInstanceConsoleOutput missing; without it, `ecs-vnc bootlog` fails",
        "lacks the RAM action ecs:GetInstanceConsoleOutput",
        "ecs-vnc doctor INSTANCE",
    ] {
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(squeezed(&run.stdout).contains(&squeezed(words)), "{words}: {}", run.stdout);
    }
}

#[test]
fn credentials_are_ok_only_if_there_are_some() {
    let config = "default_profile = 'p'\n[profile.p]\nmode = 'External'\nprocess_command = 'false'\n";
    let run = Sandbox::new().config(config).run(&["doctor"]);
    assert_eq!(run.code, 3, "{run:#?}");
    let line = |check: &str| run.stdout.lines().find(|line| line.contains(&format!(" {check} "))).unwrap();
    assert!(line("credentials").starts_with("FAIL") && line("credentials").contains("profile p"), "{}", run.stdout);
    assert!(line("AccessKey").starts_with("skip"), "{}", run.stdout);
}

#[test]
fn the_failed_checks_and_their_hints_are_repeated_at_the_end() {
    let sandbox = with_account().env("BROWSER", "/no/such");
    let run = sandbox.run(&["doctor", "i-demo-stopped"]);
    assert_eq!(run.code, 5, "{run:#?}");
    let (table, summary) = run.stdout.split_once("Not ready: ").unwrap();
    let lines: Vec<&str> = summary.lines().collect();
    assert!(lines[0].contains("exit code 5") && lines[1].starts_with("- instance: i-demo-stopped"), "{summary}");
    assert!(lines[2].starts_with("  hint: start it first") && lines[3].starts_with("- browser: "), "{summary}");
    assert_eq!((lines.len(), table.matches("FAIL").count()), (5, 2), "{}", run.stdout);
}
