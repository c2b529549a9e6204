//! `mcp`: the tools `check` and `power`.

use serde_json::{Value, json};

use crate::agent::{Agent, framed, text};
use crate::sandbox::{Sandbox, with_account};

fn demo() -> Sandbox {
    Sandbox::new().env("ALIBABA_CLOUD_PROFILE", "demo")
}

#[test]
fn machines_are_checked_each_with_its_row() {
    let mut agent = Agent::start(&demo(), &[]);
    let names = ["web-0?", "db-02", "i-demo-stopped", "no-such-machine"];
    let checked = agent.call("check", json!({ "instances": names }));
    let machines = checked["structuredContent"]["machines"].as_array().unwrap();
    let state = |id: &str| machines.iter().find(|machine| machine["instance"] == id).unwrap_or_else(|| panic!("{id}"));
    // What `ecs-vnc check` tells of the same machines.
    let told = demo().run(&["check", "web-01", "web-02", "db-02", "db-01", "-o", "json"]).ends(0).json();
    assert_eq!((told.len(), machines.len()), (4, 5));
    for told in told {
        let machine = state(told["InstanceId"].as_str().unwrap());
        assert_eq!(machine["state"], told["State"], "{machine} {told}");
        assert_eq!(machine["row"], told["Row"], "{machine} {told}");
    }
    assert_eq!(state("i-demo-linux")["line"], "web-01 login:");
    assert!(state("no-such-machine")["error"].as_str().unwrap().contains("no instance named"), "{checked}");
    let (list, head) = framed(&text(&checked));
    assert!(head.starts_with("5 machines: ") && head.contains("stopped 1"), "{head}");
    assert!(list.contains("login  i-demo-linux (web-01)  screen row 24: web-01 login:"), "{list}");

    // Each is counted once.
    let twice = agent.call("check", json!({ "instances": ["web-01", "web-0?", "web-01", "no-such", "no-such"] }));
    assert!(text(&twice).starts_with("3 machines: error 1, "), "{twice}");
    assert_eq!(twice["structuredContent"]["is_complete"], true);

    let mut bounded = Agent::start(&demo(), &["--only", "web-*"]);
    let checked = bounded.call("check", json!({ "instances": ["*-02", "db-01"] }));
    let machines = checked["structuredContent"]["machines"].as_array().unwrap().clone();
    let ids: Vec<&Value> = machines.iter().map(|machine| &machine["instance"]).collect();
    assert_eq!(ids, ["i-demo-flaky", "db-01"]);
    assert!(machines[1].get("state").is_none(), "{checked}");
    for wrong in [json!([]), json!(vec!["a"; 51]), json!(["*"])] {
        let said = agent.failure("check", json!({ "instances": wrong }));
        assert!(said.contains("1 to 50 instances"), "{said}");
    }
}

#[test]
fn a_boot_log_that_tells_is_told_as_the_command_tells_it() {
    let mut agent = Agent::start(&demo(), &[]);
    let listed =
        demo().run(&["list", "--region", "cn-hangzhou", "--name", "state-picture-*", "-o", "json"]).ends(0).json();
    let picture = listed[0]["InstanceId"].as_str().unwrap();
    let checked = agent.call("check", json!({ "instances": ["i-demo-0367", picture] }));
    let lines: Vec<String> = framed(&text(&checked)).0.lines().map(str::to_owned).collect();
    // The age goes on meanwhile.
    let [panic, other] = &lines[..] else { panic!("{checked}") };
    assert!(panic.starts_with("panic (perhaps)  i-demo-0367 ") && panic.contains("  boot log row "), "{panic}");
    assert!(panic.contains(" h ago: [    1.512345] Kernel panic - not syncing"), "{panic}");
    assert!(other.contains("pixels; its boot log ends in emergency, ") && other.ends_with(" ago"), "{other}");
    let logs: Vec<&Value> = checked["structuredContent"]["machines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|machine| &machine["boot_log"])
        .collect();
    let told = demo().run(&["check", "i-demo-0367", picture, "-o", "json"]).ends(0).json();
    for (log, told) in logs.iter().zip(told) {
        assert_eq!([&log["state"], &log["line"]], [&told["BootLog"]["State"], &told["BootLog"]["Line"]]);
    }
    // One that says nothing is left out.
    let login = agent.call("check", json!({ "instances": ["web-01"] }));
    assert!(login["structuredContent"]["machines"][0]["boot_log"].is_null(), "{login}");
}

#[test]
fn power_is_changed_when_it_is_confirmed() {
    let sandbox = with_account();
    let mut agent = Agent::start(&sandbox, &["--allow-input"]);
    let status = || sandbox.run(&["list", "--name", "db-01", "-o", "json"]).ends(0).json().remove(0)["Status"].clone();
    let start = json!({ "instance": "db-01", "action": "start", "wait": true });
    let plan = agent.text("power", start.clone());
    assert!(plan.starts_with("Nothing was done yet. "), "{plan}");
    assert!(plan.contains(", this tool starts i-demo-stopped. Its system boots.\n"), "{plan}");
    // Its name is not the server's word.
    assert_eq!(framed(&plan).0, "db-01");
    let confirmed = agent.planned("power", start.clone());
    assert_eq!(status(), "Stopped");
    assert_eq!(agent.text("power", confirmed), "i-demo-stopped is Running");
    assert_eq!(status(), "Running");
    // The service refuses what the state does not allow, before anything is confirmed.
    let again = agent.failure("power", start);
    assert!(again.contains("IncorrectInstanceStatus") && again.contains("hint: "), "{again}");
    let forced = agent.failure("power", json!({ "instance": "db-01", "action": "start", "force": true }));
    assert!(forced.contains("start takes no force"), "{forced}");
}
