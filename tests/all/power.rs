//! `start`, `stop`, `reboot` and `open --start`.

use std::io::{BufRead as _, BufReader};
use std::sync::{Arc, Mutex};

use ecs_vnc::demo::{Event, Options};
use ecs_vnc::system::clock::Clock;

use crate::fake::{Fake, Reply, good, http, refusal};
#[cfg(unix)]
use crate::pty::OnTerminal;
#[cfg(unix)]
use crate::sandbox::interrupt;
use crate::sandbox::{Killed, Run, Sandbox, account, at_once, until, with_account};

/// The status of an instance, as `list` has it.
fn status(sandbox: &Sandbox, id: &str) -> String {
    let instances = sandbox.run(&["list", "-o", "json"]).ends(0).json();
    let found = instances.iter().find(|instance| instance["InstanceId"] == id).unwrap();
    found["Status"].as_str().unwrap().to_owned()
}

/// An account, and what happens at it: `ACTION INSTANCE`, and consoles that are opened and left.
fn watched_account() -> (Sandbox, Arc<Mutex<Vec<String>>>) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = told.clone();
    let endpoint = account(Options::new(Clock::system()).listener(move |event| {
        let text = match event {
            Event::Answered { action, instance, code: None } => format!("{action} {}", instance.unwrap_or_default()),
            Event::Opened { instance, .. } => format!("opened {instance}"),
            Event::Left { instance, how } => format!("left {instance}: {how}"),
            _ => return,
        };
        listener.lock().unwrap().push(text);
    }));
    (Sandbox::with_account(&endpoint), told)
}

fn has(told: &Mutex<Vec<String>>, text: &str) -> bool {
    told.lock().unwrap().iter().any(|line| line == text)
}

/// A service whose instance `i-1` always has this status, and answers `reply` to the three actions.
fn service(status: &'static str, reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Fake {
    let body = format!(
        r#"{{"Instances":{{"Instance":[{{"InstanceId":"i-1","InstanceName":"web","RegionId":"cn-hangzhou","Status":"{status}"}}]}}}}"#
    );
    Fake::start(move |_, request| match request.contains("Action=DescribeInstances&") {
        true => http("200 OK", "", &body),
        false => reply(request),
    })
}

