use super::*;
use crate::demo::display::linux::machine::Distribution;

/// A console, and the time at which it is.
struct Desk {
    console: LinuxConsole,
    now: Instant,
}

fn desk_of(has_missing_disk: bool) -> Desk {
    let machine = Machine::new("web-01", Distribution::AlibabaCloudLinux, "10.0.0.10", has_missing_disk);
    let now = Instant::now();
    Desk { console: LinuxConsole::new(machine, now), now }
}

fn desk() -> Desk {
    desk_of(false)
}

/// Scancodes of the keys that type these characters. Linux's input-event-codes.h.
const KEYS: [(char, u32); 10] =
    [('\n', 28), ('\u{8}', 14), ('r', 19), ('o', 24), ('t', 20), ('x', 45), ('e', 18), ('c', 46), ('h', 35), (' ', 57)];
const SHIFT: Code = Code::Scancode(42);
const CONTROL: Code = Code::Scancode(29);
const ALT: Code = Code::Scancode(56);

impl Desk {
    fn press(&mut self, code: Code) {
        self.console.press(code, true, self.now);
        self.console.press(code, false, self.now);
    }

    fn chord(&mut self, codes: &[Code]) {
        codes.iter().for_each(|code| self.console.press(*code, true, self.now));
        codes.iter().rev().for_each(|code| self.console.press(*code, false, self.now));
    }

    /// By scancode where [`KEYS`] has one, else by keysym.
    fn types(&mut self, text: &str) {
        for character in text.chars() {
            let scancode = KEYS.iter().find(|(key, _)| *key == character);
            self.press(scancode.map_or(Code::Keysym(character.into()), |(_, code)| Code::Scancode(*code)));
        }
    }

    fn logged_in() -> Self {
        let mut desk = desk();
        desk.types("root\nsecret\n");
        desk
    }

    fn waits(&mut self, time: Duration) {
        self.now += time;
        let _ = self.console.frame(self.now);
    }

    fn rows(&self) -> Vec<String> {
        self.console.terminal.rows()
    }

    /// The last row that is not blank.
    fn last(&self) -> String {
        self.rows().pop().unwrap()
    }
}

#[test]
fn it_has_booted_and_asks_who_is_there() {
    let desk = desk();
    let rows = desk.rows();
    assert_eq!(rows.len(), 25, "the log fills the screen");
    let end = ["", "Alibaba Cloud Linux 3 (Soaring Falcon)", "Kernel 5.10.134-16.3.al8.x86_64 on an x86_64", ""];
    assert_eq!(rows[20..24], end);
    assert_eq!(rows[24], "web-01 login:");
    assert!(rows.contains(&"[  OK  ] Started OpenSSH server daemon.".to_owned()), "{rows:#?}");
}

#[test]
fn a_name_and_any_password_lead_to_a_shell() {
    let mut desk = desk();
    desk.types("root");
    assert_eq!(desk.last(), "web-01 login: root");
    desk.types("\n");
    assert_eq!(desk.last(), "Password:");
    let before = desk.console.frame(desk.now);
    desk.types("s3cret ");
    assert_eq!(desk.console.frame(desk.now), before, "a password is not shown, nor how long it is");
    desk.types("\n");
    let welcome = [
        "Last login: Tue Mar  5 20:16:58 on tty1",
        "",
        "Welcome to Alibaba Cloud Elastic Compute Service !",
        "",
        "[root@web-01 ~]#",
    ];
    assert_eq!(desk.rows()[20..], welcome);
    let mut other = self::desk();
    other.types("admin\nx\nwhoami\n");
    assert_eq!(other.rows()[22..], ["[admin@web-01 ~]$ whoami", "admin", "[admin@web-01 ~]$"]);
}

