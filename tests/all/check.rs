//! `check`, as a user and a script meet it, on the states that the simulated account shows.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::sync::{Arc, Mutex};

use ecs_vnc::demo::{Event, Options};
use ecs_vnc::system::clock::Clock;

#[cfg(unix)]
use crate::sandbox::interrupt;
use crate::sandbox::{Sandbox, account, watchdog};

/// Debug builds need a while for so many pictures.
const LONG: [&str; 2] = ["--timeout", "300"];

fn demo() -> Sandbox {
    Sandbox::new().env("ALIBABA_CLOUD_PROFILE", "demo")
}

/// The state in the name of an instance: `state-STATE-INDEX`.
fn shown(name: &str) -> &str {
    name.strip_prefix("state-").and_then(|rest| rest.rsplit_once('-')).unwrap().0
}

#[test]
fn every_state_of_the_simulated_account_is_told() {
    let sandbox = demo();
    let ids = sandbox.run(&["list", "--region", "cn-hangzhou", "--name", "state-*", "--ids-only"]).ends(0).stdout;
    let ids: Vec<&str> = ids.lines().collect();
    assert!(ids.len() > 70, "{}", ids.len());
    // The last ones show what the first ones do.
    let ids = &ids[..70];
    let run = sandbox.run(&[&["check", "-o", "json"], &LONG[..], ids].concat()).ends(0);
    let mut told = BTreeSet::new();
    for (id, line) in ids.iter().zip(run.json()) {
        let (state, name) = (line["State"].as_str().unwrap(), line["InstanceName"].as_str().unwrap());
        assert_eq!(line["InstanceId"], *id);
        assert_eq!(state, shown(name), "{line}");
        // Each has its row, but those that have none by nature.
        let has_row = line["Row"].is_u64() && line["Line"].is_string();
        let (is_perhaps, has_rule) = (line["Certainty"] == "perhaps", line["Rule"].is_string());
        assert_eq!(has_rule, has_row && state != "text", "{line}");
        assert!(has_row || is_perhaps || ["blank", "picture", "unknown-font"].contains(&state), "{line}");
        assert_eq!(is_perhaps, line["From"] == "bootlog" || state.starts_with("windows") && !has_row, "{line}");
        told.insert(state.to_owned());
    }
    // The list, and text.
    let expected = "login shell boot grub grub-rescue initramfs emergency fsck passphrase panic oops firmware pxe \
        no-boot-device cloud-init shutdown windows-login windows-boot-error windows-stop windows-update blank picture \
        unknown-font text";
    assert_eq!(told, expected.split_whitespace().map(str::to_owned).collect());
}

#[test]
fn a_trouble_below_a_prompt_is_told_beside_it() {
    let lines = demo().run(&[&["check", "state-login-*", "-o", "json"], &LONG[..]].concat()).ends(0).json();
    let troubles: BTreeSet<&str> = lines.iter().filter_map(|line| line["Trouble"]["Rule"].as_str()).collect();
    assert!(lines.iter().all(|line| line["State"] == "login"), "{lines:#?}");
    assert_eq!(troubles, ["disk-error", "hung-task"].into());
    let named = lines.iter().find(|line| line["Trouble"]["Rule"] == "hung-task").unwrap();
    let row = demo().run(&["check", named["InstanceId"].as_str().unwrap()]).ends(0).stdout;
    assert!(row.contains("app-23 login:; below it: [  363.000001] INFO: task jbd2/vda1-8:187 blocked"), "{row}");
}

#[test]
fn the_table_stays_in_line_below_short_names() {
    // The last name is longer than those before it.
    let table = demo().run(&["check", "db-01", "state-windows-stop-328", "--no-bootlog"]).ends(0).stdout;
    let place = |text: &str| table.lines().find_map(|line| line.find(text)).unwrap();
    assert_eq!(place("i-demo-stopped"), place("ID"), "{table}");
    assert_eq!(place("i-demo-0328"), place("ID"), "{table}");
}

#[test]
fn healthy_and_stopped_instances_are_told_as_such() {
    let run = demo().run(&["check", "web-01", "web-02", "office-01", "db-01", "db-02", "-o", "json"]).ends(0);
    let told: Vec<(String, String, String)> = run
        .json()
        .iter()
        .map(|line| ["State", "Certainty", "From"].map(|field| line[field].as_str().unwrap().to_owned()).into())
        .collect();
    let expected = [
        ("login", "exact", "screen"),
        // The API gives that one as a JPG.
        ("login", "inexact", "screen"),
        ("picture", "inexact", "screen"),
        ("stopped", "exact", "status"),
        ("emergency", "exact", "screen"),
    ];
    assert_eq!(told, expected.map(|(state, certainty, from)| (state.into(), certainty.into(), from.into())));
    let line = &run.json()[3];
    assert_eq!((&line["Line"], &line["TakenAt"]), (&"Status: Stopped".into(), &serde_json::Value::Null));
    let run = demo().run(&["check", "i-demo-0014", "i-demo-0019", "--fail-on", "stopped,starting"]);
    assert_eq!(run.code, 30, "{run:#?}");
    let states: Vec<&str> = run.stdout.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(states, ["STATE", "starting", "stopping"]);
    run.says(&["1 of 2 checked are in a state of --fail-on: 1 starting"]);
}

