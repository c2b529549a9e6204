"""`check` before whole simulated accounts and real guests: `python check.py PATH_TO_ECS_VNC [PICTURES_DIR]`.

An account's truth is in the names of its machines. Each guest is brought into a state; what it shows then is known from the
guest itself, or QEMU's text memory.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from check_guests import DebianInitramfs, damaged_file_system, grub_without_its_files
from drive import verb
from grub_guest import GrubGuest
from harness import Demo, bound, check, check_equal, main_with_pictures, sealed, until
from linux_files import FAULTY_FSTAB, FSTAB, HOSTNAME, ROOT_PASSWORD
from linux_guest import BOCHS, VGA_TEXT, Grub, LinuxGuest
from machine import DiskMachine, Machine
from uefi_guest import UefiGuest

# States that no row tells.
WITHOUT_ROW = {"blank", "picture", "unknown-font", "stopped", "stopping", "starting", "pending"}

# Time for a BIOS to try its disks, in seconds.
BIOS_LIMIT = 60


def check_state(binary: str, pictures: Path, name: str, guest: Machine, state: str, row: str) -> None:
    """The state, and the row that says so, by the whole path: VNC, the relay of the simulated account, the command."""
    guest.picture().save(pictures / f"check {name}.png")
    with Demo(binary, "--vnc-target", guest.websocket) as demo:
        code, out, err = verb(binary, demo, "check", "--via", "vnc", "--no-bootlog", "-o", "json")
    found = json.loads(out) if out else {}
    seen = (code, found.get("State"), found.get("Certainty"), row in (found.get("Line") or ""))
    check_equal(f"{name}: {state}", (*seen, err if code else ""), (0, state, "exact", True, ""))


def shows(guest: Machine, text: str, limit: float = BIOS_LIMIT) -> None:
    """Waits until a row of the VGA's text memory holds the text."""
    until(f"{text!r} on the screen", limit, lambda: any(text in row for row in guest.text_screen()))


def a_start(binary: str, pictures: Path) -> None:
    """A login prompt, a shell, a shell in which traps were printed, and a machine that halts."""
    for name, display in (("VGA text", VGA_TEXT), ("bochs", BOCHS)):
        with LinuxGuest(display) as guest:
            guest.boots()
            guest.shows(f"{HOSTNAME} login:")
            check_state(binary, pictures, f"{name}, login", guest, "login", f"{HOSTNAME} login:")
            guest.write("root\n")
            guest.shows("Password:")
            check_state(binary, pictures, f"{name}, password", guest, "login", "Password:")
            guest.write(f"{ROOT_PASSWORD}\n")
            guest.shows(f"root@{HOSTNAME}:~#")
            guest.write("echo 'Kernel panic - not syncing: '; echo 'grub>'; echo do''ne\n")
            guest.shows("done")
            check_state(binary, pictures, f"{name}, shell", guest, "shell", f"root@{HOSTNAME}:~#")


def a_halt(binary: str, pictures: Path) -> None:
    """The kernel's last row."""
    with LinuxGuest(VGA_TEXT, idle=True) as guest:
        guest.boots()
        guest.send("busybox halt -f")
        shows(guest, "reboot: System halted")
        check_state(binary, pictures, "halt", guest, "shutdown", "reboot: System halted")


def a_panic(binary: str, pictures: Path) -> None:
    """In VGA text, with a trace below its first row."""
    with LinuxGuest(VGA_TEXT, idle=True) as guest:
        guest.boots()
        guest.send("echo c > /proc/sysrq-trigger")
        guest.says("---[ end Kernel panic")
        shows(guest, "end Kernel panic")
        check_state(binary, pictures, "panic", guest, "panic", "Kernel panic - not syncing: sysrq triggered crash")


def emergency_mode(binary: str, pictures: Path) -> None:
    """/etc/fstab names a disk that is gone; sulogin asks."""
    for name, display in (("VGA text", VGA_TEXT), ("bochs", BOCHS)):
        with LinuxGuest(display, Grub(timeout=1), FAULTY_FSTAB) as guest:
            guest.boots()
            guest.shows("(or press Control-D to continue):")
            check_state(binary, pictures, f"{name}, emergency", guest, "emergency", "(or press Control-D to continue):")


def fsck(binary: str, pictures: Path) -> None:
    """The words of Debian's e2fsck on the guest's console."""
    said = damaged_file_system()
    with LinuxGuest(VGA_TEXT, idle=True) as guest:
        guest.boots()
        guest.show(f"\033[2J\033[H{said}".replace("\n", "\r\n"))
        guest.shows("RUN fsck MANUALLY")
        check_state(binary, pictures, "fsck", guest, "fsck", "UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.")


def initramfs(binary: str, pictures: Path) -> None:
    """Debian's shell, since the root file system is missing."""
    with DebianInitramfs() as guest:
        shows(guest, "(initramfs)", 240)
        check_state(binary, pictures, "initramfs", guest, "initramfs", "(initramfs)")


def grub(binary: str, pictures: Path) -> None:
    """Menu and command line, in both modes; and GRUB that finds nothing."""
    for mode in ("", "1024x768"):
        with GrubGuest(mode, fstab=FSTAB) as guest:
            guest.shows("a command-line.")
            check_state(binary, pictures, f"GRUB {mode}, the menu", guest, "grub", "Press enter to boot the selected OS")
            guest.press("c")
            guest.shows("grub>")
            check_state(binary, pictures, f"GRUB {mode}, the shell", guest, "grub", "grub>")
    with DiskMachine(grub_without_its_files(), "virtio") as guest:
        shows(guest, "grub rescue>")
        check_state(binary, pictures, "GRUB without its files", guest, "grub-rescue", "grub rescue>")


