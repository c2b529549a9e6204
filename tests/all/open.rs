//! `open`: the link, its guards, its browsers, and its ends.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::ChildStderr;
use std::time::{Duration, Instant};

use crate::fake::{Fake, good, refusal};
use crate::http::{get, send, split};
#[cfg(unix)]
use crate::sandbox::interrupt;
use crate::sandbox::{Killed, Sandbox, until, with_account};

/// `open` as it runs.
struct Running {
    child: Killed,
    link: String,
    stderr: BufReader<ChildStderr>,
}

impl Running {
    /// Starts `open --print` and reads the link.
    fn print(sandbox: &Sandbox, args: &[&str]) -> Self {
        let mut child = sandbox.spawn(&[&["open", "--print", "--no-windows"], args].concat());
        let mut link = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut link).unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        Self { child: Killed(child), link: link.trim_end().to_owned(), stderr }
    }

    fn end(mut self) -> (i32, String) {
        let mut stderr = String::new();
        self.stderr.read_to_string(&mut stderr).unwrap();
        (self.child.0.wait().unwrap().code().unwrap(), stderr)
    }
}

#[test]
fn a_keepalive_is_for_our_own_page() {
    let open = |args: &[&str]| Sandbox::new().run(&[&["open", "--profile", "demo", "i-demo-linux"], args].concat());
    open(&["--keepalive", "off"]).ends(2).says(&["--page local"]);
    open(&["--keepalive-for", "1h"]).ends(2).says(&["--page local"]);
}

#[test]
fn the_link_leads_to_a_fresh_url_and_the_command_ends() {
    let server = Fake::start(|_, request| good(request));
    let open = Running::print(&Sandbox::with_account(&server.endpoint), &["i-1"]);
    assert!(server.requests().is_empty(), "nothing is minted before somebody comes");
    let (_, path) = split(&open.link);
    assert!(path.len() == 33 && path[1..].bytes().all(|byte| byte.is_ascii_hexdigit()), "128 bits: {path}");

    // A browser may fetch more than once: each URL is fresh, and the link stays for some seconds after each.
    for visit in 1..=3 {
        let answer = get(&open.link, "");
        assert_eq!(answer.status, 303);
        let location = answer.get("Location").unwrap();
        assert!(location.starts_with("https://g.alicdn.com/") && location.contains("vncUrl=wss%3A"), "{location}");
        assert_eq!(
            (answer.get("Cache-Control"), answer.get("Referrer-Policy")),
            (Some("no-store"), Some("no-referrer"))
        );
        assert_eq!(server.requests().len(), visit);
    }
    let (code, stderr) = open.end();
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("opened the console of") && !stderr.contains("vncUrl"), "{stderr}");
}

