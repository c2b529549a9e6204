//! `login`, as a user and a script meet it.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use crate::fake::{Fake, good};
use crate::sandbox::{Run, Sandbox, at_once, with_account};
use crate::text_console::{CURSOR, SHIFT, TextConsole};

const SECRET: &str = "hunter-22";

/// Logs in on an instance of an account that stays; `password` is in a variable.
fn login(sandbox: Sandbox, instance: &str, user: &str, password: &str, args: &[&str]) -> (Sandbox, Run) {
    let sandbox = sandbox.env("PASSWORD", password);
    let run = sandbox.run(&[&["login", instance, "--user", user, "--env", "PASSWORD", "-vvv"], args].concat());
    assert!(!run.stderr.contains(SECRET) && !run.stdout.contains(SECRET), "{run:#?}");
    (sandbox, run)
}

/// The simulated account, which is a new one in each run.
fn demo() -> Sandbox {
    Sandbox::new().env("ALIBABA_CLOUD_PROFILE", "demo")
}

fn last_row(sandbox: &Sandbox, instance: &str) -> String {
    sandbox.run(&["text", instance, "--via", "vnc", "--lines", "1"]).ends(0).stdout
}

#[test]
fn it_ends_at_the_prompt_of_a_shell() {
    let (sandbox, run) = login(with_account(), "i-demo-linux", "admin", SECRET, &["-o", "json"]);
    let json = run.ends(0).json().remove(0);
    let mut keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    keys.sort_unstable();
    assert_eq!(keys, ["AlreadyLoggedIn", "InstanceId", "RegionId", "User"]);
    assert_eq!((&json["User"], &json["AlreadyLoggedIn"]), (&"admin".into(), &false.into()));
    assert_eq!(last_row(&sandbox, "i-demo-linux"), "[admin@web-01 ~]$\n");
    // Once more: nothing is typed, whoever it is.
    let (sandbox, run) = login(sandbox, "i-demo-linux", "root", SECRET, &["-o", "json"]);
    assert_eq!(run.json()[0]["AlreadyLoggedIn"], true);
    let words = "somebody is logged in on i-demo-linux already, nothing was typed: [admin@web-01 ~]$\n";
    run.ends(0).says(&[words]);
    assert_eq!(last_row(&sandbox, "i-demo-linux"), "[admin@web-01 ~]$\n");
    // With the password from a pipe.
    let run = demo().stdin("hunter-22\r\n").run(&["login", "web-01", "--user", "root", "--stdin"]).ends(0);
    assert_eq!(run.stdout, "");
}

#[test]
fn a_wrong_password_is_told_and_one_of_before_is_not() {
    let (sandbox, run) = login(with_account(), "i-demo-linux", "root", "wrong", &[]);
    run.ends(3).says(&["i-demo-linux: the guest does not let root in: \"Login incorrect\""]);
    // Its words are still there.
    let text = sandbox.run(&["text", "i-demo-linux", "--via", "vnc"]).ends(0).stdout;
    assert!(text.ends_with("Login incorrect\n\nweb-01 login:\n"), "{text}");
    let (sandbox, run) = login(sandbox, "i-demo-linux", "root", SECRET, &[]);
    run.ends(0);
    assert_eq!(last_row(&sandbox, "i-demo-linux"), "[root@web-01 ~]#\n");
}

#[test]
fn a_password_that_has_expired_is_told() {
    let (_, run) = login(demo(), "web-01", "expired", SECRET, &[]);
    run.ends(3).says(&["the password of expired has to be changed first: \"You are required to change your password"]);
}

#[test]
fn emergency_mode_asks_for_the_password_of_root() {
    let (sandbox, run) = login(with_account(), "i-demo-rescue", "admin", SECRET, &[]);
    run.ends(5).says(&["nothing was typed: the guest is in emergency mode", "--user root"]);
    let (sandbox, run) = login(sandbox, "i-demo-rescue", "root", "wrong", &[]);
    run.ends(3).says(&["\"Login incorrect\""]);
    let (sandbox, run) = login(sandbox, "i-demo-rescue", "root", SECRET, &[]);
    run.ends(0);
    assert_eq!(last_row(&sandbox, "i-demo-rescue"), "root@db-02:~#\n");
}

