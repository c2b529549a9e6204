//! Finds the row of a screen that tells the state of its machine.

use std::sync::LazyLock;

use regex::Regex;

use super::rules::{Rule, RuleSet};

/// The state of background rows that say no more than that Linux runs.
const BOOT: &str = "boot";

/// What a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) state: String,
    /// The number of the row, from 0.
    pub(crate) row: usize,
    /// The row, and what follows it on the next one where it fills the screen's width.
    pub(crate) text: String,
    /// The name of the rule that matched.
    pub(crate) rule: String,
    /// The lowest row below it with a trouble after which Linux goes on: of a background rule with another state than `boot`.
    pub(crate) trouble: Option<Box<Finding>>,
}

/// A prompt, and what Linux wrote behind it: it does not begin a new row for its messages.
static PROMPT_AND_MESSAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(\S+ login:|Password:|\(initramfs\)|[^ ]*[#$]|\[[^\]]*\][#$]) ?(\[ *\d+\.\d{6}\].*)$")
        .expect("it is tested")
});

/// Finds the lowest row that a rule matches. Rows of a background rule count only if nothing decides above them, but they end
/// the states that they name. Of them, one with another state than `boot` counts before those with it, which are of every boot.
/// `columns` is the width of the screen: a row that fills it may go on in the next.
///
/// `None` if no row says anything.
pub(crate) fn classify(rules: &RuleSet, rows: &[String], columns: usize) -> Option<Finding> {
    let (mut background, mut ended): (Option<Finding>, Vec<&str>) = (None, Vec::new());
    for row in (0..rows.len()).rev() {
        let text = with_rest(rows, row, columns);
        for (part, is_message) in parts(&text) {
            let Some(rule) = rules.first_match(part).filter(|rule| rule.is_background || !is_over(rule, &ended)) else {
                continue;
            };
            // A prompt is told with what stands behind it.
            let found = || finding(rule, row, if is_message { part } else { &text });
            if rule.is_background {
                ended.extend(rule.ends.iter().map(String::as_str));
                let says_more = |lower: &Finding| lower.state == BOOT && rule.state != BOOT && !is_over(rule, &ended);
                if background.as_ref().is_none_or(says_more) {
                    background = Some(found());
                }
                continue;
            }
            return Some(match background {
                // Of two rows with the same state, the lower one says more, and any trouble more than that Linux starts.
                Some(lower) if lower.state == rule.state || rule.state == BOOT => lower,
                Some(lower) if lower.state != BOOT => Finding { trouble: Some(Box::new(lower)), ..found() },
                _ => found(),
            });
        }
    }
    background
}

fn is_over(rule: &Rule, ended: &[&str]) -> bool {
    ended.contains(&rule.state.as_str())
}

fn finding(rule: &Rule, row: usize, text: &str) -> Finding {
    let (state, text, rule) = (rule.state.clone(), text.to_owned(), rule.name.clone());
    Finding { state, row, text, rule, trouble: None }
}

/// A row, or a message of Linux and the prompt that it stands behind. The message came later.
fn parts(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let captures = PROMPT_AND_MESSAGE.captures(text);
    let (prompt, message) = match &captures {
        Some(captures) => (captures.get(1), captures.get(2)),
        None => (None, None),
    };
    let (prompt, message) = (prompt.map_or(text, |it| it.as_str()), message.map(|it| (it.as_str(), true)));
    message.into_iter().chain([(prompt, false)])
}