#[test]
fn the_table_has_a_line_for_each_with_the_row_that_says_so() {
    let run = demo().run(&["check", "db-02", "i-demo-0367"]).ends(0);
    let lines: Vec<&str> = run.stdout.lines().collect();
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(lines[0]), ["STATE", "NAME", "ID", "FROM", "ROW", "READ", "RULE", "LINE"]);
    let expected = ["emergency", "db-02", "i-demo-rescue", "screen", "24", "exact", "emergency", "(or", "press"];
    assert_eq!(words(lines[1])[..9], expected);
    // A panic that did not reach the screen, in a log that is some hours old.
    assert!(lines[2].starts_with("panic ") && lines[2].contains(" bootlog "), "{}", lines[2]);
    assert!(lines[2].contains(" perhaps "), "{}", lines[2]);
    assert!(lines[2].contains(" h ago: [    1.512345] Kernel panic - not syncing: No working init"), "{}", lines[2]);
    // One that need not be: it is told beside the picture.
    let name = demo().run(&["list", "--region", "cn-hangzhou", "--name", "state-picture-*"]).ends(0).stdout;
    let name = name.split_whitespace().find(|word| word.starts_with("state-picture-")).unwrap().to_owned();
    let run = demo().run(&["check", &name]).ends(0);
    assert!(run.stdout.contains("pixels; its boot log ends in emergency, "), "{}", run.stdout);
    assert_eq!(demo().run(&["check", &name, "-o", "json"]).ends(0).json()[0]["BootLog"]["State"], "emergency");
    let run = demo().run(&["check", "i-demo-0367", "--no-bootlog"]).ends(0);
    assert!(run.stdout.lines().nth(1).unwrap().starts_with("blank "), "{}", run.stdout);
}

#[test]
fn a_state_of_fail_on_is_exit_code_30() {
    let sandbox = demo();
    let run = sandbox.run(&["check", "web-01", "db-02", "--fail-on", "panic,emergency"]);
    assert_eq!((run.code, run.stdout.lines().count()), (30, 3), "{run:#?}");
    run.says(&["error: 1 of 2 checked are in a state of --fail-on: 1 emergency"]);
    sandbox.run(&["check", "web-01", "db-02", "--fail-on", "panic"]).ends(0);
    // It counts more than an instance that could not be checked.
    let run = sandbox.run(&["check", "i-demo-0000", "db-02", "--fail-on", "emergency"]);
    assert_eq!(run.code, 30, "{run:#?}");
    sandbox.run(&["check", "-", "--watch"]).ends(2).says(&["--watch checks again"]);
    let run = sandbox.run(&["check", "no-such", "db-02"]);
    assert_eq!((run.code, run.stdout.lines().count()), (4, 2), "{run:#?}");
    run.says(&["no-such"]);
    let run = sandbox.run(&["check", "web-01", "--fail-on", "panick"]).ends(2);
    run.says(&["unknown state `panick`", "did you mean panic?"]);
}

#[test]
fn a_users_rules_come_first_and_faults_are_named() {
    let sandbox = demo();
    let file = sandbox.path("rules.toml").display().to_string();
    let rule = |pattern: &str| {
        format!(
            "[[rule]]\nname = 'mine'\nstate = 'kiosk'\npattern = '{pattern}'\nhit = ['web-01 login:']\nmiss = ['x']\n"
        )
    };
    fs::write(&file, rule("^web-01 login:")).unwrap();
    let run = sandbox.run(&["check", "web-01", "db-02", "--rules", &file, "--fail-on", "kiosk", "-o", "json"]);
    assert_eq!(run.code, 30, "{run:#?}");
    assert_eq!((&run.json()[0]["State"], &run.json()[0]["Rule"]), (&"kiosk".into(), &"mine".into()));
    assert_eq!(run.json()[1]["State"], "emergency");
    let listed = sandbox.run(&["check", "--list-rules", "--rules", &file]).ends(0).stdout;
    let lines: Vec<&str> = listed.lines().collect();
    assert!(lines[0].starts_with("STATE") && lines[1].starts_with("kiosk") && lines.len() > 30, "{listed}");
    let json = sandbox.run(&["check", "--list-rules", "-o", "json"]).ends(0).json();
    assert!(json.iter().any(|rule| rule["Rule"] == "kernel-panic" && rule["State"] == "panic"));
    for (text, said) in [
        (rule("("), "the rule `mine`: the pattern is no regular expression"),
        (rule("other"), "does not match its own sample `web-01 login:`"),
        (String::new(), "no rule"),
        ("what".to_owned(), "TOML"),
    ] {
        fs::write(&file, text).unwrap();
        sandbox.run(&["check", "web-01", "--rules", &file]).ends(2).says(&["rules.toml", said, "docs/check.md"]);
    }
    sandbox.run(&["check", "web-01", "--rules", "/no/such"]).ends(2).says(&["cannot read /no/such"]);
}

