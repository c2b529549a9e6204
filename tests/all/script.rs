//! `script`: several verbs over one connection, checked before it begins.

use std::fs;

use crate::keyed::Heard::Keysym;
use crate::keyed::Keyed;
use crate::sandbox::Sandbox;

/// A sandbox with this script in a file, and the file's name.
fn with(sandbox: Sandbox, script: &str) -> (Sandbox, String) {
    let file = sandbox.path("script");
    fs::write(&file, script).unwrap();
    (sandbox, file.display().to_string())
}

#[test]
fn lines_are_done_in_their_order_over_one_connection() {
    let console = Keyed::start(false);
    let shots = console.sandbox();
    let png = shots.path("a.png").display().to_string();
    let script = format!("key a\nlog halfway\ntype --delay 1ms bc\nsleep 1ms\nscreenshot '{png}'\nkey d # the end\n");
    let (sandbox, file) = with(shots, &script);
    let run = sandbox.run(&["script", "-v", "i-1", &file]).ends(0);
    let pressed: Vec<_> = console.heard().into_iter().filter(|heard| matches!(heard, Keysym(true, _))).collect();
    assert_eq!(pressed, [0x61, 0x62, 0x63, 0x64].map(|key| Keysym(true, key)));
    assert_eq!(run.line(), png);
    // The one pixel of that console: blue, green, red.
    let picture = ecs_vnc::picture::Picture::decode(&fs::read(&png).unwrap()).unwrap();
    assert_eq!((picture.width(), picture.height(), picture.rgb()), (1, 1, &[3, 2, 1][..]));
    assert_eq!(console.account.requests_for("DescribeInstanceVncUrl").len(), 1);
    assert!(run.stderr.contains("halfway") && run.stderr.contains("line 3: type"), "{}", run.stderr);
    assert!(!run.stderr.contains("bc"), "{}", run.stderr);
}

#[test]
fn a_fault_in_any_line_is_found_before_the_first_is_done() {
    let console = Keyed::start(false);
    for (script, words) in [
        ("key a\nkey ctrl-alt-delet\n", &["line 2", "\"delet\"", "did you mean delete?"][..]),
        ("key a\n\ntype ö\n", &["line 3", "U+00F6"]),
        ("key a\nwait --image /nonexistent.png\n", &["line 2", "/nonexistent.png"]),
        ("", &["the script is empty"]),
    ] {
        let (sandbox, file) = with(console.sandbox(), script);
        sandbox.run(&["script", "i-1", &file]).ends(2).says(words);
        console.sandbox().stdin(script).run(&["script", "i-1", "-"]).ends(2).says(words);
    }
    console.sandbox().run(&["script", "i-1", "/nonexistent"]).ends(2).says(&["cannot read /nonexistent"]);
    console.sandbox().run(&["script", "i-1", "-", "--password-stdin"]).ends(2).says(&["cannot be both"]);
    let long = "#".repeat((256 << 10) + 1);
    console.sandbox().stdin(&long).run(&["script", "i-1", "-"]).ends(2).says(&["scripts are limited to 256 KiB"]);
    assert!(console.is_untouched());
}

#[test]
fn every_faulty_line_is_named_up_to_a_limit() {
    let console = Keyed::start(false);
    let script = "key a\npress b\ntype 'a\n\nsleep 3d\nkey c\n";
    let run = console.sandbox().stdin(script).run(&["script", "i-1", "-"]).ends(2);
    let run = run.says(&["line 2: unknown command 'press'", "line 3: a quote is not closed", "line 5: ", "hint: "]);
    assert!(!run.stderr.contains("line 1") && !run.stderr.contains("line 6"), "{}", run.stderr);
    // As JSON, each error has a line of its own.
    let run = console.sandbox().stdin(script).run(&["script", "-o", "json", "i-1", "-"]).ends(2);
    let errors: Vec<serde_json::Value> =
        run.stderr.lines().map(|line| serde_json::from_str(line).expect("an error is JSON")).collect();
    for (error, line) in errors.iter().zip(["line 2", "line 3", "line 5"]) {
        assert!(error["Error"]["Message"].as_str().unwrap().starts_with(line), "{error}");
    }
    assert_eq!(errors.len(), 3);
    // Not thousands.
    let run = console.sandbox().stdin(&"press b\n".repeat(5000)).run(&["script", "i-1", "-"]).ends(2);
    assert_eq!(run.stderr.matches("error: line ").count(), 10, "{}", run.stderr);
    assert!(run.stderr.starts_with("the lines after line 10 were not checked\n"), "{}", run.stderr);
    assert_eq!(run.stderr.matches("hint: ").count(), 1, "one hint for all: {}", run.stderr);
    assert!(console.is_untouched());
}

#[test]
fn the_line_that_fails_is_named_and_none_comes_after_it() {
    let console = Keyed::start(false);
    let (sandbox, file) = with(console.sandbox(), "key a\nwait --change --timeout 0.3\nkey b\n");
    sandbox.run(&["script", "i-1", &file]).ends(40).says(&["line 2", "did not change"]);
    let pressed: Vec<_> = console.heard().into_iter().filter(|heard| matches!(heard, Keysym(true, _))).collect();
    assert_eq!(pressed, [Keysym(true, 0x61)]);
}

#[test]
fn a_change_is_one_against_the_screen_before_the_keys() {
    // This screen stands still but for what is typed, which is there before anybody waits for it.
    let script = "wait --still 100ms\ntype abc\nlog typed\nwait --change --timeout 20\nwait --still 300ms\n";
    let run = Sandbox::new().stdin(script).run(&["script", "--profile", "demo", "i-demo-windows", "-"]).ends(0);
    assert!(run.stdout.is_empty() && run.stderr.contains("typed"), "{run:?}");
    // The second wait has nothing to compare with but the screen as it is, which stands still.
    let script = "type abc\nsleep 200ms\nwait --change --timeout 20\nwait --change --timeout 0.5\n";
    let run = Sandbox::new().stdin(script).run(&["script", "--profile", "demo", "i-demo-windows", "-"]);
    run.ends(40).says(&["line 4"]);
}

#[test]
fn the_instance_may_be_a_flag() {
    let console = Keyed::start(false);
    let (sandbox, file) = with(console.sandbox(), "key a\n");
    sandbox.run(&["script", "-i", "i-1", &file]).ends(0);
    assert_eq!(console.heard().first(), Some(&Keysym(true, 0x61)));
    console.sandbox().stdin("key b\n").run(&["script", "-", "-i", "i-1"]).ends(0);
    assert_eq!(console.heard().first(), Some(&Keysym(true, 0x62)));
    console.sandbox().run(&["script", "-i", "i-1"]).ends(2).says(&["no script to run"]);
    console.sandbox().run(&["script", "-i", "i-1", "a", "b"]).ends(2).says(&["one FILE"]);
}
