use std::collections::BTreeSet;

use chrono::TimeZone as _;

use super::*;
use crate::api::operations::Instance;
use crate::font::{Font, shipped};
use crate::instances::ResolvedInstance;
use crate::picture::Picture;
use crate::system::clock::Clock;
use crate::system::environment::Environment;
use crate::terminal::output::{Color, Format};

/// Rows with what others took for a sick machine, or what the words of rules are in another place. None says anything.
const TRAPS: [&str; 40] = [
    "[    0.000000] RIP: 0010:native_safe_halt+0xe/0x10",
    "[    0.123456] NMI watchdog: Enabled. Permanently consumes one hw-PMU counter.",
    "[    0.133456] rcu: Hierarchical RCU implementation.",
    "[    0.140000] rcu: RCU calculated value of scheduler-enlistment delay is 25 jiffies.",
    "[    0.200000] Kernel command line: root=/dev/vda1 panic=30 oops=panic hung_task_panic=0",
    "[    0.987654] Unpacking initramfs...",
    "[    1.000000] Initramfs unpacking failed: junk in compressed archive",
    "[    1.100000] EXT4-fs (vda1): re-mounted. Opts: errors=remount-ro",
    "[    1.110000] EXT4-fs (vda1): recovery complete",
    "[    1.120000] XFS (vdb1): Ending clean mount",
    "[    1.130000] systemd[1]: Started Emergency service's path watcher",
    "[    1.140000] audit: initializing netlink subsys (disabled)",
    "[FAILED] Failed to start Load Kernel Modules.",
    "[DEPEND] Dependency failed for /data.",
    "[ TIME ] Timed out waiting for device /dev/vdb1.",
    "[  OK  ] Reached target Rescue Mode Helpers.",
    "[  OK  ] Stopped target Initrd Root Device.",
    "[  OK  ] Finished File System Check on /dev/vda1.",
    "/dev/vda1: clean, 31415/2621440 files, 1001001/10485499 blocks",
    "the kernel did panic yesterday: Kernel panic - not syncing",
    "  Kernel panic - not syncing is what a manual page may hold",
    "hung task, soft lockup, stall and watchdog are words",
    "type exit to leave grub> or (initramfs)",
    "  grub> is not at the start of this row",
    "kernel.panic = 30",
    "error: pathspec 'main' did not match any file(s) known to git",
    "error: externally-managed-environment",
    "Windows Boot Manager",
    "Last login: Tue Nov 24 03:12:01 UTC 2026 on tty1",
    "No bootable devices were harmed",
    "Emergency contact: ops, +49 30 123456",
    "Out of memory is not what killed process 812",
    "apt: System halted is a song",
    "reboot: command not found",
    "fsck.ext4: run me on a file system that is not mounted",
    "requires a manual fsck of the mind",
    "BUG: report it to the list",
    "Oops: I did it again",
    "Please unlock the door of the rack",
    "STOP: see the manual",
];

/// What stands below them, and the state that it says.
const ENDS: [(&[&str], &str); 4] = [
    (&["Debian GNU/Linux 12 web-01 tty1", "", "web-01 login: "], "login"),
    (&["root@web-01:~# "], "shell"),
    (&["[  OK  ] Started Getty on tty1.", "[    9.000000] eth0: link becomes ready"], "boot"),
    (&["[admin@db ~]$ less notes"], "shell"),
];

fn output() -> Output {
    Output::new(Format::Text, Color::Never, true, 0, &Environment::default())
}

/// Draws rows in a font, in gray on black.
fn draw(font: &Font, rows: &[&str]) -> Picture {
    let (width, height) = (usize::from(font.width), usize::from(font.height));
    let (columns, lines) = (80, rows.len().max(25));
    let mut rgb = vec![0; 3 * columns * width * lines * height];
    for (row, text) in rows.iter().enumerate() {
        for (column, character) in text.chars().take(columns).enumerate().filter(|(_, character)| *character != ' ') {
            let glyph = font.glyphs.iter().find(|glyph| glyph.characters.contains(&character));
            let glyph = glyph.unwrap_or_else(|| panic!("{} has no {character:?}", font.name));
            for (y, bits) in glyph.rows.iter().enumerate() {
                for x in (0..width).filter(|x| bits >> (width - 1 - x) & 1 == 1) {
                    let at = (row * height + y) * columns * width + column * width + x;
                    rgb[3 * at..][..3].fill(0xaa);
                }
            }
        }
    }
    Picture::new((columns * width) as u32, (lines * height) as u32, rgb).unwrap()
}

