//! Finds the row of a screen that tells the state of its machine.

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
}

/// Finds the lowest row that a rule matches. Rows of a background rule count only if nothing decides above them, but they end
/// the states that they name. Of them, one with another state than `boot` counts before those with it, which are of every boot.
/// `columns` is the width of the screen: a row that fills it may go on in the next.
///
/// `None` if no row says anything.
pub(crate) fn classify(rules: &RuleSet, rows: &[String], columns: usize) -> Option<Finding> {
    let (mut background, mut ended): (Option<Finding>, Vec<&str>) = (None, Vec::new());
    for row in (0..rows.len()).rev() {
        let text = with_rest(rows, row, columns);
        let Some(rule) = rules.first_match(&text) else { continue };
        if rule.is_background {
            ended.extend(rule.ends.iter().map(String::as_str));
            if background.as_ref().is_none_or(|lower| lower.state == BOOT && rule.state != BOOT) {
                background = Some(finding(rule, row, text));
            }
        } else if !ended.contains(&rule.state.as_str()) {
            // Of two rows with the same state, the lower one says more.
            let lower = background.filter(|lower| lower.state == rule.state);
            return Some(lower.unwrap_or_else(|| finding(rule, row, text)));
        }
    }
    background
}

fn finding(rule: &Rule, row: usize, text: String) -> Finding {
    Finding { state: rule.state.clone(), row, text, rule: rule.name.clone() }
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