#[test]
fn a_login_of_the_same_user_goes_on_and_another_is_left_alone() {
    let sandbox = with_account();
    sandbox.run(&["type", "i-demo-linux", "root", "--enter"]).ends(0);
    let (sandbox, run) = login(sandbox, "i-demo-linux", "admin", SECRET, &[]);
    run.ends(5)
        .says(&["nothing was typed: the guest asks for a password already, and not for that of admin: \"Password:\""]);
    assert_eq!(last_row(&sandbox, "i-demo-linux"), "Password:\n");
    let (sandbox, run) = login(sandbox, "i-demo-linux", "root", SECRET, &[]);
    run.ends(0);
    assert_eq!(last_row(&sandbox, "i-demo-linux"), "[root@web-01 ~]#\n");
}

#[test]
fn without_a_login_prompt_nothing_is_typed() {
    let (_, run) = login(demo(), "office-01", "root", SECRET, &["--timeout", "6"]);
    run.ends(41).says(&["the screen of i-demo-windows shows no text that can be read; nothing was typed"]);
    let args = ["--timeout", "3"];
    let cases = [
        (&["Loading 50%\u{7f}"][..], "| Loading 50%"),
        (&["grub> \u{7f}"], "| grub>"),
        (&["FS0:\\> \u{7f}"], "| FS0"),
        (&["web-01 login: root", "Password:"], "nothing was typed: no text cursor is seen"),
        (&["web-01 login: x\u{7f}"], "| web-01 login: x"),
        (&["Last login: Tue\u{7f}"], "is no login prompt (waited 3 s)"),
        (&["web-01 login:", "\u{7f}"], "--prompt REGEX names another"),
    ];
    at_once(cases, |(rows, words)| {
        let console = TextConsole::showing(&[rows]);
        let (_, run) = login(console.sandbox(), "i-1", "root", SECRET, &args);
        run.ends(40).says(&[words]);
        assert_eq!(console.heard().typed, "", "{rows:?}");
    });
}

/// A guest that shows rows from what was typed: `screens` gives them after each Enter, and the name is echoed.
fn guest(screens: &'static [&'static str]) -> TextConsole {
    TextConsole::start(|typed, _| {
        let typed = typed.trim_start_matches(SHIFT);
        let (entered, open) =
            typed.rsplit_once('\n').map_or((0, typed), |(before, open)| (before.split('\n').count(), open));
        let echo = if entered == 0 { open } else { "" };
        format!("{}{echo}{CURSOR}", screens[entered.min(screens.len() - 1)]).lines().map(str::to_owned).collect()
    })
}

#[test]
fn the_echo_of_the_name_is_not_taken_for_a_prompt() {
    // A guest that never asks for the password.
    let dead = guest(&["web-01 login: ", "web-01 login: password:\n"]);
    let (_, run) = login(dead.sandbox(), "i-1", "password:", SECRET, &["--timeout", "3"]);
    run.ends(40).says(&["i-1: no prompt for a password came for password:", "| web-01 login: password:"]);
    assert_eq!(dead.heard().typed.replace(SHIFT, ""), "password:\n");
    // Nor is the name's row, when the prompt is unusual.
    let unusual = guest(&["Name or password: ", "Name or password: x\nPassword: ", "Welcome\n$ "]);
    let args = ["--prompt", "^Name or password: *$"];
    login(unusual.sandbox(), "i-1", "x", SECRET, &args).1.ends(0);
    assert_eq!(unusual.heard().typed, format!("x\n{SECRET}\n"));
}

#[test]
fn a_guest_that_wants_no_password_gets_none() {
    let open = guest(&["web-01 login: ", "web-01 login: root\nWelcome\n# "]);
    login(open.sandbox(), "i-1", "root", SECRET, &[]).1.ends(0);
    assert_eq!(open.heard().typed, "root\n");
}