#[test]
fn a_list_has_the_state_in_a_column() {
    let sandbox = demo();
    let run = sandbox.run(&["list", "--region", "cn-hangzhou", "--name", "*-0?", "--check"]).ends(0);
    let states: Vec<&str> = run.stdout.lines().map(|line| line.split_whitespace().last().unwrap()).collect();
    // In the order of the ids.
    let expected = ["SCREEN", "login", "picture", "stopped", "starting", "login", "emergency"];
    assert_eq!(states[..7], expected, "{}", run.stdout);
    // By colours, by the boot log, and by the screen.
    for (name, mark) in
        [("state-windows-stop-328", "windows-stop?"), ("state-panic-367", "panic?"), ("db-02", "emergency")]
    {
        let run = sandbox.run(&["list", "--region", "cn-hangzhou", "--name", name, "--check"]).ends(0);
        let cells: Vec<&str> = run.stdout.lines().skip(1).filter_map(|line| line.split_whitespace().last()).collect();
        assert!(cells.contains(&mark), "{}", run.stdout);
    }
    sandbox.run(&["list", "--check", "-o", "json"]).ends(2).says(&["use ecs-vnc check -o json"]);
    sandbox.run(&["list", "--check", "--ids-only"]).ends(2);
}

#[test]
fn a_probe_is_told_to_take_the_session_and_says_what_it_does_not_know() {
    let sandbox = demo();
    let run = sandbox.run(&["check", "web-01", "--probe", "-o", "json"]).ends(0);
    // The simulated console sends no LEDs, and its cursor is that of a VGA.
    let probe = serde_json::json!({
        "State": "unknown", "NumLock": null, "LedsBlink": false, "Blinks": true, "Moves": false,
    });
    assert_eq!((&run.json()[0]["Probe"], &run.json()[0]["Via"]), (&probe, &"vnc".into()));
    run.says(&["opening the console of i-demo-linux; anyone already on it is disconnected"]);
    sandbox.run(&["check", "web-01", "--probe", "--via", "api"]).ends(2);
    sandbox.run(&["check", "web-01", "--fail-on", "frozen"]).ends(2).says(&["unknown state `frozen`"]);
    sandbox.run(&["check", "web-01", "--fail-on", "frozen", "--probe"]).ends(0);
}

#[test]
fn no_more_is_asked_than_is_needed() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let listener = {
        let asked = asked.clone();
        move |event: &Event<'_>| {
            if let Event::Answered { action, instance: Some(instance), .. } = event {
                asked.lock().unwrap().push(format!("{action} {instance}"));
            }
        }
    };
    let endpoint = account(Options::new(Clock::system()).listener(listener));
    Sandbox::with_account(&endpoint).run(&["check", "web-01", "office-01", "db-01"]).ends(0);
    let mut asked = std::mem::take(&mut *asked.lock().unwrap());
    asked.sort();
    let expected = [
        "GetInstanceConsoleOutput i-demo-linux",
        "GetInstanceScreenshot i-demo-linux",
        "GetInstanceScreenshot i-demo-windows",
    ];
    assert_eq!(asked, expected);
}

#[cfg(unix)]
#[test]
fn watch_prints_what_changes_until_it_is_interrupted() {
    let endpoint = account(Options::new(Clock::system()));
    let sandbox = Sandbox::with_account(&endpoint).env("SECRET", "right");
    let mut child = sandbox.spawn(&["check", "no-such", "web-01", "db-02", "--watch", "-o", "json"]);
    let _guard = watchdog(child.id());
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || serde_json::from_str::<serde_json::Value>(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!([next()["State"].clone(), next()["State"].clone()], ["login", "emergency"]);
    sandbox.run(&["login", "web-01", "--user", "root", "--env", "SECRET"]).ends(0);
    let changed = next();
    assert_eq!((&changed["InstanceName"], &changed["State"]), (&"web-01".into(), &"shell".into()));
    assert_eq!(interrupt(&mut child), Some(0), "Ctrl-C is how it is meant to end");
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(said.matches("\"InstanceId\":\"no-such\"").count(), 1, "a round later it is no news: {said}");
}

#[cfg(unix)]
#[test]
fn watch_has_the_time_of_an_instance_that_does_not_run_too() {
    let mut child = demo().spawn(&["check", "db-01", "--watch"]);
    let _guard = watchdog(child.id());
    let line = BufReader::new(child.stdout.take().unwrap()).lines().nth(1).unwrap().unwrap();
    let time = line.split_whitespace().next().unwrap();
    assert!(time.parse::<chrono::DateTime<chrono::Utc>>().is_ok(), "{line}");
    assert_eq!(interrupt(&mut child), Some(0));
}
