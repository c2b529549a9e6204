//! `text`, as a user and a script meet it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use ecs_vnc::picture::Picture;

use crate::fake::{Fake, good, http};
use crate::sandbox::{Run, Sandbox, until};

/// A sample in `tests/data/console`, whose README says where its text comes from.
pub(crate) fn sample(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/console").join(file)
}

/// The simulated account, which is a new one in each run: one whose picture was just taken gives none for 10 s.
fn demo() -> Sandbox {
    Sandbox::new().env("ALIBABA_CLOUD_PROFILE", "demo")
}

/// Lines without the empty ones at the end.
fn without_end(text: &str) -> String {
    match text.trim_end_matches('\n') {
        "" => String::new(),
        text => format!("{text}\n"),
    }
}

/// What `text --image` says of a file, without an account and with a configuration that cannot be read.
fn image(file: &Path, args: &[&str]) -> Run {
    let sandbox = Sandbox::new().config("this is no TOML [");
    sandbox.run(&[&["text", "--image", file.to_str().unwrap()], args].concat())
}

/// What the guest has on its screen of 80 x 25 characters after it has written its boot log, as the serial console has it.
fn end_of_bootlog(sandbox: &Sandbox, instance: &str) -> Vec<String> {
    let log = sandbox.run(&["bootlog", instance]).ends(0).stdout;
    // A progress message that is overwritten is no line of the screen.
    let lines = log.lines().filter(|line| !line.contains("A start job is running"));
    let rows = lines.flat_map(|line| {
        let characters: Vec<char> = line.chars().collect();
        let rows: Vec<String> = characters.chunks(80).map(|row| row.iter().collect()).collect();
        if rows.is_empty() { vec![String::new()] } else { rows }
    });
    let rows: Vec<String> = rows.map(|row| row.trim_end().to_owned()).collect();
    rows[rows.len() - 25..].to_vec()
}

/// The text cursor of a sample, and its columns and rows; `None` if the guest was not asked.
fn cursor_and_size(name: &str) -> Option<(serde_json::Value, [i64; 2])> {
    let numbers = fs::read_to_string(sample(&format!("{name}.cursor"))).ok()?;
    let numbers: Vec<i64> = numbers.split_whitespace().map(|number| number.parse().unwrap()).collect();
    let cursor = match numbers[0] {
        -1 => serde_json::Value::Null,
        column => serde_json::json!({ "Column": column, "Row": numbers[1] }),
    };
    Some((cursor, [numbers[2], numbers[3]]))
}

#[test]
fn every_row_of_the_samples_is_read() {
    for name in ["vga_std_p0", "grub_text_menu", "l_std_dmesg", "l_tui_attr"] {
        // The kernel shows characters that its font lacks as a square.
        let text = fs::read_to_string(sample(&format!("{name}.txt"))).unwrap().replace(['中', '文', '☃'], "■");
        let png = sample(&format!("{name}.png"));
        let run = image(&png, &[]).ends(0);
        assert_eq!((run.stdout, run.stderr.as_str()), (without_end(&text), ""), "{name}");
        let json = image(&png, &["-o", "json"]).ends(0).json().remove(0);
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(json["Lines"], serde_json::json!(rows), "{name}");
        let (cursor, size) = cursor_and_size(name).unwrap();
        assert_eq!([&json["Columns"], &json["Rows"]].map(|number| number.as_i64().unwrap()), size);
        // A cursor that blinks is not on every picture.
        assert!(json["Cursor"] == cursor || json["Cursor"].is_null(), "{name}: {}", json["Cursor"]);
        assert_eq!(
            (&json["Kind"], &json["Exact"], &json["Via"], &json["InstanceId"], &json["TakenAt"]),
            (&"text".into(), &true.into(), &"image".into(), &serde_json::Value::Null, &serde_json::Value::Null)
        );
        assert_eq!(json["File"], png.to_str().unwrap());
    }
}

