//! `bootlog`, as a user and a script meet it.

use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use ecs_vnc::demo::Options;
use ecs_vnc::system::clock::Clock;

use crate::fake::{Fake, Reply, http, refusal};
use crate::sandbox::{Run, Sandbox, account, with_account};

/// An answer with this as its ConsoleOutput and LastUpdateTime.
fn answering(output: &'static str, time: &'static str) -> Sandbox {
    let server = Fake::start(move |_, _| {
        let body =
            format!(r#"{{"RequestId":"R-1","InstanceId":"i-1","ConsoleOutput":"{output}","LastUpdateTime":"{time}"}}"#);
        http("200 OK", "", &body)
    });
    Sandbox::with_account(&server.endpoint)
}

#[test]
fn a_pipe_gets_no_control_characters_without_raw() {
    // RFC 4648, section 4, of "a\x1b[1mb\r\n\xffc".
    let sandbox = answering("YRtbMW1iDQpjZA==", "2018-03-22 10:04:57");
    let run = sandbox.run(&["bootlog", "i-1", "--raw"]).ends(0);
    assert_eq!(run.stdout, "a\x1b[1mb\r\ncd");
    sandbox.run(&["bootlog", "i-1", "--raw", "-o", "json"]).ends(2).says(&["--raw and -o json"]);
    let run = sandbox.run(&["bootlog", "i-1"]).ends(0);
    assert_eq!(run.stdout, "ab\ncd\n");
    run.says(&["the console output of i-1 as of 2018-03-22T02:04:57Z (", " days ago)"]);
    let run = answering("Zm9v", "2018-03-22 10:04:57").run(&["bootlog", "-q", "-i", "i-1"]).ends(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("foo\n", ""));
}

#[test]
fn the_demo_has_a_log_of_each_linux_found_by_its_name_too() {
    let sandbox = Sandbox::with_account(&account(Options::new(Clock::system())));
    for instance in ["i-demo-linux", "web-01"] {
        let run = sandbox.run(&["bootlog", instance]).ends(0);
        assert!(run.stdout.contains("Linux version") && run.stdout.contains("\nweb-01 login: "), "{}", run.stdout);
        run.says(&["the console output of i-demo-linux as of ", "(3 min ago)"]);
    }
    let far = sandbox.run(&["bootlog", "gateway-01", "--region", "cn-wulanchabu"]).ends(0);
    assert!(far.stdout.contains("Set hostname to <gateway-01>"), "{}", far.stdout);
    sandbox.run(&["bootlog", "i-demo-stopped"]).ends(0);
}

#[test]
fn json_has_the_apis_words_decoded_and_in_utc() {
    let before = Utc::now();
    let run = with_account().run(&["bootlog", "-o", "json", "i-demo-linux"]).ends(0);
    assert!(run.stderr.is_empty() && run.stdout.lines().count() == 1, "{run:#?}");
    let line = &run.json()[0];
    let mut keys: Vec<&String> = line.as_object().unwrap().keys().collect();
    keys.sort_unstable();
    assert_eq!(keys, ["ConsoleOutput", "InstanceId", "LastUpdateTime", "RegionId", "RequestId"]);
    assert_eq!((&line["InstanceId"], &line["RegionId"]), (&"i-demo-linux".into(), &"cn-hangzhou".into()));
    assert!(line["ConsoleOutput"].as_str().unwrap().contains("\x1b[0;32m  OK  \x1b[0m"));
    let time: DateTime<Utc> = line["LastUpdateTime"].as_str().unwrap().parse().unwrap();
    let age = before - time;
    assert!(age > TimeDelta::seconds(175) && age < TimeDelta::seconds(185), "3 min ago: {age}");
    let none = answering("", "").run(&["bootlog", "-o", "json", "i-1"]).ends(0);
    assert_eq!((&none.json()[0]["LastUpdateTime"], &none.json()[0]["ConsoleOutput"]), (&().into(), &"".into()));
}

#[test]
fn an_empty_one_is_said() {
    let run = answering("", "2018-03-22 10:04:57").run(&["bootlog", "i-1"]).ends(0);
    assert!(run.stdout.is_empty());
    run.says(&["i-1 has written nothing to its console as of 2018-03-22T02:04:57Z", "Windows", "console=ttyS0"]);
}

#[test]
fn what_stands_in_the_way_is_named() {
    let sandbox = with_account();
    let windows = sandbox.run(&["bootlog", "i-demo-windows"]).ends(5);
    assert!(windows.stdout.is_empty());
    windows.says(&[
        "error: NotSupported: ",
        "hint: Windows instances and retired instance types have no",
        "`ecs-vnc screenshot i-demo-windows`",
    ]);
    // The first Pending one that is no Windows: index 49.
    sandbox
        .run(&["bootlog", "i-demo-0049"])
        .ends(5)
        .says(&["IncorrectInstanceStatus", "it has no console output until it has been started"]);
    sandbox.run(&["bootlog", "i-nope"]).ends(4).says(&["i-nope"]);
    sandbox.run(&["bootlog"]).ends(2);
    let narrow = sandbox
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "demo-narrow-key-id")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "demo-narrow-secret");
    let refused = narrow.run(&["bootlog", "i-demo-linux"]).ends(3);
    refused.says(&["Forbidden.RAM", "hint: ", "ecs:GetInstanceConsoleOutput"]);
}