def firmware(binary: str, pictures: Path) -> None:
    """A disk that nothing starts from, on a BIOS and on UEFI."""
    with DiskMachine(b"", "virtio") as guest:
        shows(guest, "No bootable device")
        check_state(binary, pictures, "an empty disk", guest, "no-boot-device", "No bootable device.")
    with UefiGuest() as uefi:
        uefi.shows("Shell>")
        check_state(binary, pictures, "the UEFI shell", uefi, "text", "")


def check_probe(binary: str, name: str, guest: Machine, liveness: str) -> None:
    """What `--probe` says, which `--fail-on` takes."""
    with Demo(binary, "--vnc-target", guest.websocket) as demo:
        code, out, err = verb(binary, demo, "check", "--probe", "--no-bootlog", "-o", "json", "--fail-on", "frozen")
    seen = json.loads(out)["Probe"] if out else err
    is_frozen = liveness == "frozen"
    check_equal(f"{name}: {liveness}", (code, seen["State"], seen["NumLock"] is True), (30 * is_frozen, liveness, not is_frozen))


def a_probe(binary: str, pictures: Path) -> None:
    """A guest that waits, one whose processor stands still, and one that has panicked."""
    for name, display in (("VGA text", VGA_TEXT), ("bochs", BOCHS)):
        with LinuxGuest(display) as guest:
            guest.boots()
            guest.shows(f"{HOSTNAME} login:")
            check_probe(binary, f"{name}, probed", guest, "idle")
            check_probe(binary, f"{name}, probed again", guest, "idle")
            guest.qmp("stop")
            check_probe(binary, f"{name}, stopped", guest, "frozen")
            guest.qmp("cont")
            check_probe(binary, f"{name}, continued", guest, "idle")
            guest.send("echo c > /proc/sysrq-trigger")
            guest.says("---[ end Kernel panic")
            check_probe(binary, f"{name}, after a panic", guest, "frozen")


def checked(binary: str, *arguments: str) -> tuple[list[dict[str, str]], int, str, int]:
    """`check` of a whole simulated account: its lines, the exit code, stderr, and the most memory in KiB (getrusage(2))."""
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        with Demo(binary, *arguments) as demo:
            argv = [binary, "check", "--all", "--all-regions", "-o", "json", "--profile", "demo", "--endpoint", demo.endpoint]
            process = subprocess.Popen(argv, env=sealed(home), stdin=subprocess.DEVNULL, stdout=out, stderr=err)
            _, status, usage = os.wait4(process.pid, 0)
        out.seek(0)
        err.seek(0)
        return [json.loads(line) for line in out], os.waitstatus_to_exitcode(status), err.read(), usage.ru_maxrss


def all_states(binary: str, pictures: Path) -> None:
    """A thousand machines in every state, as PNG and as JPG; their names, and what is known of the others, are the truth."""
    known = {
        "i-demo-linux": {"login"},
        "i-demo-windows": {"picture"},
        "i-demo-stopped": {"stopped"},
        "i-demo-starting": {"starting", "login"},
        "i-demo-flaky": {"login"},
        "i-demo-rescue": {"emergency"},
    }
    lines, code, err, memory = checked(binary, "--every-state")
    check_equal("a thousand machines, one line each", (len(lines), len({line["InstanceId"] for line in lines}), code), (1000, 1000, 0))
    wrong, seen = [], set()
    for line in lines:
        name = re.fullmatch(r"state-(.+)-\d+", line["InstanceName"])
        truth = {name[1]} if name else known[line["InstanceId"]]
        seen |= truth
        if truth == {"unknown-font"} and line["Certainty"] == "inexact":
            # A JPG blurs letters: nothing tells those of an unknown font from a picture.
            truth = {"unknown-font", "picture"}
        has_row = line["Row"] is not None or line["Certainty"] == "perhaps" or line["State"] in WITHOUT_ROW
        if line["State"] not in truth or not has_row:
            wrong.append((line["InstanceName"], line["State"], line["Line"]))
    check_equal("a thousand machines, all told right, with their rows", wrong, [])
    check("a thousand machines, in 28 states", len(seen) == 28, sorted(seen))
    check("a thousand machines, the summary", "1000 instances: 1000 done" in err, err)
    # benches/check_speed.py does the same with ten thousand, which takes longer.
    many, code, err, more = checked(binary, "--every-state", "--instances", "3000")
    print(f"memory at most: {memory >> 10} MiB for 1,000 machines, {more >> 10} MiB for 3,000", flush=True)
    check_equal("three thousand machines, one line each", (len(many), code), (3000, 0))
    check("three thousand machines do not take half as much memory again", more < 1.5 * memory, (memory, more))


TESTS = [all_states, a_start, a_halt, a_panic, emergency_mode, fsck, initramfs, grub, firmware, a_probe]

if __name__ == "__main__":
    sys.exit(main_with_pictures("check.py PATH_TO_ECS_VNC [PICTURES_DIR]", partial(bound, TESTS)))