#[test]
fn a_wrong_password_is_refused() {
    for password in ["wrong", "wronger\u{8}\u{8}"] {
        let mut desk = desk();
        desk.types(&format!("root\n{password}\n"));
        assert_eq!(desk.rows()[20..], ["Password:", "", "Login incorrect", "", "web-01 login:"]);
        let mut desk = desk_of(true);
        desk.types(&format!("{password}\n"));
        let rows = ["Login incorrect", "", "Give root password for maintenance", "(or press Control-D to continue):"];
        assert_eq!(desk.rows()[21..], rows);
    }
    let mut desk = desk();
    desk.types("root\nwrongs\n");
    assert_eq!(desk.last(), "[root@web-01 ~]#");
}

#[test]
fn an_expired_password_is_to_be_changed() {
    let mut desk = desk();
    desk.types("expired\nany\n");
    let words = "You are required to change your password immediately (administrator enforced).";
    assert!(desk.rows().join("").contains(words), "{:?}", desk.rows());
    assert_eq!(desk.last(), "Current password:");
    desk.types("any\n");
    assert_eq!(desk.last(), "web-01 login:");
}

#[test]
fn an_empty_password_and_an_empty_name_are_refused() {
    let mut desk = desk();
    desk.types("root\n");
    desk.types("x\u{8}\u{8}\n");
    assert_eq!(desk.rows()[20..], ["Password:", "", "Login incorrect", "", "web-01 login:"]);
    desk.types("\n \n");
    assert_eq!(desk.rows()[22..], ["web-01 login:"; 3]);
}

#[test]
fn the_shell_echoes_and_runs_what_is_typed() {
    let mut desk = Desk::logged_in();
    desk.types("clear\necho hello world\n");
    assert_eq!(desk.rows(), ["[root@web-01 ~]# echo hello world", "hello world", "[root@web-01 ~]#"]);
    desk.types("echo one");
    desk.types("\u{8}\u{8}x");
    assert_eq!(desk.last(), "[root@web-01 ~]# echo ox");
    desk.chord(&[CONTROL, Code::Scancode(22)]);
    assert_eq!(desk.last(), "[root@web-01 ~]#", "Ctrl-U erases the line");
    desk.types("\u{8}\u{8}");
    assert_eq!(desk.last(), "[root@web-01 ~]#", "the prompt stays");
    desk.types("echo");
    desk.chord(&[CONTROL, Code::Scancode(46)]);
    assert_eq!(desk.rows()[2..], ["[root@web-01 ~]# echo^C", "[root@web-01 ~]#"]);
}

#[test]
fn shift_and_caps_lock_make_capitals() {
    let mut desk = desk();
    desk.console.press(SHIFT, true, desk.now);
    desk.types("ro");
    desk.console.press(SHIFT, false, desk.now);
    desk.press(Code::Scancode(58));
    desk.types("o");
    desk.press(Code::Scancode(58));
    desk.types("t");
    assert_eq!(desk.last(), "web-01 login: ROOt");
}

#[test]
fn a_line_wraps_and_is_bounded() {
    let mut desk = Desk::logged_in();
    desk.types("clear\n");
    desk.types(&"x".repeat(1000));
    let rows = desk.rows();
    assert_eq!(rows.iter().map(String::len).collect::<Vec<_>>(), [80, 80, 80, 17 + 255 - 240]);
    desk.types(&"\u{8}".repeat(1000));
    assert_eq!(desk.rows(), ["[root@web-01 ~]#"]);
}

#[test]
fn leaving_the_shell_leads_back_to_the_login() {
    let mut desk = Desk::logged_in();
    desk.types("exit\n");
    assert_eq!(desk.last(), "web-01 login:");
    let mut desk = Desk::logged_in();
    desk.chord(&[CONTROL, Code::Keysym('d'.into())]);
    assert_eq!(desk.rows()[19..21], ["[root@web-01 ~]# logout", ""]);
    assert_eq!(desk.last(), "web-01 login:");
}