fn accepted() -> Reply {
    http("200 OK", "", r#"{"RequestId":"R-1"}"#)
}

#[test]
fn each_is_done_when_its_wait_ends() {
    at_once(
        [
            (["start", "i-demo-stopped"], "StartInstance", "Running"),
            (["stop", "i-demo-linux"], "StopInstance", "Stopped"),
            (["reboot", "office-01"], "RebootInstance", "Running"),
        ],
        |(verb, action, last)| {
            let sandbox = with_account();
            let run = sandbox.run(&[&verb[..], &["--yes", "--wait", "-o", "json"]].concat()).ends(0);
            let line = &run.json()[0];
            assert_eq!((&line["Action"], &line["Status"]), (&action.into(), &last.into()), "{line}");
            assert!(line["IsDryRun"] == false && line["RequestId"].as_str().unwrap().len() == 32, "{line}");
            run.says(&["waiting up to 10m until it is"]);
            assert_eq!(status(&sandbox, line["InstanceId"].as_str().unwrap()), last);
        },
    );
}

#[test]
fn without_a_wait_it_ends_when_the_service_has_answered() {
    let sandbox = with_account();
    let run = sandbox.run(&["stop", "web-01", "-y"]).ends(0);
    assert!(run.stdout.is_empty());
    // An id is not looked up where nobody is asked, so its name is not known.
    run.says(&["i-demo-linux (web-01) in cn-hangzhou is now Stopping"]);
    sandbox.run(&["start", "i-demo-stopped", "-y"]).ends(0).says(&["i-demo-stopped in cn-hangzhou is now Starting"]);
    until("it is stopped", || status(&sandbox, "i-demo-linux") == "Stopped");
    sandbox.run(&["screenshot", "i-demo-linux", "-f", "-"]).ends(5).says(&["ecs-vnc start i-demo-linux"]);
}

#[test]
fn the_screens_follow() {
    at_once(
        [
            (&["reboot", "i-demo-linux", "-y"][..], "reboot: Restarting system"),
            (&["reboot", "i-demo-flaky", "-y", "--force"], "SeaBIOS"),
            (&["stop", "i-demo-rescue", "-y"], "reboot: Power down"),
        ],
        |(args, text)| {
            let (sandbox, told) = watched_account();
            let waiting = Killed(sandbox.spawn(&["wait", args[1], "--text", text]));
            until("the console", || has(&told, &format!("opened {}", args[1])));
            sandbox.run(args).ends(0);
            let mut waiting = waiting;
            assert_eq!(waiting.0.wait().unwrap().code(), Some(0), "{text}");
        },
    );
    // A machine that is started boots when it runs.
    let sandbox = with_account();
    sandbox.run(&["start", "db-01", "-y", "--wait"]).ends(0);
    sandbox.run(&["wait", "db-01", "--text", "db-01 login:"]).ends(0);
    sandbox.run(&["bootlog", "db-01"]).ends(0);
}

#[test]
fn a_console_ends_with_the_power_of_its_instance() {
    let (sandbox, told) = watched_account();
    let mut waiting = sandbox.spawn(&["wait", "i-demo-linux", "--text", "what never comes"]);
    until("the console", || has(&told, "opened i-demo-linux"));
    sandbox.run(&["stop", "i-demo-linux", "-y", "--force"]).ends(0);
    until("its end", || has(&told, "left i-demo-linux: the instance was stopped"));
    let _ = waiting.kill();
    let ended = waiting.wait_with_output().unwrap();
    assert!(!ended.status.success());
}

#[test]
fn what_the_state_does_not_allow_is_refused_with_the_state() {
    let sandbox = with_account();
    for (args, words) in [
        (["start", "i-demo-linux"], "i-demo-linux is Running already; to start it anew: ecs-vnc reboot i-demo-linux"),
        (["stop", "i-demo-stopped"], "i-demo-stopped is Stopped already"),
        (["reboot", "i-demo-stopped"], "i-demo-stopped is Stopped; start it: ecs-vnc start i-demo-stopped"),
        // An instance of the account that stays Stopping.
        (["start", "i-demo-0019"], "i-demo-0019 is still Stopping"),
        (["stop", "i-demo-0014"], "i-demo-0014 is Starting"),
    ] {
        for more in [&["--yes"][..], &["--dry-run"]] {
            let run = sandbox.run(&[&args[..], more].concat()).ends(5);
            run.says(&["IncorrectInstanceStatus", "hint: ", words]);
        }
    }
}

#[test]
fn other_refusals_say_what_to_do() {
    let sandbox = with_account();
    sandbox.run(&["stop", "i-nope", "--yes"]).ends(4).says(&["no instance i-nope"]);
    sandbox.run(&["stop", "nope", "--yes"]).ends(4).says(&["no instance named nope"]);
    sandbox.run(&["stop", "twin-01", "--yes"]).ends(4).says(&["2 instances"]);
    for (verb, action) in [("start", "Start"), ("stop", "Stop"), ("reboot", "Reboot")] {
        let narrow = with_account()
            .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "demo-narrow-key-id")
            .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "demo-narrow-secret");
        let run = narrow.run(&[verb, "i-demo-linux", "--yes"]).ends(3);
        run.says(&[&format!("lacks the RAM action ecs:{action}Instance")]);
        // It would not be known when it is done.
        narrow.run(&[verb, "i-demo-linux", "--yes", "--wait"]).ends(3).says(&["ecs:DescribeInstances"]);
    }
    for (code, words) in [
        ("InstanceLockedForSecurity", "locked for security reasons"),
        ("InstanceExpiredOrInArrears", "renew i-1"),
        ("OperationDenied.NoStock", "has no resources for i-1 now"),
        ("DiskError", "a disk of i-1"),
    ] {
        let server = service("Stopped", move |_| refusal(code));
        let run = Sandbox::with_account(&server.endpoint).run(&["start", "i-1", "--yes"]).ends(5);
        run.says(&[code, words]);
        assert_eq!(server.requests_for("StartInstance").len(), 1, "{code}");
    }
}

#[test]
fn without_a_terminal_and_for_several_it_needs_yes() {
    let server = service("Running", |_| accepted());
    let sandbox = Sandbox::with_account(&server.endpoint);
    for (args, words) in [
        (&["stop", "i-1"][..], "`stop` asks before it acts, and there is no terminal; add --yes"),
        (&["reboot", "i-1", "--force"], "`reboot` asks before it acts"),
        (&["start", "i-1", "i-2", "i-3"], "3 instances are named; add --yes to start all of them"),
        (&["stop", "i-1", "--wait", "--dry-run"], "cannot be used with"),
    ] {
        sandbox.run(args).ends(2).says(&[words]);
    }
    let error = sandbox.run(&["stop", "i-1", "-o", "json"]).ends(2).json_error();
    assert!(error["Message"].as_str().unwrap().contains("--yes"), "{error}");
    assert!(server.requests().is_empty(), "nothing is requested before");
}

