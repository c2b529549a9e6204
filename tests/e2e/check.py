"""`check` before real guests: `python check.py PATH_TO_ECS_VNC [PICTURES_DIR]`.

Each guest is brought into a state; what it shows then is known from the guest itself, or QEMU's text memory.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path

from check_guests import BiosGuest, DebianInitramfs, damaged_file_system, grub_without_its_files
from drive import verb
from grub_guest import GrubGuest
from harness import Demo, bound, check_equal, main_with_pictures, until
from linux_files import FAULTY_FSTAB, FSTAB, HOSTNAME, ROOT_PASSWORD
from linux_guest import BOCHS, VGA_TEXT, Grub, LinuxGuest
from machine import Machine
from uefi_guest import UefiGuest

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
    with BiosGuest(grub_without_its_files()) as guest:
        shows(guest, "grub rescue>")
        check_state(binary, pictures, "GRUB without its files", guest, "grub-rescue", "grub rescue>")


def firmware(binary: str, pictures: Path) -> None:
    """A disk that nothing starts from, on a BIOS and on UEFI."""
    with BiosGuest(b"") as guest:
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


TESTS = [a_start, a_halt, a_panic, emergency_mode, fsck, initramfs, grub, firmware, a_probe]

if __name__ == "__main__":
    sys.exit(main_with_pictures("check.py PATH_TO_ECS_VNC [PICTURES_DIR]", partial(bound, TESTS)))