#[test]
fn all_characters_of_the_fonts_of_distributions_are_read() {
    for (name, fonts) in [
        ("f_kernel8x16", &["kernel-8x16"][..]),
        // Two fonts have its bitmaps.
        ("f_Uni2-Fixed16", &["uni-vga-8x16", "unicode-ofl-8x16"]),
        ("f_eurlatgr", &["eurlatgr"]),
        ("f_latarcyrheb-sun16", &["latarcyrheb-sun16"]),
    ] {
        let text = fs::read_to_string(sample(&format!("{name}.txt"))).unwrap();
        let json = image(&sample(&format!("{name}.png")), &["-o", "json"]).ends(0).json().remove(0);
        assert!(fonts.contains(&json["Font"].as_str().unwrap()), "{name}: {}", json["Font"]);
        let (mut equal, mut alike, mut wrong) = (0, 0, Vec::new());
        for (row, line) in text.lines().enumerate() {
            let read: Vec<char> = json["Lines"][row].as_str().unwrap().chars().collect();
            for (column, shown) in line.chars().enumerate() {
                match read.get(column).copied().unwrap_or(' ') {
                    read if read == shown => equal += 1,
                    // Some bitmaps stand for several characters, and which was written cannot be known.
                    read if !shown.is_ascii() && read != '\u{fffd}' => alike += 1,
                    read => wrong.push((column, row, shown, read)),
                }
            }
        }
        // In a cell of one colour, nothing tells a space from a full block where each cell has other colours.
        assert!(wrong.len() <= 1 && wrong.iter().all(|wrong| (wrong.2, wrong.3) == (' ', '█')), "{name}: {wrong:?}");
        assert!(equal > 6_900 && alike < 50, "{name}: {equal} are equal, {alike} are alike");
    }
}

#[test]
fn a_screen_has_the_text_that_the_guest_wrote() {
    let sandbox = demo();
    for instance in ["web-01", "web-02", "db-02"] {
        let expected = end_of_bootlog(&sandbox, instance).join("\n") + "\n";
        assert!(expected.contains("login:") || expected.contains("Give root password"), "{expected}");
        let run = sandbox.run(&["text", instance, "--via", "api"]).ends(0);
        assert_eq!(run.stdout, expected);
        // The API gives that one as a JPG.
        let warning = "read from a compressed or scaled picture; characters may be wrong; --via vnc is exact";
        assert_eq!(run.stderr.contains(warning), instance == "web-02", "{run:#?}");
        let run = sandbox.run(&["text", "-i", instance, "--via", "vnc"]).ends(0);
        assert_eq!(run.stdout, expected);
        run.says(&["anyone already on it is disconnected"]);
    }
}

#[test]
fn a_jpg_is_read_but_not_exactly() {
    let sandbox = demo();
    let expected = end_of_bootlog(&sandbox, "web-02").join("\n") + "\n";
    let run = sandbox.run(&["text", "web-02"]).ends(0);
    assert_eq!(run.stdout, expected);
    run.says(&["i-demo-flaky", "characters may be wrong", "--via vnc is exact"]);
}

#[test]
fn a_jpg_is_read_and_said_not_to_be_exact() {
    let sandbox = demo();
    let file = sandbox.path("db-02.jpg").display().to_string();
    sandbox.run(&["screenshot", "db-02", "--via", "vnc", "-f", &file]).ends(0);
    let run = image(Path::new(&file), &[]).ends(0);
    assert_eq!(run.stdout, end_of_bootlog(&sandbox, "db-02").join("\n") + "\n");
    run.says(&["db-02.jpg was read from a compressed or scaled picture; characters may be wrong\n"]);
    let json = image(Path::new(&file), &["-o", "json"]).ends(0).json();
    assert_eq!((&json[0]["Kind"], &json[0]["Exact"]), (&"text".into(), &false.into()));
    assert_eq!(image(Path::new(&file), &["-q"]).ends(0).stderr, "");
    // Nothing can be learned from it.
    let known = sandbox.path("known.txt");
    fs::write(&known, "abc").unwrap();
    image(Path::new(&file), &["--learn", known.to_str().unwrap()]).ends(41).says(&["compressed", "--via vnc"]);
}

