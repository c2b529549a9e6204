//! Failures without a known code, Retry-After, requests that are never answered, and an STS that is out of order.

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use ecs_vnc::demo;

use crate::fake::{Fake, Reply, good, http, refusal};
use crate::sandbox::{Run, Sandbox, at_once};

const ARGS: [&str; 3] = ["vnc-url", "--no-windows", "i-1"];

/// The first request gets `first`, the others a good answer.
fn after_one(first: impl Fn() -> Reply + Send + Sync + 'static) -> (Fake, Run) {
    let server = Fake::start(move |number, request| if number == 0 { first() } else { good(request) });
    let run = Sandbox::with_account(&server.endpoint).run(&ARGS);
    (server, run)
}

const UNLISTED: &str = r#"{"RequestId":"R-1","Code":"Backend.Down","Message":"The sentence."}"#;

#[test]
fn a_server_error_with_an_unlisted_code_is_retried_and_ends_with_exit_6() {
    let statuses =
        ["500 Internal Server Error", "504 Gateway Timeout", "599 Odd", "408 Request Timeout", "429 Too Many Requests"];
    at_once(statuses, |status| {
        let (server, run) = after_one(move || http(status, "", UNLISTED));
        run.ends(0);
        assert_eq!(server.requests().len(), 2, "{status}");
        let server = Fake::start(move |_, _| http(status, "", UNLISTED));
        let run = Sandbox::with_account(&server.endpoint).run(&[&ARGS[..], &["--timeout", "3"]].concat());
        run.ends(6).says(&["Backend.Down", "R-1", "hint: "]);
        assert!(server.requests().len() > 1, "{status}");
    });
    // Without a code, too.
    let (server, run) = after_one(|| http("408 Request Timeout", "", ""));
    run.ends(0);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_known_code_counts_more_than_a_server_error() {
    for (code, exit_code) in [("Forbidden.RAM", 3), ("InvalidRegionId.NotFound", 4), ("IncorrectInstanceStatus", 5)] {
        let body = format!(r#"{{"RequestId":"R-1","Code":"{code}","Message":"m"}}"#);
        let server = Fake::start(move |_, request| match request.contains("Action=DescribeInstances&") {
            true => good(request),
            false => http("500 Internal Server Error", "", &body),
        });
        Sandbox::with_account(&server.endpoint).run(&ARGS).ends(exit_code).says(&[code]);
        assert_eq!(server.requests_for("DescribeInstanceVncUrl").len(), 1, "{code}");
    }
}

#[test]
fn retry_after_is_waited_for_in_seconds_and_until_a_date() {
    let waited = |header: fn() -> String, body: &'static str| {
        let begun = Instant::now();
        let (server, run) = after_one(move || http("503 Service Unavailable", &header(), body));
        run.ends(0);
        assert_eq!(server.requests().len(), 2);
        begun.elapsed()
    };
    let (second, date) = (|| "Retry-After: 1\r\n".to_owned(), "%a, %d %b %Y %H:%M:%S GMT");
    assert!(waited(second, UNLISTED) >= Duration::from_secs(1));
    assert!(waited(second, "<html>") >= Duration::from_secs(1), "a gateway's page without a code");
    // RFC 9110, section 10.2.3: the date is by the clock of the server, which its Date tells.
    let server_clock =
        || "Date: Tue, 01 Jan 2030 00:00:00 GMT\r\nRetry-After: Tue, 01 Jan 2030 00:00:02 GMT\r\n".into();
    let took = waited(server_clock, UNLISTED);
    assert!((Duration::from_secs(2)..Duration::from_secs(10)).contains(&took), "{took:?}");
    // Without a Date, it is by the local clock.
    let late = format!("Retry-After: {}\r\n", (Utc::now() + TimeDelta::seconds(3)).format(date));
    let begun = Instant::now();
    let (_, run) = after_one(move || http("503 Service Unavailable", &late, UNLISTED));
    run.ends(0);
    assert!(begun.elapsed() >= Duration::from_millis(1500), "{:?}", begun.elapsed());
}

#[test]
fn retry_after_that_is_longer_than_the_time_limit_ends_at_once() {
    for wait in ["60", "99999999999999999999", "Thu, 31 Dec 2099 23:59:59 GMT"] {
        let header = format!("Retry-After: {wait}\r\n");
        let server = Fake::start(move |_, _| http("503 Service Unavailable", &header, UNLISTED));
        let begun = Instant::now();
        Sandbox::with_account(&server.endpoint).run(&ARGS).ends(6).says(&["Backend.Down"]);
        assert_eq!(server.requests().len(), 1, "{wait}");
        assert!(begun.elapsed() < Duration::from_secs(15), "{wait}");
    }
    for wait in ["-1", "soon", "", "Wed, 01 Jan 2020 00:00:00 GMT", "Fri, 31 Dec 262142 23:59:59 GMT"] {
        let header = format!("Retry-After: {wait}\r\n");
        let (server, run) = after_one(move || http("503 Service Unavailable", &header, UNLISTED));
        run.ends(0);
        assert_eq!(server.requests().len(), 2, "{wait}");
    }
}

#[test]
fn a_request_that_is_never_answered_is_sent_again_within_the_limit() {
    let server = Fake::start(|number, request| if number == 0 { Reply::Silence } else { good(request) });
    let run = Sandbox::with_account(&server.endpoint).run(&[&ARGS[..], &["-v", "--timeout", "10"]].concat());
    run.ends(0).says(&["no response from 127.0.0.1:", "within 4 s", "attempt=2"]);
    assert_eq!(server.requests().len(), 2);
    // A time limit without room for a second attempt is spent on the first.
    let server = Fake::start(|_, _| Reply::Silence);
    Sandbox::with_account(&server.endpoint).run(&[&ARGS[..], &["--timeout", "1"]].concat()).ends(40);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_response_that_stops_in_its_body_is_requested_again_within_the_limit() {
    let begun = || Reply::Stall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".to_vec());
    let server = Fake::start(move |number, request| if number == 0 { begun() } else { good(request) });
    let run = Sandbox::with_account(&server.endpoint).run(&[&ARGS[..], &["-v", "--timeout", "10"]].concat());
    run.ends(0).says(&["the response from 127.0.0.1:", "stopped for 4 s", "attempt=2"]);
    assert_eq!(server.requests().len(), 2);
    // The second attempt has the rest of the time, and a short limit is spent on the first.
    at_once([("9", 2), ("1", 1)], |(limit, requests)| {
        let server = Fake::start(move |_, _| begun());
        Sandbox::with_account(&server.endpoint).run(&[&ARGS[..], &["--timeout", limit]].concat()).ends(40);
        assert_eq!(server.requests().len(), requests, "{limit}");
    });
    // A password may have been set.
    let server = Fake::start(move |_, _| begun());
    let sandbox = Sandbox::with_account(&server.endpoint).stdin("abc123");
    sandbox
        .run(&["password", "set", "i-1", "--timeout", "9"])
        .ends(40)
        .says(&["not known whether the password was set"]);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_password_that_may_have_been_set_is_not_sent_again() {
    let cut = || Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".to_vec());
    at_once([((|| Reply::Silence) as fn() -> Reply, 40), (cut, 11)], |(reply, exit_code)| {
        let server = Fake::start(move |_, _| reply());
        let sandbox = Sandbox::with_account(&server.endpoint).stdin("abc123");
        let run = sandbox.run(&["password", "set", "i-1", "--timeout", "9"]).ends(exit_code);
        run.says(&["not known whether the password was set"]);
        assert_eq!(server.requests().len(), 1, "exit code {exit_code}");
    });
}

/// A profile whose role is assumed at `sts`.
fn with_role(sts: &Fake) -> Sandbox {
    Sandbox::new().config(&format!(
        "default_profile = 'r'\n[profile.r]\nmode = 'RamRoleArn'\naccess_key_id = '{}'\naccess_key_secret = '{}'\n\
         ram_role_arn = '{}'\nsts_endpoint = '{}'\nendpoint = 'http://127.0.0.1:1'\nregion_id = 'cn-hangzhou'\n",
        demo::ACCESS_KEY_ID,
        demo::ACCESS_KEY_SECRET,
        demo::ROLE,
        sts.endpoint,
    ))
}

#[test]
fn an_sts_that_fails_by_itself_has_not_refused_the_keys() {
    let failing: [fn() -> Reply; 4] = [
        || http("502 Bad Gateway", "", UNLISTED),
        || http("429 Too Many Requests", "", UNLISTED),
        || refusal("InternalError"),
        || http("503 Service Unavailable", "", "<html>"),
    ];
    at_once(failing, |reply| {
        let server = Fake::start(move |_, _| reply());
        let run = with_role(&server).run(&[&ARGS[..], &["--timeout", "3"]].concat()).ends(6);
        assert!(!run.stderr.contains("refused"), "{}", run.stderr);
        assert!(server.requests().len() > 1);
    });
    let server = Fake::start(|_, _| refusal("InvalidAccessKeyId.Inactive"));
    with_role(&server).run(&ARGS).ends(3).says(&["STS refused the credentials"]);
    // What is wrong with the request is not known from a code that nobody listed.
    let server = Fake::start(|_, _| refusal("Odd.Code"));
    let run = with_role(&server).run(&ARGS).ends(3).says(&["Odd.Code"]);
    assert!(!run.stderr.contains("refused the credentials"), "{}", run.stderr);
}
