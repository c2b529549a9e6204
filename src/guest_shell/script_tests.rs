//! The script is run by `sh` of this machine, which reads its lines as a guest's does.

#![cfg(unix)]

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::*;
use crate::guest_shell::outcome::{Outcome, sha1_of};
use crate::guest_shell::page::{Division, Sight, find_page};
use crate::guest_shell::upload::upload_lines;

const SIZE: ScreenSize = ScreenSize { columns: 80, rows: 25 };

/// What each screen shows, after the script and these lines, which follow each other without a wait.
fn screens(script: &Script<'_>, upload: &[String], lines: &[&str]) -> Vec<Vec<String>> {
    let all = script.lines().join("\n");
    // In a guest, Ctrl-D ends what `cat` reads: here, the upload is a file of its own.
    let uploaded = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(uploaded.path(), upload.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    let all = all.replace("cat>$d/a", &format!("cat {}>$d/a", uploaded.path().display()));
    let mut shell = Command::new("sh");
    shell.args(["-c", &all]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut shell = shell.spawn().unwrap();
    shell.stdin.take().unwrap().write_all((lines.join("\n") + "\n").as_bytes()).unwrap();
    let out = shell.wait_with_output().unwrap().stdout;
    assert!(!std::path::Path::new(script.directory).exists(), "the directory stays");
    let out = String::from_utf8(out).unwrap();
    out.split("\x1b[H\x1b[J").map(|screen| screen.lines().map(str::to_owned).collect()).collect()
}

fn in_directory<T>(run: impl FnOnce(&str) -> T) -> T {
    let parent = tempfile::tempdir().unwrap();
    run(parent.path().join("abcd").to_str().unwrap())
}

fn page(screen: &[String], division: Division) -> Vec<String> {
    match find_page(screen, division) {
        Some(Sight::Whole(_, rows)) => rows,
        other => panic!("{other:?} of {screen:?}"),
    }
}

#[test]
fn a_short_output_is_on_one_screen() {
    for (command, is_merged, expected) in [
        ("printf 'a\\0b'; echo err >&2; exit 7", false, (7, &b"a\0b"[..], &b"err\n"[..])),
        ("echo 1; echo 2 >&2; echo 'it'\"'\"'s' # done", true, (0, b"1\n2\nit's\n", b"")),
        ("echo 'two\nlines'", false, (0, b"two\nlines\n", b"")),
        ("kill -9 $$", false, (137, b"", b"")),
        ("exit 255", false, (255, b"", b"")),
        ("cat; true", false, (0, b"", b"")),
    ] {
        let shown = in_directory(|directory| {
            screens(
                &Script { directory, size: SIZE, command, is_merged, input: None, is_watched: false },
                &[],
                &["exit"],
            )
        });
        let shown = &shown[shown.len() - 2];
        let rows = page(shown, Division { page_rows: SIZE.page_rows(), total: 0 });
        let Outcome { status, stdout, stderr } = Outcome::parse(&rows.concat(), 1 << 20).unwrap();
        // Where a shell is ended by a signal, the one above it may say so.
        let stderr = if status == 137 { Vec::new() } else { stderr };
        assert_eq!((status, &stdout[..], &stderr[..]), expected, "{command}");
    }
}

/// What `sh` writes for a watched script, of which these lines are typed behind its opening. What waits for Enter would read the
/// lines behind the script, as a pipe is in the place of a terminal: so it begins late.
#[cfg(target_os = "linux")]
fn watched(script: &Script<'_>, typed: &[&str]) -> String {
    let typed = typed.join("\n").replace("<&1&", "<&0&").replace("read x;kill", "sleep 1;read x;kill");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script.opening()]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut shell = shell.spawn().unwrap();
    shell.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let out = shell.wait_with_output().unwrap().stdout;
    assert!(!std::path::Path::new(script.directory).exists(), "the directory stays");
    let out = String::from_utf8(out).unwrap();
    let (sign, out) = out.split_once('\n').unwrap();
    assert_eq!(sign, script.sign(), "it says first that it reads");
    out.to_owned()
}

#[cfg(target_os = "linux")]
#[test]
fn a_watched_command_ends_by_itself_or_by_enter() {
    let run = |command: &str, behind: &[&str]| {
        in_directory(|directory| {
            let script = Script { directory, size: SIZE, command, is_merged: false, input: None, is_watched: true };
            let lines = script.lines();
            let typed: Vec<&str> = lines.iter().map(String::as_str).chain(behind.iter().copied()).collect();
            watched(&script, &typed)
        })
    };
    // Lines that would end the script, inside the command.
    let shown = run("f() {\necho out\n}\nf\n\necho 'a\n\n  b\\'; exit 7", &["exit\n"]);
    let shown: Vec<String> = shown.split("\x1b[H\x1b[J").nth(2).unwrap().lines().map(str::to_owned).collect();
    let rows = page(&shown, Division { page_rows: SIZE.page_rows(), total: 0 });
    let outcome = Outcome::parse(&rows.concat(), 1 << 20).unwrap();
    assert_eq!((outcome.status, &outcome.stdout[..]), (7, &b"out\na\n\n  b\\\n"[..]));
    let parent = tempfile::tempdir().unwrap();
    let mark = parent.path().join("mark");
    let shown = run(&format!("echo $$ >{}; sleep 1000; true", mark.display()), &["\n"]);
    assert!(!shown.contains(" b"), "{shown}");
    let group = std::fs::read_to_string(&mark).unwrap();
    let is_there = || Command::new("sh").args(["-c", &format!("kill -0 -- -{}", group.trim())]).output().unwrap();
    let is_gone = (0..200).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        !is_there().status.success()
    });
    assert!(is_gone, "what the command has started goes on");
}

