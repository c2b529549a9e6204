//! `key`: what reaches the console, and what does not.

use crate::keyed::Heard::{Keysym, Scancode};
use crate::keyed::{Keyed, mute};
use crate::sandbox::{Sandbox, with_account};

#[test]
fn a_chord_goes_down_in_its_order_and_up_in_the_reverse_one() {
    // Keysyms of keysymdef.h; XT scancodes, whose prefix E0 is the highest bit (rfbproto.rst).
    let by_keysym = [0xffe3, 0xffe9, 0xffff].map(|key| Keysym(true, key));
    let by_scancode = [0x1d, 0x38, 0xd3].map(|key| Scancode(true, key));
    for (flag, extended, down) in [("--keysyms", true, by_keysym), ("-q", false, by_keysym), ("-q", true, by_scancode)]
    {
        let console = Keyed::start(extended);
        console.sandbox().run(&["key", flag, "i-1", "ctrl-alt-delete"]).ends(0);
        let up = down.map(|key| match key {
            Keysym(_, key) => Keysym(false, key),
            Scancode(_, key) => Scancode(false, key),
        });
        let expected: Vec<_> = down.into_iter().chain(up.into_iter().rev()).collect();
        assert_eq!(console.heard(), expected, "{flag} {extended}");
    }
}

#[test]
fn steps_follow_one_another() {
    let console = Keyed::start(false);
    let steps = ["a", "wait:10ms", "hold:F2:20ms", "shift-b"];
    let run = console.sandbox().run(&[&["key", "-o", "json", "i-1"], &steps[..]].concat()).ends(0);
    assert_eq!(run.line(), r#"{"InstanceId":"i-1","RegionId":"cn-hangzhou","Steps":4}"#);
    let pressed: Vec<_> = console.heard().into_iter().filter(|heard| matches!(heard, Keysym(true, _))).collect();
    assert_eq!(pressed, [0x61, 0xffbf, 0xffe1, 0x42].map(|key| Keysym(true, key)));
}

#[test]
fn all_is_checked_before_the_first_key() {
    let console = Keyed::start(false);
    let sandbox = console.sandbox();
    for (chord, words) in [
        ("ctrl-alt-delet", &["\"delet\"", "did you mean delete?"][..]),
        ("hold:a:2x", &["\"hold:a:2x\": not a time; use 30, 30s, 500ms or 2m\n"]),
        ("hold:a", &["needs a time at its end, such as hold:ctrl-c:2s"]),
        ("ctrl-", &["a key is missing"]),
    ] {
        sandbox.run(&["key", "i-1", "a", chord]).ends(2).says(words);
    }
    sandbox.run(&["key", "i-1"]).ends(2).says(&["CHORD"]);
    assert!(console.is_untouched());
    with_account().run(&["key", "i-demo-stopped", "a"]).ends(5).says(&["IncorrectInstanceStatus"]);
}

#[test]
fn a_console_that_says_nothing_is_not_waited_for() {
    // It greets, and then it is silent.
    let (account, _asked) = mute();
    for args in [&["key", "i-1", "a"][..], &["type", "i-1", "a"]] {
        let sandbox = Sandbox::with_account(&account.endpoint);
        sandbox.run(&[args, &["--timeout", "1"]].concat()).ends(40).says(&["did not show a whole screen within 1 s"]);
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_lets_go_of_the_keys_that_are_down() {
    use crate::sandbox::{Killed, interrupt};

    let console = Keyed::start(true);
    let mut child = Killed(console.sandbox().spawn(&["key", "i-1", "hold:ctrl-c:60s"]));
    assert_eq!([console.hears(), console.hears()], [Scancode(true, 0x1d), Scancode(true, 0x2e)]);
    assert_eq!(interrupt(&mut child.0), Some(130));
    assert_eq!([console.hears(), console.hears()], [Scancode(false, 0x2e), Scancode(false, 0x1d)]);
}

#[test]
fn the_instance_may_be_a_flag() {
    let console = Keyed::start(false);
    for args in
        [&["key", "-i", "i-1", "a", "b"][..], &["key", "a", "--instance", "i-1", "b"], &["key", "i-1", "a", "b"]]
    {
        console.sandbox().run(args).ends(0);
        let pressed: Vec<_> = console.heard().into_iter().filter(|heard| matches!(heard, Keysym(true, _))).collect();
        assert_eq!(pressed, [0x61, 0x62].map(|key| Keysym(true, key)), "{args:?}");
    }
    console.sandbox().run(&["key", "-i", "i-1"]).ends(2).says(&["no keys to press", "ctrl-alt-delete"]);
    console.sandbox().run(&["key", "i-1"]).ends(2).says(&["no keys to press"]);
    console.sandbox().run(&["key"]).ends(2).says(&["no instance is named"]);
    assert!(console.heard().is_empty());
}
