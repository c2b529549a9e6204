//! Trying again: when, how often, with what, and what is said in the end.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use ecs_vnc::api::endpoint::Endpoint;
use ecs_vnc::api::signature::SignatureVersion;
use ecs_vnc::api::{Client, ClientEnv, Event, EventHandler, Network};
use ecs_vnc::credentials::Credentials;
use ecs_vnc::demo::{self, Options};
use ecs_vnc::system::clock::Clock;
use ecs_vnc::system::environment::Environment;
use ecs_vnc::system::random;

use crate::fake::{Fake, Reply, good, http, refusal};
use crate::sandbox::{Run, Sandbox, account, with_account};

const ARGS: [&str; 3] = ["vnc-url", "--no-windows", "i-1"];

/// The first requests get what `first` makes, the next a good answer.
fn after(count: usize, first: impl Fn() -> Reply + Send + Sync + 'static) -> (Fake, Run) {
    let server = Fake::start(move |number, request| if number < count { first() } else { good(request) });
    let run = Sandbox::with_account(&server.endpoint).run(&ARGS);
    (server, run)
}

#[test]
fn what_may_pass_is_tried_again() {
    let codes = [
        "Throttling",
        "Throttling.User",
        "Throttling.Api",
        "Throttling.New",
        "ServiceUnavailable",
        "InternalError",
        "UnknownError",
        "SignatureNonceUsed",
        "InstanceNotReady",
    ];
    for code in codes {
        let (server, run) = after(1, move || refusal(code));
        run.ends(0);
        assert_eq!(server.requests().len(), 2, "{code}");
    }
    let faults: [fn() -> Reply; 4] = [
        || http("502 Bad Gateway", "", "<html>bad gateway</html>"),
        || http("503 Service Unavailable", "", ""),
        || Reply::Bytes(Vec::new()),
        || Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"VncUrl".to_vec()),
    ];
    for (number, fault) in faults.into_iter().enumerate() {
        let (server, run) = after(1, fault);
        run.ends(0);
        assert_eq!(server.requests().len(), 2, "fault {number}");
    }
}

