//! `text --learn`: characters of a font that nobody has.
// The cache is where it is on Linux.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;

use crate::sandbox::{Run, Sandbox};
use crate::text::{in_another_font, sample};
use crate::text_console::TextConsole;

/// A home with a cache of its own, and a screen in a font that is not known.
struct Screen {
    sandbox: Sandbox,
    picture: String,
    /// The rows that it shows: each of the 256 characters of code page 437, over and over.
    rows: Vec<String>,
}

impl Screen {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        // What `dirs` knows as the user's cache directory on Linux.
        let cache = sandbox.path("cache").display().to_string();
        let sandbox = sandbox.env("XDG_CACHE_HOME", &cache);
        // Rows in another order: hardly a letter looks like any other one.
        let picture = in_another_font(&sandbox, |x, y| (x, y * 5 % 16)).display().to_string();
        let text = fs::read_to_string(sample("vga_std_p0.txt")).unwrap();
        Self { sandbox, picture, rows: text.lines().map(str::to_owned).collect() }
    }

    fn file(&self, name: &str, text: &str) -> String {
        fs::write(self.sandbox.path(name), text).unwrap();
        self.sandbox.path(name).display().to_string()
    }

    fn run(&self, args: &[&str]) -> Run {
        self.sandbox.run(&[&["text", "--image", &self.picture], args].concat())
    }

    fn learn(&self, text: &str, args: &[&str]) -> Run {
        let file = self.file("known.txt", text);
        self.run(&[&["--learn", &file], args].concat())
    }

    fn row(&self, number: usize) -> &str {
        &self.rows[number]
    }
}

/// Letters and digits, with spaces in place of all else: some lines of boxes look like others in the other font, too.
fn letters(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '\n' { c } else { ' ' })
        .collect::<String>()
        .trim_end()
        .to_owned()
}

#[test]
fn four_rows_with_all_characters_make_the_screen_readable_now_and_later() {
    let screen = Screen::new();
    assert_eq!(screen.run(&[]).code, 41);
    let run = screen.learn(&screen.rows[..4].join("\n"), &[]).ends(0);
    let expected = letters(&screen.rows.join("\n"));
    assert!(letters(&run.stdout) == expected && !run.stdout.contains('\u{fffd}'), "{}", run.stdout);
    let run = run.says(&["learned ", " characters"]);
    let later = screen.run(&[]).ends(0);
    assert_eq!((later.stdout, later.stderr.as_str()), (run.stdout, ""));
    let json = screen.run(&["-o", "json"]).ends(0).json();
    assert_eq!((&json[0]["Font"], &json[0]["Exact"]), (&"learned".into(), &true.into()));
    // It is not used where the cache is not, and what is known is not learned again.
    assert_eq!(screen.run(&["--no-cache"]).code, 41);
    screen.learn(&screen.rows[..4].join("\r\n"), &[]).ends(0).says(&["learned 0 characters"]);
}

#[test]
fn what_was_learned_is_used_while_a_console_is_watched() {
    let rows = ["the quick brown fox jumps", "over the lazy dog", "web login: fox"];
    let console = TextConsole::in_font(|row| row * 5 % 16, move |_, _| rows.map(str::to_owned).to_vec());
    let sandbox = console.sandbox();
    let wait = ["wait", "i-1", "--text", "login: fox$", "--timeout", "2"];
    sandbox.run(&wait).ends(41).says(&["in an unknown font"]);
    fs::write(sandbox.path("known.txt"), rows[..2].join("\n") + "\n\n").unwrap();
    let file = sandbox.path("known.txt").display().to_string();
    // These lines have all letters, but no colon.
    let run = sandbox.run(&["text", "i-1", "--via", "vnc", "--learn", &file, "--lines", "1"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "web login\u{fffd} fox\n"), "{run:#?}");
    fs::write(&file, rows[2]).unwrap();
    let run = sandbox.run(&["text", "i-1", "--via", "vnc", "--learn", &file, "--area", "0,2,30,1"]).ends(0);
    assert_eq!(run.stdout, "web login: fox\n");
    run.says(&["learned 1 character\n"]);
    assert_eq!(sandbox.run(&wait).ends(0).stdout, "login: fox\n");
}

#[test]
fn an_area_says_where_the_text_is() {
    let screen = Screen::new();
    // Row 3 of the screen is the first; an empty line leaves row 4 out.
    let row = |number: usize| screen.row(number).chars().skip(10).take(40).collect::<String>();
    let run = screen.learn(&format!("{}\n\n{}\n", row(3), row(5)), &["--area", "10,3,40,3"]);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!([letters(lines[0]), letters(lines[2])], [letters(&row(3)), letters(&row(5))], "{run:#?}");
    assert!(lines[1].contains('\u{fffd}') && lines.len() == 3, "{run:#?}");
    for (text, area, words) in [
        ("a\nb\nc\nd", "10,3,40,3", "4 lines, but --area 10,3,40,3 has 3 rows"),
        ("x", "0,0,80,25", "the text does not fit the screen"),
    ] {
        let run = screen.learn(text, &["--area", area]);
        assert!(run.code != 0, "{text:?}");
        run.says(&[words]);
    }
}

