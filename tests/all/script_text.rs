//! Scripts that read the screen, and `script --check`.

use std::fs;

use crate::keyed::Keyed;
use crate::sandbox::{Run, Sandbox};
use crate::text_console::TextConsole;

const SECRET: &str = "hunter-22";

fn demo() -> Sandbox {
    Sandbox::new().env("ALIBABA_CLOUD_PROFILE", "demo").env("SECRET", SECRET)
}

/// Runs a script on an instance of the simulated account. Nothing of the secret is told.
fn script(sandbox: Sandbox, instance: &str, lines: &str, args: &[&str]) -> (Sandbox, Run) {
    let sandbox = sandbox.stdin(lines);
    let run = sandbox.run(&[&["script", instance, "-"], args].concat());
    assert!(!run.stderr.contains(SECRET) && !run.stdout.contains(SECRET), "{run:#?}");
    (sandbox, run)
}

#[test]
fn the_rows_of_the_screen_are_printed_or_written() {
    let sandbox = demo();
    let file = sandbox.path("{instance}.txt").display().to_string();
    let lines = format!(
        "type root\nwait --text 'login: root'\ntext --lines 2\ntext --area 0,24,6,1\ntext '{file}'\nkey ctrl-u\n\
         type ro\nwait --text 'login: ro$'\ntext - --lines 1\n"
    );
    let (sandbox, run) = script(sandbox, "web-01", &lines, &[]);
    let name = sandbox.path("i-demo-linux.txt");
    let kernel = "Kernel 5.10.134-16.3.al8.x86_64 on an x86_64";
    let expected =
        format!("login: root\n{kernel}\nweb-01 login: root\nweb-01\n{}\nlogin: ro\nweb-01 login: ro\n", name.display());
    assert_eq!(run.ends(0).stdout, expected);
    let written = fs::read_to_string(name).unwrap();
    assert_eq!(written.lines().count(), 25);
    assert!(written.ends_with(&format!("{kernel}\n\nweb-01 login: root\n")), "{written}");
}

#[test]
fn json_has_the_rows_and_the_line_of_the_script() {
    let sandbox = demo();
    let file = sandbox.path("a.txt").display().to_string();
    let lines = format!("wait --text 'login:'\n\ntext --lines 1\ntext {file}\n");
    let (_, run) = script(sandbox, "web-01", &lines, &["-o", "json"]);
    let expected = [
        serde_json::json!({"InstanceId": "i-demo-linux", "Line": 1, "Text": "login:", "Row": 24, "Column": 7}),
        serde_json::json!({"InstanceId": "i-demo-linux", "Line": 3, "Lines": ["web-01 login:"]}),
        serde_json::json!({"InstanceId": "i-demo-linux", "Line": 4, "File": file}),
    ];
    assert_eq!(run.ends(0).json(), expected);
}

#[test]
fn a_screen_without_text_and_a_file_that_cannot_be_written_are_told() {
    script(demo(), "office-01", "log a\ntext\n", &[]).1.ends(41).says(&["error: line 2: the screen of i-demo-windows"]);
    script(demo(), "web-01", "text /none/a.txt\n", &[])
        .1
        .ends(30)
        .says(&["line 1: the directory /none does not exist"]);
    let (_, run) = script(demo(), "web-01", "text --area 0,0,81,1\n", &[]);
    run.ends(2).says(&["line 1: the area 0,0,81,1 is not inside the screen, which has 80x25 cells"]);
    // A blank one has no rows.
    let console = TextConsole::showing(&[&[]]);
    let run = console.sandbox().stdin("text\n").run(&["script", "i-1", "-"]).ends(0);
    assert_eq!(run.stdout, "");
}

#[test]
fn a_secret_that_was_echoed_is_masked_in_the_rows() {
    let lines = "type --env SECRET --blind\nwait --text 'login: .*r-22'\nwait --text 'login: ...'\ntext --lines 1\n";
    let (_, run) = script(demo(), "web-01", lines, &[]);
    assert_eq!(run.ends(0).stdout, "login: *********\nlogin: ***\nweb-01 login: *********\n");
}

#[test]
fn a_login_is_a_line_too() {
    let lines = "login --user admin --env SECRET\ntype 'echo it is me' --verify --enter\nwait --text '^it is me$'\n\
                 login --user root --env SECRET\n";
    let (_, run) = script(demo(), "web-01", lines, &[]);
    assert_eq!(run.stdout, "it is me\n");
    run.ends(0).says(&["somebody is logged in on i-demo-linux already, nothing was typed: [admin@web-01 ~]$"]);
    let wrong = demo().env("WRONG", "wrong");
    let (_, run) = script(wrong, "web-01", "log a\nlogin --user admin --env WRONG\nlog b\n", &[]);
    let run = run.ends(3).says(&["error: line 2: i-demo-linux: the guest does not let admin in: \"Login incorrect\""]);
    assert!(!run.stderr.contains("\nb\n"), "{}", run.stderr);
    let (_, run) = script(demo(), "web-01", "login --user admin --env SECRET\ntype zoo --layout de --verify\n", &[]);
    run.ends(30).says(&["line 2: i-demo-linux: character 1 of 3 is missing or wrong: the screen shows \"yoo\""]);
}

#[test]
fn a_script_is_checked_without_an_account() {
    let check = |lines: &str, args: &[&str]| {
        // A configuration that cannot be read, and nothing else.
        let sandbox = Sandbox::new().config("this is no TOML [").stdin(lines);
        sandbox.run(&[&["script", "--check"], args].concat())
    };
    let good =
        "login --user root --env SECRET\nwait --text 'a+' --fail-text b\ntext\ntype a --after b --verify\nlog x\n";
    let run = check(good, &["-"]).ends(0);
    let said = "warning: line 1: the environment variable SECRET is not set\nno faults found in stdin\n";
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", said));
    let faulty = "key a\ntype --env SECRET --verify\nwait --text '('\nlogin --user root\nexpect login:\n";
    let run = check(faulty, &["-"]).ends(2);
    let run = run.says(&["line 2: --verify cannot read back a secret", "line 3: ", "unclosed group", "line 4: "]);
    run.says(&["--env", "line 5: unknown command 'expect'", "hint: did you mean wait?"]);
    check("", &["-"]).ends(2).says(&["the script is empty"]);
    check("", &["/none"]).ends(2).says(&["cannot read /none"]);
    // The file's name comes last, also where an instance is named.
    let sandbox = Sandbox::new();
    let file = sandbox.path("script").display().to_string();
    fs::write(&file, "key a\n").unwrap();
    sandbox.run(&["script", "web-01", &file, "--check"]).ends(0).says(&[&format!("no faults found in {file}")]);
}

#[test]
fn what_a_script_cannot_do_is_said_before_it_begins() {
    let console = Keyed::start(false);
    for (line, words) in [
        ("login --user root --stdin", "--stdin cannot be used in a script"),
        ("login --user root --env NONE", "NONE is not set"),
        ("login --env HOME", "--user"),
        ("type --env HOME --verify", "--verify cannot read back a secret"),
        ("type a --after ''", "it is empty"),
        ("wait --text 'a $'", "write ` *$`"),
        ("text {x}.txt", "unknown placeholder {x}"),
    ] {
        let run = console.sandbox().stdin(&format!("key a\n{line}\n")).run(&["script", "i-1", "-"]).ends(2);
        assert!(run.stderr.contains("line 2: ") && run.stderr.contains(words), "{line}: {}", run.stderr);
    }
    assert!(console.is_untouched());
}