#[test]
fn json_tells_what_was_read() {
    let sandbox = demo();
    for via in ["api", "vnc"] {
        // The cursor blinks, and is dark in some pictures.
        let mut line = serde_json::Value::Null;
        until("a picture with the cursor", || {
            line = sandbox.run(&["text", "web-01", "--via", via, "-o", "json"]).ends(0).json()[0].clone();
            !line["Cursor"].is_null()
        });
        assert_eq!(line["Lines"], serde_json::json!(end_of_bootlog(&sandbox, "web-01")));
        // 80 x 25 characters of 9 x 16 pixels, the cursor behind `web-01 login: `.
        let expected = serde_json::json!({
            "Kind": "text", "Exact": true, "Columns": 80, "Rows": 25, "CellWidth": 9, "CellHeight": 16,
            "OffsetX": 0, "OffsetY": 0, "Font": "vga-8x16", "Unknown": 0, "Cursor": { "Column": 14, "Row": 24 },
            "Lines": line["Lines"], "InstanceId": "i-demo-linux", "RegionId": "cn-hangzhou", "File": null,
            "Via": via, "TakenAt": line["TakenAt"],
        });
        assert_eq!(line, expected);
        assert!(line["TakenAt"].as_str().unwrap().ends_with('Z'));
    }
}

#[test]
fn a_part_of_the_rows_is_selected() {
    let sandbox = demo();
    let text = |args: &[&str]| sandbox.run(&[&["text", "db-02"], args].concat()).ends(0).stdout;
    let prompt = "Give root password for maintenance\n(or press Control-D to continue):\n";
    assert_eq!(text(&["--lines", "2"]), prompt);
    let json = sandbox.run(&["text", "db-02", "--lines", "2", "-o", "json"]).ends(0).json();
    assert_eq!((&json[0]["Rows"], json[0]["Lines"].as_array().unwrap().len()), (&25.into(), 2));
    assert_eq!(text(&["--area", "5,23,13,1"]), "root password\n");
    assert_eq!(text(&["--area", "0,22,9,3", "--lines", "1"]), "(or press\n");
    for outside in ["0,0,81,1", "80,0,1,1", "0,24,1,2", "65535,65535,65535,65535"] {
        sandbox.run(&["text", "db-02", "--area", outside]).ends(2).says(&[outside, "80x25 cells"]);
    }
}

#[test]
fn one_without_text_does_not_stop_the_others_and_the_first_failure_decides() {
    let sandbox = demo();
    let run = sandbox.run(&["text", "web-01", "office-01", "i-demo-stopped", "db-02", "--lines", "1"]);
    assert_eq!((run.code, run.stdout.as_str()), (41, "web-01 login:\n(or press Control-D to continue):\n"), "{run:#?}");
    let places =
        ["\ni-demo-windows, ", "error: office-01: the screen of i-demo-windows", "screenshot i-demo-windows --show`"];
    run.says(&places).says(&["i-demo-linux, ", "error: i-demo-stopped: ", "\ni-demo-rescue, "]);
    let run = sandbox.run(&["text", "i-demo-stopped", "office-01"]);
    assert_eq!((run.code, run.stdout.as_str()), (5, ""), "{run:#?}");
    let run = sandbox.run(&["text", "office-01", "-o", "json"]);
    assert_eq!(
        (run.code, &run.json()[0]["Kind"], run.json_error()["ExitCode"].as_i64()),
        (41, &"not-text".into(), Some(41))
    );
    assert_eq!(run.json()[0]["Lines"], serde_json::json!([]));
}