/// A row without the spaces at its end, and the next one if this one fills the width.
fn with_rest(rows: &[String], row: usize, columns: usize) -> String {
    let text = rows[row].trim_end();
    match rows.get(row + 1) {
        Some(next) if columns > 0 && text.chars().count() >= columns => format!("{text}{}", next.trim_end()),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(rows: &[&str]) -> Option<(String, usize)> {
        let rows: Vec<String> = rows.iter().map(|row| (*row).to_owned()).collect();
        classify(&RuleSet::built_in(), &rows, 80).map(|finding| (finding.state, finding.row))
    }

    fn found(state: &str, row: usize) -> Option<(String, usize)> {
        Some((state.to_owned(), row))
    }

    const PANIC: &str = "[    1.512345] Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b";
    const KERNEL: &str = "[    1.512399] Call Trace:";
    const SERVICE: &str = "[  OK  ] Started D-Bus System Message Bus.";

    #[test]
    fn the_lowest_row_decides() {
        assert_eq!(state(&[PANIC, "", "web-01 login:"]), found("login", 2));
        assert_eq!(state(&["web-01 login:", PANIC]), found("panic", 1));
        assert_eq!(state(&["root@web-01:~# dmesg | grep panic", PANIC, "root@web-01:~#"]), found("shell", 2));
        assert_eq!(state(&["total 12", ""]), None);
    }

    #[test]
    fn rows_of_every_boot_do_not_hide_what_is_above_them() {
        for above in [PANIC, "(initramfs)", "web-01 login:", "Give root password for maintenance"] {
            let expected = state(&[above]).unwrap();
            assert_eq!(state(&[above, KERNEL]), Some(expected.clone()), "{above}");
            assert_eq!(state(&[above, SERVICE, KERNEL]), Some(expected), "{above}");
        }
        assert_eq!(state(&["Please unlock disk vda3_crypt:", KERNEL]), found("passphrase", 0));
    }

    #[test]
    fn rows_of_a_boot_end_what_comes_before_it() {
        for above in ["SeaBIOS (version 1.16.2)", "grub> boot", "error: no such device: 0b3c.", "No bootable device."] {
            assert_eq!(state(&[above, "", KERNEL]), found("boot", 2), "{above}");
        }
        let by_hand = "/dev/vda1: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.";
        assert_eq!(state(&[by_hand, KERNEL]), found("fsck", 0));
        assert_eq!(state(&[by_hand, SERVICE]), found("boot", 1));
        assert_eq!(state(&["Please unlock disk vda3_crypt:", SERVICE]), found("boot", 1));
        let done = "[   21.0] cloud-init[612]: Cloud-init v. 22.4.2 finished at Wed, 25 Nov 2026";
        let running = "[   20.0] cloud-init[612]: Cloud-init v. 22.4.2 running 'modules:final' at Wed, 25 Nov 2026";
        assert_eq!(state(&["web-01 login:", running]), found("cloud-init", 1));
        assert_eq!(state(&["web-01 login:", running, done]), found("login", 0));
        assert_eq!(
            state(&["Loading Linux 6.1.0-28-amd64 ...", "Loading initial ramdisk ...", KERNEL]),
            found("boot", 2)
        );
    }

    const KILLED: &str = "[  400.000001] Out of memory: Killed process 812 (java) total-vm:8123456kB";
    const HUNG: &str = "[  363.000001] INFO: task jbd2/vda1-8:187 blocked for more than 120 seconds.";

    #[test]
    fn what_passes_does_not_make_a_machine_sick() {
        for passes in [KILLED, HUNG] {
            assert_eq!(state(&["web-01 login:", passes, KERNEL]), found("login", 0));
            assert_eq!(state(&["root@web-01:~#", passes]), found("shell", 0));
            // Nothing else is there, but rows of every boot.
            assert_eq!(state(&[SERVICE, passes, KERNEL]), found("oops", 1));
        }
        for runs in ["/dev/vda1: recovering journal", "/dev/vda1 contains a file system with errors, check forced."] {
            assert_eq!(state(&[runs]).unwrap().0, "boot", "{runs}");
        }
    }

    const TROUBLES: [&str; 6] = [
        KILLED,
        HUNG,
        "[  200.100000] watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [kworker/1:0:17]",
        "[  210.500000] rcu: INFO: rcu_preempt self-detected stall on CPU",
        "[   99.100000] EXT4-fs error (device vda1): ext4_lookup:1855: inode #131: comm ls: iget: checksum invalid",
        "[   99.000000] blk_update_request: I/O error, dev vda, sector 2048 op 0x0:(READ) flags 0x0 phys_seg 1",
    ];

    fn with_trouble(rows: &[&str]) -> (String, Option<(String, usize)>) {
        let rows: Vec<String> = rows.iter().map(|row| (*row).to_owned()).collect();
        let found = classify(&RuleSet::built_in(), &rows, 0).unwrap();
        (found.state, found.trouble.map(|trouble| (trouble.state, trouble.row)))
    }

    #[test]
    fn a_trouble_below_a_prompt_is_told_beside_it() {
        for trouble in TROUBLES {
            let state = with_trouble(&[trouble, KERNEL]).0;
            assert!(["oops", "fsck"].contains(&state.as_str()), "alone it decides: {trouble}");
            let told = |row| Some((state.clone(), row));
            for prompt in ["web-01 login:", "Password:", "root@web-01:~#", "[root@iZbp1 ~]#", "(initramfs)"] {
                let expected = with_trouble(&[prompt]).0;
                assert_eq!(with_trouble(&[prompt, trouble, KERNEL]), (expected.clone(), told(1)), "{trouble}");
                assert_eq!(with_trouble(&[&format!("{prompt} {trouble}")]), (expected.clone(), told(0)), "{prompt}");
                // The prompt is the later one.
                assert_eq!(with_trouble(&[trouble, prompt, KERNEL]), (expected, None), "{trouble}");
            }
            // A start is no prompt, and is over before these.
            for above in ["Welcome to Debian GNU/Linux 12 (bookworm)!", "grub> boot", "Booting from Hard Disk..."] {
                assert_eq!(with_trouble(&[above, trouble, KERNEL]), (state.clone(), None), "{above}");
            }
        }
    }

    #[test]
    fn what_linux_does_not_survive_decides_below_and_behind_a_prompt() {
        let oops = "[  100.000001] BUG: kernel NULL pointer dereference, address: 0000000000000008";
        for (fatal, expected) in [(PANIC, "panic"), (oops, "oops")] {
            for prompt in ["web-01 login:", "root@web-01:~#", "[root@iZbp1 ~]#"] {
                assert_eq!(state(&[prompt, fatal, KERNEL]), found(expected, 1));
                assert_eq!(state(&[&format!("{prompt} {fatal}"), KERNEL]), found(expected, 0));
            }
            // A command that a person typed.
            assert_eq!(state(&[&format!("root@web-01:~# echo {fatal}")]), found("shell", 0));
        }
    }

    #[test]
    fn a_drive_without_a_disk_is_no_trouble() {
        for drive in ["fd0", "sr0"] {
            let row = format!("[    4.100000] blk_update_request: I/O error, dev {drive}, sector 0 op 0x0:(READ)");
            assert_eq!(with_trouble(&["web-01 login:", &row]), ("login".to_owned(), None));
        }
    }

    #[test]
    fn a_pager_is_text_and_a_bare_prompt_a_shell() {
        for pager in [":", "(END)", "--More--", "lines 1-23/812 2%"] {
            assert_eq!(state(&[PANIC, HUNG, pager]), found("text", 2), "{pager}");
        }
        for prompt in ["#", "$", "/ #", "~ $", "host%"] {
            assert_eq!(state(&[PANIC, prompt]), found("shell", 1), "{prompt}");
        }
    }

    #[test]
    fn a_row_that_fills_the_screen_goes_on_in_the_next() {
        let long = format!("[    1.512345] EXT4-fs error (device {}", "x".repeat(43));
        assert_eq!(long.len(), 80);
        assert_eq!(state(&[&long, "y): ext4_lookup:1855: inode #131"]), found("fsck", 0));
        let split = format!("ALERT!  UUID={} does", "0".repeat(62));
        assert_eq!(split.len(), 80);
        assert_eq!(state(&[&split, " not exist.  Dropping to a shell!"]), found("initramfs", 0));
    }
}
