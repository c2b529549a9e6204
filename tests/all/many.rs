//! Commands on many instances: what is selected, in which order, what is left out, and what becomes of failures.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ecs_vnc::demo::{Event, INSTANCE_COUNT, Options};
use ecs_vnc::system::clock::Clock;

use crate::fake::{Fake, good, http, refusal};
use crate::list::{instance, page, page_number};
use crate::sandbox::{Killed, Run, Sandbox, account, with_account};

const URLS: [&str; 4] = ["vnc-url", "--no-windows", "-o", "json"];

/// `vnc-url` with these arguments, as JSON.
fn urls(sandbox: &Sandbox, args: &[&str]) -> Run {
    sandbox.run(&[&URLS[..], args].concat())
}

/// The ids of the instances that have a result, in the order in which they were written.
fn ids(run: &Run) -> Vec<String> {
    run.json().iter().map(|line| line["InstanceId"].as_str().unwrap().to_owned()).collect()
}

/// The ids that `list` gives.
fn listed(sandbox: &Sandbox, args: &[&str]) -> Vec<String> {
    let run = sandbox.run(&[&["list", "--ids-only"], args].concat()).ends(0);
    run.stdout.lines().map(str::to_owned).collect()
}

/// An account that remembers the codes of its answers to this action; `None` is a result.
fn watched(action: &'static str, options: Options) -> (Sandbox, Arc<Mutex<Vec<Option<String>>>>) {
    let codes = Arc::new(Mutex::new(Vec::new()));
    let seen = codes.clone();
    let endpoint = account(options.listener(move |event| match event {
        Event::Answered { action: asked, code, .. } if *asked == action => {
            seen.lock().unwrap().push(code.map(str::to_owned));
        }
        _ => {}
    }));
    (Sandbox::with_account(&endpoint), codes)
}

#[test]
fn a_pattern_is_all_running_instances_that_it_matches_in_the_order_of_the_list() {
    let sandbox = with_account();
    let expected = listed(&sandbox, &["--name", "web-0??", "--status", "Running"]);
    assert!(expected.len() > 15, "{expected:?}");
    let run = urls(&sandbox, &["web-0??"]).ends(0);
    assert_eq!(ids(&run), expected);
    let others = listed(&sandbox, &["--name", "web-0??"]).len() - expected.len();
    let all = expected.len() + others;
    run.says(&[&format!("{all} instances: {} done, {others} left out as not running", expected.len())]);
    // The same order each time.
    assert_eq!(ids(&urls(&sandbox, &["web-0??"]).ends(0)), expected);
    // What two patterns match, or a name besides, comes once.
    assert_eq!(ids(&urls(&sandbox, &["web-0??", "web-013", "web-01?"]).ends(0)), expected);
    assert_eq!(ids(&urls(&sandbox, &["web-013", "web-0??"]).ends(0))[0], ids(&urls(&sandbox, &["web-013"]))[0]);
}

#[test]
fn tags_and_states_narrow_what_is_selected() {
    let sandbox = with_account();
    let tags = ["--tag", "env=prod", "--tag", "团队"];
    for (args, list) in [
        (&["web-*"][..], &["web-*", "--status", "Running"][..]),
        (&[], &["--status", "Running"]),
        (&["--all"], &["--status", "Running"]),
        (&["--all-regions"], &["--status", "Running", "--all-regions"]),
    ] {
        let expected = listed(&sandbox, &[&tags[..], list].concat());
        assert!(expected.len() > 2, "{expected:?}");
        assert_eq!(ids(&urls(&sandbox, &[&tags[..], args].concat()).ends(0)), expected, "{args:?}");
    }
    // Each of them fails, since it does not run; and they are the ones that were asked for.
    let run = urls(&sandbox, &["web-0*", "--status", "stopped,Stopping"]);
    assert_eq!((run.code, run.stdout.as_str()), (5, ""), "{run:#?}");
    let expected = listed(&sandbox, &["web-0*", "--status", "Stopped", "--status", "Stopping"]);
    assert!(!expected.is_empty());
    for id in &expected {
        assert!(run.stderr.contains(&format!("\"InstanceId\":\"{id}\"")), "{id}");
    }
    run.says(&[&format!("{0} instances: {0} failed", expected.len())]);
}

