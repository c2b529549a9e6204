//! What a person on a terminal is told while a command works and waits.
#![cfg(unix)]

use std::net::TcpStream;

use crate::fake::{Fake, Reply, good};
use crate::http::get;
use crate::pty::OnTerminal;
#[cfg(target_os = "linux")]
use crate::sandbox::until;
use crate::sandbox::{Sandbox, interrupt, with_account};
use crate::viewer::{greet, hears_the_end};

const TAKEOVER: &str = "opening the console of i-1; anyone already on it is disconnected";

/// The first link to this machine in a text.
fn link(text: &str) -> String {
    let start = text.find("http://127.0.0.1:").unwrap();
    let is_end = |c: char| c.is_whitespace() || c.is_control();
    text[start..].split(is_end).next().unwrap().to_owned()
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_display_a_terminal_gets_a_link_that_waits() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = Sandbox::with_account(&server.endpoint).env("SSH_CONNECTION", "x").env("VTE_VERSION", "7600");
    let mut open = OnTerminal::start(&sandbox, &["open", "--no-windows", "i-1"]);
    open.shows("HOST");
    let (text, url) = (open.text(), link(&open.text()));
    let port = url.split([':', '/']).nth(4).unwrap();
    assert!(text.contains(TAKEOVER) && text.contains("SSH session without a display"), "{text}");
    assert!(text.contains(&format!("ssh -L {port}:127.0.0.1:{port} HOST")), "{text}");
    // OSC 8, https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda
    assert!(text.contains(&format!("\x1b]8;;{url}\x1b\\{url}\x1b]8;;\x1b\\")), "{text}");
    assert!(server.requests().is_empty(), "no URL is requested before the link is opened");
    open.shows("waiting for a browser to open the link");
    assert_eq!(get(&url, "").status, 303);
    open.shows("opened the console of i-1");
    assert_eq!(open.ends(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_dumb_terminal_gets_no_hyperlink() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = Sandbox::with_account(&server.endpoint).env("TERM", "dumb");
    let mut open = OnTerminal::start(&sandbox, &["open", "--no-windows", "i-1"]);
    open.shows("HOST");
    assert!(!open.text().contains('\x1b'), "{:?}", open.text());
    assert_eq!(interrupt(&mut open.child.0), Some(130));
}

#[test]
fn open_says_at_once_what_it_does_and_which_link_to_open() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = Sandbox::with_account(&server.endpoint).env("BROWSER", "true");
    for page in ["vendor", "local"] {
        let mut open = OnTerminal::start(&sandbox, &["open", "--no-windows", "--page", page, "i-1"]);
        open.shows("waiting for a browser to open the link");
        let text = open.text();
        assert!(text.starts_with(TAKEOVER), "{text}");
        assert!(text.contains("starting the browser; if nothing opens, open this link yourself:\r\nhttp://"), "{text}");
        assert!(matches!(get(&link(&text), "").status, 200 | 303));
        assert_eq!(interrupt(&mut open.child.0), Some(130));
    }
}

#[test]
fn a_quiet_open_says_nothing_and_a_reader_of_stdout_gets_the_url_alone() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = Sandbox::with_account(&server.endpoint).env("BROWSER", "true");
    let run = sandbox.run(&["open", "-q", "--no-windows", "--timeout", "0.2", "i-1"]).ends(40);
    assert!(run.stderr.starts_with("error: ") && run.stderr.lines().count() == 2, "{}", run.stderr);
}

#[test]
fn view_says_which_viewer_it_starts_and_where_to_connect_another() {
    let sandbox = Sandbox::new();
    let end = sandbox.path("end");
    let viewer = sandbox.script("my-viewer", &format!("while ! [ -e {} ]; do sleep 0.05; done", end.display()));
    let sandbox = sandbox.env("ECS_VNC_VIEWER", &viewer);
    let mut view = OnTerminal::start(&sandbox, &["view", "--profile", "demo", "i-demo-linux"]);
    view.shows("waiting for ");
    let text = view.text();
    assert!(text.starts_with("opening the console of i-demo-linux; anyone already on it is disconnected"), "{text}");
    let start = format!("starting {viewer}; if nothing opens, connect another viewer to 127.0.0.1::");
    let port: u16 = text.split(&start).nth(1).unwrap().lines().next().unwrap().parse().unwrap();
    greet(&mut TcpStream::connect(("127.0.0.1", port)).unwrap());
    view.shows("to end this command");
    std::fs::write(end, "").unwrap();
    assert_eq!(view.ends(), Some(0));
}