#[test]
fn nothing_but_a_visit_mints() {
    let server = Fake::start(|_, request| good(request));
    let open = Running::print(&Sandbox::with_account(&server.endpoint), &["i-1"]);
    let (host, path) = split(&open.link);
    let status = |request: &str| send(host, &format!("{request}Connection: close\r\n\r\n")).status;
    assert_eq!(status(&format!("HEAD {path} HTTP/1.1\r\nHost: {host}\r\n")), 405);
    assert_eq!(status(&format!("POST {path} HTTP/1.1\r\nHost: {host}\r\n")), 405);
    assert_eq!(status(&format!("GET {path} HTTP/1.1\r\nHost: evil.example\r\n")), 403);
    assert_eq!(status(&format!("GET {path}x HTTP/1.1\r\nHost: {host}\r\n")), 404);
    assert_eq!(status(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n")), 404);
    assert_eq!(get(&open.link, "Sec-Purpose: prefetch;prerender\r\n").status, 503);
    assert_eq!(get(&open.link, "Purpose: prefetch\r\n").status, 503);
    assert!(server.requests().is_empty());
    assert_eq!(get(&open.link, "").status, 303, "the link still works");
    assert_eq!(open.end().0, 0);
}

#[test]
fn an_api_error_is_a_page_a_line_and_the_exit_code() {
    let server = Fake::start(|_, _| refusal("Forbidden.RAM"));
    let open = Running::print(&Sandbox::with_account(&server.endpoint), &["i-1"]);
    let answer = get(&open.link, "");
    assert_eq!(answer.status, 502);
    assert!(
        answer.body.contains("Forbidden.RAM") && answer.body.contains("ecs:DescribeInstanceVncUrl"),
        "{}",
        answer.body
    );
    let (code, stderr) = open.end();
    assert_eq!(code, 3);
    assert!(stderr.contains("error: Forbidden.RAM"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn stay_serves_until_ctrl_c_and_keeps_the_reconnect_limit() {
    let server = Fake::start(|number, request| if number == 0 { refusal("Forbidden.RAM") } else { good(request) });
    let mut open = Running::print(&Sandbox::with_account(&server.endpoint), &["--stay", "i-1"]);
    assert_eq!(get(&open.link, "").status, 502, "an error does not end it");
    for _ in 1..30 {
        assert_eq!(get(&open.link, "").status, 303);
    }
    let refused = get(&open.link, "");
    assert_eq!(refused.status, 429);
    assert!(refused.body.contains("30 connections per minute"), "{}", refused.body);
    assert_eq!(server.requests().len(), 30);
    assert_eq!(interrupt(&mut open.child.0), Some(0), "Ctrl-C is how it is meant to end");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_at_once() {
    // While it waits for a browser, and in the middle of a mint.
    let server = Fake::start(|_, _| crate::fake::Reply::Silence);
    let sandbox = Sandbox::with_account(&server.endpoint);
    let mut open = Running::print(&sandbox, &["i-1"]);
    let started = Instant::now();
    assert_eq!(interrupt(&mut open.child.0), Some(130));
    let mut open = Running::print(&sandbox, &["i-1"]);
    let link = open.link.clone();
    let visitor = std::thread::spawn(move || {
        let mut stream = std::net::TcpStream::connect(split(&link).0).unwrap();
        let (host, path) = split(&link);
        std::io::Write::write_all(&mut stream, format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes())
            .unwrap();
        stream.read_to_end(&mut Vec::new())
    });
    until("a mint", || !server.requests().is_empty());
    assert_eq!(interrupt(&mut open.child.0), Some(130));
    let _ = visitor.join().unwrap();
    assert!(started.elapsed() < Duration::from_secs(10), "not the time limit");
}

#[test]
fn a_browser_that_has_arrived_is_not_cut_off() {
    // Minting takes longer than the link would stay after the visit before. --timeout limits the request as well.
    let server = Fake::start(|_, request| {
        std::thread::sleep(Duration::from_millis(3200));
        good(request)
    });
    let open = Running::print(&Sandbox::with_account(&server.endpoint), &["--timeout", "8", "i-1"]);
    assert_eq!(get(&open.link, "").status, 303);
    assert_eq!(get(&open.link, "").status, 303);
    assert_eq!(open.end().0, 0);
}

#[test]
fn a_visitor_who_does_not_wait_is_not_the_last() {
    let server = Fake::start(|number, request| {
        if number == 0 {
            std::thread::sleep(Duration::from_millis(300));
        }
        good(request)
    });
    let open = Running::print(&Sandbox::with_account(&server.endpoint), &["i-1"]);
    let (host, path) = split(&open.link);
    let mut hasty = std::net::TcpStream::connect(host).unwrap();
    std::io::Write::write_all(&mut hasty, format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes()).unwrap();
    until("a mint", || !server.requests().is_empty());
    drop(hasty);
    assert_eq!(get(&open.link, "").status, 303);
    assert_eq!(open.end().0, 0);
}

#[cfg(unix)]
#[test]
fn an_opener_that_fails_after_it_has_opened_is_forgiven() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = Sandbox::with_account(&server.endpoint);
    let seen = sandbox.path("seen");
    let body =
        format!("echo $1 > {0}.new; mv {0}.new {0}; while [ -e {0} ]; do sleep 0.01; done; exit 3", seen.display());
    let browser = sandbox.script("browser", &body);
    let sandbox = sandbox.env("BROWSER", &browser);
    let child = sandbox.spawn(&["open", "--no-windows", "i-1"]);
    until("the browser", || seen.exists());
    assert_eq!(get(std::fs::read_to_string(&seen).unwrap().trim(), "").status, 303);
    std::fs::remove_file(&seen).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
}

#[cfg(unix)]
#[test]
fn an_opener_that_fails_before_the_browser_comes_is_waited_for() {
    let server = Fake::start(|_, request| good(request));
    for page in ["vendor", "local"] {
        let sandbox = Sandbox::with_account(&server.endpoint);
        let seen = sandbox.path("seen");
        let browser = sandbox.script("browser", &format!("echo $1 > {0}.new; mv {0}.new {0}; exit 1", seen.display()));
        let sandbox = sandbox.env("BROWSER", &browser);
        let mut child = sandbox.spawn(&["open", "--no-windows", "--page", page, "i-1"]);
        let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines();
        let warning = stderr.by_ref().map(Result::unwrap).find(|line| line.starts_with("warning: ")).unwrap();
        assert!(warning.contains("exit status 1") && warning.contains("waiting for a browser"), "{warning}");
        assert!(matches!(get(std::fs::read_to_string(&seen).unwrap().trim(), "").status, 200 | 303));
        if page == "vendor" {
            let output = child.wait_with_output().unwrap();
            assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
        } else {
            assert_eq!(interrupt(&mut child), Some(130));
        }
    }
}

#[cfg(unix)]
#[test]
fn an_opener_that_fails_and_opens_nothing_is_a_failure() {
    let server = Fake::start(|_, request| good(request));
    for page in ["vendor", "local"] {
        let sandbox = Sandbox::with_account(&server.endpoint).env("BROWSER", "false");
        let run = sandbox.run(&["open", "--no-windows", "--page", page, "--timeout", "0.2", "i-1"]).ends(30);
        run.says(&["no browser opened the link within 0.2 s", "false: exit status 1"]);
    }
}

#[test]
fn no_visitor_within_the_limit_is_said() {
    let run = with_account().run(&["open", "--print", "--timeout", "0.3", "i-demo-linux"]);
    assert_eq!(run.code, 40);
    run.says(&["no browser opened the link within 0.3 s", "hint:"]);
}

#[test]
fn print_as_json_names_the_link() {
    let sandbox = with_account();
    let open = Running::print(&sandbox, &["-o", "json", "--timeout", "0.1", "i-demo-linux"]);
    let line: serde_json::Value = serde_json::from_str(&open.link).unwrap();
    assert_eq!((&line["InstanceId"], &line["RegionId"]), (&"i-demo-linux".into(), &"cn-hangzhou".into()));
    assert!(line["Link"].as_str().unwrap().starts_with("http://127.0.0.1:"));
}

#[cfg(unix)]
#[test]
fn the_browser_is_given_the_link_and_never_the_url() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = Sandbox::with_account(&server.endpoint);
    let seen = sandbox.path("seen");
    // The first entry fails, the second is the browser: it visits, then writes what it was given.
    let fails = sandbox.script("fails", "exit 3");
    let body = format!("echo \"$@\" > {0}.new; mv {0}.new {0}; exec sleep 9", seen.display());
    let browser = sandbox.script("browser", &body);
    let sandbox = sandbox.env("BROWSER", &format!("{fails}:{browser} --new %s --after"));
    let child = sandbox.spawn(&["open", "--no-windows", "i-1"]);
    until("the browser", || seen.exists());
    let given = std::fs::read_to_string(&seen).unwrap();
    let words: Vec<&str> = given.split_whitespace().collect();
    assert_eq!((words.len(), words[0], words[2]), (3, "--new", "--after"));
    assert_eq!(get(words[1], "").status, 303);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
}

#[cfg(unix)]
#[test]
fn a_browser_that_does_not_start_leaves_the_url_and_a_failure() {
    let server = Fake::start(|_, request| good(request));
    for browser in ["/nonexistent/browser", "::"] {
        let sandbox = Sandbox::with_account(&server.endpoint).env("BROWSER", browser);
        let run = sandbox.run(&["open", "--no-windows", "i-1"]);
        assert_eq!(run.code, 30, "{run:#?}");
        assert!(run.line().starts_with("https://g.alicdn.com/"));
        run.says(&["open this URL within ", " s (until ", "--print"]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_browser_the_url_is_printed_with_its_life() {
    let server = Fake::start(|_, request| good(request));
    for (name, word) in [("SSH_CONNECTION", "SSH session without a display"), ("SHELL", "no display")] {
        let run = Sandbox::with_account(&server.endpoint).env(name, "x").run(&["open", "--no-windows", "i-1"]).ends(0);
        assert!(run.line().contains("vncUrl=wss%3A"));
        run.says(&[word, "open this URL within ", " s (until "]);
    }
    let run = Sandbox::with_account(&server.endpoint).run(&["open", "--no-windows", "-o", "json", "i-1"]).ends(0);
    assert_eq!(run.json()[0]["InstanceId"], "i-1");
}

#[cfg(unix)]
#[test]
fn direct_hands_over_the_url_itself() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = Sandbox::with_account(&server.endpoint);
    let seen = sandbox.path("seen");
    let browser = sandbox.script("browser", &format!("echo \"$@\" > {}", seen.display()));
    let sandbox = sandbox.env("BROWSER", &browser);
    let run = sandbox.run(&["open", "--direct", "--no-windows", "i-1"]).ends(0);
    assert!(run.stdout.is_empty());
    assert!(std::fs::read_to_string(seen).unwrap().starts_with("https://g.alicdn.com/"));
}

#[test]
fn one_instance_and_no_contradictions() {
    let sandbox = with_account();
    for args in [
        &["open"][..],
        &["open", "i-1", "i-2"],
        &["open", "i-1", "-i", "i-2"],
        &["open", "--direct", "--print", "i-1"],
        &["open", "--direct", "--stay", "i-1"],
        &["open", ""],
    ] {
        sandbox.run(args).ends(2);
    }
}