#[cfg(target_os = "linux")]
#[test]
fn a_watched_script_that_is_ended_before_it_is_whole_does_nothing() {
    let parent = tempfile::tempdir().unwrap();
    let mark = parent.path().join("mark");
    let command = format!("echo ran >{}", mark.display());
    let directory = parent.path().join("abcd");
    let script = Script {
        directory: directory.to_str().unwrap(),
        size: SIZE,
        command: &command,
        is_merged: false,
        input: Some(&sha1_of(b"")),
        is_watched: true,
    };
    let (lines, ending) = (script.lines(), script.ending());
    for count in 0..lines.len() {
        let typed: Vec<&str> = lines[..count].iter().map(String::as_str).chain([&ending[..]]).collect();
        assert_eq!(watched(&script, &typed), "", "after {count} lines");
        assert!(!mark.exists(), "the command has run after {count} lines");
    }
}

/// The lines that end a script are typed where a prompt may be.
#[test]
fn a_watched_script_is_ended_in_its_pages_and_not_at_a_prompt() {
    in_directory(|directory| {
        let script = Script { directory, size: SIZE, command: "true", is_merged: false, input: None, is_watched: true };
        for (before, code) in [(format!("d={directory};"), 0), (String::new(), 7), ("d=/other;".to_owned(), 7)] {
            let typed = format!("{before}while read -r x;do eval \"$x\";done;exit 7");
            let mut shell = Command::new("sh").args(["-c", &typed]).stdin(Stdio::piped()).spawn().unwrap();
            shell.stdin.take().unwrap().write_all(script.ending().as_bytes()).unwrap();
            assert_eq!(shell.wait().unwrap().code(), Some(code), "{before}");
        }
    });
}

#[test]
fn a_long_command_is_put_together() {
    let text = "it's $x \"quoted\" \\ and `so`\n".repeat(60);
    let command = format!("cat <<'EOF'\n{text}EOF\necho {}", "'a  b' ".repeat(200));
    let shown = in_directory(|directory| {
        let script =
            Script { directory, size: SIZE, command: &command, is_merged: false, input: None, is_watched: false };
        assert!(script.lines().iter().all(|line| line.len() <= MAX_LINE_LEN));
        screens(&script, &[], &["exit"])
    });
    let rows = page(&shown[shown.len() - 2], Division { page_rows: SIZE.page_rows(), total: 0 });
    let outcome = Outcome::parse(&rows.concat(), 1 << 20).unwrap();
    let echoed = vec!["a  b"; 200].join(" ");
    assert_eq!(String::from_utf8(outcome.stdout).unwrap(), format!("{text}{echoed}\n"));
}

#[test]
fn a_shell_that_was_logged_in_to_has_a_terminal() {
    for prompt in ["(initramfs)", "/ #", "#", "sh-5.2#", "root@(none):/#", "switch_root:/#"] {
        assert!(may_lack_terminal(prompt), "{prompt}");
    }
    assert!(!may_lack_terminal("root@debian:~#") && !may_lack_terminal("[alice@web-01 ~]$"));
}

