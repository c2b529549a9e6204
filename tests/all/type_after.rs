//! `type --after`, and where a secret is typed.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use crate::keyed::Keyed;
use crate::sandbox::{Run, Sandbox, at_once, with_account};
use crate::text_console::{SHIFT, TextConsole};

const SECRET: &str = "hunter-22";

fn demo() -> Sandbox {
    Sandbox::new().env("ALIBABA_CLOUD_PROFILE", "demo").env("SECRET", SECRET)
}

/// A script for an instance of the simulated account.
fn script(instance: &str, lines: &str) -> Run {
    let run = demo().stdin(lines).run(&["script", instance, "-vvv", "-"]);
    assert!(!run.stderr.contains(SECRET) && !run.stdout.contains(SECRET), "{run:?}");
    run
}

#[test]
fn a_text_waits_for_its_prompt() {
    let lines = "key ctrl-alt-delete\ntype root --enter --after 'login: *$' --timeout 20\n\
                 type any --enter --after '^Password: *$'\nwait --text '^.root@web-01 ~.# *$'\n";
    script("web-01", lines).ends(0);
    // By itself, and one that has no such prompt.
    let sandbox = with_account();
    sandbox.run(&["type", "i-demo-linux", "root", "--enter", "--after", "login: *$"]).ends(0);
    let after = ["--after", "login: *$", "--timeout", "3"];
    let run = sandbox.run(&[&["type", "i-demo-linux", "root"], &after[..]].concat()).ends(40);
    run.says(&[
        "| Password:\nerror: i-demo-linux: nothing was typed: the last row with text is no prompt that matches \"login: *$\"",
        " (waited 3 s)\nhint: wait longer with --timeout SECONDS\n",
    ]);
    sandbox.run(&["wait", "i-demo-linux", "--text", "^web-01 login: root$"]).ends(0);
    // Where there is no text, none will match.
    let args = ["type", "office-01", "root", "--after", "login", "--timeout", "6"];
    demo().run(&args).ends(41).says(&["shows no text that can be read; nothing was typed", "screenshot"]);
}

#[test]
fn a_secret_is_typed_at_a_prompt_for_a_password_only() {
    let lines = "type root --enter\ntype --env SECRET --enter\nwait --text '[#] *$'\n";
    assert_eq!(script("web-01", lines).ends(0).stdout, "#\n");
    // sulogin's prompt has two rows.
    script("db-02", "type --env SECRET --enter\nwait --text '[#] *$'\n").ends(0);
    let cases = [
        ("web-01", "", "| web-01 login:\n"),
        ("web-01", "type root\n", "| web-01 login: root\n"),
        ("web-01", "type password:\n", "| web-01 login: password:\n"),
        ("web-01", "type root --enter\ntype any --enter\ntype 'echo password:'\n", "# echo password:\n"),
    ];
    at_once(cases, |(instance, before, row)| {
        let run = script(instance, &format!("{before}type --env SECRET --enter --timeout 3\n")).ends(40);
        run.says(&[row, "nothing was typed: the last row with text is no prompt for a password", "--after", "--blind"]);
    });
    let run = demo().stdin(SECRET).run(&["type", "web-01", "--stdin", "--timeout", "3"]).ends(40);
    assert!(!run.stderr.contains(SECRET), "{}", run.stderr);
    // A text that is no secret is typed anywhere.
    demo().run(&["type", "web-01", "root"]).ends(0);
}

#[test]
fn a_secret_is_not_typed_on_a_screen_that_cannot_be_read_unless_blindly() {
    let run = demo().run(&["type", "office-01", "--env", "SECRET"]).ends(41);
    run.says(&["the screen of i-demo-windows shows no text that can be read; nothing was typed", "--blind"]);
    demo().run(&["type", "office-01", "--env", "SECRET", "--blind"]).ends(0);
    demo().run(&["type", "web-01", "--env", "SECRET", "--blind"]).ends(0);
    let console = Keyed::start(false);
    let run = console.sandbox().run(&["type", "i-1", "a", "--blind", "--after", "b"]).ends(2);
    run.says(&["cannot be used with"]);
    assert!(console.is_untouched());
}

