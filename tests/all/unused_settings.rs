//! A faulty setting is an error of the commands that use it, and of no others.

use crate::sandbox::{Run, Sandbox, account, with_account};
use ecs_vnc::demo::Options;
use ecs_vnc::system::clock::Clock;

/// A home whose default profile has this line, and an account in the environment.
fn with(line: &str) -> Sandbox {
    let endpoint = account(Options::new(Clock::system()));
    Sandbox::with_account(&endpoint).config(&format!("[profile.default]\n{line}\n"))
}

#[track_caller]
fn names(run: Run, setting: &str) {
    run.ends(2).says(&[setting]);
}

#[test]
fn a_console_url_is_checked_where_a_page_is_opened() {
    let sandbox = with("console_url = 'ftp://x'");
    let file = sandbox.path("a.png").display().to_string();
    for args in [
        &["list", "--ids-only"][..],
        &["regions"],
        &["bootlog", "i-demo-linux"],
        &["screenshot", "i-demo-linux", "-f", &file],
        &["key", "i-demo-linux", "a"],
        &["wait", "i-demo-linux", "--still", "100ms"],
    ] {
        sandbox.run(args).ends(0);
    }
    for args in [&["vnc-url", "i-demo-linux"][..], &["open", "--print", "i-demo-linux"], &["profile", "show"]] {
        names(sandbox.run(args), "console_url");
    }
}

#[test]
fn a_time_limit_is_checked_where_no_flag_replaces_it() {
    let sandbox = with("timeout = 0");
    for args in
        [&["list"][..], &["vnc-url", "i-demo-linux"], &["key", "i-demo-linux", "a"], &["bootlog", "i-demo-linux"]]
    {
        names(sandbox.run(args), "timeout = 0");
        sandbox.run(&[args, &["--timeout", "20"]].concat()).ends(0);
    }
}

#[test]
fn a_vnc_password_is_checked_where_it_is_used() {
    let sandbox = with_account().env("ECS_VNC_PASSWORD", "hunter22");
    for args in [&["list", "--ids-only"][..], &["regions"], &["bootlog", "i-demo-linux"]] {
        sandbox.run(args).ends(0);
    }
    let run = sandbox.run(&["key", "i-demo-linux", "a"]).ends(2).says(&["ECS_VNC_PASSWORD"]);
    assert!(!run.stderr.contains("hunter22"), "{}", run.stderr);
}