#[test]
fn three_keys_boot_it_anew_line_by_line_in_about_a_second() {
    let control_alt_delete = [CONTROL, ALT, Code::Scancode(0xd3)];
    let sys_rq_b = [ALT, Code::Scancode(0x54), Code::Scancode(48)];
    for chord in [&control_alt_delete, &sys_rq_b] {
        let mut desk = Desk::logged_in();
        desk.chord(chord);
        assert_eq!(desk.rows(), [""; 0], "the screen is cleared");
        assert!(desk.console.next_change(desk.now) <= BOOT_LINE_GAP);
        desk.types("x");
        desk.waits(BOOT_LINE_GAP);
        assert_eq!(desk.rows(), ["SeaBIOS (version 1.16.0)"]);
        desk.waits(BOOT_LINE_GAP * 2);
        assert_eq!(desk.rows()[1], "Booting from Hard Disk...");
        assert!(desk.rows()[2].starts_with("[    0.000000] Linux version 5.10"), "{:?}", desk.rows());
        let mut time = BOOT_LINE_GAP * 3;
        while desk.last() != "web-01 login:" {
            let step = desk.console.next_change(desk.now);
            assert!(step > Duration::ZERO && step <= BOOT_LINE_GAP, "{step:?}");
            time += step;
            desk.waits(step);
        }
        assert!((700..1300).contains(&time.as_millis()), "{time:?}");
        assert_eq!(desk.rows(), self::desk().rows(), "and looks as before the first login");
        desk.types("root");
        assert_eq!(desk.last(), "web-01 login: root");
    }
    // It does not need to be looked at.
    let mut desk = Desk::logged_in();
    desk.types("reboot\n");
    desk.waits(Duration::from_secs(3600));
    assert_eq!(desk.last(), "web-01 login:");
}

#[test]
fn a_wrong_fstab_ends_in_emergency_mode() {
    let mut desk = desk_of(true);
    let rows = desk.rows();
    let from = rows.iter().position(|row| row.starts_with("[ TIME ]")).unwrap();
    let expected = [
        "[ TIME ] Timed out waiting for device /dev/vdb1.",
        "[DEPEND] Dependency failed for /data.",
        "[DEPEND] Dependency failed for Local File Systems.",
        "[  OK  ] Started Emergency Shell.",
        "[  OK  ] Reached target Emergency Mode.",
        "You are in emergency mode. After logging in, type \"journalctl -xb\" to view",
        "system logs, \"systemctl reboot\" to reboot, \"systemctl default\" or \"exit\"",
        "to boot into default mode.",
        "Give root password for maintenance",
        "(or press Control-D to continue):",
    ];
    assert_eq!(rows[from..], expected);
    desk.types("\n");
    assert_eq!(desk.rows()[22..], ["", "Give root password for maintenance", "(or press Control-D to continue):"]);
    // It only fails again.
    desk.chord(&[CONTROL, Code::Keysym('d'.into())]);
    desk.waits(Duration::from_secs(2));
    assert_eq!(desk.rows()[15..], expected);
    desk.types("secret\n");
    assert_eq!(desk.last(), "[root@web-01 ~]#");
    desk.types("exit\n");
    desk.waits(Duration::from_secs(2));
    assert_eq!(desk.rows()[15..], expected);
}

#[test]
fn a_corrected_fstab_lets_it_boot() {
    for then in ["exit\n", "systemctl default\n", "reboot\n"] {
        let mut desk = desk_of(true);
        desk.types("secret\n");
        desk.types("sed -i '/vdb1/d' /etc/fstab\n");
        desk.types(then);
        desk.waits(Duration::from_secs(2));
        assert_eq!(desk.last(), "web-01 login:", "{then}");
        desk.types("root\nsecret\nsystemctl default\nexit\n");
        assert_eq!(desk.last(), "web-01 login:", "it is no emergency any more");
    }
}