#[cfg(unix)]
#[test]
fn on_a_terminal_a_question_names_the_machine() {
    let sandbox = with_account();
    let question = "Stop i-demo-linux (web-01) in cn-hangzhou? It is Running; its system is shut down. [y/N] ";
    for (answer, code) in [("n\n", 1), ("\n", 1), ("yess\n", 1)] {
        let mut terminal = OnTerminal::start(&sandbox, &["stop", "i-demo-linux"]);
        terminal.shows(question);
        terminal.types(answer);
        assert_eq!(terminal.ends(), Some(code), "{answer:?}: {}", terminal.text());
        terminal.shows("not confirmed; nothing was done to i-demo-linux");
    }
    let mut terminal = OnTerminal::start(&sandbox, &["reboot", "office-01", "--force"]);
    terminal.shows("Reboot i-demo-windows (office-01) in cn-hangzhou? It is Running; it is reset, and unsaved");
    assert_eq!(interrupt(&mut terminal.child.0), Some(130));
    let mut terminal = OnTerminal::start(&sandbox, &["stop", "i-demo-linux", "i-demo-windows"]);
    assert_eq!(terminal.ends(), Some(2));
    assert_eq!(
        (status(&sandbox, "i-demo-linux"), status(&sandbox, "i-demo-windows")),
        ("Running".into(), "Running".into())
    );

    for (verb, id, answer) in [("stop", "i-demo-linux", "y\n"), ("start", "i-demo-stopped", "YES\n")] {
        let mut terminal = OnTerminal::start(&sandbox, &[verb, id]);
        terminal.shows("[y/N] ");
        terminal.types(answer);
        assert_eq!(terminal.ends(), Some(0), "{}", terminal.text());
    }
    assert_ne!(
        (status(&sandbox, "i-demo-linux"), status(&sandbox, "i-demo-stopped")),
        ("Running".into(), "Stopped".into())
    );
}

#[cfg(unix)]
#[test]
fn what_was_done_before_is_not_asked_about() {
    let sandbox = with_account();
    let file = sandbox.path("done.json").display().to_string();
    // A dry run has done nothing.
    let dry = sandbox.run(&["stop", "web-01", "--dry-run", "-o", "json"]).ends(0);
    std::fs::write(&file, &dry.stdout).unwrap();
    let stop = ["stop", "web-01", "--skip-done", &file];
    let mut terminal = OnTerminal::start(&sandbox, &stop);
    terminal.shows("[y/N] ");
    terminal.types("n\n");
    assert_eq!(terminal.ends(), Some(1));
    std::fs::write(&file, dry.stdout.replace("\"IsDryRun\":true", "\"IsDryRun\":false")).unwrap();
    let mut terminal = OnTerminal::start(&sandbox, &stop);
    assert_eq!(terminal.ends(), Some(0), "{}", terminal.text());
    terminal.shows("i-demo-linux (web-01) in cn-hangzhou was left out as done before");
    sandbox.run(&[&stop[..], &["--yes"]].concat()).ends(0).says(&["1 instance was left out as done before"]);
    assert_eq!(status(&sandbox, "i-demo-linux"), "Running");
}

#[cfg(unix)]
#[test]
fn a_name_cannot_act_on_the_terminal() {
    let body = r#"{"Instances":{"Instance":[{"InstanceId":"i-1","InstanceName":"a\u001b[2Jb","RegionId":"cn-hangzhou","Status":"Running"}]}}"#;
    let server = Fake::start(move |_, _| http("200 OK", "", body));
    let mut terminal = OnTerminal::start(&Sandbox::with_account(&server.endpoint), &["stop", "i-1"]);
    terminal.shows("[y/N] ");
    assert!(!terminal.text().contains("\u{1b}[2J"), "{:?}", terminal.text());
    terminal.types("n\n");
    assert_eq!(terminal.ends(), Some(1));
}