#[test]
fn colours_are_written_where_they_are_wanted() {
    let sandbox = demo();
    let plain = sandbox.run(&["text", "db-02"]).ends(0).stdout;
    let coloured = sandbox.run(&["text", "db-02", "--color", "always"]).ends(0).stdout;
    assert!(!plain.contains('\x1b'));
    // The guest writes OK in green and DEPEND in bold yellow: ECMA-48's 32, and 93 for the bright colour.
    assert!(
        coloured.contains("[  \x1b[0;32mOK  \x1b[0m]") && coloured.contains("[\x1b[0;93mDEPEND\x1b[0m]"),
        "{coloured}"
    );
    let stripped = coloured.split("\x1b[").enumerate().map(|(index, part)| match index {
        0 => part,
        _ => part.split_once('m').unwrap().1,
    });
    assert_eq!(stripped.collect::<String>(), plain);
    for line in coloured.lines().filter(|line| line.contains('\x1b')) {
        assert!(line.rfind("\x1b[0m") == line.rfind('\x1b'), "{line:?} does not end in the default colours");
    }
}

/// The sample `vga_std_p0` with the pixels of each cell of 9 x 16 at other places: text in a font that does not exist.
pub(crate) fn in_another_font(sandbox: &Sandbox, moved: impl Fn(u32, u32) -> (u32, u32)) -> PathBuf {
    let picture = Picture::decode(&fs::read(sample("vga_std_p0.png")).unwrap()).unwrap();
    let (width, height) = (picture.width(), picture.height());
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let from = |(x, y): (u32, u32)| {
        let (column, row) = moved(x % 9, y % 16);
        picture.pixel(x / 9 * 9 + column, y / 16 * 16 + row).unwrap()
    };
    let rgb = places.flat_map(from).collect();
    let file = sandbox.path("other.png");
    fs::write(&file, Picture::new(width, height, rgb).unwrap().to_png().unwrap()).unwrap();
    file
}

/// With the first seven columns of each cell mirrored, which letters have.
fn mirrored(sandbox: &Sandbox) -> PathBuf {
    in_another_font(sandbox, |x, y| (if x < 7 { 6 - x } else { x }, y))
}

#[test]
fn an_unknown_font_is_an_error_with_what_is_known() {
    let sandbox = Sandbox::new();
    let file = mirrored(&sandbox).display().to_string();
    let run = sandbox.run(&["text", "--image", &file]);
    assert_eq!(run.code, 41, "{run:#?}");
    let first: Vec<char> = run.stdout.lines().next().unwrap().chars().collect();
    // A mirrored L, R or 5 is no character. A mirrored A or | is the same.
    let at = |character: char| usize::try_from(u32::from(character)).unwrap();
    assert_eq!([first[at('L')], first[at('5')]], ['\u{fffd}'; 2], "{first:?}");
    assert!(run.stdout.contains('\u{fffd}') && run.stdout.contains('A'), "{}", run.stdout);
    run.says(&["in an unknown font", "characters cannot be read"]);
    let run = sandbox.run(&["text", "--image", &file, "-o", "json"]);
    assert_eq!((run.code, &run.json()[0]["Kind"]), (41, &"unknown-font".into()), "{run:#?}");
}

/// The VGA's font, mirrored as in [`mirrored`], in the order of code page 437: a byte a row, 16 rows a character.
fn mirrored_font() -> Vec<u8> {
    let font = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/font/data/seabios/vga_8x16.bin")).unwrap();
    font.into_iter().map(|row| (row >> 1).reverse_bits() & !1 | row & 1).collect()
}

#[test]
fn a_font_that_the_user_gives_makes_an_unknown_screen_readable() {
    let sandbox = Sandbox::new();
    let picture = mirrored(&sandbox).display().to_string();
    let text = without_end(&fs::read_to_string(sample("vga_std_p0.txt")).unwrap());
    let raw = mirrored_font();
    // PSF1 with a table of characters, by psf.h of kbd: the sample has the characters in the order of the font.
    let mut psf: Vec<u8> = [0x36, 0x04, 0x02, 16].into_iter().chain(raw.clone()).collect();
    for character in text.lines().flat_map(|line| format!("{line:80}").chars().collect::<Vec<_>>()).take(256) {
        psf.extend([u16::try_from(u32::from(character)).unwrap(), 0xffff].iter().flat_map(|unit| unit.to_le_bytes()));
    }
    for (name, bytes) in [("mirror.psf", psf), ("mirror.fnt", raw)] {
        let font = sandbox.path(name).display().to_string();
        fs::write(&font, bytes).unwrap();
        // The first one is of no use here, and does no harm.
        let other = sandbox.path("other.fnt").display().to_string();
        fs::write(&other, [0x18; 2048]).unwrap();
        let args = ["text", "--image", &picture, "--font", &other, "--font", &font];
        let run = sandbox.run(&args).ends(0);
        assert_eq!((run.stdout, run.stderr.as_str()), (text.clone(), ""), "{name}");
        let json = sandbox.run(&[&args[..], &["-o", "json"]].concat()).ends(0).json();
        assert_eq!((&json[0]["Font"], &json[0]["Exact"]), (&"mirror".into(), &true.into()));
    }
}

