//! `click`, `move`, `drag` and `scroll`: what reaches the console, and what does not. Its screen has 240 x 96 pixels.

use std::fs;

use ecs_vnc::picture::Picture;

use crate::sandbox::{Sandbox, with_account};
use crate::text_console::{PointerEvent, TextConsole};

fn console() -> TextConsole {
    TextConsole::showing(&[&["OK Cancel", "", "OK"]])
}

/// Cuts a part out of a screenshot, in pixels.
fn cut(sandbox: &Sandbox, name: &str, (x, y, width, height): (u32, u32, u32, u32)) -> String {
    let (whole, part) = (sandbox.path("whole.png").display().to_string(), sandbox.path(name).display().to_string());
    sandbox.run(&["screenshot", "i-1", "--via", "vnc", "-q", "-f", &whole]).ends(0);
    let whole = Picture::decode(&fs::read(&whole).unwrap()).unwrap();
    let pixels = (y..y + height).flat_map(|y| (x..x + width).map(move |x| (x, y)));
    let rgb = pixels.flat_map(|(x, y)| whole.pixel(x, y).unwrap()).collect();
    fs::write(&part, Picture::new(width, height, rgb).unwrap().to_png().unwrap()).unwrap();
    part
}

#[test]
fn a_gesture_is_these_events() {
    // RFC 6143, section 7.5.5: bits 0, 1 and 2 are the left, middle and right button; rfbproto.rst, "PointerEvent": bits 3 to 6
    // are steps of the wheel up, down, left and right.
    let at = |buttons: &[u8]| -> Vec<PointerEvent> { buttons.iter().map(|buttons| (*buttons, 200, 90)).collect() };
    for (args, expected) in [
        (&["click", "i-1", "200,90"][..], at(&[0, 1, 0])),
        (&["click", "i-1", "200,90", "--button", "middle"], at(&[0, 2, 0])),
        (&["click", "i-1", "200,90", "--button", "right", "--double"], at(&[0, 4, 0, 4, 0])),
        (&["click", "-i", "i-1", "200,90"], at(&[0, 1, 0])),
        (&["move", "i-1", "200,90"], at(&[0])),
        (&["move", "-i", "i-1", "200,90"], at(&[0])),
        (&["scroll", "i-1", "down", "--at", "200,90", "--steps", "2"], at(&[0, 16, 0, 16, 0])),
        (&["scroll", "i-1", "up", "--at", "200,90"], at(&[0, 8, 0, 8, 0, 8, 0])),
        (&["scroll", "-i", "i-1", "left", "--at", "200,90", "--steps", "1"], at(&[0, 32, 0])),
        (&["scroll", "i-1", "right", "--at", "200,90", "--steps", "1"], at(&[0, 64, 0])),
    ] {
        let console = console();
        let run = console.sandbox().run(&[args, &["-o", "json"]].concat()).ends(0);
        assert_eq!(run.line(), r#"{"InstanceId":"i-1","RegionId":"cn-hangzhou","X":200,"Y":90}"#, "{args:?}");
        assert_eq!(console.pointer(), expected, "{args:?}");
    }
    let console = console();
    console.sandbox().run(&["scroll", "i-1", "up", "--steps", "1"]).ends(0);
    assert_eq!(console.pointer(), [(0, 120, 48), (8, 120, 48), (0, 120, 48)], "the middle");
}

#[test]
fn a_drag_moves_in_steps_with_the_button_down() {
    let console = console();
    for args in [&["drag", "i-1", "10,20", "58,4"][..], &["drag", "-i", "i-1", "10,20", "58,4"]] {
        let run = console.sandbox().run(&[args, &["--button", "right", "-o", "json"]].concat()).ends(0);
        assert_eq!((&run.json()[0]["X"], &run.json()[0]["Y"]), (&58.into(), &4.into()));
        let events = console.pointer();
        assert_eq!(events[..2], [(0, 10, 20), (4, 10, 20)]);
        let (last, held) = events[2..].split_last().unwrap();
        assert_eq!((*last, *held.last().unwrap()), ((0, 58, 4), (4, 58, 4)));
        assert!(held.len() >= 3 && held.iter().all(|(buttons, ..)| *buttons == 4), "{events:?}");
        let is_short =
            |pair: &[PointerEvent]| pair[0].1.abs_diff(pair[1].1) <= 16 && pair[0].2.abs_diff(pair[1].2) <= 16;
        assert!(events.windows(2).all(is_short), "{events:?}");
    }
}

/// rfbproto.rst, "QEMU Pointer Motion Change Pseudo-encoding": positions are 0x7FFF and the motion.
#[test]
fn a_mouse_gets_motions_from_a_corner() {
    let console = TextConsole::with_mouse();
    let run = console.sandbox().run(&["click", "i-1", "200,90"]).ends(0);
    run.says(&["warning: the guest has a mouse and no tablet"]);
    let motions: Vec<(u8, i32, i32)> = console
        .pointer()
        .into_iter()
        .map(|(buttons, x, y)| (buttons, i32::from(x) - 0x7fff, i32::from(y) - 0x7fff))
        .collect();
    // A guest that does not accelerate, wherever its pointer was: the pixels of 240 x 96.
    let mut at = (0, 0);
    for (_, dx, dy) in &motions {
        at = ((at.0 + dx).clamp(0, 239), (at.1 + dy).clamp(0, 95));
    }
    assert_eq!(at, (200, 90));
    let buttons: Vec<u8> = motions.iter().map(|(buttons, ..)| *buttons).collect();
    assert!(buttons.ends_with(&[0, 1, 0]) && buttons.iter().filter(|buttons| **buttons == 1).count() == 1);
    assert!(motions.iter().skip_while(|(_, dx, _)| *dx > 0).all(|(_, dx, dy)| dx.abs() <= 4 && dy.abs() <= 4));
}

#[test]
fn what_is_not_on_the_screen_is_an_error_and_nothing_is_sent() {
    let console = console();
    for args in [
        &["click", "i-1", "240,0"][..],
        &["move", "i-1", "0,96"],
        &["drag", "i-1", "0,0", "65535,0"],
        &["scroll", "i-1", "up", "--at", "240,95"],
    ] {
        let run = console.sandbox().run(args).ends(2);
        run.says(&["is not on the screen of i-1, which has 240x96 pixels", "X is at most 239, and Y at most 95"]);
        assert!(console.pointer().is_empty(), "{args:?}");
    }
    console.sandbox().run(&["move", "i-1", "239,95"]).ends(0);
}

#[test]
fn all_is_checked_before_the_console_is_opened() {
    let sandbox = Sandbox::with_account("https://ecs.cn-test.invalid");
    for (args, words) in [
        (&["click", "i-1"][..], "no place to click"),
        (&["click", "i-1", "1;2"], "is not a point; use X,Y in pixels"),
        (&["click", "-i", "i-1", "1"], "is not a point; use X,Y in pixels"),
        (&["click", "i-1", "1,2", "--image", "a.png"], "cannot be used with"),
        (&["click", "-i", "i-1", "1,2", "3,4"], "one X,Y is enough"),
        (&["click", "i-1", "1,2", "--area", "1,2,3,4"], "for the picture of --image FILE"),
        (&["click", "i-1", "1,2", "--tolerance", "1"], "for the picture of --image FILE"),
        (&["click", "i-1", "--image", "/dev/zero"], "not a regular file"),
        (&["click", "i-1", "1,2", "--button", "wheel"], "invalid value 'wheel'"),
        (&["move", "i-1"], "no place to move to"),
        (&["drag", "i-1", "1,2"], "a drag has two places"),
        (&["scroll", "i-1"], "no direction to scroll"),
        (&["scroll", "-i", "i-1", "in"], "no such direction"),
        (&["scroll", "i-1", "up", "--steps", "1001"], "1001"),
    ] {
        sandbox.run(args).ends(2).says(&[words]);
    }
}

#[test]
fn a_picture_is_clicked_in_its_centre() {
    let console = console();
    let sandbox = console.sandbox();
    // Cells of 8 x 16: `Cancel` begins in the fourth one.
    let cancel = cut(&sandbox, "cancel.png", (24, 0, 48, 16));
    console.heard();
    let run = sandbox.run(&["click", "i-1", "--image", &cancel, "-o", "json"]).ends(0);
    assert_eq!((&run.json()[0]["X"], &run.json()[0]["Y"]), (&48.into(), &8.into()));
    assert_eq!(console.pointer(), [(0, 48, 8), (1, 48, 8), (0, 48, 8)]);

    let ok = cut(&sandbox, "ok.png", (0, 0, 16, 16));
    let run = sandbox.run(&["click", "i-1", "--image", &ok]).ends(30);
    run.says(&["ok.png is on the screen of i-1 at least twice: at 0,0,16,16 and at 0,32,16,16", "--area"]);
    assert!(console.pointer().is_empty());
    sandbox.run(&["click", "i-1", "--image", &ok, "--area", "0,20,240,76"]).ends(0);
    assert_eq!(console.pointer()[0], (0, 8, 40));

    let area = sandbox.run(&["click", "i-1", "--image", &ok, "--area", "0,90,240,17"]).ends(2);
    area.says(&["the area 0,90,240,17 is not on the screen"]);
    sandbox.run(&["click", "i-1", "--image", &ok, "--area", "0,0,8,16"]).ends(2).says(&["do not fit into the area"]);
    let none = cut(&sandbox, "none.png", (0, 8, 40, 16));
    let run = sandbox.run(&["click", "i-1", "--image", &none, "--area", "40,0,200,96", "--timeout", "1"]).ends(40);
    run.says(&["none.png is not on the screen of i-1 (waited 1 s)", "--tolerance"]);
    assert!(console.pointer().is_empty());
}

#[test]
fn a_script_remembers_where_the_pointer_is() {
    let console = TextConsole::start(|_, _| vec!["OK".to_owned()]);
    let sandbox = console.sandbox();
    let ok = cut(&sandbox, "ok.png", (0, 0, 16, 16));
    let script = sandbox.path("a.txt").display().to_string();
    let lines = format!(
        "click --image {ok} --timeout 20 --double\nmove 7,9\nscroll down --steps 1\ndrag 1,2 3,4\nscroll up --steps 1\n"
    );
    fs::write(&script, lines).unwrap();
    sandbox.run(&["script", "--check", &script]).ends(0);
    sandbox.run(&["script", "i-1", &script]).ends(0);
    let expected: Vec<PointerEvent> = [
        &[(0, 8, 8), (1, 8, 8), (0, 8, 8), (1, 8, 8), (0, 8, 8), (0, 7, 9)][..],
        &[(0, 7, 9), (16, 7, 9), (0, 7, 9)],
        &[(0, 1, 2), (1, 1, 2), (1, 3, 4), (0, 3, 4)],
        &[(0, 3, 4), (8, 3, 4), (0, 3, 4)],
    ]
    .concat();
    assert_eq!(console.pointer(), expected);
    for (line, words) in [
        ("click", "line 1: no place to click"),
        ("move 1", "line 1: invalid value '1'"),
        ("mouse 1,2", "did you mean move?"),
        ("tap 1,2", "did you mean click?"),
    ] {
        fs::write(&script, line).unwrap();
        sandbox.run(&["script", "--check", &script]).ends(2).says(&[words]);
    }
    fs::write(&script, "move 999,9").unwrap();
    sandbox.run(&["script", "i-1", &script]).ends(2).says(&["line 1: the point 999,9 is not on the screen"]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_lets_go_of_the_button() {
    use crate::sandbox::{Killed, interrupt};

    // A mouse takes small steps: this drag lasts long enough.
    let console = TextConsole::with_mouse();
    let mut child = Killed(console.sandbox().spawn(&["drag", "i-1", "0,0", "239,95"]));
    while console.next_pointer().0 == 0 {}
    assert_eq!(interrupt(&mut child.0), Some(130));
    console.heard();
    assert_eq!(console.pointer().last().map(|(buttons, ..)| *buttons), Some(0));
}

#[test]
fn the_simulated_account_takes_them_too() {
    let sandbox = with_account();
    sandbox.run(&["click", "office-01", "512,384"]).ends(0);
    let run = sandbox.run(&["click", "office-01", "1024,0"]).ends(2);
    run.says(&["1024x768 pixels"]);
}