#[test]
fn a_secret_that_was_echoed_is_not_in_what_is_shown_of_the_screen() {
    let lines = "type --env SECRET --blind\nwait --text 'login: h?.*'\nwait --text nothing --timeout 3\n";
    let run = script("web-01", lines);
    assert_eq!((run.code, run.stdout.as_str()), (40, "login: *********\n"));
    assert!(run.stderr.contains("| web-01 login: *********\n"), "{}", run.stderr);
    let lines = "type --env SECRET --blind\nwait --text never --fail-text 'login: .'\n";
    script("web-01", lines).ends(5).says(&["the screen shows \"web-01 login: *********\""]);
}

/// A guest that shows these rows, and one frame after another as soon as `words` were typed.
fn after(words: &'static str, rows: &'static [&'static str], later: &'static [&'static [&'static str]]) -> TextConsole {
    let begun = AtomicUsize::new(usize::MAX);
    TextConsole::start(move |typed, sent| {
        let is_typed = typed.starts_with(words);
        let begun = if is_typed { begun.fetch_min(sent, Relaxed).min(sent) } else { usize::MAX };
        let rows = later.get(sent.wrapping_sub(begun)).or(later.last()).filter(|_| is_typed).unwrap_or(&rows);
        rows.iter().map(|row| (*row).to_owned()).collect()
    })
}

#[test]
fn the_echo_of_words_is_no_prompt() {
    const ECHO: &[&str] = &["web-01 login: password\u{7f}"];
    const DARK: &[&str] = &["web-01 login: password"];
    const PROMPT: &[&str] = &["web-01 login: password", "Password: \u{7f}"];
    const LOGIN: &[&str] = &["web-01 login: \u{7f}"];
    // The guest takes its time: there is nothing but the echo while its cursor blinks, or for ever.
    const SLOW: &[&[&str]] = &[ECHO, DARK, ECHO, PROMPT];
    const DEAD: &[&[&str]] = &[ECHO, DARK, ECHO];
    let lines = "type password --enter\ntype --env SECRET --enter --after '(?i)password' --timeout 3\n";
    let run = |console: &TextConsole| {
        let run = console.sandbox().env("SECRET", SECRET).stdin(lines).run(&["script", "i-1", "-"]);
        (run.code, console.heard().typed)
    };
    let slow = after("password\n", LOGIN, SLOW);
    assert_eq!(run(&slow), (0, format!("password\n{SECRET}\n")));
    let dead = after("password\n", LOGIN, DEAD);
    assert_eq!(run(&dead), (40, "password\n".to_owned()));
}

#[test]
fn a_prompt_in_one_frame_is_none() {
    let console = TextConsole::showing(&[&["Pass"], &["Password: \u{7f}"], &["Passwords are bad"]]);
    let args = ["type", "i-1", "--env", "SECRET", "--timeout", "3"];
    let run = console.sandbox().env("SECRET", SECRET).run(&args).ends(40);
    assert!(run.stderr.contains("| Passwords are bad"), "{}", run.stderr);
    assert_eq!(console.heard().typed, "");
    // And one with the cursor elsewhere is not where the guest waits.
    let console = TextConsole::showing(&[&["\u{7f}", "Password: "]]);
    console.sandbox().env("SECRET", SECRET).run(&args).ends(40);
    assert_eq!(console.heard().typed, "");
    let console = TextConsole::showing(&[&["", "Password: \u{7f}"]]);
    console.sandbox().env("SECRET", SECRET).run(&args).ends(0);
    assert_eq!(console.heard().typed, SECRET);
}