#[test]
fn a_long_output_is_shown_page_by_page() {
    let division = |total| Division { page_rows: SIZE.page_rows(), total };
    let command = "head -c 5000 /dev/urandom";
    let pages = show_pages(SIZE);
    let lines = [&pages[..], "", "", "i=21", "", "", "exit"];
    let shown = in_directory(|directory| {
        screens(
            &Script { directory, size: SIZE, command, is_merged: false, input: None, is_watched: false },
            &[],
            &lines,
        )
    });
    let at_once = shown.iter().position(|screen| screen.last().is_some_and(|row| row.ends_with(" b"))).unwrap();
    let footer = shown[at_once].last().unwrap().split(' ').nth(3).unwrap();
    let total = footer.parse().unwrap();
    assert!(total > 3 * SIZE.page_rows() && find_page(&shown[at_once], division(0)).is_some(), "{total}");
    // A page that is asked for again comes again.
    let firsts: Vec<Vec<String>> = shown[at_once + 1..].iter().filter(|screen| !screen.is_empty()).cloned().collect();
    let pages: Vec<Vec<String>> = firsts.iter().map(|screen| page(screen, division(total))).collect();
    assert_eq!(pages[1], pages[3]);
    assert_eq!(pages[2], pages[4]);
}

#[test]
fn the_output_can_be_packed_in_other_ways() {
    for packing in [Packing::Plain, Packing::Hex] {
        let again = pack_again(packing, SIZE);
        let shown = in_directory(|directory| {
            let script = Script {
                directory,
                size: SIZE,
                command: "echo some text; exit 4",
                is_merged: false,
                input: None,
                is_watched: false,
            };
            screens(&script, &[], &[&again, "exit"])
        });
        let rows = page(&shown[shown.len() - 2], Division { page_rows: SIZE.page_rows(), total: 0 });
        let outcome = Outcome::parse(&rows.concat(), 1 << 20).unwrap();
        assert_eq!((outcome.status, &outcome.stdout[..]), (4, &b"some text\n"[..]), "{packing:?}");
    }
    assert_eq!(Packing::Gzip.next(), Some(Packing::Plain));
    assert_eq!(Packing::Hex.next(), None);
}

#[test]
fn what_is_uploaded_is_read_if_it_is_right() {
    let data = b"\0\xff some bytes\n".repeat(40);
    let run = |sha1: &str| {
        in_directory(|directory| {
            let script = Script {
                directory,
                size: SIZE,
                command: "cat",
                is_merged: false,
                input: Some(sha1),
                is_watched: false,
            };
            screens(&script, &upload_lines(&data, 79), &["exit"])
        })
    };
    let shown = run(&sha1_of(&data));
    let rows = page(&shown[shown.len() - 2], Division { page_rows: SIZE.page_rows(), total: 0 });
    assert_eq!(Outcome::parse(&rows.concat(), 1 << 20).unwrap().stdout, data);
    let shown = run(&sha1_of(b"other"));
    assert!(shown.iter().flatten().all(|row| !row.ends_with(" b")), "{shown:?}");
}

#[test]
fn a_directory_that_exists_is_not_taken() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().to_str().unwrap();
    let script =
        Script { directory: path, size: SIZE, command: "true", is_merged: false, input: None, is_watched: false }
            .lines()
            .join("\n");
    let done = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert!(!done.status.success() && done.stdout.is_empty() && directory.path().exists(), "{done:?}");
}

#[test]
fn rows_and_pages_fit_the_screen() {
    assert_eq!(SIZE.page_rows(), 20);
    assert_eq!(ScreenSize { columns: 8, rows: 4 }.page_rows(), 1);
    assert_eq!(ScreenSize { columns: 320, rows: 100 }.page_rows(), 60);
    assert_eq!(Packing::Gzip.command(SIZE), "gzip|base64");
    assert_eq!(Packing::Gzip.command(ScreenSize { columns: 160, rows: 50 }), "gzip|base64 -w159");
    assert_eq!(Packing::Gzip.command(ScreenSize { columns: 40, rows: 25 }), "gzip|base64 -w39");
}