#[test]
fn what_is_no_base64_is_an_answer_that_is_not_understood() {
    for output in ["Zm9vZ", "Zm9v,", "\\u0000"] {
        let run = answering(output, "2018-03-22 10:04:57").run(&["bootlog", "i-1"]).ends(20);
        assert!(run.stdout.is_empty() && !run.stderr.contains("Zm9v"), "{run:#?}");
    }
}

#[test]
fn a_log_of_two_mebibytes_is_read_and_one_beyond_its_bound_is_not() {
    let answer = |count: usize| {
        let server = Fake::start(move |_, _| {
            let output = "QUFB".repeat(count);
            http("200 OK", "", &format!(r#"{{"RequestId":"R-1","ConsoleOutput":"{output}"}}"#))
        });
        Sandbox::with_account(&server.endpoint).run(&["bootlog", "i-1"])
    };
    let whole = answer((2 << 20) / 3).ends(0);
    assert_eq!(whole.stdout.trim_end().len(), (2 << 20) / 3 * 3);
    answer(1 << 20).ends(20).says(&["longer than 3145728 bytes"]);
}

/// An answer with this console output. RFC 4648, section 4.
fn saying(text: &str) -> Reply {
    let output = BASE64_STANDARD.encode(text);
    http("200 OK", "", &format!(r#"{{"RequestId":"R-1","InstanceId":"i-1","ConsoleOutput":"{output}"}}"#))
}

const BOOT: &str = "[    0.000000] Linux version 6.1.0\r\n[    1.000000] systemd[1]: Reached target Basic System.\r\n";

/// The account's answers, one after another; what is not answered otherwise is `AccessKeyId.Inactive`, which ends a command.
fn following(answers: &'static [fn() -> Reply]) -> Sandbox {
    let server = Fake::start(move |number, _| match answers.get(number) {
        Some(answer) => answer(),
        None => refusal("InvalidAccessKeyId.Inactive"),
    });
    Sandbox::with_account(&server.endpoint)
}

/// What `--follow` has printed when an error has ended it.
fn followed(answers: &'static [fn() -> Reply], args: &[&str]) -> Run {
    let run = following(answers).run(args);
    assert_eq!(run.code, 3, "{run:#?}");
    run
}

#[test]
fn follow_prints_what_is_new_and_ends_with_an_error_that_lasts() {
    let answers: &[fn() -> Reply] = &[
        || saying(BOOT),
        || saying(BOOT),
        || saying(&format!("{BOOT}web-01 login: ")),
        // The beginning is gone, as the service keeps the end only; and the line goes on.
        || saying(&format!("{}web-01 login: root\r\n\x1b[1mhello\x1b[0m\r\n", &BOOT[20..])),
    ];
    let run = followed(answers, &["bootlog", "i-1", "--follow", "--interval", "1"]);
    let expected = format!("{}web-01 login: root\nhello\n", BOOT.replace('\r', ""));
    assert_eq!(run.stdout, expected);
    let run = run.says(&["following the console output of i-1 until Ctrl-C", "error: InvalidAccessKeyId.Inactive"]);
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
    let run = followed(answers, &["bootlog", "-f", "i-1", "--interval", "1", "--raw", "-q"]);
    assert_eq!(run.stdout, format!("{BOOT}web-01 login: root\r\n\x1b[1mhello\x1b[0m\r\n"));
}

#[test]
fn follow_says_where_lines_are_missing() {
    let answers: &[fn() -> Reply] = &[|| saying(BOOT), || saying("another boot\n"), || saying("another boot\nof it\n")];
    let run = followed(answers, &["bootlog", "i-1", "-f", "--interval", "1"]);
    assert_eq!(run.stdout, format!("{}another boot\nof it\n", BOOT.replace('\r', "")));
    run.says(&["warning: this does not continue what was printed before"]);
    let run = followed(answers, &["bootlog", "i-1", "-f", "--interval", "1", "-o", "json"]);
    let pieces: Vec<_> =
        run.json().iter().map(|line| (line["ConsoleOutput"].clone(), line["HasGap"].clone())).collect();
    let expected = [(BOOT, false), ("another boot\n", true), ("of it\n", false)];
    assert_eq!(pieces, expected.map(|(text, has_gap)| (text.into(), has_gap.into())));
}

#[test]
fn follow_outlasts_errors_that_pass() {
    let answers: &[fn() -> Reply] = &[
        || saying(""),
        || http("400 Bad Request", "", r#"{"RequestId":"R-1","Code":"Throttling.User","Message":"The sentence."}"#),
        || {
            http(
                "503 Service Unavailable",
                "",
                r#"{"RequestId":"R-1","Code":"ServiceUnavailable","Message":"The sentence."}"#,
            )
        },
        || Reply::Bytes(Vec::new()),
        || saying("one\n"),
    ];
    // A limit in which no request is tried again.
    let run = followed(answers, &["bootlog", "i-1", "-f", "--interval", "1", "--timeout", "0.1"]);
    assert_eq!(run.stdout, "one\n");
    let run =
        run.says(&["i-1 has written nothing to its console yet", "warning: could not read the console output of i-1"]);
    let run = run.says(&["the console output can be read again"]);
    assert_eq!(run.stderr.matches("warning").count(), 1, "{}", run.stderr);
    // The first request is that of any command.
    following(&[]).run(&["bootlog", "i-1", "-f"]).ends(3).says(&["InvalidAccessKeyId.Inactive"]);
    with_account().run(&["bootlog", "i-demo-windows", "-f"]).ends(5).says(&["NotSupported"]);
    with_account().run(&["bootlog", "i-demo-linux", "--interval", "5"]).ends(2).says(&["--follow"]);
}

#[cfg(unix)]
#[test]
fn follow_ends_well_with_ctrl_c() {
    use std::io::{BufRead as _, BufReader};

    use crate::sandbox::{Killed, interrupt};

    // Each look at this clock is ten seconds later: the simulated instances write lines meanwhile.
    let looks = AtomicI64::new(0);
    let clock =
        Clock::of(move || Utc::now() + TimeDelta::seconds((10 * looks.fetch_add(1, Ordering::Relaxed)).min(600)));
    let sandbox = Sandbox::with_account(&account(Options::new(clock)));
    let mut child = Killed(sandbox.spawn(&["bootlog", "web-01", "-f", "--interval", "1"]));
    let lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let found = lines.map_while(Result::ok).find(|line| line.contains("s after the start, still running"));
    assert!(found.is_some());
    assert_eq!(interrupt(&mut child.0), Some(0));
}
