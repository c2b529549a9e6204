//! `vnc-url`, as a user and a script meet it.

use std::thread;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::fake::{Fake, good, refusal};
use crate::sandbox::{Sandbox, with_account};

#[test]
fn the_demo_needs_nothing() {
    let run = Sandbox::new().run(&["vnc-url", "--profile", "demo", "i-demo-linux"]).ends(0);
    assert!(run.line().starts_with("http://127.0.0.1:"), "{}", run.stdout);
    assert!(run.line().contains("/console/index.html?vncUrl=ws%3A%2F%2F127.0.0.1%3A"), "{}", run.stdout);
    assert!(run.line().ends_with("&instanceId=i-demo-linux&isWindows=false"), "{}", run.stdout);
}

#[test]
fn a_real_profile_leads_to_the_vendors_page() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = Sandbox::new().config(&format!(
        "default_profile = 'prod'\n[profile.prod]\nregion_id = 'cn-hangzhou'\naccess_key_id = 'testid-testid'\n\
         access_key_secret = 'testsecret'\nendpoint = '{}'\n",
        server.endpoint
    ));
    let run = sandbox.run(&["vnc-url", "--region", "cn-beijing", "--instance", "i-1", "--no-windows"]).ends(0);
    assert_eq!(
        run.line(),
        "https://g.alicdn.com/aliyun/ecs-console-vnc2/0.0.8/index.html\
         ?vncUrl=wss%3A%2F%2Fproxy.example%2Fwebsockify%2F%3Fs%3Dto%252Fken&instanceId=i-1&isWindows=false"
    );
    assert!(run.stderr.is_empty(), "{}", run.stderr);
    let request = &server.requests()[0];
    for part in ["GET /?AccessKeyId=testid-testid&", "&RegionId=cn-beijing&", "&InstanceId=i-1&", "&Format=JSON&"] {
        assert!(request.contains(part), "{request}");
    }
}

#[test]
fn json_has_the_apis_words() {
    let before = Utc::now();
    let run = with_account().run(&["vnc-url", "-o", "json", "i-demo-windows"]).ends(0);
    let line = &run.json()[0];
    let keys: Vec<&String> = line.as_object().unwrap().keys().collect();
    let mut expected =
        ["ConnectUrl", "VncUrl", "WebSocketUrl", "InstanceId", "RegionId", "IsWindows", "ExpiresAt", "RequestId"];
    expected.sort_unstable();
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
    assert_eq!((&line["InstanceId"], &line["IsWindows"]), (&"i-demo-windows".into(), &true.into()));
    let web_socket = line["WebSocketUrl"].as_str().unwrap();
    assert!(web_socket.starts_with("ws://127.0.0.1:") && web_socket.contains("/websockify/?s=%2B%2F"), "{web_socket}");
    assert!(line["ConnectUrl"].as_str().unwrap().contains(line["VncUrl"].as_str().unwrap()));
    let expires: DateTime<Utc> = line["ExpiresAt"].as_str().unwrap().parse().unwrap();
    let lifetime = (expires - before).num_milliseconds();
    assert!((13_900..=16_000).contains(&lifetime), "15 s from the request, whole seconds: {lifetime} ms");
}

#[test]
fn several_instances_come_in_order_and_one_failure_stops_none() {
    let args = ["vnc-url", "i-demo-flaky", "i-demo-stopped", "i-demo-windows", "i-nope", "-q", "-o", "json"];
    let run = with_account().run(&args);
    assert_eq!(run.code, 5, "that of the first that failed: {run:#?}");
    let found: Vec<_> = run.json().iter().map(|line| line["InstanceId"].as_str().unwrap().to_owned()).collect();
    assert_eq!(found, ["i-demo-flaky", "i-demo-windows"]);
    let errors: Vec<serde_json::Value> = run.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |index: usize, key: &str| errors[index]["Error"][key].clone();
    assert_eq!((of(0, "InstanceId"), of(0, "Code")), ("i-demo-stopped".into(), "IncorrectInstanceStatus".into()));
    assert_eq!((of(1, "InstanceId"), of(1, "ExitCode")), ("i-nope".into(), 4.into()));
}

#[test]
fn the_flag_says_the_same_as_the_positional() {
    let run = with_account().run(&["vnc-url", "-q", "-i", "i-demo-linux", "--instance", "i-demo-windows"]).ends(0);
    let ids: Vec<bool> = run.stdout.lines().map(|line| line.contains("instanceId=i-demo-linux&")).collect();
    assert_eq!(ids, [true, false]);
}

