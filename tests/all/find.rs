//! Instances by name and address, where they are, and waiting until they run.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use ecs_vnc::demo::Options;
use ecs_vnc::system::clock::Clock;

use crate::fake::{Fake, Reply, good, http};
#[cfg(unix)]
use crate::pty::OnTerminal;
use crate::sandbox::{Run, Sandbox, account, with_account};

const ARGS: [&str; 4] = ["vnc-url", "-o", "json", "-q"];

/// Where the simulated account finds it: InstanceId, RegionId, IsWindows.
fn found(run: Run) -> (String, String, bool) {
    let line = run.ends(0).json().remove(0);
    let text = |key: &str| line[key].as_str().unwrap().to_owned();
    (text("InstanceId"), text("RegionId"), line["IsWindows"].as_bool().unwrap())
}

fn is(run: Run, id: &str, region: &str, is_windows: bool) {
    assert_eq!(found(run), (id.to_owned(), region.to_owned(), is_windows));
}

/// An account whose keys are in the environment, but no region.
fn without_region() -> Sandbox {
    with_account().env("ALIBABA_CLOUD_REGION_ID", "")
}

#[test]
fn by_name_by_pattern_and_by_each_kind_of_address() {
    let sandbox = with_account();
    let run = |instance: &str| sandbox.run(&[&ARGS[..], &[instance]].concat());
    is(run("web-01"), "i-demo-linux", "cn-hangzhou", false);
    is(run("office-*"), "i-demo-windows", "cn-hangzhou", true);
    is(run("we?-01"), "i-demo-linux", "cn-hangzhou", false);
    is(run("数据库-042"), "i-demo-0042", "cn-hangzhou", true);
    // The account's rule: 10.0.(n / 200).(n % 200 + 10), every tenth a public one, every tenth an elastic one.
    is(run("10.0.0.10"), "i-demo-linux", "cn-hangzhou", false);
    is(run("203.0.113.2"), "i-demo-0013", "cn-hangzhou", false);
    is(run("198.51.100.2"), "i-demo-0017", "cn-hangzhou", false);
    is(sandbox.run(&[&ARGS[..], &["-i", "web-01"]].concat()), "i-demo-linux", "cn-hangzhou", false);
}

#[test]
fn what_is_not_at_home_is_found_where_it_is() {
    // Number 901 of the fleet is elsewhere; the name is in two regions, but in one only besides home.
    let elsewhere = |sandbox: Sandbox, instance: &str| found(sandbox.run(&[&ARGS[..], &[instance]].concat()));
    let (id, region, _) = elsewhere(with_account(), "10.0.4.111");
    assert_eq!(id, "i-demo-0901");
    assert_ne!(region, "cn-hangzhou");
    let of = |sandbox, instance| elsewhere(sandbox, instance).1;
    assert_eq!(of(with_account(), "i-demo-0901"), region, "an id that is not in its home region");
    assert_eq!(of(without_region(), "i-demo-0901"), region);
    assert_eq!(of(without_region(), "10.0.4.111"), region);
    is(without_region().run(&[&ARGS[..], &["web-01"]].concat()), "i-demo-linux", "cn-hangzhou", false);
    // The home region is enough, where it has one.
    is(with_account().run(&[&ARGS[..], &["gateway-01"]].concat()), "i-demo-0200", "cn-hangzhou", true);
    let set = with_account().stdin("abc123").run(&["password", "set", "-o", "json", "i-demo-0901"]).ends(0);
    assert_eq!(set.json()[0]["RegionId"], region.as_str());
}

#[test]
fn a_flag_keeps_the_search_in_its_region() {
    for instance in ["i-demo-0901", "10.0.4.111", "网关-02x"] {
        let run = with_account().run(&["vnc-url", "--region", "cn-hangzhou", instance]).ends(4);
        assert!(!run.stderr.contains("any region"), "{}", run.stderr);
    }
    with_account().run(&["vnc-url", "i-demo-9999"]).ends(4).says(&[
        "InvalidInstanceId.NotFound",
        "no instance i-demo-9999 in 28 regions (all but me-central-1); does it",
        "; could not search me-central-1: Forbidden",
    ]);
    // A typo is the likelier cause: it is advised first.
    let run = with_account().run(&["vnc-url", "nosuch"]).ends(4);
    let at = |text: &str| run.stderr.find(text).unwrap_or_else(|| panic!("{text}: {}", run.stderr));
    assert!(at("names must match exactly") < at("lacks the RAM action"));
}

