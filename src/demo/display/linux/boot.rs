//! What a simulated Linux writes while it boots, to its screen and to its serial console alike. Pure.

use super::machine::Machine;

/// What the firmware and the boot loader write before the kernel.
pub(crate) const FIRMWARE: &str = "SeaBIOS (version 1.16.0)\nBooting from Hard Disk...\n";

/// From the kernel's first line to the mounting of the disks.
const BEGINNING: &str = "\
    [    0.000000] Linux version {kernel} (gcc 10.2.1) {version}\n\
    [    0.000000] Command line: BOOT_IMAGE=/boot/vmlinuz-{kernel} root=/dev/vda1 ro console=tty0 console=ttyS0,115200n8\n\
    [    0.000000] DMI: Alibaba Cloud Alibaba Cloud ECS, BIOS 1.16.0\n\
    [    0.004000] Hypervisor detected: KVM\n\
    [    0.412937] virtio_blk virtio2: [vda] 83886080 512-byte logical blocks (42.9 GB/40.0 GiB)\n\
    [    0.418225]  vda: vda1\n\
    [    0.981204] EXT4-fs (vda1): mounted filesystem with ordered data mode\n\
    [    1.204711] systemd[1]: Set hostname to <{host}>.\n\
    [{ok}] Created slice {b}Slice /system/getty{n}.\n\
    [{ok}] Started {b}Journal Service{n}.\n\
    [{ok}] Finished {b}Remount Root and Kernel File Systems{n}.\n\
    [{ok}] Found device {b}/dev/ttyS0{n}.\n";

/// The rest of the log if every disk of /etc/fstab is attached.
const GOOD_END: &str = "\
    [{ok}] Reached target {b}Local File Systems{n}.\n\
    [{ok}] Finished {b}Create Volatile Files and Directories{n}.\n\
    [{ok}] Reached target {b}System Initialization{n}.\n\
    [{ok}] Started {b}D-Bus System Message Bus{n}.\n\
    [\x1b[0;31m*     \x1b[0m] A start job is running for cloud-init (3s / no limit)\r\
    \x1b[K[\x1b[0;31m**    \x1b[0m] A start job is running for cloud-init (4s / no limit)\r\
    \x1b[K[{ok}] Finished {b}Initial cloud-init job{n}.\n\
    [    6.377120] cloud-init[401]: eth0: {address}, up\x07\n\
    [{ok}] Reached target {b}Network is Online{n}.\n\
    [{ok}] Started {b}OpenSSH server daemon{n}.\n\
    [{ok}] Started {b}Getty on tty1{n}.\n\
    [{ok}] Reached target {b}Multi-User System{n}.\n";

/// The rest of the log if a disk is missing, up to the prompt of sulogin. Source of the words: systemd 252
/// (src/core/job.c, `systemd-sulogin-shell`) and sulogin of util-linux 2.38.
const EMERGENCY_END: &str = "\
    [\x1b[0;1;31m TIME \x1b[0m] Timed out waiting for device {b}/dev/vdb1{n}.\n\
    [\x1b[0;1;33mDEPEND\x1b[0m] Dependency failed for {b}/data{n}.\n\
    [\x1b[0;1;33mDEPEND\x1b[0m] Dependency failed for {b}Local File Systems{n}.\n\
    [{ok}] Started {b}Emergency Shell{n}.\n\
    [{ok}] Reached target {b}Emergency Mode{n}.\n\
    You are in emergency mode. After logging in, type \"journalctl -xb\" to view\n\
    system logs, \"systemctl reboot\" to reboot, \"systemctl default\" or \"exit\"\n\
    to boot into default mode.\n";

/// sulogin's prompt in emergency mode.
pub(crate) const MAINTENANCE_PROMPT: &str = "Give root password for maintenance\n(or press Control-D to continue): ";

/// What is written while the system shuts down. Source of the words: the units of systemd 252, and kernel/reboot.c of
/// Linux 6.1.
const SHUTDOWN: &str = "\
    [{ok}] Stopped target {b}Multi-User System{n}.\n\
    \x20        Stopping {b}OpenSSH server daemon{n}...\n\
    [{ok}] Stopped {b}OpenSSH server daemon{n}.\n\
    [{ok}] Stopped {b}D-Bus System Message Bus{n}.\n\
    [{ok}] Stopped target {b}Basic System{n}.\n\
    [{ok}] Stopped target {b}System Initialization{n}.\n\
    [{ok}] Reached target {b}Unmount All Filesystems{n}.\n\
    [{ok}] Reached target {b}System Shutdown{n}.\n\
    [{ok}] Reached target {b}Late Shutdown Services{n}.\n\
    [{ok}] Finished {b}{target}{n}.\n\
    [{ok}] Reached target {b}{target}{n}.\n\
    [ 8123.004512] reboot: {last}\n";

/// The log of a shutdown, up to the kernel's last line.
pub(crate) fn shutdown_log(is_reboot: bool) -> String {
    let (target, last) = match is_reboot {
        true => ("System Reboot", "Restarting system"),
        false => ("System Power Off", "Power down"),
    };
    fill_styles(&SHUTDOWN.replace("{target}", target).replace("{last}", last))
}

/// From the kernel's first line up to the prompt.
pub(crate) fn log(machine: &Machine) -> String {
    fill(BEGINNING, machine) + &resumed_log(machine)
}

/// From the mounting of the disks up to the prompt, as when emergency mode is left.
pub(crate) fn resumed_log(machine: &Machine) -> String {
    fill(if machine.has_wrong_fstab() { EMERGENCY_END } else { GOOD_END }, machine)
}

/// The prompt after the log: a login prompt, or that of emergency mode.
pub(crate) fn prompt(machine: &Machine) -> String {
    if machine.has_wrong_fstab() {
        MAINTENANCE_PROMPT.to_owned()
    } else {
        format!("{}{}", machine.issue(), machine.login_prompt())
    }
}

fn fill(template: &str, machine: &Machine) -> String {
    let values = [
        ("{kernel}", machine.distribution.kernel()),
        ("{version}", machine.distribution.kernel_version()),
        ("{host}", &machine.hostname),
        ("{address}", &machine.address),
    ];
    fill_styles(&values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(name, value)))
}

fn fill_styles(template: &str) -> String {
    let styles = [("{ok}", "\x1b[0;32m  OK  \x1b[0m"), ("{b}", "\x1b[0;1;39m"), ("{n}", "\x1b[0m")];
    styles.iter().fold(template.to_owned(), |text, (name, value)| text.replace(name, value))
}
