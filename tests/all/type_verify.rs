//! `type --verify`: what was typed is read back from the screen.

use crate::sandbox::Sandbox;
use crate::text_console::{COLUMNS, CURSOR, ROWS, TextConsole};

/// A shell that shows what of each typed line `keeps` leaves, and a new prompt after Enter.
fn shell(keeps: fn(&str) -> String) -> TextConsole {
    TextConsole::start(move |typed, _| {
        let text: Vec<String> = typed.split('\n').map(|line| format!("# {}", keeps(line))).collect();
        let mut text = text.into_iter().map(|line| line.chars().collect::<Vec<_>>()).collect::<Vec<_>>();
        text.last_mut().unwrap().push(CURSOR);
        let rows = text.iter().flat_map(|line| line.chunks(COLUMNS).map(|row| row.iter().collect::<String>()));
        let rows: Vec<String> = rows.collect();
        rows[rows.len().saturating_sub(ROWS)..].to_vec()
    })
}

/// How `type --verify` ends with this text, and what the console heard.
fn verify(console: &TextConsole, args: &[&str]) -> (i32, String, String) {
    let run = console.sandbox().run(&[&["type", "i-1", "--verify", "--delay", "1ms"], args].concat());
    assert_eq!(run.stdout, "");
    (run.code, run.stderr, console.heard().typed)
}

#[test]
fn what_is_there_is_followed_by_enter() {
    let long = format!("echo {}", "one two three ".repeat(20));
    for text in ["ls -l", "a\n\nb", "x", &"y".repeat(COLUMNS - 2), long.trim()] {
        let (code, stderr, typed) = verify(&shell(str::to_owned), &[text, "--enter"]);
        assert_eq!((code, typed), (0, format!("{text}\n")), "{stderr}");
    }
    let (code, _, typed) = verify(&shell(str::to_owned), &["ls", "--after", "^# *$"]);
    assert_eq!((code, typed.as_str()), (0, "ls"));
    let run = Sandbox::new().run(&["type", "--profile", "demo", "web-01", "root", "--verify", "--enter"]);
    run.ends(0);
}

#[test]
fn missing_and_wrong_characters_are_told_and_enter_is_not_pressed() {
    let lossy = || shell(|line| line.replace("two", "to"));
    let (code, stderr, typed) = verify(&lossy(), &["one two three", "--enter"]);
    assert_eq!((code, typed.as_str()), (30, "one two three"));
    let words = "i-1: character 6 of 13 is missing or wrong: the screen shows \"one to three\"; Enter was not pressed";
    assert!(stderr.contains(words) && stderr.contains("--delay"), "{stderr}");
    let (code, stderr, typed) = verify(&lossy(), &["one\ntwo\nthree", "--enter"]);
    assert_eq!((code, typed.as_str()), (30, "one\ntwo"));
    assert!(stderr.contains("line 2: character 2 of 3 is missing or wrong"), "{stderr}");
    let (code, stderr, _) = verify(&shell(|line| line.replace('e', "ee")), &["one"]);
    assert!(code == 30 && stderr.contains("more than the 3 characters that were typed"), "{stderr}");
    let (code, stderr, _) = verify(&shell(|_| String::new()), &["one"]);
    assert!(code == 30 && stderr.contains("character 1 of 3 is missing or wrong"), "{stderr}");
    // Spaces at the end are seen by the cursor's place.
    let (code, stderr, _) = verify(&shell(|line| line.trim_end().to_owned()), &["one  "]);
    assert!(code == 30 && stderr.contains("character 4 of 5 is missing or wrong"), "{stderr}");
    assert_eq!(verify(&shell(str::to_owned), &["one  ", "--enter"]).0, 0);
    // The guest has another layout.
    let args = ["type", "--profile", "demo", "web-01", "zoo", "--verify", "--layout", "de"];
    Sandbox::new().run(&args).ends(30).says(&["the screen shows \"yoo\""]);
}

#[test]
fn what_cannot_be_read_back_is_not_typed() {
    let sandbox = || Sandbox::new().env("ALIBABA_CLOUD_PROFILE", "demo").env("SECRET", "hunter-22");
    for (args, words) in [
        (&["--env", "SECRET"][..], "--verify cannot read back a secret"),
        (&["--stdin"], "--verify cannot read back a secret"),
        (&["a\tb"], "--verify cannot read back a tab"),
    ] {
        let run = sandbox().stdin("hunter-22").run(&[&["type", "web-01", "--verify"], args].concat()).ends(2);
        assert!(run.stderr.contains(words) && !run.stderr.contains("hunter"), "{}", run.stderr);
    }
    let dark = TextConsole::showing(&[&["#"]]);
    let (code, stderr, typed) = verify(&dark, &["ls", "--timeout", "3"]);
    assert_eq!((code, typed.as_str()), (41, ""));
    assert!(stderr.contains("no text cursor is seen"), "{stderr}");
    let run = sandbox().run(&["type", "office-01", "a", "--verify", "--timeout", "6"]).ends(41);
    run.says(&["shows no text that can be read, so that --verify cannot read back what is typed; nothing was typed"]);
}