#[test]
fn a_prompt_that_may_be_answered_or_has_no_cursor_gets_no_secret() {
    let args = ["type", "i-1", "--env", "SECRET", "--timeout", "3"];
    let type_at = |rows: &[&str], after: &[&str]| {
        let console = TextConsole::showing(&[rows]);
        let run = console.sandbox().env("SECRET", SECRET).run(&[&args[..], after].concat());
        (run, console.heard().typed)
    };
    let cases = [
        (&["Enter passphrase for a:", "[  OK  ] Unlocked a.", "\u{7f}"][..], "which may have been answered"),
        (
            &["Give root password", "(or press Control-D to go):", "[  OK  ] Mounted a.", "\u{7f}"],
            "may have been answered",
        ),
        (&["Password:"], "nothing was typed: no text cursor is seen behind the prompt for a password"),
        (&["user: x", "db_password: \u{7f}"], "the last row with text is no prompt for a password"),
    ];
    at_once(cases, |(rows, words)| {
        let (run, typed) = type_at(rows, &[]);
        run.ends(40).says(&[words]);
        assert_eq!(typed, "", "{rows:?}");
        let (run, typed) = type_at(rows, &["--after", "^(Enter|Pass|.or).*: *$"]);
        assert_eq!((run.code, typed.as_str()), (40, ""), "{rows:?}");
    });
    // A message in the prompt's own row came while the guest waited.
    let (run, typed) =
        type_at(&["Passphrase: [  OK  ] Mounted a.", "\u{7f}"].map(|row| &row[..row.len().min(30)]), &[]);
    assert_eq!((run.code, typed.as_str()), (0, SECRET), "{run:?}");
}

#[test]
fn the_next_secret_waits_for_the_next_prompt() {
    const FIRST: &[&str] = &["Password: \u{7f}"];
    const NEXT: &[&str] = &["Password: ", "Password: \u{7f}"];
    for (next, code) in [(FIRST, 40), (NEXT, 0)] {
        let console = TextConsole::start(move |typed, _| {
            let rows = if typed.contains('\n') { next } else { FIRST };
            rows.iter().map(|row| (*row).to_owned()).collect()
        });
        for (enter, again) in [("", "key enter\n"), (" --enter", "")] {
            let line = format!("type --env SECRET{enter} --timeout 3\n{again}");
            let run = console.sandbox().env("SECRET", SECRET).stdin(&line.repeat(2)).run(&["script", "i-1", "-"]);
            let typed = format!("{SECRET}\n").repeat(if code == 0 { 2 } else { 1 });
            assert_eq!((run.code, console.heard().typed), (code, typed), "{}", run.stderr);
            let words = "nothing was typed: a secret was typed at the prompt for a password already";
            assert!(code == 0 || run.stderr.contains(words), "{}", run.stderr);
        }
    }
}

/// A shell: each line that was entered, and a prompt.
fn shell() -> TextConsole {
    TextConsole::start(|typed, _| {
        let typed = typed.replace(SHIFT, "");
        let rows: Vec<String> = format!("{typed}\u{7f}").split('\n').map(|line| format!("/ # {line}")).collect();
        rows[rows.len().saturating_sub(6)..].to_vec()
    })
}

#[test]
fn enter_ends_the_words_and_a_prompt_is_no_echo() {
    let console = shell();
    let lines = "type ls\nkey enter\ntype clear\ntype x --after 'clear$' --timeout 3\n";
    console.sandbox().stdin(lines).run(&["script", "i-1", "-"]).ends(40).says(&["| / # clear"]);
    assert_eq!(console.heard().typed, "ls\nclear");
    let console = shell();
    let lines = "type '#' --enter --after '# *$'\ntype x --after '# *$' --timeout 5\n";
    console.sandbox().stdin(lines).run(&["script", "i-1", "-"]).ends(0);
    assert_eq!(console.heard().typed.replace(SHIFT, ""), "#\nx");
}

#[test]
fn a_secret_that_cannot_be_typed_is_not_described() {
    let run = |args: &[&str], stdin: &str| demo().env("UMLAUT", "aö€").stdin(stdin).run(args).ends(2);
    let type_env = run(&["type", "web-01", "--env", "UMLAUT"], "");
    let type_stdin = run(&["type", "web-01", "--stdin"], "aö€");
    let check = run(&["script", "--check", "-"], "type --env UMLAUT\nlogin --user root --env UMLAUT\n");
    for run in [type_env, type_stdin, check] {
        let run = run.says(&["the secret has a character that the us layout cannot type"]);
        assert!(!run.stderr.contains(['ö', '€']) && !run.stderr.contains("U+"), "{}", run.stderr);
    }
}
