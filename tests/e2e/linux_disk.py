"""The Linux guest's disk: GRUB, and a system of files on ext4."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

from linux_files import system
from packages import CACHE

SECTOR = 512
PARTITION = 2048 * SECTOR
DISK_SIZE = 64 << 20

GRUB_MODULES = """
    biosdisk part_msdos ext2 normal linux configfile search ls cat echo test true halt reboot minicmd gfxterm font vbe
""".split()

GRUB_GFXTERM = """
loadfont /boot/grub/fonts/unicode.pf2
set gfxmode={mode}
set gfxpayload=keep
terminal_output gfxterm
"""

# A busy machine may fail the kernel's check of its timer, which on KVM the kernel leaves out by itself.
GRUB_MENU = """
set timeout={timeout}
menuentry 'Debian GNU/Linux' {{
	linux /boot/vmlinuz root=/dev/vda1 ro console=ttyS0 console=tty0 no_timer_check {append}quiet
	initrd /boot/initrd.img
}}
menuentry 'Debian GNU/Linux, with Linux (recovery mode)' {{
	linux /boot/vmlinuz root=/dev/vda1 ro single console=ttyS0 console=tty0 no_timer_check {append}
	initrd /boot/initrd.img
}}
"""


def grub_config(gfxmode: str, timeout: int, driver: str) -> str:
    """GRUB's menu in text mode or, with a size as 1024x768, on gfxterm."""
    menu = GRUB_MENU.format(timeout=timeout, append=f"gpu={driver} " if driver else "")
    return GRUB_GFXTERM.format(mode=gfxmode) + menu if gfxmode else menu


def grub_core() -> bytes:
    """What a BIOS starts: the first sector, and behind it GRUB with all that it needs of its modules."""
    modules = Path("/usr/lib/grub/i386-pc")
    core = CACHE / "core.img"
    argv = ["grub-mkimage", "--format", "i386-pc", "--output", str(core), "--prefix", "(hd0,msdos1)/boot/grub", *GRUB_MODULES]
    subprocess.run(argv, check=True)
    return (modules / "boot.img").read_bytes() + core.read_bytes()


def write(file: Path, fstab: str, grub: str, boot: dict[str, bytes]) -> None:
    """A disk with one partition of ext4, and GRUB before it."""
    root, partition = file.with_suffix(".root"), file.with_suffix(".ext4")
    if "gfxterm" in grub:
        boot = {**boot, "grub/fonts/unicode.pf2": Path("/usr/share/grub/unicode.pf2").read_bytes()}
    shutil.rmtree(root, ignore_errors=True)
    system(root, fstab, grub, boot)
    size = DISK_SIZE - PARTITION
    partition.unlink(missing_ok=True)
    argv = ["mke2fs", "-q", "-t", "ext4", "-E", "root_owner=0:0", "-d", str(root), str(partition), f"{size // 1024}k"]
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
    head = bytearray(grub_core().ljust(PARTITION, b"\0"))
    if len(head) > PARTITION:
        raise RuntimeError(f"GRUB has {len(head)} bytes")
    # A table of one partition that can be started from, of Linux's type 83h, addressed by sectors.
    head[0x1BE:0x1FE] = struct.pack("<B3xB3xII", 0x80, 0x83, PARTITION // SECTOR, size // SECTOR).ljust(64, b"\0")
    head[0x1FE:0x200] = b"\x55\xaa"
    with file.with_suffix(".part").open("wb") as image:
        image.write(head)
        image.write(partition.read_bytes())
    shutil.rmtree(root)
    partition.unlink()
    file.with_suffix(".part").rename(file)