#[test]
fn a_dry_run_changes_nothing_and_succeeds_where_it_would() {
    let sandbox = with_account();
    let run = sandbox.run(&["stop", "web-01", "i-demo-windows", "--dry-run"]).ends(0);
    assert!(run.stdout.is_empty());
    run.says(&[
        "dry run: i-demo-linux (web-01) in cn-hangzhou would be stopped; nothing was changed",
        "i-demo-windows",
    ]);
    let run = sandbox.run(&["start", "i-demo-stopped", "--dry-run", "-q", "-o", "json"]).ends(0);
    assert!(run.stderr.is_empty(), "{}", run.stderr);
    let line = &run.json()[0];
    assert!(line["IsDryRun"] == true && line["Action"] == "StartInstance" && line["Status"].is_null(), "{line}");
    assert_eq!(
        (status(&sandbox, "i-demo-linux"), status(&sandbox, "i-demo-stopped")),
        ("Running".into(), "Stopped".into())
    );

    let server = service("Running", good);
    Sandbox::with_account(&server.endpoint).run(&["reboot", "i-1", "--dry-run", "--force"]).ends(0);
    let request = &server.requests_for("RebootInstance")[0];
    assert!(request.contains("&DryRun=true&") && request.contains("&ForceStop=true&"), "{request}");
    // A service that does not know DryRun.
    let server = service("Running", |_| accepted());
    let run = Sandbox::with_account(&server.endpoint).run(&["stop", "i-1", "--dry-run"]).ends(20);
    run.says(&["a dry run was answered as if it had been carried out"]);
}

#[test]
fn only_force_asks_for_it() {
    for (args, forced) in
        [(&["stop"][..], false), (&["stop", "--force"], true), (&["reboot"], false), (&["reboot", "--force"], true)]
    {
        let server = service("Running", |_| accepted());
        Sandbox::with_account(&server.endpoint).run(&[args, &["i-1", "--yes"]].concat()).ends(0);
        let requests = server.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        assert_eq!(requests[0].contains("&ForceStop=true&"), forced, "{args:?}: {}", requests[0]);
        assert!(
            requests[0].contains("&InstanceId=i-1&") && requests[0].contains("&RegionId=cn-hangzhou&"),
            "{}",
            requests[0]
        );
    }
    Sandbox::new().run(&["start", "i-1", "--force"]).ends(2).says(&["--force"]);
}

#[test]
fn one_failure_is_not_the_end_of_several() {
    let Run { code, stdout, stderr } =
        with_account().run(&["stop", "i-demo-windows", "i-nope", "i-demo-linux", "--yes", "-q", "-o", "json"]);
    assert_eq!(code, 4, "{stderr}");
    let ids: Vec<String> = stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["InstanceId"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, ["i-demo-windows", "i-demo-linux"]);
    assert!(stderr.lines().count() == 1 && stderr.contains("i-nope"), "{stderr}");
}