#[test]
fn many_instances_are_asked_at_once_but_not_all() {
    let now = std::sync::Arc::new(std::sync::Mutex::new((0, 0)));
    let counter = now.clone();
    let server = Fake::start(move |_, request| {
        if request.contains("VncUrl&") {
            let mut count = counter.lock().unwrap();
            *count = (count.0 + 1, count.1.max(count.0 + 1));
            drop(count);
            // Long enough for all that come at once to be here.
            thread::sleep(Duration::from_millis(150));
            counter.lock().unwrap().0 -= 1;
        }
        good(request)
    });
    let ids: Vec<String> = (0..20).map(|number| format!("i-{number}")).collect();
    let mut args = vec!["vnc-url", "-q"];
    args.extend(ids.iter().map(String::as_str));
    let run = Sandbox::with_account(&server.endpoint).run(&args).ends(0);
    assert_eq!(run.stdout.lines().count(), 20);
    assert!(run.stdout.lines().zip(&ids).all(|(line, id)| line.contains(&format!("instanceId={id}&"))));
    assert_eq!(now.lock().unwrap().1, 8, "the bound, reached and kept");
    assert_eq!(server.requests_for("DescribeInstances").len(), 1, "one question for all");
}

#[test]
fn a_url_that_is_half_through_its_life_is_made_anew() {
    // The first answer about i-slow takes so long that both URLs are old when their turn comes.
    let slow = std::sync::atomic::AtomicBool::new(true);
    let server = Fake::start(move |_, request| {
        if request.contains("InstanceId=i-slow") && slow.swap(false, std::sync::atomic::Ordering::Relaxed) {
            thread::sleep(Duration::from_secs(8));
        }
        good(request)
    });
    let run = Sandbox::with_account(&server.endpoint).run(&["vnc-url", "--no-windows", "i-slow", "i-quick"]).ends(0);
    assert_eq!(run.stdout.lines().count(), 2);
    assert!(run.stderr.is_empty(), "{}", run.stderr);
    let asked = |id: &str| server.requests().iter().filter(|request| request.contains(id)).count();
    assert_eq!((asked("i-slow"), asked("i-quick")), (2, 2));
}

#[test]
fn a_service_that_is_always_slow_is_told() {
    let server = Fake::start(|_, request| {
        thread::sleep(Duration::from_secs(8));
        good(request)
    });
    let run = Sandbox::with_account(&server.endpoint).run(&["vnc-url", "--no-windows", "i-1"]).ends(0);
    assert_eq!((run.stdout.lines().count(), server.requests().len()), (1, 2));
    run.says(&["the service is slow: the URL of i-1 is valid for 6 s only"]);
}

#[test]
fn windows_is_told_or_asked_and_costs_nothing_when_forbidden() {
    let sandbox = with_account();
    for (flags, expected, questions) in [("", "true", 1), ("--windows", "true", 0), ("--no-windows", "false", 0)] {
        let mut args = vec!["vnc-url", "-v", "i-demo-windows"];
        args.extend(flags.split_whitespace());
        let run = sandbox.run(&args).ends(0);
        assert!(run.line().ends_with(&format!("isWindows={expected}")), "{flags}");
        assert_eq!(run.stderr.matches("> DescribeInstances ").count(), questions, "{flags}: {}", run.stderr);
    }
    let narrow = sandbox
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "demo-narrow-key-id")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "demo-narrow-secret");
    let run = narrow.run(&["vnc-url", "i-demo-windows", "i-demo-linux"]).ends(0);
    assert!(run.stdout.lines().all(|line| line.ends_with("isWindows=false")));
    assert_eq!(run.stderr.matches("warning:").count(), 1, "{}", run.stderr);
    run.says(&["ecs:DescribeInstances", "Forbidden.RAM", "--windows"]);
    let server = Fake::start(|_, request| good(request));
    let run = Sandbox::with_account(&server.endpoint).run(&["vnc-url", "i-1", "i-2"]).ends(0);
    assert!(!run.stderr.contains("RAM action"), "{}", run.stderr);
    run.says(&["could not detect the OS of i-1", "could not detect the OS of i-2"]);
}