#[test]
fn several_are_a_table_to_choose_from() {
    let run =
        with_account().run(&["vnc-url", "同名-甲"]).ends(4).says(&["同名-甲 matches 2 instances; use an id instead"]);
    for word in ["ID", "REGION", "ADDRESS", "i-demo-0102", "i-demo-0103", "cn-hangzhou", "10.0.0.112"] {
        assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
    }
    let error = without_region().run(&["open", "-o", "json", "gateway-01"]).ends(4).json_error();
    let regions: Vec<_> = error["Candidates"].as_array().unwrap().iter().map(|one| &one["RegionId"]).collect();
    assert_eq!(regions.len(), 2, "{error}");
    assert!(regions.contains(&&"cn-hangzhou".into()) && error["Candidates"][0]["InstanceName"] == "gateway-01");
    // One that fails does not stop the others.
    let run = with_account().run(&["vnc-url", "-q", "twin-01", "web-01"]);
    assert_eq!((run.code, run.stdout.lines().count()), (4, 1));
}

#[test]
fn a_region_that_refuses_is_a_warning() {
    let run = without_region().run(&["vnc-url", "web-01"]).ends(0);
    run.says(&["warning: could not search me-central-1: Forbidden", "not opened"]);
    let narrow = without_region()
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "demo-narrow-key-id")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "demo-narrow-secret");
    narrow.run(&["vnc-url", "web-01"]).ends(3).says(&["Forbidden.RAM", "ecs:DescribeInstances"]);
    let nowhere = Sandbox::with_account("http://127.0.0.1:1").env("ALIBABA_CLOUD_REGION_ID", "");
    nowhere.run(&["vnc-url", "web-01"]).ends(10);
}

#[test]
fn a_region_that_refuses_is_named_after_the_result() {
    let sandbox = without_region();
    let order = |args: &[&str], result: &str| {
        let _ = std::fs::remove_file(sandbox.path("both.txt"));
        let text = sandbox.run_into_one_stream(args);
        let (result, warning) = (text.find(result), text.find("warning: could not search me-central-1"));
        assert!(result.is_some() && result < warning, "{args:?}: {text}");
        assert_eq!(text.matches("warning: ").count(), 1, "{args:?}: {text}");
    };
    order(&["vnc-url", "web-01"], "instanceId=i-demo-linux&");
    // After the last of several results.
    order(&["vnc-url", "web-01", "office-01"], "instanceId=i-demo-windows&");
    let file = sandbox.path("a.png").display().to_string();
    order(&["screenshot", "web-01", "-f", &file], &file);
    order(&["bootlog", "web-01"], "login:");
    // A command without a result still says it, and an error stays the last thing.
    sandbox.run(&["key", "web-01", "a"]).ends(0).says(&["warning: could not search me-central-1"]);
    let run = sandbox.run(&["vnc-url", "-o", "json", "--no-windows", "db-01"]).ends(5);
    assert_eq!(run.json_error()["ExitCode"], 5, "{run:?}");
    assert!(run.stderr.contains("warning: could not search me-central-1"), "{run:?}");
}

#[cfg(unix)]
#[test]
fn a_command_that_serves_names_the_region_that_refuses_once_it_serves() {
    let sandbox = without_region();
    for args in [&["relay", "web-01"][..], &["view", "web-01"], &["open", "--print", "--stay", "web-01"]] {
        let mut run = OnTerminal::start(&sandbox, args);
        run.shows("could not search me-central-1");
        let text = run.text();
        assert!(text.find("127.0.0.1:") < text.find("could not search"), "{args:?}: {text}");
        crate::sandbox::interrupt(&mut run.child.0);
    }
}