#[test]
fn all_regions_are_all_instances() {
    let sandbox = with_account();
    // The only one whose state changes.
    sandbox.run(&["vnc-url", "i-demo-starting", "--wait"]).ends(0);
    let running = listed(&sandbox, &["--status", "Running", "--all-regions"]);
    let run = urls(&sandbox, &["--all", "--all-regions"]).ends(0);
    assert!(ids(&run) == running, "{} instances, not {}", ids(&run).len(), running.len());
    let (done, others) = (running.len(), INSTANCE_COUNT - running.len());
    let run = run.says(&[&format!("{INSTANCE_COUNT} instances: {done} done, {others} left out as not running")]);
    assert!(!run.stderr.contains("requesting"), "no progress where nobody looks: {}", run.stderr);
    // As with list, a region that is not open to the account is told and is no failure.
    run.says(&["warning: could not list me-central-1: Forbidden"]);
    // In the region of the account only.
    let home = listed(&sandbox, &["--status", "Running"]);
    assert!(ids(&urls(&sandbox, &["--all"]).ends(0)) == home);
    assert!(home.len() < done);
    // Without a region, they are those of all.
    let nowhere = sandbox.env("ALIBABA_CLOUD_REGION_ID", "");
    assert!(ids(&urls(&nowhere, &["--all"]).ends(0)) == running);
}

#[test]
fn a_pattern_that_the_region_has_not_is_looked_for_in_all_as_a_name_is() {
    let sandbox = with_account();
    let elsewhere = listed(&sandbox, &["web-9*", "--status", "Running", "--all-regions"]);
    assert!(listed(&sandbox, &["web-9*"]).is_empty() && elsewhere.len() > 5);
    assert_eq!(ids(&urls(&sandbox, &["web-9*"]).ends(0)), elsewhere);
    urls(&sandbox, &["web-9*", "-r", "cn-hangzhou"]).ends(4).says(&["no instance named web-9* in cn-hangzhou"]);
}

#[test]
fn what_selects_nothing_is_told_and_the_others_go_on() {
    let sandbox = with_account();
    let args = ["nosuch-*", "web-013", "i-demo-error-NotSupported", "web-0?3", "db-01", "db-?1"];
    let run = urls(&sandbox, &args);
    assert_eq!(run.code, 4, "the first failure's: {run:#?}");
    let expected = [vec!["i-demo-0013".to_owned()], listed(&sandbox, &["web-0?3", "--status", "Running"])].concat();
    let expected: BTreeSet<String> = expected.into_iter().collect();
    assert_eq!(ids(&run).into_iter().collect::<BTreeSet<_>>(), expected);
    let run = run.says(&[
        "no instance named nosuch-* in the regions that could be listed",
        "NotSupported",
        "IncorrectInstanceStatus",
    ]);
    // The pattern is no instance that failed.
    let summary = run.stderr.lines().last().unwrap();
    assert!(summary.contains(&format!(": {} done, 2 failed", expected.len())), "{summary}");
    for (args, code, words) in [
        (&["db-?1"][..], 5, "no instance named db-?1 is Running; one is not"),
        (&["--tag", "nosuch"], 4, "no instance in cn-hangzhou; wanted tag nosuch"),
        (
            &["web-*", "--tag", "env=no", "-r", "cn-beijing"],
            4,
            "no instance named web-* in cn-beijing; wanted tag env=no",
        ),
        (&["--all", "-r", "na-south-1"], 4, "no instance in na-south-1"),
        (&["--all", "-r", "me-central-1"], 3, "Forbidden"),
        (&["web-0*", "--status", "Pending", "--tag", "env=no"], 4, "; wanted tag env=no; wanted status Pending"),
    ] {
        urls(&sandbox, args).ends(code).says(&[words]);
    }
    sandbox.run(&["vnc-url", "--tag", "nosuch"]).ends(4).says(&["--tag: no instance"]);
}