#[test]
fn a_slow_service_is_not_waited_for_in_silence() {
    let server = Fake::start(|_, _| Reply::Silence);
    let sandbox = Sandbox::with_account(&server.endpoint);
    for args in [&["open", "web-01"][..], &["view", "web-01"], &["open", "--page", "local", "web-01"]] {
        let mut run = OnTerminal::start(&sandbox, args);
        run.shows("looking for web-01 in cn-hangzhou");
        assert_eq!(interrupt(&mut run.child.0), Some(130), "{args:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_console_url_that_takes_long_is_not_waited_for_in_silence() {
    let server = Fake::start(|_, _| Reply::Silence);
    let sandbox = Sandbox::with_account(&server.endpoint);
    let mut open = OnTerminal::start(&sandbox, &["open", "--print", "--no-windows", "i-1"]);
    open.shows("HOST");
    let url = link(&open.text());
    let visitor = std::thread::spawn(move || get(&url, "").status);
    until("a request", || !server.requests().is_empty());
    open.shows("requesting the console URL");
    assert_eq!(interrupt(&mut open.child.0), Some(130));
    drop(visitor);
}

#[test]
fn nothing_configured_is_two_lines_and_where_was_looked_stands_behind_v() {
    let sandbox = Sandbox::new();
    for args in [&["list"][..], &["open", "web-01"], &["vnc-url", "i-1", "--region", "cn-hangzhou"]] {
        let run = sandbox.run(args).ends(3).says(&["profile add", "aliyun configure", "--profile demo"]);
        assert_eq!(run.stderr.lines().count(), 2, "{}", run.stderr);
        assert!(!run.stderr.contains("ALIBABA_CLOUD"), "{}", run.stderr);
        let run = sandbox.run(&[args, &["-v"]].concat()).ends(3);
        run.says(&["looked at environment: ALIBABA_CLOUD_ACCESS_KEY_ID is not set", "looked at metadata service"]);
    }
    let shown = sandbox.run(&["profile", "show"]);
    assert!(shown.stdout.contains("ALIBABA_CLOUD_ACCESS_KEY_ID is not set"), "{shown:?}");
}

#[test]
fn a_profile_without_credentials_is_named() {
    let sandbox = Sandbox::new().config("[profile.prod]\nregion_id = 'cn-hangzhou'\n");
    let run = sandbox.run(&["list", "--profile", "prod"]).ends(3);
    run.says(&["error: no AccessKey was found: profile prod has no credentials\n"]);
}

#[test]
fn commands_that_serve_end_with_success_on_ctrl_c() {
    let demo = ["--profile", "demo", "i-demo-linux"];
    for args in [
        &["demo"][..],
        &[&["relay"], &demo[..]].concat(),
        &[&["open", "--print", "--stay"], &demo[..]].concat(),
        &[&["open", "--print", "--stay", "--page", "local"], &demo[..]].concat(),
        &[&["view"], &demo[..]].concat(),
    ] {
        let mut run = OnTerminal::start(&Sandbox::new(), args);
        run.shows("serving until Ctrl-C");
        assert_eq!(interrupt(&mut run.child.0), Some(0), "{args:?}");
    }
}

#[test]
fn a_relay_that_has_lost_a_console_keeps_that_exit_code_on_ctrl_c() {
    let sandbox = with_account();
    let mut relay = OnTerminal::start(&sandbox, &["relay", "i-demo-linux", "i-demo-windows"]);
    relay.shows("serving until Ctrl-C");
    let text = relay.text();
    let address = text.split("i-demo-linux: connect with: vncviewer 127.0.0.1::").nth(1).unwrap();
    let port: u16 = address.split(' ').next().unwrap().parse().unwrap();
    for _ in 0..2 {
        let mut viewer = TcpStream::connect(("127.0.0.1", port)).unwrap();
        greet(&mut viewer);
        sandbox.run(&["screenshot", "i-demo-linux", "--via", "vnc", "-f", "/dev/null"]).ends(0);
        hears_the_end(&mut viewer);
    }
    relay.shows("probably using this console");
    assert_eq!(interrupt(&mut relay.child.0), Some(11));
}

#[test]
fn profile_add_asks_again_for_a_region_that_cannot_be_one() {
    let sandbox = Sandbox::new();
    let file = sandbox.config_file();
    let sandbox = sandbox.env("ECS_VNC_CONFIG", &file.display().to_string());
    let mut add = OnTerminal::start(&sandbox, &["profile", "add", "p", "--no-verify"]);
    add.shows("Region (such as cn-hangzhou): ");
    add.types("CN Hangzhou\n");
    add.shows("try again");
    assert!(!add.text().contains("AccessKeyId"), "{}", add.text());
    add.types("cn-hangzhou\n");
    add.shows("AccessKeyId: ");
    assert_eq!(interrupt(&mut add.child.0), Some(130));
    // Not for ever.
    let mut add = OnTerminal::start(&sandbox, &["profile", "add", "p", "--no-verify"]);
    for _ in 0..3 {
        add.types("CN Hangzhou\n");
    }
    assert_eq!(add.ends(), Some(2), "{}", add.text());
    assert!(!file.exists());
}