fn instances(list: &str) -> Reply {
    http("200 OK", "", &format!(r#"{{"RequestId":"R","NextToken":"","Instances":{{"Instance":[{list}]}}}}"#))
}

const WEB: &str = r#"{"InstanceId":"i-1","InstanceName":"web","OSType":"windows","Status":"Running"}"#;

#[test]
fn a_name_takes_one_question_and_a_url_another() {
    let server = Fake::start(|_, request| match request.contains("Action=DescribeInstances&") {
        true => instances(WEB),
        false => good(request),
    });
    is(Sandbox::with_account(&server.endpoint).run(&[&ARGS[..], &["w*b"]].concat()), "i-1", "cn-hangzhou", true);
    let requests = server.requests();
    assert_eq!(requests.len(), 2, "{requests:?}");
    assert!(requests[0].contains("InstanceName=w%2Ab&") && requests[1].contains("Action=DescribeInstanceVncUrl&"));
}

#[test]
fn all_regions_are_asked_at_the_same_time() {
    // Nobody is answered before all are there: the 29 known regions and DescribeRegions.
    let waiting = Arc::new((Mutex::new(0), Condvar::new()));
    let server = Fake::start(move |_, request| {
        if request.contains("Action=DescribeInstanceVncUrl&") {
            return good(request);
        }
        let (count, all_there) = &*waiting;
        let mut count = count.lock().unwrap();
        *count += 1;
        all_there.notify_all();
        drop(all_there.wait_timeout_while(count, Duration::from_secs(20), |count| *count < 30).unwrap());
        match () {
            () if request.contains("Action=DescribeRegions&") => {
                let regions = r#"{"RegionId":"cn-beijing"},{"RegionId":"cn-new"},{"RegionId":"x.evil.com/"}"#;
                http("200 OK", "", &format!(r#"{{"RequestId":"R","Regions":{{"Region":[{regions}]}}}}"#))
            }
            () if request.contains("RegionId=cn-new&") => instances(WEB),
            () if request.contains("RegionId=cn-hangzhou&") => {
                http("403 No", "", r#"{"Code":"Forbidden","Message":"m"}"#)
            }
            () => instances(""),
        }
    });
    let sandbox = Sandbox::with_account(&server.endpoint).env("ALIBABA_CLOUD_REGION_ID", "");
    let run = sandbox.run(&["vnc-url", "-o", "json", "--timeout", "15", "web"]);
    // What DescribeRegions does not name is no region, so its refusal is not told.
    assert!(!run.stderr.contains("cn-hangzhou"), "{}", run.stderr);
    is(run, "i-1", "cn-new", true);
}

#[test]
fn an_instance_that_starts_is_waited_for() {
    let run = with_account().run(&["vnc-url", "--wait", "-o", "json", "i-demo-starting"]).ends(0);
    assert_eq!(run.stderr.matches("is Starting; waiting up to").count(), 1, "{}", run.stderr);
    let late = with_account().run(&["vnc-url", "--wait", "--timeout", "0.5", "db-01"]).ends(40);
    late.says(&["i-demo-stopped is Stopped", "is still Stopped after 0."]);
    with_account().run(&["vnc-url", "--wait", "i-demo-9999"]).ends(4);
}

#[test]
fn what_is_off_starts_no_browser() {
    let script = "echo started >> \"$HOME/started\"";
    let sandbox = with_account();
    #[cfg(unix)]
    let sandbox = {
        let browser = sandbox.script("browser", script);
        sandbox.env("BROWSER", &browser).env("DISPLAY", ":0")
    };
    sandbox.run(&["open", "db-01"]).ends(5).says(&["i-demo-stopped is Stopped", "--wait"]);
    assert!(!sandbox.path("started").exists(), "{script}");
}

#[test]
fn a_slow_region_does_not_slow_the_answer_down_for_an_id() {
    // An id is in one region only: once it is found, nobody else is waited for.
    let server = Fake::start(|_, request| match () {
        () if request.contains("Action=DescribeInstanceVncUrl&") => good(request),
        () if request.contains("RegionId=cn-beijing&") => instances(WEB),
        () => Reply::Silence,
    });
    let sandbox = Sandbox::with_account(&server.endpoint).env("ALIBABA_CLOUD_REGION_ID", "");
    // The search itself would take 10 s.
    is(sandbox.run(&[&ARGS[..], &["--timeout", "8", "i-1"]].concat()), "i-1", "cn-beijing", true);
}

#[test]
fn the_home_region_is_answered_in_spite_of_a_delay() {
    let endpoint = account(Options::new(Clock::system()).delay(Duration::from_millis(50)));
    is(Sandbox::with_account(&endpoint).run(&[&ARGS[..], &["web-01"]].concat()), "i-demo-linux", "cn-hangzhou", false);
}

/// A page of instances with these names, and the token of the next.
fn named(names: &[String], next: &str) -> Reply {
    let one = |(number, name): (usize, &String)| {
        format!(r#"{{"InstanceId":"i-{next}{number}","InstanceName":"{name}","OSType":"linux","Status":"Running"}}"#)
    };
    let list: Vec<String> = names.iter().enumerate().map(one).collect();
    http(
        "200 OK",
        "",
        &format!(r#"{{"RequestId":"R","NextToken":"{next}","Instances":{{"Instance":[{}]}}}}"#, list.join(",")),
    )
}

#[test]
fn a_question_mark_is_looked_for_on_every_page() {
    // The service knows no `?`: what fits may stand on any page of what it gives.
    let many: Vec<String> = (100..200).map(|number| format!("web-{number}")).collect();
    let server = Fake::start(move |_, request| match () {
        () if request.contains("Action=DescribeInstanceVncUrl&") => good(request),
        () if request.contains("RegionId=cn-hangzhou&") && request.contains("NextToken=more&") => {
            named(&["web-x".to_owned()], "")
        }
        () if request.contains("RegionId=cn-hangzhou&") => named(&many, "more"),
        () if request.contains("Action=DescribeRegions&") => http("500 No", "", "{}"),
        () => named(&["web-y".to_owned()], ""),
    });
    let sandbox = Sandbox::with_account(&server.endpoint);
    is(sandbox.run(&[&ARGS[..], &["web-?"]].concat()), "i-0", "cn-hangzhou", false);
    let many =
        sandbox.run(&["bootlog", "web-*"]).ends(4).says(&["web-* matches more than 20 instances; the first 20:"]);
    assert_eq!(many.stderr.lines().filter(|line| line.starts_with("  i-")).count(), 20);
}

#[test]
fn a_home_region_that_gives_no_answer_is_not_the_end() {
    let refusing = || with_account().env("ALIBABA_CLOUD_REGION_ID", "me-central-1");
    let run = refusing().run(&["vnc-url", "web-01"]).ends(0);
    run.says(&["warning: could not search me-central-1"]);
    let nowhere = with_account().env("ALIBABA_CLOUD_REGION_ID", "cn-nosuch");
    nowhere.run(&["vnc-url", "web-01"]).ends(0).says(&["warning: could not search cn-nosuch"]);
    refusing().run(&["vnc-url", "-r", "me-central-1", "web-01"]).ends(3).says(&["use another region"]);
    // Keys that are refused are refused everywhere.
    let wrong = with_account().env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "wrong-secret");
    let run = wrong.run(&["vnc-url", "web-01"]).ends(3).says(&["SignatureDoesNotMatch"]);
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
}

#[test]
fn a_name_that_is_not_at_home_is_not_found_though_nobody_else_may_be_asked() {
    let server = Fake::start(|_, request| match request.contains("RegionId=cn-hangzhou&") {
        true => instances(""),
        false => http("403 No", "", r#"{"Code":"Forbidden.RAM","Message":"m"}"#),
    });
    let run = Sandbox::with_account(&server.endpoint).run(&["vnc-url", "typo", "typo-2"]);
    assert_eq!(run.code, 4, "{run:#?}");
    let place = "in cn-hangzhou; could not search 28 regions (all but cn-hangzhou): Forbidden.RAM: m";
    for name in ["typo", "typo-2"] {
        assert!(run.stderr.contains(&format!("no instance named {name} {place}")), "{}", run.stderr);
    }
    assert!(!run.stderr.contains("any region"), "{}", run.stderr);
}

#[test]
fn an_address_that_the_service_did_not_look_for_is_not_taken() {
    let server = Fake::start(|_, _| instances(WEB));
    let run = Sandbox::with_account(&server.endpoint).run(&["vnc-url", "-r", "cn-hangzhou", "10.9.9.9"]).ends(4);
    run.says(&["no instance with the address 10.9.9.9"]);
}

#[test]
fn one_that_runs_does_not_wait_for_one_that_does_not() {
    let started = std::time::Instant::now();
    let mut child = with_account().spawn(&["vnc-url", "--wait", "--timeout", "20", "i-demo-linux", "db-01"]);
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
    assert!(line.contains("instanceId=i-demo-linux&") && started.elapsed() < Duration::from_secs(15), "{line}");
    child.kill().unwrap();
    child.wait().unwrap();
}