fn look(picture: Picture, is_lossy: bool) -> Look {
    let info: Instance = serde_json::from_str(r#"{"Status":"Running","OSType":"linux"}"#).unwrap();
    let instance = ResolvedInstance { id: "i-1".to_owned(), region: "cn-hangzhou".to_owned(), info: Some(info) };
    let shot = Shot { picture, instance: instance.clone(), via: "api", time: Clock::system().now(), is_lossy };
    Look { instance, shot: Some(shot), boot_log: None, probe: None }
}

fn reader() -> StateReader {
    StateReader { reader: ScreenReader::new(None), rules: RuleSet::built_in(), output: output() }
}

#[test]
fn a_hundred_healthy_screens_have_no_sick_state() {
    let reader = reader();
    let rows = TRAPS.iter().chain(ENDS.iter().flat_map(|(rows, _)| *rows));
    let used: BTreeSet<char> = rows.flat_map(|row| row.chars()).filter(|character| *character != ' ').collect();
    let has = |font: &Font, c: &char| font.glyphs.iter().any(|glyph| glyph.characters.contains(c));
    let fonts: Vec<Font> =
        shipped().into_iter().filter(|font| used.iter().all(|c| has(font, c)) && font.height <= 20).collect();
    assert!(fonts.len() > 10, "{}", fonts.len());
    let mut sizes: Vec<(u8, u8)> = fonts.iter().map(|font| (font.width, font.height)).collect();
    sizes.sort_unstable();
    sizes.dedup();
    assert!(sizes.len() > 2, "{sizes:?}");
    for number in 0..100 {
        let (end, state) = ENDS[number % ENDS.len()];
        let traps = (0..12).map(|line| TRAPS[(7 * number + line) % TRAPS.len()]);
        let rows: Vec<&str> = traps.chain(end.iter().copied()).collect();
        let font = &fonts[number % fonts.len()];
        let verdict = reader.judge(&look(draw(font, &rows), false));
        let told = (verdict.state.as_str(), verdict.certainty, verdict.evidence);
        assert_eq!(told, (state, Certainty::Exact, Evidence::Screen), "{}: {verdict:?}", font.name);
        assert_eq!(verdict.row, Some(rows.len() - 1));
    }
}

#[test]
fn a_trap_alone_is_no_sick_state() {
    let rules = RuleSet::built_in();
    for trap in TRAPS {
        let state = classify(&rules, &[trap.to_owned()], 80).map(|finding| finding.state);
        assert!(state.as_deref().is_none_or(|state| state == "boot"), "{trap}: {state:?}");
    }
}

#[test]
fn a_jpg_is_not_exact_and_an_unknown_text_is_its_last_row() {
    let font = shipped().into_iter().find(|font| font.name == "vga-8x16").unwrap();
    let picture = draw(&font, &["Choose a disk:", "  1. vda", ""]);
    let jpg = Picture::decode(&picture.to_jpg().unwrap()).unwrap();
    let reader = reader();
    let told = |look: &Look| {
        let verdict = reader.judge(look);
        (verdict.state, verdict.row, verdict.line, verdict.certainty)
    };
    let expected = |certainty| (TEXT.to_owned(), Some(1), "  1. vda".to_owned(), certainty);
    assert_eq!(told(&look(picture, false)), expected(Certainty::Exact));
    assert_eq!(told(&look(jpg, true)), expected(Certainty::Inexact));
    let mut starting = Look { shot: None, ..look(draw(&font, &[]), false) };
    starting.instance.info.as_mut().unwrap().status = "Starting".to_owned();
    let expected_state = ("starting".to_owned(), None, "Status: Starting".to_owned(), Certainty::Exact);
    assert_eq!(told(&starting), expected_state);
    let blank = (BLANK.to_owned(), None, String::new(), Certainty::Exact);
    assert_eq!(told(&look(draw(&font, &[]), false)), blank);
}

const PANIC: &str = "[    1.512345] Kernel panic - not syncing: No working init found.";

fn log(text: &str) -> BootLog {
    let updated = Utc.with_ymd_and_hms(2026, 11, 25, 10, 12, 3).unwrap();
    BootLog { bytes: text.as_bytes().to_vec(), updated: Some(updated) }
}

/// A verdict some minutes after the log was written, of an instance that was started so many minutes before it.
fn judged(screen: &str, boot_log: &str, started: Option<i64>, age: i64) -> Verdict {
    let log = log(boot_log);
    let written = log.updated.unwrap();
    let started = started.map(|before| written - TimeDelta::minutes(before));
    let times = Times { started, now: written + TimeDelta::minutes(age) };
    let found = last_of(&log, &RuleSet::built_in());
    with_log(without_row(screen, "a row".to_owned(), Certainty::Exact), found, times)
}

fn decided(screen: &str, boot_log: &str) -> (String, Evidence) {
    let verdict = judged(screen, boot_log, Some(2), 30);
    (verdict.state, verdict.evidence)
}

#[test]
fn a_boot_log_counts_only_where_the_screen_says_nothing_later() {
    for screen in [BLANK, PICTURE, UNKNOWN_FONT, "boot"] {
        assert_eq!(decided(screen, PANIC), ("panic".to_owned(), Evidence::BootLog), "{screen}");
        assert_eq!(judged(screen, PANIC, Some(2), 30).certainty, Certainty::Perhaps);
    }
    for screen in [TEXT, "login", "shell", "shutdown", "emergency", "grub", "firmware", "windows-stop", "cloud-init"] {
        assert_eq!(decided(screen, PANIC), (screen.to_owned(), Evidence::Screen));
    }
}

#[test]
fn a_boot_log_of_an_earlier_run_or_of_what_passes_does_not_count() {
    const DAY: i64 = 24 * 60;
    let state = |screen: &str, log: &str, started, age| judged(screen, log, started, age).state;
    // Of this run, however old; a desktop only if the log is fresh.
    assert_eq!(state(BLANK, PANIC, Some(0), 87 * DAY), "panic");
    assert_eq!(
        (state(PICTURE, PANIC, Some(0), 60), state(PICTURE, PANIC, Some(0), 61)),
        ("panic".into(), PICTURE.into())
    );
    // Written when the run before ended.
    assert_eq!(state(BLANK, PANIC, Some(-1), 10), BLANK);
    // Without the time of the start, only its age tells.
    assert_eq!((state(BLANK, PANIC, None, 60), state(BLANK, PANIC, None, 61)), ("panic".into(), BLANK.into()));
    // Linux goes on after each of these.
    for passes in [
        "[  400.000001] Out of memory: Killed process 812 (java) total-vm:8123456kB",
        "[  100.000001] BUG: kernel NULL pointer dereference, address: 0000000000000008",
        "[  363.000001] INFO: task jbd2/vda1-8:187 blocked for more than 120 seconds.",
        "[   99.1] EXT4-fs error (device vda1): ext4_lookup:1855: inode #131: comm ls: iget: checksum invalid",
    ] {
        assert_eq!(state(BLANK, passes, Some(1), 10), BLANK, "{passes}");
    }
    let undated = LogFinding { updated: None, ..last_of(&log(PANIC), &RuleSet::built_in()).unwrap() };
    let screen = without_row(BLANK, String::new(), Certainty::Exact);
    assert_eq!(with_log(screen, Some(undated), Times { started: None, now: Utc::now() }).state, BLANK);
}

#[test]
fn a_boot_log_that_does_not_decide_is_told_beside_the_row() {
    let line = |screen: &str, log: &str, started, age| judged(screen, log, started, age).line_and_log();
    assert_eq!(line("login", PANIC, Some(1), 8 * 60), "a row; its boot log ends in panic, 8 h ago");
    assert_eq!(line(TEXT, "(initramfs)", Some(1), 5), "a row; its boot log ends in initramfs, 5 min ago");
    assert_eq!(line(BLANK, PANIC, Some(1), 5), format!("5 min ago: {PANIC}"));
    // Of an earlier run, the same as the screen, and passed once a user has logged in.
    assert_eq!(line("login", PANIC, Some(-1), 5), "a row");
    assert_eq!(line("panic", PANIC, Some(1), 5), "a row");
    assert_eq!(line("shell", "Please unlock disk vda3_crypt:", Some(1), 5), "a row");
    let verdict = Verdict { line: String::new(), ..judged("login", PANIC, None, -5) };
    let log = verdict.boot_log.clone().map(|log| LogFinding { age: None, ..log });
    assert_eq!(verdict.line_and_log(), "its boot log ends in panic, 2026-11-25T10:12:03Z");
    assert_eq!(Verdict { boot_log: log, ..verdict }.line_and_log(), "its boot log ends in panic");
}

#[test]
fn only_the_end_of_a_boot_log_counts() {
    assert_eq!(decided(BLANK, &format!("{PANIC}\r\nweb-01 login: \r\n")), (BLANK.to_owned(), Evidence::Screen));
    let trace = "[    1.512399] Call Trace:\r\n".repeat(50);
    assert_eq!(decided(BLANK, &format!("{PANIC}\r\n{trace}")).0, "panic");
    let much_later = "[  812.512399] eth0: link is down\r\n".repeat(70);
    assert_eq!(decided(BLANK, &format!("{PANIC}\r\n{much_later}")).0, BLANK);
    assert_eq!(decided(BLANK, ""), (BLANK.to_owned(), Evidence::Screen));
}

#[test]
fn the_line_of_a_boot_log_is_counted_from_its_start() {
    let text = format!("{}\x1b[0;31m{PANIC}\x1b[0m\n", "x\n".repeat(100));
    let found = last_of(&log(&text), &RuleSet::built_in()).unwrap();
    assert_eq!((found.finding.row, found.finding.text.as_str()), (100, PANIC));
}
