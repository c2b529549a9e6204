//! Tells from what is on a console what its machine is at. Pure.
//!
//! ```text
//! rows → rules, from the bottom of the screen to its top → Finding: state, row, rule
//! pixels of a Windows → its colour and where its light pixels are → a state that may be wrong
//! ```
//!
//! - [`rules`]: rules in TOML, those built in and a user's
//! - [`classify`]: finds the row that decides
//! - [`windows`]: what a Windows without text that can be read shows

mod classify;
mod rules;
mod windows;

pub(crate) use classify::{Finding, classify};
pub(crate) use rules::{Rule, RuleSet};
pub(crate) use windows::{WindowsFinding, windows_state};

/// All states that a rule or this module gives, and then those that a screen has without a row that says so: one colour, no
/// text, text in a font that is not known, text that no rule knows, and an instance that does not run, or not yet.
pub(crate) const STATES: [&str; 28] = [
    "login",
    "shell",
    "boot",
    "grub",
    "grub-rescue",
    "initramfs",
    "emergency",
    "fsck",
    "passphrase",
    "panic",
    "oops",
    "firmware",
    "pxe",
    "no-boot-device",
    "cloud-init",
    "shutdown",
    "windows-login",
    "windows-boot-error",
    "windows-stop",
    "windows-update",
    BLANK,
    PICTURE,
    UNKNOWN_FONT,
    TEXT,
    STOPPED,
    "stopping",
    "starting",
    "pending",
];

/// The states of [`STATES`] that need attention: the machine cannot go on by itself, or, after an oops, may fail later.
const SICK_STATES: [&str; 9] = [
    "panic",
    "oops",
    "emergency",
    "initramfs",
    "grub-rescue",
    "no-boot-device",
    "fsck",
    "windows-stop",
    "windows-boot-error",
];

/// Whether a machine in this state needs attention.
pub(crate) fn is_sick(state: &str) -> bool {
    SICK_STATES.contains(&state)
}

/// A screen of one colour, and perhaps a cursor.
pub(crate) const BLANK: &str = "blank";
/// A screen without text that can be read.
pub(crate) const PICTURE: &str = "picture";
/// A screen with text in a font that is not known.
pub(crate) const UNKNOWN_FONT: &str = "unknown-font";
/// A screen with text that no rule matches.
pub(crate) const TEXT: &str = "text";
/// An instance that does not run.
pub(crate) const STOPPED: &str = "stopped";

/// The state of an instance without a screen: its status of the API in lower case. [`STOPPED`] stands for any that is not known.
pub(crate) fn state_of_status(status: &str) -> &'static str {
    match status {
        "Stopping" => "stopping",
        "Starting" => "starting",
        "Pending" => "pending",
        _ => STOPPED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_stopped_instance_is_stopped() {
        // The values of Status on the vendor's page on DescribeInstances, without Running.
        for (status, state) in
            [("Stopped", "stopped"), ("Stopping", "stopping"), ("Starting", "starting"), ("Pending", "pending")]
        {
            assert_eq!(state_of_status(status), state);
            assert!(STATES.contains(&state), "--fail-on takes {state}");
        }
    }
}