#[test]
fn stdin_names_instances_one_a_line() {
    let (sandbox, requests) = watched("DescribeInstances", Options::new(Clock::system()));
    let all = listed(&sandbox, &["--all-regions", "--status", "Running"]);
    let text = all.join("\n");
    requests.lock().unwrap().clear();
    let sandbox = sandbox.stdin(&format!("{text}\r\n\n"));
    let run = urls(&sandbox, &["-"]).ends(0);
    assert!(ids(&run) == all, "{} instances, not {}", ids(&run).len(), all.len());
    run.says(&[&format!("{0} instances: {0} done", all.len())]);
    // One for each of 29 regions and batch of at most 100 ids, rather than one for each of the ids.
    let count = requests.lock().unwrap().len();
    assert!(count < all.len() / 2, "{count} requests");
    // Names, addresses and patterns too; what is none is told with its line.
    let sandbox = sandbox.stdin("web-013\na\tb\n10.0.0.10\nnosuch\n测试机-?\ni-demo-flaky\ni-nosuch\n");
    let run = urls(&sandbox, &["-"]);
    assert_eq!(run.code, 2, "the first failure's: {run:#?}");
    let expected = [
        vec!["i-demo-0013".to_owned(), "i-demo-linux".to_owned()],
        listed(&sandbox, &["测试机-?", "--status", "Running"]),
    ];
    assert_eq!(ids(&run), [expected.concat(), vec!["i-demo-flaky".to_owned()]].concat());
    run.says(&["stdin: ", "no instance named nosuch", "no instance i-nosuch in 28 regions"]);
    for (text, code, words) in [
        ("", 4, "stdin names no instance"),
        (&"x".repeat(1000), 2, "a line is longer than 512 bytes"),
        ("\n\n", 4, "one per line"),
    ] {
        let sandbox = with_account().stdin(text);
        urls(&sandbox, &["-"]).ends(code).says(&[words]);
    }
}

#[test]
fn instances_of_stdin_are_worked_on_as_they_come() {
    let mut child = Killed(with_account().spawn(&[&URLS[..], &["-"]].concat()));
    let mut stdin = child.0.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.0.stdout.take().unwrap());
    for id in ["i-demo-linux", "i-demo-rescue"] {
        writeln!(stdin, "{id}").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert!(line.contains(&format!("\"InstanceId\":\"{id}\"")), "{line}");
    }
    drop(stdin);
    assert_eq!(child.0.wait().unwrap().code(), Some(0));
}

