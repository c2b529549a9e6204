//! `wait --text`, `--no-text` and `--fail-text`, as a user and a script meet them.

use crate::sandbox::{Sandbox, at_once, with_account};
use crate::text_console::TextConsole;

fn demo() -> Sandbox {
    Sandbox::new().env("ALIBABA_CLOUD_PROFILE", "demo")
}

#[test]
fn what_matches_goes_to_stdout() {
    let note = "opening the console of i-demo-linux; anyone already on it is disconnected\n";
    let run = demo().run(&["wait", "web-01", "--text", "lo[a-z]+: *$"]).ends(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("login:\n", note));
    let json = demo().run(&["wait", "web-01", "--text", "lo[a-z]+: *$", "-o", "json"]).ends(0).json().remove(0);
    let mut keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    keys.sort_unstable();
    assert_eq!(keys, ["Column", "Elapsed", "InstanceId", "Line", "Row", "Text"]);
    // The prompt is on the last of 25 rows, behind `web-01 `.
    let place = (json["Row"].as_i64(), json["Column"].as_i64());
    assert_eq!((place, &json["Text"], &json["Line"]), ((Some(24), Some(7)), &"login:".into(), &"web-01 login:".into()));
    let run = demo().run(&["wait", "web-01", "--no-text", "nothing like this", "-o", "json"]).ends(0);
    assert!(run.json()[0].get("Text").is_none() && run.json()[0]["Elapsed"].is_number(), "{run:?}");
    assert_eq!(demo().run(&["wait", "web-01", "--no-text", "nothing like this"]).ends(0).stdout, "");
}

#[test]
fn a_text_is_waited_for_until_it_is_there() {
    let sandbox = with_account();
    // What is written while the machine boots, and what is there when it has: none of it is on the screen at first.
    let script = "wait --text 'login: *$'\ntype root --enter\nwait --text 'Password: *$'\ntype any --enter\n\
                  wait --text '[#] *$'\ntype clear --enter\nwait --no-text Welcome\ntype reboot --enter\n\
                  wait --text 'EXT4-fs .vda1.: mounted'\nwait --text '^web-01 login: *$' --fail-text panic\n";
    let run = sandbox.stdin(script).run(&["script", "i-demo-linux", "-"]).ends(0);
    assert_eq!(run.stdout, "login:\nPassword:\n#\nEXT4-fs (vda1): mounted\nweb-01 login:\n");
}

#[test]
fn a_long_line_is_matched_across_the_ends_of_its_rows() {
    let (word, half) = ("x".repeat(100), "x".repeat(60));
    let script = format!("type root --enter\ntype any --enter\ntype 'echo begin{word}end' --enter\n");
    let sandbox = with_account().stdin(&script);
    sandbox.run(&["script", "i-demo-linux", "-"]).ends(0);
    let run = sandbox.run(&["wait", "i-demo-linux", "--text", "^beginx{100}end$", "-o", "json"]).ends(0);
    assert_eq!((&run.json()[0]["Column"], &run.json()[0]["Line"]), (&0.into(), &format!("begin{word}end").into()));
    // A part that ends in another column is another screen.
    let part = ["--area", "0,0,79,25", "--timeout", "1"];
    let args = ["wait", "i-demo-linux", "--text", &format!("n{word}e")];
    sandbox.run(&[&args[..], &part].concat()).ends(40);
    sandbox.run(&["wait", "i-demo-linux", "--text", &format!("begin{half}")]).ends(0);
}

#[test]
fn a_text_that_does_not_come_is_told_with_the_last_rows() {
    let run = demo().run(&["wait", "db-02", "--text", "login: *$", "--timeout", "1"]).ends(40);
    let expected = "the last rows of the screen:\n\
                    | [ TIME ] Timed out waiting for device /dev/vdb1.\n\
                    | [DEPEND] Dependency failed for /data.\n\
                    | [DEPEND] Dependency failed for Local File Systems.\n\
                    | [  OK  ] Started Emergency Shell.\n\
                    | [  OK  ] Reached target Emergency Mode.\n\
                    | You are in emergency mode. After logging in, type \"journalctl -xb\" to view\n\
                    | system logs, \"systemctl reboot\" to reboot, \"systemctl default\" or \"exit\"\n\
                    | to boot into default mode.\n\
                    | Give root password for maintenance\n\
                    | (or press Control-D to continue):\n\
                    error: i-demo-rescue: no text on the screen matches \"login: *$\" (waited 1 s)\n";
    assert!(run.stderr.contains(expected), "{}", run.stderr);
    let saved = demo();
    let file = saved.path("s.png").display().to_string();
    let args = ["wait", "db-02", "--no-text", "Control-D", "--timeout", "1", "--save", &file];
    saved
        .run(&args)
        .ends(40)
        .says(&["the screen still has text that matches \"Control-D\"", "saved the last screen to"]);
}