#[test]
fn a_font_that_cannot_be_used_is_an_error_before_anything_is_asked() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = Sandbox::with_account(&server.endpoint);
    let file = |name: &str, bytes: &[u8]| {
        fs::write(sandbox.path(name), bytes).unwrap();
        sandbox.path(name).display().to_string()
    };
    let huge = sandbox.path("huge.bdf");
    fs::File::create(&huge).unwrap().set_len((4 << 20) + 1).unwrap();
    for (font, words) in [
        (file("words.psf", b"words"), "not a font that can be read"),
        (file("cut.psf", &[0x36, 0x04, 0, 16, 1, 2, 3]), "damaged"),
        (file("empty.psf", b""), "not a font that can be read"),
        (sandbox.path("").display().to_string(), "irectory"),
        (huge.display().to_string(), "longer than 4 MiB"),
        (sandbox.path("none.psf").display().to_string(), "none.psf"),
    ] {
        sandbox.run(&["text", "i-1", "--font", &font]).ends(2).says(&["cannot read the font", &font, words]);
    }
    #[cfg(unix)]
    {
        let pipe = sandbox.path("pipe.psf").display().to_string();
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        sandbox.run(&["text", "i-1", "--font", &pipe, "--timeout", "50ms"]).ends(40).says(&["pipe.psf", "not ready"]);
    }
    assert!(server.requests().is_empty(), "{:?}", server.requests());
}

#[test]
fn no_character_of_a_font_acts_on_the_terminal() {
    let sandbox = Sandbox::new();
    let picture = mirrored(&sandbox).display().to_string();
    // A hostile font: each glyph stands for ESC, the CSI of C1, or a mark that reverses the text.
    let mut psf: Vec<u8> = [0x36, 0x04, 0x02, 16].into_iter().chain(mirrored_font()).collect();
    for index in 0..256 {
        let character = [0x1b_u16, 0x9b, 0x202e, 0x0a, 0x07, u16::from(b'A')][index % 6];
        psf.extend([character, 0xffff].iter().flat_map(|unit| unit.to_le_bytes()));
    }
    let font = sandbox.path("hostile.psf").display().to_string();
    fs::write(&font, psf).unwrap();
    for more in [&[][..], &["--color", "always"], &["-o", "json"]] {
        let run = sandbox.run(&[&["text", "--image", &picture, "--font", &font], more].concat());
        // SGR is all that may be there.
        let parts = run.stdout.split("\x1b[").enumerate().map(|(index, part)| match part.split_once('m') {
            Some((codes, text)) if index > 0 && codes.chars().all(|c| c.is_ascii_digit() || c == ';') => text,
            _ => part,
        });
        let text = parts.collect::<String>().replace('\n', "");
        assert!(text.contains('A') && !text.contains(|c: char| c.is_control() || c == '\u{202e}'), "{text:?}");
        assert!(run.stdout.lines().count() <= 25);
    }
}

