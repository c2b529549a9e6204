//! GetInstanceConsoleOutput: what an instance wrote to its console when it last started or stopped.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use serde_json::{Value, json};

use super::fleet::Instance;
use crate::text::sanitize::document;

/// How long before the account began the first instance started; each further one an hour earlier, up to a day.
const LAST_START: TimeDelta = TimeDelta::minutes(3);

/// As a serial console gets it: with the boot loader's cursor, systemd's colours, and a carriage return in each line.
const STARTS: &str = "\x1bc\x1b[2J\x1b[1;1HSeaBIOS (version 1.16.0)\r\nBooting from Hard Disk...\r\n\
    \x1b[?25l\x1b[0m\x1b[37m\x1b[40m\x1b[2J\x1b[01;01H  Booting `{system}'\x1b[m\r\n\r\n\
    [    0.000000] Linux version 5.10.0-28-amd64 (gcc 10.2.1) #1 SMP\r\n\
    [    0.000000] Command line: BOOT_IMAGE=/boot/vmlinuz-5.10.0-28-amd64 root=/dev/vda1 ro console=tty0 console=ttyS0,115200n8\r\n\
    [    0.000000] DMI: Alibaba Cloud Alibaba Cloud ECS, BIOS 1.16.0\r\n\
    [    0.004000] Hypervisor detected: KVM\r\n\
    [    0.412937] virtio_blk virtio2: [vda] 83886080 512-byte logical blocks (42.9 GB/40.0 GiB)\r\n\
    [    0.981204] EXT4-fs (vda1): mounted filesystem with ordered data mode\r\n\
    [    1.204711] systemd[1]: Set hostname to <{id}>.\r\n\
    [\x1b[0;32m  OK  \x1b[0m] Reached target \x1b[0;1;39mLocal File Systems\x1b[0m.\r\n\
    [\x1b[0;31m*     \x1b[0m] A start job is running for cloud-init (3s / no limit)\r\
    \x1b[K[\x1b[0;31m**    \x1b[0m] A start job is running for cloud-init (4s / no limit)\r\
    \x1b[K[\x1b[0;32m  OK  \x1b[0m] Started \x1b[0;1;39mInitial cloud-init job\x1b[0m.\r\n\
    [    6.377120] cloud-init[401]: eth0: {address}, up\x07\r\n\
    [\x1b[0;32m  OK  \x1b[0m] Started \x1b[0;1;39mOpenSSH server daemon\x1b[0m.\r\n\
    \r\n{system}\r\n\r\n{id} login: ";

/// The same of one that is off.
const STOPS: &str = "\r\n[\x1b[0;32m  OK  \x1b[0m] Stopped target \x1b[0;1;39mMulti-User System\x1b[0m.\r\n\
    [\x1b[0;32m  OK  \x1b[0m] Reached target \x1b[0;1;39mPower-Off\x1b[0m.\r\n\
    [ 8123.004512] reboot: Power down\r\n";

/// The answer for an instance in this status of an account that began at `since`. `plain` is RemoveSymbols: what that
/// takes away is not documented, so all that is no text.
pub(crate) fn describe(instance: &Instance, status: &str, plain: bool, since: DateTime<Utc>) -> Value {
    let (_, _, system) = instance.system;
    let text = STARTS.replace("{system}", system).replace("{id}", &instance.id);
    let mut text = text.replace("{address}", &instance.private_ip);
    if matches!(status, "Stopped" | "Stopping") {
        text.push_str(STOPS);
    }
    let text = if plain { document(text.as_bytes()) } else { text };
    let hours = i64::try_from(instance.index % 24).unwrap_or_default();
    json!({
        "InstanceId": instance.id, "ConsoleOutput": BASE64_STANDARD.encode(text),
        "LastUpdateTime": beijing_time(since - LAST_START - TimeDelta::hours(hours)),
    })
}

/// As in the vendor's sample: UTC+8, and nothing that says so.
fn beijing_time(time: DateTime<Utc>) -> String {
    let zone = FixedOffset::east_opt(8 * 3600);
    zone.map_or_else(String::new, |zone| time.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string())
}