#[test]
fn what_will_not_pass_is_not() {
    for code in
        ["Forbidden.RAM", "InvalidInstanceId.NotFound", "SignatureDoesNotMatch", "IncorrectInstanceStatus", "New"]
    {
        let (server, run) = after(99, move || refusal(code));
        assert_ne!(run.code, 0);
        assert_eq!(server.requests_for("DescribeInstanceVncUrl").len(), 1, "{code}");
    }
    let (server, run) = after(99, || http("404 Not Found", "", "<html>"));
    run.ends(20);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn every_attempt_has_a_new_nonce_and_signature() {
    let (server, run) = after(2, || refusal("SignatureNonceUsed"));
    run.ends(0);
    for name in ["SignatureNonce=", "Signature="] {
        let values: HashSet<String> = server
            .requests()
            .iter()
            .map(|request| {
                request.split(&format!("&{name}")).nth(1).unwrap().split(['&', ' ']).next().unwrap().to_owned()
            })
            .collect();
        assert_eq!(values.len(), 3, "{name} {values:?}");
    }
}

#[test]
fn the_wait_the_service_asks_for_is_kept() {
    let wait = "x-acs-retry-after: 900\r\n";
    let started = Instant::now();
    let (_, run) = after(1, move || http("429 Too Many", wait, r#"{"Code":"Throttling.Api","Message":"m"}"#));
    run.ends(0);
    assert!(started.elapsed() >= Duration::from_millis(900));
}

#[test]
fn in_the_end_the_services_last_word_is_said() {
    // A wait that is longer than the time left is not waited for.
    let started = Instant::now();
    let server = Fake::start(|_, _| {
        http("429 Too Many", "x-acs-retry-after: 60000\r\n", r#"{"Code":"Throttling.Api","Message":"m"}"#)
    });
    Sandbox::with_account(&server.endpoint).run(&ARGS).ends(6).says(&["Throttling.Api"]);
    assert_eq!(server.requests().len(), 1);
    assert!(started.elapsed() < Duration::from_secs(20));
    // A refusal says more than the silence that followed it.
    let server = Fake::start(|number, _| if number == 0 { refusal("Throttling.User") } else { Reply::Silence });
    let run = Sandbox::with_account(&server.endpoint).run(&[&ARGS[..], &["--timeout", "1.5"]].concat());
    run.ends(6).says(&["Throttling.User", "The sentence.", "R-1"]);
    // Attempts have an end, too,
    let server = Fake::start(|_, _| refusal("InternalError"));
    Sandbox::with_account(&server.endpoint).run(&ARGS).ends(6).says(&["InternalError"]);
    assert_eq!(server.requests().len(), 6);
    // but an instance that is not ready is waited for as long as there is time.
    let server = Fake::start(|number, request| if number < 7 { refusal("InstanceNotReady") } else { good(request) });
    Sandbox::with_account(&server.endpoint).run(&ARGS).ends(0);
}

#[test]
fn the_code_decides_and_not_the_status_or_the_form() {
    let json = r#"{"Code":"Throttling.User","Message":"m","RequestId":"R-5"}"#;
    let xml = "<?xml version='1.0'?><Error><RequestId>R-5</RequestId><Code>Throttling.User</Code><Message>a &lt; b</Message></Error>";
    for (status, body) in [("200 OK", json), ("403 Forbidden", json), ("400 Bad Request", xml), ("200 OK", xml)] {
        let server = Fake::start(move |_, _| http(status, "", body));
        let run = Sandbox::with_account(&server.endpoint).run(&[&ARGS[..], &["--timeout", "0.6"]].concat());
        run.ends(6).says(&["Throttling.User", "R-5", "wait a minute"]);
        assert!(server.requests().len() > 1, "{status} {body}");
    }
    let (server, run) = after(1, || http("429 Too Many Requests", "", "slow down"));
    run.ends(0);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn silence_ends_at_the_time_limit() {
    let server = Fake::start(|_, _| Reply::Silence);
    let run = Sandbox::with_account(&server.endpoint).run(&[&ARGS[..], &["--timeout", "0.5"]].concat());
    run.ends(40).says(&["DescribeInstanceVncUrl", "0.5 s", "--timeout"]);
}

#[test]
fn the_demo_shows_retries_and_verbose_tells_them() {
    let run = with_account().run(&["vnc-url", "-v", "--no-windows", "i-demo-flaky"]).ends(0);
    let run = run.says(&[
        "attempt=1",
        "attempt=3",
        "status=400",
        "status=200",
        "RequestId=",
        "region=cn-hangzhou",
        "Throttling.User",
    ]);
    assert!(!run.stderr.contains("attempt=4"));
    let quiet = with_account().run(&["vnc-url", "--no-windows", "i-demo-flaky"]).ends(0);
    assert!(quiet.stderr.is_empty(), "stderr is no terminal: {}", quiet.stderr);
}

#[test]
fn a_clock_that_is_off_is_told_and_worked_with() {
    for (minutes, direction) in [(90, "behind"), (-90, "ahead of")] {
        let clock = Clock::of(move || Utc::now() + TimeDelta::minutes(minutes));
        let sandbox = Sandbox::with_account(&account(Options::new(clock)));
        let run = sandbox.run(&["vnc-url", "i-demo-linux", "i-demo-windows"]).ends(0);
        assert_eq!(run.stdout.lines().count(), 2);
        assert_eq!(run.stderr.matches("clock is").count(), 1, "told once: {}", run.stderr);
        let told = run.stderr.contains(&format!("90 min 0 s {direction}")) || run.stderr.contains("89 min 59 s");
        assert!(told, "{}", run.stderr);
    }
}

#[tokio::test]
async fn a_clock_that_is_set_right_meanwhile_is_believed_again() {
    static BEHIND: AtomicI64 = AtomicI64::new(60);
    let told = Arc::new(AtomicUsize::new(0));
    let counter = told.clone();
    let endpoint = Endpoint::parse(&account(Options::new(Clock::system()))).unwrap();
    let transport = Network::new(&Environment::default()).transport(endpoint).unwrap();
    let key = demo::profile();
    let credentials = Credentials {
        access_key_id: key.access_key_id.unwrap(),
        access_key_secret: key.access_key_secret.unwrap(),
        security_token: None,
    };
    let clock = Clock::of(|| Utc::now() - TimeDelta::minutes(BEHIND.load(Ordering::Relaxed)));
    let sources = ClientEnv { clock: clock.clone(), nonce: random::hex_128, chance: || 0.0 };
    let listener: EventHandler = Arc::new(move |event: &Event<'_>| {
        if matches!(event, Event::ClockAdjusted { .. }) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    });
    let client = Client::new(transport, Some(Arc::new(credentials)), SignatureVersion::RpcV1, sources, listener);
    for behind in [60, 60, 0, 0, -60] {
        BEHIND.store(behind, Ordering::Relaxed);
        let limit = clock.deadline(Duration::from_secs(10));
        client.describe_instance_vnc_url(demo::REGION, "i-demo-linux", limit).await.unwrap();
    }
    assert_eq!(told.load(Ordering::Relaxed), 2, "once for each time it was off");
}

#[test]
fn a_clock_that_is_right_is_not_blamed() {
    // The service says the time is wrong, but its own Date is ours.
    let run = with_account().run(&["vnc-url", "--no-windows", "i-demo-error-InvalidTimeStamp.Expired"]).ends(1);
    assert!(!run.stderr.contains("clock is"), "{}", run.stderr);
}

#[test]
fn absurd_waits_and_dates_are_survived() {
    let refused = r#"{"Code":"Throttling","Message":"m"}"#;
    for wait in ["18446744073709551615", "99999999999999999999999", "-1", "x", ""] {
        let header = format!("x-acs-retry-after: {wait}\r\n");
        let server = Fake::start(move |_, _| http("429 Too Many", &header, refused));
        let run = Sandbox::with_account(&server.endpoint).run(&[&ARGS[..], &["--timeout", "0.3"]].concat());
        run.ends(6).says(&["Throttling"]);
    }
    let late = r#"{"Code":"InvalidTimeStamp.Expired","Message":"m"}"#;
    for date in
        ["Fri, 31 Dec 262142 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "x"]
    {
        let header = format!("Date: {date}\r\n");
        let server = Fake::start(move |_, _| http("400 Bad Request", &header, late));
        let run = Sandbox::with_account(&server.endpoint).run(&ARGS).ends(1);
        run.says(&["InvalidTimeStamp.Expired", "hint: "]);
    }
}

/// A client of the library, and where it is asked: there is no other judge of what it does between two attempts.
fn client(endpoint: &str) -> Client {
    let transport = Network::new(&Environment::default()).transport(Endpoint::parse(endpoint).unwrap()).unwrap();
    let key = demo::profile();
    let credentials = Credentials {
        access_key_id: key.access_key_id.unwrap(),
        access_key_secret: key.access_key_secret.unwrap(),
        security_token: None,
    };
    let sources = ClientEnv { clock: Clock::system(), nonce: random::hex_128, chance: || 0.0 };
    Client::new(transport, Some(Arc::new(credentials)), SignatureVersion::RpcV1, sources, Arc::new(|_: &Event<'_>| {}))
}

#[tokio::test]
async fn the_distance_between_two_screenshots_is_waited_for_or_told_at_once() {
    let good = r#"{"RequestId":"R-1","InstanceId":"i-1","Screenshot":"iVBORw0KGgo="}"#;
    let throttled = r#"{"RequestId":"R-2","Code":"Throttling","Message":"m"}"#;
    // More often than other operations are tried.
    let server = Fake::start(move |number, _| match number {
        0..8 => http("429 Too Many Requests", "x-acs-retry-after: 20\r\n", throttled),
        _ => http("200 OK", "", good),
    });
    let clock = Clock::system();
    let ask = |client: Client, seconds| async move {
        let limit = Clock::system().deadline(Duration::from_secs(seconds));
        client.get_instance_screenshot(demo::REGION, "i-1", true, limit).await
    };
    let reply = ask(client(&server.endpoint), 30).await.unwrap();
    // RFC 2083, section 3.1.
    assert_eq!(reply.value.screenshot.0, b"\x89PNG\r\n\x1a\n");
    assert_eq!(server.requests().len(), 9);
    assert!(server.requests()[0].contains("&WakeUp=true&"), "{}", server.requests()[0]);

    // Without a word about when, it is the documented 10 s: where there are only 9, none is waited for.
    let server = Fake::start(move |_, _| http("429 Too Many Requests", "", throttled));
    let begun = clock.instant();
    let error = ask(client(&server.endpoint), 9).await.unwrap_err();
    assert!(error.to_string().contains("Throttling"), "{error}");
    assert_eq!(server.requests().len(), 1);
    assert!(begun.elapsed() < Duration::from_secs(8));

    // The account's own limit is another matter.
    let server = Fake::start(move |number, _| match number {
        0 => refusal("Throttling.User"),
        _ => http("200 OK", "", good),
    });
    assert!(ask(client(&server.endpoint), 9).await.is_ok());
}

#[tokio::test]
async fn a_screenshot_may_be_larger_than_other_answers() {
    let answer = |mebibytes: usize| {
        let server = Fake::start(move |_, _| {
            let picture = "QUFB".repeat(mebibytes << 18);
            http("200 OK", "", &format!(r#"{{"RequestId":"R-1","Screenshot":"{picture}"}}"#))
        });
        async move {
            let limit = Clock::system().deadline(Duration::from_secs(60));
            client(&server.endpoint).get_instance_screenshot(demo::REGION, "i-1", false, limit).await
        }
    };
    // 2560 x 2048 pixels of three bytes, not compressed at all, are 20 MiB of base64.
    assert_eq!(answer(20).await.unwrap().value.screenshot.0.len(), 2560 * 2048 * 3);
    let error = answer(22).await.unwrap_err().to_string();
    assert!(error.contains("longer than 23068672 bytes"), "{error}");
}