#[test]
fn several_pictures_are_read_and_stdin_is_one() {
    let (vga, grub) = (sample("vga_std_p0.png"), sample("grub_text_menu.png"));
    let run = image(&vga, &["--image", "none.png", "--image", grub.to_str().unwrap(), "--lines", "1"]);
    assert_eq!((run.code, run.stdout.lines().count()), (2, 2), "{run:#?}");
    run.says(&["vga_std_p0.png\n", "error: cannot read none.png", "grub_text_menu.png\n"]);
    let sandbox = Sandbox::new();
    let stdin = fs::File::open(&grub).unwrap();
    let output = sandbox.command(&["text", "--image", "-"]).stdin(stdin).stderr(Stdio::piped()).output().unwrap();
    assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("*Debian GNU/Linux"));
    sandbox.run(&["text", "--image", "-", "--image", "-"]).ends(2).says(&["--image - once"]);
}

#[test]
fn a_blank_screen_is_no_failure() {
    let sandbox = Sandbox::new();
    let file = sandbox.path("blank.png");
    fs::write(&file, Picture::new(720, 400, vec![0; 720 * 400 * 3]).unwrap().to_png().unwrap()).unwrap();
    let run = image(&file, &["--area", "0,0,5,5", "--lines", "1"]).ends(0);
    assert_eq!(run.stdout, "");
    run.says(&["blank.png is blank"]);
    let json = image(&file, &["-o", "json"]).ends(0).json();
    assert_eq!((&json[0]["Kind"], &json[0]["Columns"]), (&"blank".into(), &serde_json::Value::Null));
}

#[test]
fn what_is_no_picture_is_an_error_that_names_it() {
    let sandbox = Sandbox::new();
    let file = |name: &str, bytes: &[u8]| {
        fs::write(sandbox.path(name), bytes).unwrap();
        sandbox.path(name)
    };
    let huge = sandbox.path("huge.png");
    fs::File::create(&huge).unwrap().set_len((32 << 20) + 1).unwrap();
    let png = fs::read(sample("grub_text_menu.png")).unwrap();
    for (path, words) in [
        (file("words.png", b"words"), "looks like text"),
        (file("empty.png", b""), "it is empty"),
        (file("cut.png", &png[..2000]), "cut.png"),
        (sandbox.path(""), "irectory"),
        (huge, "longer than 32 MiB"),
        (sandbox.path("none.png"), "none.png"),
    ] {
        image(&path, &[]).ends(2).says(&["cannot read", words]);
    }
    let tiny = file("tiny.png", &Picture::new(1, 1, vec![9; 3]).unwrap().to_png().unwrap());
    image(&tiny, &[]).ends(41).says(&["tiny.png shows no text that can be read"]);
    for (args, words) in [
        (&["text"][..], "--image"),
        (&["text", "web-01", "--image", "a.png"], "cannot be used with"),
        (&["text", "--image", "a.png", "--via", "vnc"], "cannot be used with"),
        (&["text", "--image", "a.png", "--wait"], "cannot be used with"),
        (&["text", "web-01", "--lines", "0"], "0"),
        (&["text", "web-01", "--area", "1,2,3"], "is not an area"),
    ] {
        sandbox.run(args).ends(2).says(&[words]);
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_a_picture_too_but_not_waited_for_without_end() {
    let sandbox = Sandbox::new();
    let pipe = sandbox.path("pipe.png");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    image(&pipe, &["--timeout", "50ms"]).ends(40).says(&["pipe.png", "not ready"]);
    let writer = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::write(pipe, fs::read(sample("grub_text_menu.png")).unwrap()).unwrap()
    });
    assert!(image(&pipe, &[]).ends(0).stdout.contains("*Debian GNU/Linux"));
    writer.join().unwrap();
}

#[test]
fn nothing_is_asked_before_the_arguments_are_known_to_be_good() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = Sandbox::with_account(&server.endpoint);
    sandbox.run(&["text", "i-1", "--area", "x"]).ends(2);
    assert!(server.requests().is_empty(), "{:?}", server.requests());
    // A picture that is no text, as the API may give it.
    let server = Fake::start(|_, _| http("200 OK", "", r#"{"RequestId":"R-1","Screenshot":"AAAA"}"#));
    Sandbox::with_account(&server.endpoint).run(&["text", "i-1"]).ends(20).says(&["R-1", "--via vnc"]);
}
