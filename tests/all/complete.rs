//! Completion as a shell asks for it: it knows profiles, regions and instances, and says nothing else.

use std::fs;
use std::time::{Duration, Instant};

use ecs_vnc::demo::Options;
use ecs_vnc::system::clock::Clock;

use crate::fake::{Fake, Reply, http};
use crate::sandbox::{Run, Sandbox, account};

/// What bash gets for the last of these words.
fn bash(sandbox: Sandbox, words: &[&str]) -> (Vec<String>, Sandbox) {
    let sandbox = sandbox
        .env("COMPLETE", "bash")
        .env("_CLAP_IFS", "\n")
        .env("_CLAP_COMPLETE_INDEX", &words.len().to_string())
        .env("_CLAP_COMPLETE_COMP_TYPE", "9");
    let run = silent(sandbox.run(&[&["--", "ecs-vnc"], words].concat()));
    (run.stdout.lines().map(str::to_owned).collect(), sandbox)
}

fn silent(run: Run) -> Run {
    assert!(run.code == 0 && run.stderr.is_empty(), "{run:#?}");
    run
}

fn of(sandbox: Sandbox, words: &[&str]) -> Vec<String> {
    bash(sandbox, words).0
}

#[test]
fn instances_are_completed_by_name_and_by_id() {
    let demo = |words: &[&str]| of(Sandbox::new(), &[&["open", "--profile", "demo"], words].concat());
    assert_eq!(demo(&["i-demo-lin"]), ["i-demo-linux"]);
    assert_eq!(demo(&["web-01"]), ["web-01", "web-013", "web-017"]);
    assert_eq!(demo(&["数据库-0"]).len(), 24, "every fourth, from 006 to 098");
    assert_eq!(demo(&["-i", "office"]), ["office-01"]);
    assert!(demo(&["twin"]).is_empty() && demo(&["i-demo-010"]).contains(&"i-demo-0100".to_owned()));
    for verb in [&["vnc-url"][..], &["password", "set"], &["doctor"]] {
        assert_eq!(of(Sandbox::new(), &[verb, &["--profile=demo", "office"]].concat()), ["office-01"], "{verb:?}");
    }
    // Other regions, where a flag before says so.
    let elsewhere = of(Sandbox::new(), &["open", "--profile", "demo", "-r", "cn-beijing", "app-"]);
    assert!(!elsewhere.is_empty() && !elsewhere.contains(&"app-103".to_owned()), "{elsewhere:?}");
}

#[test]
fn profiles_and_regions_are_completed() {
    let config = "[profile.prod]\nregion_id = 'cn-beijing'\n[profile.'x;rm']\n[profile.pre]\n";
    let sandbox = || Sandbox::new().config(config);
    assert_eq!(of(sandbox(), &["open", "--profile", "pr"]), ["pre", "prod"]);
    let shown = of(sandbox(), &["profile", "show", ""]);
    let shown: Vec<&String> = shown.iter().filter(|word| !word.starts_with('-')).collect();
    assert_eq!(shown, ["pre", "prod", "demo"], "and no name that a shell would read something into");
    assert_eq!(of(sandbox(), &["list", "--region", "cn-zh"]), ["cn-zhangjiakou"]);
    assert_eq!(of(Sandbox::new(), &["open", "--profile", "d"]), ["demo"]);
}

#[test]
fn each_shell_is_told_what_a_candidate_is() {
    for (shell, form) in
        [("zsh", "office-01:i-demo-windows · Running"), ("fish", "office-01\ti-demo-windows · Running")]
    {
        let sandbox = Sandbox::new().env("COMPLETE", shell).env("_CLAP_IFS", "\n").env("_CLAP_COMPLETE_INDEX", "4");
        let run = silent(sandbox.run(&["--", "ecs-vnc", "open", "--profile", "demo", "office"]));
        assert!(run.stdout.starts_with(form), "{shell}: {}", run.stdout);
        let script = silent(sandbox.run(&[])).stdout;
        assert!(script.contains("ecs-vnc") && script.contains("COMPLETE"), "{shell}: {script}");
    }
}

