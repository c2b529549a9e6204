//! "Did you mean": what is said of a name that does not exist.

use crate::sandbox::{Sandbox, with_account};

#[test]
fn a_similar_name_of_an_instance_is_suggested_whatever_its_case() {
    let sandbox = with_account();
    for wrong in ["Web-01", "WEB-01", "wbe-01", "web-1"] {
        for args in [&["vnc-url", wrong][..], &["open", wrong, "--region", "cn-hangzhou"]] {
            sandbox.run(args).ends(4).says(&[&format!("no instance named {wrong}"), "did you mean web-01?"]);
        }
    }
    // Without a region the known ones are searched.
    let sandbox = with_account().env("ALIBABA_CLOUD_REGION_ID", "");
    sandbox.run(&["vnc-url", "OFFICE-01"]).ends(4).says(&["did you mean office-01?"]);
    let error = sandbox.run(&["vnc-url", "-o", "json", "OFFICE-01"]).ends(4).json_error();
    assert!(error["Hint"].as_str().unwrap().starts_with("did you mean office-01?"), "{error}");
}

#[test]
fn no_name_is_suggested_for_a_pattern_an_address_or_an_unlike_name() {
    let sandbox = with_account();
    for wrong in ["zzz-*", "192.0.2.1", "qqqqqq"] {
        let run = sandbox.run(&["vnc-url", "--region", "cn-hangzhou", wrong]).ends(4);
        assert!(!run.stderr.contains("did you mean"), "{}", run.stderr);
    }
}

#[test]
fn a_similar_region_is_suggested() {
    let sandbox = with_account();
    for wrong in ["cn-hangzou", "CN-HANGZHOU", "ap-southest-1"] {
        let right = if wrong.starts_with("ap") { "ap-southeast-1" } else { "cn-hangzhou" };
        let run = sandbox.run(&["list", "--region", wrong]);
        assert!(matches!(run.code, 2 | 4), "{run:?}");
        run.says(&[&format!("did you mean {right}?")]);
    }
}

#[test]
fn commands_of_other_tools_are_answered_with_ours() {
    for (wrong, right) in [
        ("terminal", "ecs-vnc console INSTANCE"),
        ("vnc", "ecs-vnc view INSTANCE"),
        ("configure", "ecs-vnc profile add NAME"),
        ("auth", "ecs-vnc profile add NAME"),
        ("restart", "ecs-vnc reboot INSTANCE"),
        ("Shutdown", "ecs-vnc stop INSTANCE"),
        ("press", "ecs-vnc key INSTANCE"),
        ("ocr", "ecs-vnc text INSTANCE"),
        ("opne", "'open'"),
        ("screenshoot", "'screenshot'"),
    ] {
        Sandbox::new().run(&[wrong]).ends(2).says(&[&format!("'{wrong}'"), right]);
        Sandbox::new().run(&[wrong, "web-01", "--profile", "demo"]).ends(2).says(&[right]);
        let error = Sandbox::new().run(&["-o", "json", wrong]).ends(2).json_error();
        assert_eq!(error["ExitCode"], 2);
    }
    let error = Sandbox::new().run(&["-o", "json", "vnc"]).ends(2).json_error();
    assert!(error["Hint"].as_str().unwrap().contains("ecs-vnc open INSTANCE"), "{error}");
    // Of the second level, with which the table has nothing to do.
    let run = Sandbox::new().run(&["password", "reset", "web-01"]).ends(2);
    assert!(!run.stderr.contains("ecs-vnc reboot"), "{}", run.stderr);
}

#[test]
fn habits_work_without_being_in_the_help() {
    let sandbox = Sandbox::new();
    let same = |habit: &[&str], args: &[&str]| {
        let (habit, run) = (sandbox.run(habit).ends(0), sandbox.run(args).ends(0));
        assert_eq!(habit.stdout, run.stdout);
    };
    same(&["ls", "--profile", "demo"], &["list", "--profile", "demo"]);
    same(&["profile", "ls"], &["profile", "list"]);
    same(&["completion", "bash"], &["completions", "bash"]);
    let help = sandbox.run(&["--help"]).ends(0).stdout;
    for hidden in ["  ls", "  completion "] {
        assert!(!help.contains(hidden), "{help}");
    }
}

#[test]
fn a_verb_of_a_script_and_a_key_are_suggested() {
    for (line, right) in [
        ("press enter", "did you mean key?"),
        ("KEY enter", "did you mean key?"),
        ("screnshot a.png", "did you mean screenshot?"),
        ("pause 1s", "did you mean sleep?"),
        ("echo done", "did you mean log?"),
        ("reboot", "key, type, login, click, move, drag, scroll, wait, text, screenshot, sleep or log"),
        ("key ctrl-alt-delet", "did you mean delete?"),
        ("key Entre", "did you mean enter?"),
    ] {
        let sandbox = Sandbox::new().stdin(line);
        sandbox.run(&["script", "--profile", "demo", "web-01", "-"]).ends(2).says(&["line 1: ", right]);
    }
}