#[test]
fn patterns_take_what_the_action_is_for() {
    let sandbox = with_account();
    sandbox
        .run(&["stop", "web-0*"])
        .ends(2)
        .says(&["several instances may be selected; add --yes to stop all of them"]);
    // Of 80, 84 and 88, the simulated account has stopped 84: 84 % 25 is 9.
    let ids = |verb: &str, pattern: &str| {
        let run = sandbox.run(&[verb, pattern, "--dry-run", "-q", "-o", "json"]).ends(0);
        run.json().iter().map(|line| line["InstanceId"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids("start", "cache-08?"), ["i-demo-0084"]);
    assert_eq!(ids("stop", "cache-08?"), ["i-demo-0080", "i-demo-0088"]);
    sandbox.run(&["reboot", "cache-08?", "--yes"]).ends(0).says(&["i-demo-0080", "i-demo-0088"]);
    let both = sandbox.stdin("web-01\ni-demo-flaky\n").run(&["stop", "-", "--dry-run"]).ends(0);
    both.says(&["i-demo-linux (web-01)", "i-demo-flaky"]);
}

#[test]
fn what_may_have_been_done_is_not_requested_again() {
    let cut = || Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".to_vec());
    let gateway = || http("502 Bad Gateway", "", "<html>");
    at_once([((|| Reply::Silence) as fn() -> Reply, 40), (cut, 11), (gateway, 6)], |(reply, code)| {
        let server = service("Running", move |_| reply());
        let run = Sandbox::with_account(&server.endpoint).run(&["reboot", "i-1", "--yes", "--timeout", "9"]).ends(code);
        run.says(&["not known whether i-1 is being rebooted", "ecs-vnc list"]);
        assert_eq!(server.requests_for("RebootInstance").len(), 1, "{code}");
    });
    // One that was refused before is.
    let server = Fake::start(|number, _| if number == 0 { refusal("Throttling.User") } else { accepted() });
    Sandbox::with_account(&server.endpoint).run(&["reboot", "i-1", "--yes"]).ends(0);
    assert_eq!(server.requests_for("RebootInstance").len(), 2);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_wait_and_not_what_was_requested() {
    let server = service("Stopping", |_| accepted());
    let mut child = Sandbox::with_account(&server.endpoint).spawn(&["stop", "i-1", "--yes", "--wait"]);
    until("the wait", || server.requests_for("DescribeInstances").len() > 1);
    assert_eq!(interrupt(&mut child), Some(130));
    assert_eq!(server.requests_for("StopInstance").len(), 1);
}

#[test]
fn a_wait_that_is_over_says_what_can_be_done() {
    let server = service("Stopping", |_| accepted());
    let sandbox = Sandbox::with_account(&server.endpoint);
    let run = sandbox.run(&["stop", "i-1", "--yes", "--wait", "--timeout", "2"]).ends(40);
    run.says(&["i-1 is still Stopping after", "ecs-vnc stop i-1 --force"]);
    let server = service("Starting", |_| accepted());
    let sandbox = Sandbox::with_account(&server.endpoint);
    sandbox.run(&["start", "i-1", "--yes", "--wait", "--timeout", "2"]).ends(40).says(&["i-1 is still Starting after"]);
}

#[test]
fn open_starts_what_is_stopped_and_opens_it_when_it_runs() {
    let (sandbox, told) = watched_account();
    let mut child = Killed(sandbox.spawn(&["open", "i-demo-stopped", "--start", "--print"]));
    let mut link = String::new();
    BufReader::new(child.0.stdout.take().unwrap()).read_line(&mut link).unwrap();
    assert!(link.starts_with("http://127.0.0.1:"), "{link}");
    assert!(has(&told, "StartInstance i-demo-stopped"));
    assert_eq!(status(&sandbox, "i-demo-stopped"), "Running");
    // What runs is not started.
    let mut child = Killed(sandbox.spawn(&["open", "i-demo-linux", "--start", "--print"]));
    BufReader::new(child.0.stdout.take().unwrap()).read_line(&mut link).unwrap();
    assert!(!has(&told, "StartInstance i-demo-linux"));
    // A refusal to start ends it.
    let server = service("Stopped", |_| refusal("Forbidden.RAM"));
    let refused = Sandbox::with_account(&server.endpoint).run(&["open", "i-1", "--start", "--print"]).ends(3);
    refused.says(&["lacks the RAM action ecs:StartInstance"]);
}

#[test]
fn a_pattern_changes_instances_of_its_region_only() {
    let (sandbox, told) = watched_account();
    // Such names are in other regions only.
    assert!(!sandbox.run(&["list", "web-42?", "--all-regions", "--ids-only"]).ends(0).stdout.is_empty());
    let run = sandbox.run(&["stop", "web-42?", "--yes"]).ends(4);
    run.says(&["no instance named web-42? in cn-hangzhou", "--all-regions"]);
    assert!(!told.lock().unwrap().iter().any(|line| line.starts_with("StopInstance")));
}

#[test]
fn an_instance_that_is_named_twice_is_changed_once() {
    let (sandbox, told) = watched_account();
    sandbox.run(&["reboot", "web-01", "i-demo-linux", "--yes"]).ends(0);
    assert_eq!(told.lock().unwrap().iter().filter(|line| line.starts_with("RebootInstance")).count(), 1);
}

#[cfg(unix)]
#[test]
fn no_more_is_begun_when_the_output_is_closed() {
    let (sandbox, told) = watched_account();
    let count = || told.lock().unwrap().iter().filter(|line| line.starts_with("StopInstance")).count();
    let all = sandbox.run(&["list", "--status", "Running", "--ids-only"]).ends(0).stdout.lines().count();
    let mut child = sandbox.spawn(&["stop", "--all", "--yes", "-o", "json"]);
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(30), "{stderr}");
    let named = stderr.lines().filter(|line| line.contains(" is now Stopping")).count();
    assert_eq!(named, count(), "stderr names all that were changed");
    assert!((1..all / 2).contains(&named), "{named} of {all}");
}