#[test]
fn a_row_that_does_not_stand_there_is_told_and_teaches_nothing() {
    let screen = Screen::new();
    let shifted = format!(" {}", screen.row(1));
    let run = screen.learn(&format!("\n{shifted}"), &[]).ends(41);
    run.says(&["nothing was learned: the text does not fit the screen"]);
    assert!(!screen.sandbox.path("cache/ecs-vnc/learned.keys").exists());
    // Beside one that does.
    let run = screen.learn(&format!("{}\n{shifted}", screen.row(0)), &[]);
    assert!(run.stdout.lines().next().unwrap().contains("ABCDEFGHIJKLMNO"), "{}", run.stdout);
    run.says(&["warning: row 1, column 0 of the screen: this is another text; the row is not used", "learned "]);
}

#[test]
fn contradictions_are_told_and_dropped() {
    let screen = Screen::new();
    // In row 1 the letters P to Z come first. Once P is said to be a Q, there are two bitmaps for Q and that is no
    // contradiction. Said to be R in row 4 of the same screen, it is one.
    let wrong = screen.row(1).replacen('P', "R", 1);
    let same_again = screen.rows.iter().position(|row| row.contains("NOPQ")).unwrap();
    let mut rows = vec![String::new(); 25];
    rows[1] = wrong;
    rows[same_again] = screen.row(same_again).to_owned();
    let run = screen.learn(&rows.join("\n"), &[]);
    let place = screen.row(same_again).chars().position(|character| character == 'P').unwrap();
    let told = format!("row {same_again}, column {place} of the screen: P has the same bitmap as R elsewhere");
    let run = run.says(&[&told]);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines[1].starts_with("\u{fffd}QRST") && lines[same_again].contains("O\u{fffd}QRST"), "{:?}", lines[1]);
    // What contradicts an earlier lesson is dropped with it.
    let row = format!("\n{}", screen.row(1).replacen('S', "s", 1));
    let run = screen.learn(&row, &["--no-cache"]);
    assert!(run.stdout.lines().nth(1).unwrap().starts_with("PQRs"), "{}", run.stdout);
    let run = screen.learn(&row, &[]);
    run.says(&["row 1, column 3 of the screen: this is S and not s"]);
}

#[test]
fn what_cannot_be_learned_from_is_an_error() {
    let screen = Screen::new();
    for (name, bytes, words) in [
        ("binary.txt", &b"\xff\xfe"[..], "is not UTF-8 text"),
        ("empty.txt", b"\n \n", "has no text to learn from"),
        ("long.txt", "abc\n".repeat(401).as_bytes(), "more than a screen"),
        ("wide.txt", "abc".repeat(201).as_bytes(), "more than a screen"),
        ("tab.txt", b"a\n\tb", "line 2: U+0009 cannot be learned"),
        ("escape.txt", b"\x1b[2J", "U+001B"),
        ("private.txt", "\u{f001}".as_bytes(), "U+F001"),
    ] {
        fs::write(screen.sandbox.path(name), bytes).unwrap();
        let file = screen.sandbox.path(name).display().to_string();
        screen.run(&["--learn", &file]).ends(2).says(&[name, words]);
    }
    let file = screen.file("text.txt", "abc");
    screen.run(&["--learn", "none.txt"]).ends(2).says(&["cannot read none.txt"]);
    screen.run(&["--learn", &file, "--image", "b.png"]).ends(2).says(&["--learn takes one screen"]);
    let none = sample("../pictures/rgb8.png").display().to_string();
    let run = screen.sandbox.run(&["text", "--image", &none, "--learn", &file]).ends(41);
    run.says(&["nothing was learned", "two whole rows"]);
}

#[test]
fn a_damaged_file_of_learned_characters_is_told_and_not_used() {
    use std::os::unix::fs::PermissionsExt as _;
    let screen = Screen::new();
    screen.learn(&screen.rows[..4].join("\n"), &[]).ends(0);
    let file = screen.sandbox.path("cache/ecs-vnc/learned.keys");
    let good = fs::read_to_string(&file).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    for bad in [format!("{good}0000000000000000\n"), good.replace("U+0041", "U+001B"), "\0".repeat(99)] {
        fs::write(&file, bad).unwrap();
        let run = screen.run(&[]);
        assert_eq!(run.code, 41);
        run.says(&["learned.keys in the cache directory is damaged"]);
    }
    // A file that others can write is not read.
    fs::write(&file, &good).unwrap();
    screen.run(&[]).ends(0);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    assert_eq!(screen.run(&[]).code, 41);
    assert!(Path::new(&file).exists());
}
