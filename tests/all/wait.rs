//! `wait`, as a user and a script meet it.

use std::fs;
use std::time::Duration;

use ecs_vnc::picture::Picture;

use crate::fake::{Fake, good};
use crate::sandbox::{Sandbox, with_account};
use crate::screenshot::{FRAME, WELCOME, speaking};

fn file(sandbox: &Sandbox, name: &str) -> String {
    sandbox.path(name).display().to_string()
}

#[test]
fn a_screen_that_looks_like_the_picture_is_not_waited_for() {
    let sandbox = with_account();
    let name = file(&sandbox, "a.png");
    sandbox.run(&["screenshot", "i-demo-linux", "-f", &name]).ends(0);
    // The boot log: below it a cursor blinks.
    let args = ["wait", "i-demo-linux", "--image", &name, "--area", "0,0,720,384"];
    let run = sandbox.run(&args).ends(0);
    let note = "opening the console of i-demo-linux; anyone already on it is disconnected\n";
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", note));
    let run = sandbox.run(&[&args[..], &["-o", "json"]].concat()).ends(0);
    let line = &run.json()[0];
    let mut keys: Vec<&String> = line.as_object().unwrap().keys().collect();
    keys.sort_unstable();
    assert_eq!(keys, ["Elapsed", "InstanceId", "Similarity"]);
    assert_eq!((&line["InstanceId"], line["Similarity"].as_f64()), (&"i-demo-linux".into(), Some(1.0)));
}

#[test]
fn a_picture_that_does_not_come_is_told_with_what_was_there() {
    let sandbox = with_account();
    let (name, saved) = (file(&sandbox, "a.png"), file(&sandbox, "s.png"));
    sandbox.run(&["screenshot", "i-demo-linux", "--via", "vnc", "-f", &name]).ends(0);
    let mut rgb = Picture::decode(&fs::read(&name).unwrap()).unwrap().rgb().to_vec();
    // The third pixel of the second row of an area of 10 x 10.
    let place = (31 * 720 + 42) * 3;
    let right = [rgb[place], rgb[place + 1], rgb[place + 2]];
    rgb[place] ^= 0x80;
    fs::write(&name, Picture::new(720, 400, rgb).unwrap().to_png().unwrap()).unwrap();
    let args = ["wait", "i-demo-linux", "--image", &name, "--area", "40,30,10,10", "--timeout", "1"];
    let run = sandbox.run(&[&args[..], &["--save", &saved]].concat()).ends(40);
    let run = run.says(&["a.png: 99.0 % of the pixels are equal; what differs is in 42,31,1,1 (waited 1 s)"]);
    run.says(&[&format!("saved the last screen to {saved}"), "hint: "]);
    let seen = Picture::decode(&fs::read(&saved).unwrap()).unwrap();
    assert_eq!((seen.width(), seen.height(), seen.pixel(42, 31)), (720, 400, Some(right)));
    sandbox.run(&[&args[..], &["--tolerance", "128"]].concat()).ends(0);
    // One of another size, such as that of another video mode.
    let small = file(&sandbox, "small.png");
    fs::write(&small, Picture::new(1, 1, vec![0; 3]).unwrap().to_png().unwrap()).unwrap();
    let run = sandbox.run(&["wait", "i-demo-linux", "--image", &small, "--timeout", "1"]).ends(40);
    let run = run.says(&["it has 720x400 pixels, and the picture 1x1", "a picture of the screen's size"]);
    assert!(!run.stderr.contains("--tolerance"), "{}", run.stderr);
}

#[test]
fn a_line_that_is_written_is_a_change_and_a_cursor_that_blinks_is_none() {
    let sandbox = busy();
    let run = sandbox.run(&["wait", "i-demo-linux", "--change", "-o", "json"]).ends(0);
    let similarity = run.json()[0]["Similarity"].as_f64().unwrap();
    assert!(0.9 < similarity && similarity < 1.0, "a line of letters: {similarity}");
    // Where nothing is written.
    let area = ["wait", "i-demo-linux", "--change", "--timeout", "2", "--area", "0,0,720,16"];
    sandbox.run(&area).ends(40).says(&["did not change"]);
    for idle in ["i-demo-windows", "i-demo-rescue"] {
        sandbox.run(&["wait", idle, "--change", "--timeout", "2"]).ends(40).says(&["the screen did not change"]);
    }
}

#[test]
fn what_stands_still_for_long_enough_is_still() {
    let sandbox = busy();
    for idle in ["i-demo-windows", "i-demo-rescue"] {
        let run = sandbox.run(&["wait", idle, "--still", "300ms", "-o", "json"]).ends(0);
        let line = &run.json()[0];
        assert!(line["Elapsed"].as_f64().unwrap() >= 0.3 && line.get("Similarity").is_none(), "{run:#?}");
    }
    // Longer than the time between two lines.
    let busy = sandbox.run(&["wait", "i-demo-linux", "--still", "2500ms", "--timeout", "4"]).ends(40);
    busy.says(&["did not stand still for 2.5 s: last change ", " s ago in area "]);
    sandbox.run(&["wait", "i-demo-linux", "--still", "1500ms", "--area", "0,0,720,16"]).ends(0);
    sandbox.run(&["key", "i-demo-linux", "ctrl-c"]).ends(0);
    sandbox.run(&["wait", "i-demo-linux", "--still", "1500ms"]).ends(0);
}

