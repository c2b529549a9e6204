//! `type`: what reaches the console of a text, and what is told of one that cannot be typed.

use crate::keyed::Heard::{self, Keysym, Scancode};
use crate::keyed::Keyed;
use crate::sandbox::Sandbox;
#[cfg(unix)]
use crate::sandbox::{Killed, interrupt};

/// The text in what a console of the United States hears: letters, digits and lines, and Shift for capitals.
fn text(heard: &[Heard]) -> String {
    let (mut text, mut is_shifted) = (String::new(), false);
    for heard in heard {
        match *heard {
            Keysym(is_down, 0xffe1) => is_shifted = is_down,
            Keysym(true, 0xff0d) => text.push('\n'),
            Keysym(true, keysym) => {
                let character = char::from_u32(keysym).unwrap();
                assert_eq!(character.is_ascii_uppercase(), is_shifted, "{character}");
                text.push(character);
            }
            Keysym(false, _) => {}
            Scancode(..) => panic!("a scancode"),
        }
    }
    text
}

#[test]
fn a_text_comes_from_where_it_is_and_none_of_it_is_told() {
    let console = Keyed::start(false);
    let sandbox = || console.sandbox().env("SECRET_TEXT", "Ab\nc");
    let file = sandbox();
    std::fs::write(file.path("text"), "Ab\nc\n").unwrap();
    let file_name = file.path("text").display().to_string();
    for (sandbox, args, expected) in [
        (sandbox(), &["Ab\nc"][..], "Ab\nc"),
        (sandbox(), &["--env", "SECRET_TEXT", "--enter", "--blind"], "Ab\nc\n"),
        // White space is text.
        (sandbox(), &["  Ab "], "  Ab "),
        (sandbox().env("SECRET_TEXT", "  Ab "), &["--env", "SECRET_TEXT", "--blind"], "  Ab "),
        (sandbox().stdin("Ab\r\nc\r\n"), &["--stdin", "--blind"], "Ab\nc"),
        (file, &["--file", &file_name, "--enter"], "Ab\nc\n"),
    ] {
        let run = sandbox.run(&[&["type", "-vvv", "--delay", "1ms", "i-1"], args].concat()).ends(0);
        assert_eq!(text(&console.heard()), expected, "{args:?}");
        assert!(run.stdout.is_empty() && !run.stderr.contains("Ab"), "{}", run.stderr);
    }
}

#[test]
fn a_layout_is_the_guests_and_shift_is_a_key_of_its_own() {
    let console = Keyed::start(true);
    console.sandbox().run(&["type", "--layout", "de", "i-1", "zY@"]).ends(0);
    // The places of z, Y and @ on a German keyboard: those of y, Z and AltGr+Q of the United States.
    let keys = [
        (true, 0x15),
        (false, 0x15), // z
        (true, 0x2a),
        (true, 0x2c),
        (false, 0x2c),
        (false, 0x2a), // Y
        (true, 0xb8),
        (true, 0x10),
        (false, 0x10),
        (false, 0xb8), // @
    ];
    assert_eq!(console.heard(), keys.map(|(is_down, code)| Scancode(is_down, code)));
}