#[test]
fn a_prompt_that_was_answered_is_waited_out() {
    const PASSPHRASE: &[&str] = &["Enter passphrase for a:", "[  OK  ] Unlocked a.", "\u{7f}"];
    const MORE: &[&str] = &["Enter passphrase for a:", "[  OK  ] Unlocked a.", "[  OK  ] Mounted a.", "\u{7f}"];
    const CHECKED: &[&str] = &["web-01 login: root", "Password: ", "[    9.123456] done", "\u{7f}"];
    const AGAIN: &[&str] = &["web-01 login: root", "Password: ", "[    9.123456] done", "[    9.123457] x", "\u{7f}"];
    const SCREENS: [&[&[&str]]; 3] = [
        &[PASSPHRASE, MORE, &["[  OK  ] Mounted a.", "web-01 login: \u{7f}"]],
        &[&["web-01 login: root", "Password: \u{7f}"]],
        &[CHECKED, AGAIN, &["[    9.123457] x", "Access denied to all but us", "# \u{7f}"]],
    ];
    // How many frames were sent when the last line was entered.
    let before = [const { AtomicUsize::new(usize::MAX) }; 3];
    let console = TextConsole::start(move |typed, sent| {
        let entered = typed.matches('\n').count().min(2);
        let begun = before[entered].fetch_min(sent, Relaxed).min(sent);
        let frames = SCREENS[entered];
        frames[(sent - begun).min(frames.len() - 1)].iter().map(|row| (*row).to_owned()).collect()
    });
    login(console.sandbox(), "i-1", "root", SECRET, &[]).1.ends(0);
    assert_eq!(console.heard().typed, format!("root\n{SECRET}\n"));
}

#[test]
fn a_password_that_a_guest_shows_is_not_told() {
    // This one echoes it, and asks for a code.
    let guest = guest(&["web-01 login: ", "web-01 login: root\nPassword: ", "Password: hunter-22\nCode: unter- "]);
    let (_, run) = login(guest.sandbox(), "i-1", "root", SECRET, &["--timeout", "4"]);
    run.ends(40).says(&["no prompt of a shell came for root", "| Password: *********\n| Code: ******"]);
}

#[test]
fn a_dark_screen_is_woken_by_a_key_that_types_nothing() {
    let console = TextConsole::start(|typed, _| {
        let rows = match typed.strip_prefix(SHIFT).map(|typed| typed.matches('\n').count()) {
            None => "".to_owned(),
            Some(0) => format!("Login incorrect\nweb-01 login: {CURSOR}"),
            Some(1) => format!("web-01 login: root\nPassword: {CURSOR}"),
            Some(_) => format!("# {CURSOR}"),
        };
        rows.lines().map(str::to_owned).collect()
    });
    login(console.sandbox(), "i-1", "root", SECRET, &[]).1.ends(0);
    assert_eq!(console.heard().typed, format!("{SHIFT}root\n{SECRET}\n"));
}

#[test]
fn what_is_missing_is_said_before_anything_is_asked() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = || Sandbox::with_account(&server.endpoint).env("LINES", "a\nb").env("UMLAUT", "ö");
    for (args, words) in [
        (&["--env", "LINES"][..], "--user"),
        (&["--user", "root"], "--env"),
        (&["--user", "root", "--env", "LINES", "--stdin"], "cannot be used with"),
        (&["--user", "root", "--env", "NOT_THERE"], "NOT_THERE is not set"),
        (&["--user", "root", "--stdin"], "the password is empty"),
        (&["--user", "root", "--env", "LINES"], "more than one line"),
        (&["--user", "root", "--env", "UMLAUT"], "--layout de"),
        (&["--user", " ", "--env", "LINES"], "the name of the user is empty"),
        (&["--user", "root", "--stdin", "--password-stdin"], "stdin cannot be both"),
    ] {
        let run = sandbox().run(&[&["login", "i-1"], args].concat()).ends(2);
        assert!(run.stderr.contains(words), "{args:?}: {}", run.stderr);
        assert!(!run.stderr.contains('ö') && !run.stderr.contains("column"), "{}", run.stderr);
    }
    assert!(server.requests().is_empty(), "{:?}", server.requests());
}