#[test]
fn the_question_is_asked_at_the_same_time_as_the_url() {
    // Each answer waits until the other request has come: asked one after the other, neither would.
    let both = std::sync::Arc::new(std::sync::Barrier::new(2));
    let server = Fake::start(move |_, request| {
        both.wait();
        good(request)
    });
    Sandbox::with_account(&server.endpoint).run(&["vnc-url", "--timeout", "5", "i-1"]).ends(0);
}

#[test]
fn a_password_is_checked_before_anything_is_asked() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = || Sandbox::with_account(&server.endpoint);
    let args = ["vnc-url", "--no-windows", "i-1", "--password-stdin"];
    for bad in ["", "abc12", "abc1234", "abc 12", "secret!\n"] {
        let run = sandbox().stdin(bad).run(&args).ends(2).says(&["six letters"]);
        assert!(bad.trim().is_empty() || !run.stderr.contains(bad.trim()), "{}", run.stderr);
    }
    sandbox().env("ECS_VNC_PASSWORD", "toolong1").run(&args[..3]).ends(2).says(&["ECS_VNC_PASSWORD"]);
    assert!(server.requests().is_empty());

    let run = sandbox().stdin("zyx123\r\n").env("ECS_VNC_PASSWORD", "env456").run(&args).ends(0);
    assert!(run.line().ends_with("&password=zyx123"));
    let run = sandbox().env("ECS_VNC_PASSWORD", "env456").run(&args[..3]).ends(0);
    assert!(run.line().ends_with("&password=env456"));
    assert!(server.requests().iter().all(|request| !request.contains("env456") && !request.contains("zyx123")));
}

#[test]
fn a_faulty_password_stops_only_the_commands_that_use_it() {
    let sandbox = || Sandbox::new().env("ECS_VNC_PASSWORD", "toolong1");
    sandbox().run(&["list", "--profile", "demo"]).ends(0);
    sandbox().run(&["vnc-url", "--profile", "demo", "web-01"]).ends(2).says(&["ECS_VNC_PASSWORD"]);
    // The password that stdin gives takes precedence, so the faulty one is not used.
    let run = sandbox().stdin("zyx123\n").run(&["vnc-url", "--profile", "demo", "web-01", "--password-stdin"]).ends(0);
    assert!(run.line().ends_with("&password=zyx123"));
}

#[test]
fn bad_arguments_are_usage() {
    let sandbox = Sandbox::new();
    for args in [
        &["vnc-url"][..],
        &["vnc-url", ""],
        &["vnc-url", "2001:db8::1"],
        &["vnc-url", "i-1\u{1b}[2J"],
        &["vnc-url", "i-1", "--windows", "--no-windows"],
        &["vnc-url", "i-1", "-i", "i-2"],
        &["vnc-url", "i-1", "--timeout", "0"],
        &["vnc-url", "i-1", "-o", "yaml"],
        &["vnc-url", "i-1", "--profile", "demo", "--region", "a/b"],
        &["vnc-url", "i-1", "--profile", "demo", "--endpoint", "ftp://x"],
        &["nonsense"],
        &[],
    ] {
        let run = sandbox.run(args).ends(2);
        assert!(!run.stderr.contains('\u{1b}'), "{args:?}: {}", run.stderr);
    }
}

#[test]
fn a_reader_that_left_does_not_undo_a_failure() {
    let mut child = with_account().spawn(&["vnc-url", "-q", "i-demo-stopped", "i-demo-linux"]);
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(5));
}

#[test]
fn a_reader_that_left_is_no_error() {
    let mut child = with_account().spawn(&["vnc-url", "-q", "i-demo-linux", "i-demo-flaky"]);
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn an_answer_that_is_no_vnc_url_is_not_understood() {
    for answer in [r#"{"RequestId":"R-9","VncUrl":"https%3A%2F%2Fevil"}"#, r#"{"RequestId":"R-9"}"#, "{}", "[]", ""] {
        let server = Fake::start(move |_, _| crate::fake::http("200 OK", "", answer));
        let run = Sandbox::with_account(&server.endpoint).run(&["vnc-url", "--no-windows", "i-1"]).ends(20);
        assert!(!run.stderr.contains("evil"), "{}", run.stderr);
    }
    let server = Fake::start(|_, _| refusal("Something.New"));
    Sandbox::with_account(&server.endpoint)
        .run(&["vnc-url", "--no-windows", "i-1"])
        .ends(1)
        .says(&["Something.New", "R-1"]);
}