#[test]
fn what_cannot_be_typed_is_named_with_its_place_and_nothing_is_sent() {
    let console = Keyed::start(true);
    let sandbox = console.sandbox();
    let run = sandbox.run(&["type", "i-1", "secret\npass wörd €"]).ends(2);
    let run = run.says(&["ö U+00F6 (line 2, column 7)", "€ U+20AC (line 2, column 11)", "--layout de"]);
    assert!(!run.stderr.contains("secret") && !run.stderr.contains("pass"), "{}", run.stderr);
    for (args, words) in [
        (&["--layout", "xx", "a"][..], "possible values: us, uk, de"),
        (&["--delay", "1h", "a"], "at most 10s"),
        (&["--env", "NOT_THERE"], "NOT_THERE is not set"),
        (&["--file", "/nonexistent/file"], "could not read /nonexistent/file"),
        (&["--stdin", "--env", "HOME"], "cannot be used with"),
        (&["--stdin", "--password-stdin"], "cannot be both"),
        (&[], "no text to type"),
    ] {
        sandbox.run(&[&["type", "i-1"], args].concat()).ends(2).says(&[words]);
    }
    for args in [&["sec ret", "more"][..], &["--sec"], &["-sec"]] {
        let run = sandbox.run(&[&["type", "i-1"], args].concat()).ends(2).says(&["one TEXT"]);
        assert!(!run.stderr.contains("sec"), "{}", run.stderr);
    }
    for empty in ["", "\n"] {
        console.sandbox().stdin(empty).run(&["type", "i-1", "--stdin"]).ends(2).says(&["nothing to type"]);
    }
    // Where it would be cut there is a line's end, or half a character.
    for long in ["a".repeat(64 << 10) + "\n" + "b", "a".repeat((64 << 10) + 1) + "\r\n", "é".repeat(40_000)] {
        console.sandbox().stdin(&long).run(&["type", "i-1", "--stdin"]).ends(2).says(&["at most 64 KiB"]);
    }
    let long = console.sandbox().stdin(&"a".repeat((64 << 10) + 1));
    long.run(&["type", "i-1", "--stdin"]).ends(2).says(&["at most 64 KiB"]);
    assert!(console.is_untouched());
}

#[test]
fn the_instance_may_be_a_flag() {
    let console = Keyed::start(false);
    console.sandbox().run(&["type", "-i", "i-1", "a"]).ends(0);
    assert_eq!(console.heard().first(), Some(&Keysym(true, 0x61)));
    console.sandbox().stdin("b").run(&["type", "--stdin", "--blind", "-i", "i-1"]).ends(0);
    assert_eq!(console.heard().first(), Some(&Keysym(true, 0x62)));
    for (args, words) in [
        (&["type", "-i", "i-1"][..], "no text to type"),
        (&["type", "i-1"], "no text to type"),
        (&["type", "-i", "i-1", "secret", "--stdin"], "one TEXT"),
        (&["type", "-i", "i-1", "secret", "secret too"], "one TEXT"),
    ] {
        let run = console.sandbox().run(args).ends(2).says(&[words]);
        assert!(!run.stderr.contains("secret"), "{}", run.stderr);
    }
    assert!(console.heard().is_empty());
}

/// clap's message quotes what it does not understand; only after `type` may that be a secret.
#[test]
fn only_what_follows_type_is_kept_out_of_errors() {
    for word in ["type", "foo"] {
        let run = Sandbox::new().run(&["regions", word]).ends(2);
        assert!(run.stderr.contains(&format!("unexpected argument '{word}' found")), "{}", run.stderr);
    }
    let run = Sandbox::new().run(&["--profile", "list", "type", "i-1", "secret", "words"]).ends(2).says(&["one TEXT"]);
    assert!(!run.stderr.contains("words"), "{}", run.stderr);
    // The profile's name was forgotten, so that clap takes `type` for it and the text for a command.
    let run = Sandbox::new().run(&["--profile", "type", "secret"]).ends(2).says(&["one TEXT"]);
    assert!(!run.stderr.contains("secret"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn ctrl_c_says_how_much_was_typed() {
    let console = Keyed::start(false);
    let mut child = Killed(console.sandbox().spawn(&["type", "--delay", "10s", "i-1", "abc"]));
    assert_eq!([console.hears(), console.hears()], [Keysym(true, 0x61), Keysym(false, 0x61)]);
    assert_eq!(interrupt(&mut child.0), Some(130));
    let mut stderr = String::new();
    std::io::Read::read_to_string(&mut child.0.stderr.take().unwrap(), &mut stderr).unwrap();
    assert_eq!(stderr.lines().last(), Some("interrupted: 1 of 3 keys typed"), "{stderr}");
}