#[test]
fn a_ping_writes_a_line_each_second_until_ctrl_c() {
    let mut desk = Desk::logged_in();
    desk.types("clear\nping 10.0.0.1\n");
    desk.waits(Duration::from_millis(2500));
    let answers = [
        "64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.04 ms",
        "64 bytes from 10.0.0.1: icmp_seq=2 ttl=64 time=0.04 ms",
    ];
    assert_eq!(desk.rows()[2..], answers);
    desk.types("x\n");
    assert_eq!(desk.rows().len(), 4, "it does not listen");
    // A year unseen is written in no time.
    desk.waits(Duration::from_secs(365 * 86400));
    assert!(desk.last().starts_with("64 bytes from 10.0.0.1: icmp_seq=31536002 "), "{}", desk.last());
    desk.chord(&[CONTROL, Code::Scancode(46)]);
    assert_eq!(desk.rows()[23..], ["^C", "[root@web-01 ~]#"]);
    desk.waits(Duration::from_secs(9));
    assert_eq!(desk.last(), "[root@web-01 ~]#");
}

#[test]
fn the_cursor_blinks_twice_a_second() {
    let mut desk = desk();
    let frames: Vec<_> = (0..16).map(|step| desk.console.frame(desk.now + CURSOR_PHASE / 4 * step)).collect();
    let lit = &frames[0];
    let is_lit: Vec<bool> = frames.iter().map(|frame| frame == lit).collect();
    assert_eq!(is_lit, [[true; 4], [false; 4], [true; 4], [false; 4]].concat());
    for (passed, left) in [(0, 250), (1, 249), (249, 1), (250, 250), (999, 1)] {
        let now = desk.now + Duration::from_millis(passed);
        assert_eq!(desk.console.next_change(now), Duration::from_millis(left));
    }
}

#[test]
fn a_shutdown_is_written_line_by_line_and_no_key_stops_it() {
    let mut desk = Desk::logged_in();
    desk.console.shut_down(false, desk.now);
    desk.chord(&[CONTROL, ALT, Code::Scancode(0xd3)]);
    desk.types("exit\n");
    while desk.last() != "[ 8123.004512] reboot: Power down" {
        let step = desk.console.next_change(desk.now);
        assert!(step > Duration::ZERO && step <= BOOT_LINE_GAP, "{step:?}");
        desk.waits(step);
    }
    assert!(desk.rows().contains(&"[  OK  ] Stopped target Multi-User System.".to_owned()), "{:?}", desk.rows());
    let rows = desk.rows();
    desk.types("root\n");
    desk.chord(&[CONTROL, ALT, Code::Scancode(0xd3)]);
    desk.waits(Duration::from_secs(60));
    assert_eq!(desk.rows(), rows, "it is off");
    desk.console.reboot(desk.now + Duration::from_secs(3));
    desk.waits(Duration::from_secs(3));
    assert_eq!(desk.rows(), [""; 0], "a machine that is started later shows nothing until then");
    desk.waits(BOOT_LINE_GAP);
    assert_eq!(desk.rows(), ["SeaBIOS (version 1.16.0)"]);
}

#[test]
fn a_reboot_shuts_down_and_boots() {
    let mut desk = Desk::logged_in();
    desk.console.shut_down(true, desk.now);
    let mut seen = Vec::new();
    while desk.rows().last().is_none_or(|row| row != "web-01 login:") {
        let step = desk.console.next_change(desk.now);
        assert!(step > Duration::ZERO, "{step:?}");
        desk.waits(step);
        seen.push(desk.rows());
    }
    let shows = |text: &str| seen.iter().position(|rows| rows.iter().any(|row| row.contains(text))).unwrap();
    assert!(shows("reboot: Restarting system") < shows("SeaBIOS"));
    // Everything at once, for a screen that no client has requested.
    let mut desk = Desk::logged_in();
    desk.console.shut_down(true, desk.now);
    desk.waits(Duration::from_secs(60));
    assert_eq!(desk.rows(), self::desk().rows());
}