#[test]
fn a_failure_ends_it_at_once_with_its_row() {
    let args = ["wait", "db-02", "--text", "login: *$", "--fail-text", "panic", "--fail-text", "emergency .*logging"];
    let row = "You are in emergency mode. After logging in, type \"journalctl -xb\" to view";
    demo().run(&args).ends(5).says(&[&format!("error: i-demo-rescue: the screen shows \"{row}\"")]);
    let error = demo().run(&[&args[..], &["-o", "json"]].concat()).ends(5).json_error();
    assert_eq!((&error["ExitCode"], &error["InstanceId"]), (&5.into(), &"i-demo-rescue".into()));
    // It comes first where both are there.
    demo().run(&["wait", "db-02", "--text", "Control-D", "--fail-text", "emergency"]).ends(5);
}

#[test]
fn a_screen_without_text_has_none_that_could_be_missing() {
    at_once(["--text", "--no-text"], |flag| {
        let sandbox = demo();
        let (args, picture) = (["wait", "office-01", flag, "nothing like this"], sandbox.path("last.png"));
        let save = ["--timeout", "6", "--save", picture.to_str().unwrap()];
        let run = sandbox.run(&[&args[..], &save].concat()).ends(41);
        assert!(picture.exists());
        run.says(&["the screen of i-demo-windows shows no text that can be read (waited 6 s)", "screenshot"]);
    });
}

#[test]
fn a_match_in_one_frame_does_not_count() {
    // A frame that was taken while the guest drew has the half of one row and the half of another.
    let torn: [&[&str]; 3] = [&["web-01 log rotated"], &["web-01 login:"], &["web-01 log is full"]];
    let console = TextConsole::showing(&torn);
    let run = console.sandbox().run(&["wait", "i-1", "--text", "login: *$", "--timeout", "3"]).ends(40);
    run.says(&["| web-01 log is full"]);
    // One request is open all the time: one for the whole screen, and one for changes after each of the frames.
    let heard = console.heard();
    assert_eq!((heard.whole, heard.changes), (1, 3));
    let met = |frames: &[&[&str]], args: &[&str]| {
        let console = TextConsole::showing(frames);
        let run = console.sandbox().run(&[&["wait", "i-1", "--text", "login: *$"], args].concat()).ends(0);
        assert_eq!(run.stdout, "login:\n");
    };
    // In two it does, although other rows change; and in one after which nothing changes.
    met(&[&["a"], &["web-01 login:"], &["b", "web-01 login:"]], &[]);
    met(&[&["a"], &["web-01 login:"]], &[]);
    met(&[&["a"], &["Kernel panic"], &["login:"]], &["--fail-text", "panic"]);
}

#[test]
fn a_pattern_that_cannot_be_met_is_a_usage_error() {
    let account = with_account();
    for (args, words) in [
        (&["--text", "a", "--no-text", "b"][..], "cannot be used with"),
        (&["--text", "(a"], "not a regular expression: unclosed group"),
        (&["--text", ""], "it is empty"),
        (&["--text", "login: $"], "write ` *$` in place of ` $`"),
        (&["--text", "a", "--area", "0,0,81,25"], "the area 0,0,81,25 is not inside the screen, which has 80x25 cells"),
        (&["--change", "--fail-text", "a"], "cannot be used with"),
        (&["--fail-text", "a"], "--text"),
    ] {
        let run = account.run(&[&["wait", "i-demo-linux"], args].concat()).ends(2);
        assert!(run.stderr.contains(words), "{args:?}: {}", run.stderr);
    }
}
