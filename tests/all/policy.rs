//! `policy`: what it allows is what the code asks for.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::docs::{actions, actions_of_the_code};
use crate::sandbox::Sandbox;

/// A sandbox in which every request would fail.
fn without_network() -> Sandbox {
    Sandbox::with_account("http://127.0.0.1:1")
}

fn policy(sandbox: &Sandbox, flags: &[&str]) -> Value {
    let run = sandbox.run(&[&["policy"], flags].concat()).ends(0);
    assert!(run.stderr.is_empty(), "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

/// Each action with each of its resources.
fn grants(policy: &Value) -> BTreeSet<(String, String)> {
    let list = |value: &Value| match value {
        Value::Array(many) => many.iter().map(|one| one.as_str().unwrap().to_owned()).collect::<Vec<_>>(),
        one => vec![one.as_str().unwrap().to_owned()],
    };
    let mut all = BTreeSet::new();
    for statement in policy["Statement"].as_array().unwrap() {
        for action in list(&statement["Action"]) {
            all.extend(list(&statement["Resource"]).into_iter().map(|resource| (action.clone(), resource)));
        }
    }
    all
}

#[test]
fn all_tasks_together_allow_each_operation_that_the_code_calls_and_no_other() {
    let sandbox = without_network();
    assert_eq!(actions(&policy(&sandbox, &[])), actions_of_the_code());
    let tasks = [["--read"], ["--drive"], ["--power"]].map(|flag| actions(&policy(&sandbox, &flag)));
    let sum: usize = tasks.iter().map(BTreeSet::len).sum();
    assert_eq!(tasks.into_iter().flatten().collect::<BTreeSet<_>>(), actions_of_the_code());
    assert_eq!(sum, actions_of_the_code().len(), "each action belongs to one task");
    let both = actions(&policy(&sandbox, &["--read", "--power"]));
    assert!(both.contains("ecs:DescribeInstances") && both.contains("ecs:StopInstance"), "{both:?}");
    assert!(!both.contains("ecs:DescribeInstanceVncUrl"), "{both:?}");
    let run = sandbox.run(&["policy", "--drive", "-o", "json"]).ends(0);
    assert_eq!(run.json(), [policy(&sandbox, &["--drive"])]);
}

#[test]
fn doctor_probes_each_action_of_the_policy() {
    let run = Sandbox::new().run(&["doctor", "-o", "json"]);
    let report: Value = serde_json::from_str(run.stdout.lines().next().unwrap()).unwrap();
    let checks = report["Checks"].as_array().unwrap().iter().map(|check| check["Check"].as_str().unwrap().to_owned());
    let probed: BTreeSet<String> = checks.filter(|check| check.starts_with("ecs:")).collect();
    assert_eq!(probed, actions(&policy(&without_network(), &[])));
}

#[test]
fn an_instance_limits_all_but_the_lists() {
    let sandbox = without_network();
    let of = |flags: &[&str]| grants(&policy(&sandbox, flags));
    let grant = |action: &str, resource: &str| (format!("ecs:{action}"), resource.to_owned());
    let one = of(&["--read", "--instance", "i-1"]);
    let expected = [
        grant("DescribeInstances", "acs:ecs:*:*:instance/*"),
        grant("DescribeRegions", "*"),
        grant("GetInstanceScreenshot", "acs:ecs:*:*:instance/i-1"),
        grant("GetInstanceConsoleOutput", "acs:ecs:*:*:instance/i-1"),
    ];
    assert_eq!(one, expected.into());
    let two = of(&["--power", "-i", "i-1", "-i", "i-2", "-r", "cn-hangzhou"]);
    assert_eq!(two.len(), 6, "{two:?}");
    assert!(two.contains(&grant("StopInstance", "acs:ecs:cn-hangzhou:*:instance/i-2")), "{two:?}");
}

#[test]
fn a_name_is_looked_up_and_faults_print_no_policy() {
    let demo = Sandbox::new().env("ALIBABA_CLOUD_PROFILE", "demo");
    let named = grants(&policy(&demo, &["--drive", "--instance", "web-01"]));
    assert!(named.iter().all(|(_, resource)| resource == "acs:ecs:cn-hangzhou:*:instance/i-demo-linux"), "{named:?}");
    demo.run(&["policy", "-i", "no-such"]).ends(4).says(&["no instance named no-such"]);
    demo.run(&["policy", "-i", "i-1", "-r", "a/b"]).ends(2).says(&["a/b"]);
    without_network().run(&["policy", "-i", "web-01"]).ends(10);
}

#[test]
fn an_alias_of_an_id_needs_no_request_and_a_variable_limits_nothing() {
    let config = "[alias]\ndb = 'i-1'\nfar = 'cn-beijing/i-2'\n";
    let sandbox = Sandbox::new().config(config).env("ECS_VNC_INSTANCE", "i-9");
    let of = |flags: &[&str]| grants(&policy(&sandbox, &[&["--drive"], flags].concat()));
    let resources = |flags: &[&str]| of(flags).into_iter().map(|(_, resource)| resource).collect::<BTreeSet<_>>();
    assert_eq!(resources(&["-i", "db"]), ["acs:ecs:*:*:instance/i-1".to_owned()].into());
    assert_eq!(resources(&["-i", "far"]), ["acs:ecs:cn-beijing:*:instance/i-2".to_owned()].into());
    assert_eq!(resources(&[]), ["acs:ecs:*:*:instance/*".to_owned()].into());
    let run = sandbox.run(&["policy", "-i", "far", "-r", "cn-hangzhou"]).ends(2);
    run.says(&["the alias far is in cn-beijing, and not in cn-hangzhou"]);
}