/// An account whose Linux writes a line each second, from the screen's third row down.
fn busy() -> Sandbox {
    let lines = ["root", "any password", "clear; ping 10.0.0.1"].map(|line| format!("type --enter '{line}'\n"));
    let sandbox = with_account().stdin(&lines.concat());
    sandbox.run(&["script", "i-demo-linux", "-"]).ends(0);
    sandbox
}

#[test]
fn what_cannot_be_waited_for_is_said_before_anything_is_asked() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = Sandbox::with_account(&server.endpoint);
    fs::write(sandbox.path("a.txt"), "words").unwrap();
    let (text, none) = (file(&sandbox, "a.txt"), file(&sandbox, "none/a.png"));
    for (args, code, words) in [
        (&[][..], 2, "--still"),
        (&["--still", "3s", "--change"], 2, "cannot be used with"),
        (&["--still", "never"], 2, "not a time"),
        (&["--still", "61s"], 2, "--still 61s cannot be reached within the time limit of 1m"),
        (&["--still", "2s", "--timeout", "2s"], 2, "within the time limit of 2s"),
        (&["--image", &text], 2, "looks like text"),
        (&["--image", "/dev/zero"], 2, "not a regular file"),
        (&["--change", "--area", "1,2,3"], 2, "X,Y,WIDTH,HEIGHT"),
        (&["--change", "--save", &none], 30, "does not exist"),
    ] {
        let run = sandbox.run(&[&["wait", "i-1"], args].concat()).ends(code);
        assert!(run.stderr.contains(words), "{args:?}: {}", run.stderr);
    }
    assert!(server.requests().is_empty(), "{:?}", server.requests());
    let run = with_account().run(&["wait", "i-demo-linux", "--change", "--area", "700,0,21,1"]).ends(2);
    run.says(&["700,0,21,1 is not on the screen of i-demo-linux, which has 720x400 pixels"]);
}

#[test]
fn one_request_is_open_all_the_time() {
    let (sandbox, heard) = speaking(&[WELCOME, FRAME], None);
    sandbox.run(&["wait", "i-1", "--change", "--timeout", "2"]).ends(40);
    let heard = heard.recv_timeout(Duration::from_secs(20)).unwrap();
    // RFC 6143, section 7.5.3: the whole of 2 x 1 pixels, once at once, and once when something changes.
    let request = |is_incremental| [3, is_incremental, 0, 0, 0, 0, 0, 2, 0, 1];
    let end = [request(0), request(1)].concat();
    assert!(heard.ends_with(&end), "{heard:?}");
    assert_eq!(heard.windows(10).filter(|window| window == &request(1)).count(), 1, "{heard:?}");
}

#[test]
fn a_console_that_is_lost_is_not_what_was_waited_for() {
    let (sandbox, _) = speaking(&[WELCOME, FRAME], Some("kicked"));
    let saved = file(&sandbox, "s.png");
    let run = sandbox.run(&["wait", "i-1", "--change", "--save", &saved]).ends(11);
    run.says(&["the console of i-1 was lost: kicked"]);
    assert!(!sandbox.path("s.png").exists());
    // Nothing whole was ever there to be saved.
    let (sandbox, _) = speaking(&[WELCOME, &FRAME[..18]], None);
    let saved = file(&sandbox, "s.png");
    let run = sandbox.run(&["wait", "i-1", "--change", "--save", &saved, "--timeout", "1"]).ends(40);
    run.says(&[
        "did not show a whole screen within 1 s",
        "could not save the last screen: the screen was not received completely",
    ]);
}

#[test]
fn a_new_size_is_a_change_and_the_new_screen_is_looked_at_whole() {
    // rfbproto.rst, "DesktopSize Pseudo-encoding" (-223): now 1 x 1 pixel; then that one, green.
    let resize = &[0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0xff, 0xff, 0xff, 0x21][..];
    let green = &[0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 255, 0, 0][..];
    let speech = [WELCOME, FRAME, resize, green];
    let (sandbox, _) = speaking(&speech, None);
    let name = file(&sandbox, "a.png");
    fs::write(&name, Picture::new(1, 1, vec![0, 255, 0]).unwrap().to_png().unwrap()).unwrap();
    let run = sandbox.run(&["wait", "i-1", "--image", &name, "-o", "json", "--timeout", "20"]).ends(0);
    assert_eq!(run.json()[0]["Similarity"].as_f64(), Some(1.0));
}

#[test]
fn region_is_the_clouds_and_no_area() {
    let run = Sandbox::new().run(&["wait", "--profile", "demo", "i-demo-linux", "--change", "--region", "0,0,10,10"]);
    run.ends(2).says(&["0,0,10,10"]);
}