#[test]
fn ids_of_stdin_need_no_permission_to_list_where_their_region_is_set() {
    let server = Fake::start(|_, request| match request.contains("Action=DescribeInstances&") {
        true => refusal("Forbidden.RAM"),
        false => good(request),
    });
    let sandbox = Sandbox::with_account(&server.endpoint).stdin("i-1\ni-2\n");
    assert_eq!(ids(&urls(&sandbox, &["-"]).ends(0)), ["i-1", "i-2"]);
    // Another failure says nothing of where they are.
    let server = Fake::start(|_, request| match request.contains("Action=DescribeInstances&") {
        true => http("400 Bad Request", "", r#"{"Code":"InvalidParameter","Message":"no","RequestId":"R"}"#),
        false => good(request),
    });
    let run = urls(&Sandbox::with_account(&server.endpoint).stdin("i-1\ni-2\n"), &["-"]).ends(1);
    assert!(run.stdout.is_empty(), "{}", run.stdout);
    run.says(&["i-1", "i-2", "InvalidParameter"]);
    assert_eq!(server.requests().len(), 1, "one request for both");
}

#[test]
fn what_an_earlier_command_has_done_is_left_out() {
    let sandbox = with_account();
    let all = listed(&sandbox, &["web-0*", "--status", "Running"]);
    let file = sandbox.path("done.json").display().to_string();
    let some = urls(&sandbox, &["web-02?", "web-05?"]).ends(0);
    // As after a kill: the last line is cut off.
    fs::write(&file, format!("{}{{\"ConnectUrl\":\"http", some.stdout)).unwrap();
    let done = ids(&some);
    let run = urls(&sandbox, &["web-0*", "--skip-done", &file]).ends(0);
    let expected: Vec<String> = all.iter().filter(|id| !done.contains(id)).cloned().collect();
    assert!(!expected.is_empty() && !done.is_empty());
    assert_eq!(ids(&run), expected);
    let run = run.says(&[&format!("{} done, {} left out as done before", expected.len(), done.len())]);
    // What was named by itself is left out, too. When all is done, there is nothing to do, and no error.
    fs::write(&file, [&some.stdout[..], &run.stdout].concat()).unwrap();
    for args in [&["web-0*"][..], &["web-025"], &["i-demo-0053", "web-025"]] {
        assert_eq!(urls(&sandbox, &[args, &["--skip-done", &file]].concat()).ends(0).stdout, "", "{args:?}");
    }
    fs::write(&file, "web-01\n").unwrap();
    let run = urls(&sandbox, &["web-0*", "--skip-done", &file]).ends(2);
    run.says(&["done.json: line 1 is no JSON object", "-o json"]);
    urls(&sandbox, &["web-0*", "--skip-done", "nosuch.json"]).ends(2).says(&["cannot read nosuch.json"]);
}

#[test]
fn a_run_that_is_throttled_takes_its_time_and_fails_nothing() {
    // 20 requests a second, for more instances than the time limit of one of them allows.
    let (sandbox, codes) = watched("DescribeInstanceVncUrl", Options::new(Clock::system()).rate_limit(20));
    let running = listed(&sandbox, &["web-0*", "--status", "Running"]);
    let run = urls(&sandbox, &["web-0*", "--timeout", "1"]).ends(0);
    assert_eq!(ids(&run), running);
    let codes = codes.lock().unwrap();
    assert!(codes.iter().flatten().any(|code| code.starts_with("Throttling.")), "{codes:?}");
    run.says(&[" requests throttled and repeated"]);
}

#[test]
fn the_demo_throttles_if_it_is_told_to() {
    let sandbox = Sandbox::new();
    let mut demo = Killed(sandbox.spawn(&["demo", "--rate-limit", "2", "-o", "json"]));
    let mut line = String::new();
    BufReader::new(demo.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let served: serde_json::Value = serde_json::from_str(&line).unwrap();
    let sandbox = Sandbox::with_account(served["Endpoint"].as_str().unwrap());
    let run = urls(&sandbox, &["-v", "i-demo-linux", "i-demo-rescue", "i-demo-0013", "i-demo-0017"]).ends(0);
    assert_eq!(ids(&run), ["i-demo-linux", "i-demo-rescue", "i-demo-0013", "i-demo-0017"]);
    run.says(&["Throttling.User"]);
}

#[cfg(unix)]
#[test]
fn a_terminal_shows_how_far_it_is() {
    use crate::pty::OnTerminal;
    use crate::sandbox::until;

    let slow = Options::new(Clock::system()).delay(Duration::from_millis(30));
    let sandbox = Sandbox::with_account(&account(slow));
    let count = listed(&sandbox, &["--status", "Running"]).len();
    let mut terminal = OnTerminal::start(&sandbox, &["vnc-url", "--no-windows", "--all"]);
    assert_eq!(terminal.child.0.wait().unwrap().code(), Some(0));
    until("the last line", || terminal.text().contains(" done, "));
    let text = terminal.text();
    assert!(text.contains("requesting URLs [#") && text.contains(&format!(" of {count}")), "{text}");
    assert!(text.contains(&format!("{count} done, ")), "{text}");
}

#[test]
fn a_service_that_only_throttles_is_given_up_and_one_command_has_its_old_limits() {
    let server = Fake::start(|_, _| http("400 No", "", r#"{"Code":"Throttling.User","Message":"m"}"#));
    let sandbox = Sandbox::with_account(&server.endpoint);
    sandbox.run(&["vnc-url", "--no-windows", "i-1", "--timeout", "1"]).ends(6).says(&["Throttling.User"]);
}

#[test]
fn selections_that_contradict_themselves_are_refused_before_anything_is_asked() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = Sandbox::with_account(&server.endpoint);
    let many = [["--tag", "k"]; 21].concat();
    for (args, word) in [
        (&["web-01", "--tag", "env=prod"][..], "web-01 is one instance"),
        (&["i-1", "web-*", "--status", "Stopped"], "i-1 is one instance"),
        (&["-", "--tag", "env=prod"], "list --ids-only"),
        (&["-", "web-01", "-"], "give - once"),
        (&["web-01", "--all"], "--all"),
        (&["web-01", "--all-regions"], "--all-regions is for patterns"),
        (&["web-*", "--all-regions", "-r", "cn-beijing"], "cannot be used with --region"),
        (&["--status", "Running"], "--all"),
        (&["--all-regions"], "--all"),
        (&["--status", "Gone", "--all"], "Stopped"),
        (&[], "INSTANCE"),
        (&many, "20 tags"),
        (&["-", "--password-stdin"], "stdin"),
    ] {
        urls(&sandbox, args).ends(2).says(&[word]);
    }
    for (args, word) in [
        (&["screenshot", "web-*", "-f", "a.png"][..], "-f names one file"),
        (&["screenshot", "--all", "-f", "-"], "-f - takes one picture"),
        (&["screenshot", "-", "--password-stdin"], "stdin"),
        (&["text", "--all", "--learn", "a.txt"], "--learn takes one screen"),
        (&["text", "--all", "--image", "a.png"], "--image"),
        (&["relay", "--all", "--unix", "a.sock"], "--unix serves one instance"),
    ] {
        sandbox.run(args).ends(2).says(&[word]);
    }
    assert!(server.requests().is_empty());
}

#[test]
fn pictures_and_their_text_come_in_order_with_their_names() {
    let sandbox = with_account();
    let running = listed(&sandbox, &["web-01*", "--status", "Running"]);
    let run = sandbox.run(&["text", "web-01*", "-o", "json"]);
    assert_eq!(ids(&run), running);
    let screens = run.json().iter().filter(|line| line["Kind"] == "text").count();
    assert_eq!(run.code, if screens == running.len() { 0 } else { 41 }, "{run:#?}");
    let directory = sandbox.path("pictures");
    fs::create_dir(&directory).unwrap();
    let name = directory.join("{instance}.png").display().to_string();
    let run = with_account().run(&["screenshot", "web-01*", "-f", &name]).ends(0);
    let files: Vec<String> =
        running.iter().map(|id| directory.join(format!("{id}.png")).display().to_string()).collect();
    assert_eq!(run.stdout.lines().collect::<Vec<_>>(), files);
    assert!(files.iter().all(|file| fs::metadata(file).unwrap().len() > 0));
}

#[test]
fn a_relay_serves_all_that_match() {
    let mut child = Killed(with_account().spawn(&["relay", "-o", "json", "web-01*", "office-*"]));
    let sandbox = with_account();
    let expected = [listed(&sandbox, &["web-01*", "--status", "Running"]), vec!["i-demo-windows".to_owned()]].concat();
    let mut stdout = BufReader::new(child.0.stdout.take().unwrap());
    for id in expected {
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert!(line.contains(&format!("\"InstanceId\":\"{id}\"")), "{id}: {line}");
    }
    let run = with_account().run(&["relay", "web-0?", "--port", "65535"]).ends(2);
    run.says(&["2 instances need 2 ports"]);
}

#[test]
fn a_region_that_breaks_off_is_a_failure() {
    let server = Fake::start(|_, request| match request.contains("Action=DescribeInstances&") {
        true if page_number(request) == 0 => page(&[instance("i-1", "web-1", "Running")], "1"),
        true => refusal("Forbidden.RAM"),
        false => good(request),
    });
    let run = urls(&Sandbox::with_account(&server.endpoint), &["web-*"]);
    assert_eq!((run.code, ids(&run)), (3, vec!["i-1".to_owned()]), "{run:#?}");
    run.says(&["Forbidden.RAM"]);
}

#[cfg(target_os = "linux")]
#[test]
fn memory_stays_flat_however_many_instances_there_are() {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use crate::list::peak;

    const PAGES: usize = 60;
    let count = Arc::new(AtomicUsize::new(0));
    let asked = count.clone();
    let server = Fake::start(move |_, request| {
        if !request.contains("Action=DescribeInstances&") {
            asked.fetch_add(1, Ordering::Relaxed);
            return good(request);
        }
        let number = page_number(request);
        let one = |index: usize| instance(&format!("i-{number:03}-{index:03}"), "web", "Running");
        let next = if number + 1 < PAGES { (number + 1).to_string() } else { String::new() };
        page(&(0..100).map(one).collect::<Vec<_>>(), &next)
    });
    let mut child = Killed(Sandbox::with_account(&server.endpoint).spawn(&["vnc-url", "--all", "--no-windows"]));
    let mut peaks = Vec::new();
    for (number, _) in BufReader::new(child.0.stdout.take().unwrap()).lines().enumerate() {
        // At the end the process is gone.
        if number % 1000 == 999 && number < 5900 {
            peaks.push(peak(child.0.id()));
        }
    }
    assert_eq!((child.0.wait().unwrap().code(), count.load(Ordering::Relaxed)), (Some(0), PAGES * 100));
    // What grows is the set of ids, of some 60 bytes each.
    assert!(peaks[4] < peaks[1] + 1536, "{peaks:?} KiB");
}