fn instances(list: &str) -> Reply {
    http("200 OK", "", &format!(r#"{{"RequestId":"R","NextToken":"","Instances":{{"Instance":[{list}]}}}}"#))
}

#[test]
fn an_answer_is_good_for_a_minute_and_for_those_who_got_it() {
    let server = Fake::start(|_, _| {
        instances(
            r#"{"InstanceId":"i-1","InstanceName":"web","Status":"Running"},
               {"InstanceId":"i-2","InstanceName":"$(touch x)","Status":"Running"},
               {"InstanceId":"i-3","InstanceName":"\u001b[2J","Status":"Running"}"#,
        )
    });
    let (found, sandbox) = bash(Sandbox::with_account(&server.endpoint), &["open", ""]);
    let found: Vec<&String> = found.iter().filter(|word| !word.starts_with('-')).collect();
    assert_eq!(found, ["web", "i-2", "i-3"], "no name that a shell would read something into");
    let (again, sandbox) = bash(sandbox, &["open", "w"]);
    assert_eq!((again, server.requests().len()), (vec!["web".to_owned()], 1));
    // Another region, another key: another answer.
    let (_, sandbox) = bash(sandbox, &["open", "--region", "cn-beijing", "w"]);
    assert_eq!(server.requests().len(), 2);
    let (_, sandbox) = bash(sandbox.env("ALIBABA_CLOUD_ACCESS_KEY_ID", "another-key"), &["open", "w"]);
    assert_eq!(server.requests().len(), 3);
    let (_, sandbox) = bash(sandbox, &["open", "--no-cache", "w"]);
    assert_eq!(server.requests().len(), 4);
    let dir = [".cache/ecs-vnc", "Library/Caches/ecs-vnc"].map(|dir| sandbox.path(dir));
    let files: Vec<_> =
        dir.iter().filter_map(|dir| fs::read_dir(dir).ok()).flatten().map(|e| e.unwrap().path()).collect();
    assert_eq!(files.len(), 3);
    // What is older is asked for again.
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let at = serde_json::from_str::<serde_json::Value>(&text).unwrap()["at"].as_i64().unwrap();
        fs::write(&file, text.replace(&at.to_string(), &(at - 61).to_string())).unwrap();
    }
    bash(sandbox, &["open", "w"]);
    assert_eq!(server.requests().len(), 5);
}

#[test]
fn what_goes_wrong_is_not_told() {
    let nothing = |sandbox: Sandbox| assert!(of(sandbox, &["open", "w"]).is_empty());
    nothing(Sandbox::new());
    nothing(Sandbox::new().config("[profile.p]\nregoin_id = 'x'\n"));
    nothing(Sandbox::with_account("http://127.0.0.1:1"));
    nothing(Sandbox::with_account(&account(Options::new(Clock::system()))).env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "x"));
    nothing(Sandbox::with_account(&Fake::start(|_, _| http("200 OK", "", "nonsense")).endpoint));
    let silent = Fake::start(|_, _| Reply::Silence);
    let started = Instant::now();
    nothing(Sandbox::with_account(&silent.endpoint));
    nothing(Sandbox::new().config(&format!(
        "[profile.default]\nmode = 'CredentialsURI'\ncredentials_uri = '{}'\nregion_id = 'cn-x'\n",
        silent.endpoint
    )));
    #[cfg(unix)]
    nothing(Sandbox::new().config("[profile.default]\nmode = 'External'\nprocess_command = 'sleep 60'\n"));
    assert!(started.elapsed() < Duration::from_secs(20), "a second each, and not until a limit of 30 s");
}

#[test]
fn a_failure_is_not_kept() {
    let server = Fake::start(|number, _| match number {
        0 => http("200 OK", "", "nonsense"),
        _ => instances(r#"{"InstanceId":"i-1","InstanceName":"web","Status":"Running"}"#),
    });
    let (found, sandbox) = bash(Sandbox::with_account(&server.endpoint), &["open", "w"]);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(of(sandbox, &["open", "w"]), ["web"]);
}

#[cfg(unix)]
#[test]
fn no_program_is_run_at_a_key() {
    let sandbox = Sandbox::new();
    let program = sandbox.script("keys", "touch \"$HOME/ran\"");
    let config = format!("[profile.default]\nmode = 'External'\nprocess_command = '{program}'\nregion_id = 'cn-x'\n");
    let (found, sandbox) = bash(sandbox.config(&config), &["open", "w"]);
    assert!(found.is_empty() && !sandbox.path("ran").exists());
}

#[test]
fn columns_are_completed_for_sort_and_a_name_is_offered_once() {
    let sorts = of(Sandbox::new(), &["list", "--sort", ""]);
    for word in ["name", "-name", "screen", "-id"] {
        assert!(sorts.contains(&word.to_owned()), "{word}: {sorts:?}");
    }
    assert_eq!(of(Sandbox::new(), &["list", "--sort", "pr"]), ["private"]);
    let sandbox = Sandbox::new().config("[alias]\nweb-02 = 'i-demo-linux'\n");
    assert_eq!(
        of(sandbox, &["open", "--profile", "demo", "web-02"]).iter().filter(|word| *word == "web-02").count(),
        1
    );
}

#[test]
fn the_built_in_profile_is_not_offered_for_removal() {
    let sandbox = || Sandbox::new().config("[profile.prod]\n");
    let offered = |words: &[&str]| -> Vec<String> {
        of(sandbox(), words).into_iter().filter(|word| !word.starts_with('-')).collect()
    };
    assert_eq!(offered(&["profile", "remove", ""]), ["prod"]);
    assert_eq!(offered(&["profile", "use", ""]), ["prod", "demo"]);
}
