//! `exec` and `cp` where they fail. What they do in a guest is in tests/e2e/exec.py.

use crate::sandbox::{Sandbox, at_once};
use crate::text_console::TextConsole;

fn demo() -> Sandbox {
    Sandbox::new().env("ALIBABA_CLOUD_PROFILE", "demo")
}

#[test]
fn a_failure_of_its_own_is_255() {
    let run = demo().run(&["exec", "web-01", "--", "true"]);
    run.ends(255).says(&[
        "nothing was typed: the last row with text is no prompt of a shell",
        "| web-01 login:",
        "log in with --user NAME --env VARIABLE",
    ]);
    let run = demo().run(&["exec", "office-01", "--", "true"]);
    run.ends(255).says(&["the screen of i-demo-windows shows no text that can be read; nothing was typed"]);
    let error = demo().run(&["exec", "nobody", "-o", "json", "--", "true"]).ends(255).json_error();
    assert_eq!(error["ExitCode"], 4, "that of the error is in the JSON");
    // The simulated shell knows no backquotes.
    let sandbox = demo().env("PASSWORD", "x");
    let run = sandbox.run(&["exec", "web-01", "--user", "root", "--env", "PASSWORD", "--", "true"]);
    run.ends(255).says(&["what is behind the prompt is no shell"]);
}

#[test]
fn nothing_is_typed_where_no_shell_waits() {
    let cases = [
        (&["root:x:0:0", "(END)\u{7f}"][..], "a pager is open; leave it with `ecs-vnc key i-1 q`"),
        (&["--More--\u{7f}"], "a pager is open"),
        (&[">>> \u{7f}"], "is no prompt of a shell"),
        (&["# vi\u{7f}"], "is no prompt of a shell"),
        (&["/ # \u{7f}"], "the screen has 30 columns, and a page needs 64"),
    ];
    at_once(cases, |(rows, words)| {
        let console = TextConsole::showing(&[rows]);
        console.sandbox().run(&["exec", "i-1", "--", "true"]).ends(255).says(&[words]);
        assert_eq!(console.heard().typed, "", "{rows:?}");
    });
}

#[test]
fn wrong_arguments_are_told_before_anything_is_opened() {
    for (args, words) in [
        (&["exec", "web-01"][..], "COMMAND"),
        (&["exec", "web-01", "--", "echo größer"], "cannot type ö"),
        (&["exec", "web-01", "--", "a\tb"], "the control character U+0009"),
        (&["exec", "web-01", "--user", "root", "--", "true"], "--env"),
        (&["exec", "web-01", "--user", "root", "--env", "NOT_SET", "--", "true"], "NOT_SET is not set"),
        (&["exec", "web-01", "--stdin", "--password-stdin", "--", "true"], "stdin cannot be both"),
        (&["cp", "a", "b"], "exactly one of SOURCE and TARGET"),
        (&["cp", "web-01:a", "db-02:b"], "exactly one of SOURCE and TARGET"),
        (&["cp", "web-01:", "b"], "no path after the colon"),
        (&["cp", ":", "b"], "no path after the colon"),
        (&["cp", ":/etc/fstab", "b"], "no instance is named"),
        (&["cp", "no-such-file", ":/tmp/x"], "no instance is named"),
        (&["cp", "no-such-file", "web-01:/tmp/x"], "could not read no-such-file"),
    ] {
        let run = demo().run(args).ends(2);
        assert!(!run.stderr.contains("opening the console"), "{run:#?}");
        run.says(&[words]);
    }
    let named = demo().env("ECS_VNC_INSTANCE", "web-01");
    named.run(&["cp", "no-such-file", ":/tmp/x"]).ends(2).says(&["ECS_VNC_INSTANCE names the instance: web-01"]);
    // In single quotes, each quote has four characters.
    for (long, length) in [("x".repeat(16_383), 16_385), ("'".repeat(4096), 16_386)] {
        demo()
            .run(&["exec", "web-01", "--", &long])
            .ends(2)
            .says(&[&format!("the command has {length} bytes in quotes"), "--stdin -- sh"]);
    }
}

#[test]
fn a_file_that_is_too_long_to_be_typed_is_told_before() {
    // What does not compress: a linear congruential generator's higher bits.
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("long");
    std::fs::write(&file, (0..70_000).map(|_| next()).collect::<Vec<u8>>()).unwrap();
    let run = demo().run(&["cp", file.to_str().unwrap(), "web-01:/tmp/x"]).ends(2);
    run.says(&["it is too long to be typed", "of which 64 KiB can be"]);
    std::fs::write(&file, (0..6_000).map(|_| next()).collect::<Vec<u8>>()).unwrap();
    let run = demo().run(&["cp", file.to_str().unwrap(), "web-01:/tmp/x"]);
    run.says(&["typing 6000 bytes, 60", "takes about 2 min", "is no prompt of a shell"]);
}
