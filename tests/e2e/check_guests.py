"""Guests that stop on their way, each where `check` has a state for it, and the words with which they do."""

from __future__ import annotations

import gzip
import subprocess
import tempfile
from pathlib import Path

from linux_boot import Entry, cpio
from linux_disk import PARTITION
from linux_files import busybox
from linux_guest import kernel
from machine import Machine
from packages import CACHE, unpacked

# Programs by which Debian's scripts of the initramfs call busybox.
APPLETS = """
    sh mount umount mkdir mknod ln cat echo sleep sed grep ls rm cut tr test [ expr printf readlink uname modprobe true
    chvt setsid find sort head tail id ps blkid stty
""".split()


class DebianInitramfs(Machine):
    """Debian's own init of the initramfs, with a root file system that is not there."""

    def __init__(self) -> None:
        image = CACHE / "initrd-debian.img"
        image.write_bytes(debian_initramfs())
        line = "root=UUID=6a3c1d0e-5f7b-4c2e-9d41-0f6b8a2c7e13 ro rootdelay=1 console=tty0 no_timer_check"
        arguments = ["-vga", "std", "-kernel", str(kernel()), "-initrd", str(image), "-append", line]
        super().__init__(arguments, 256)


def debian_initramfs() -> bytes:
    """As update-initramfs makes it, without modules and hooks; busybox in place of its other programs."""
    scripts = unpacked("initramfs-tools-core") / "usr/share/initramfs-tools"
    directories = "bin conf conf/conf.d dev etc proc root run scripts sbin sys tmp usr usr/bin usr/sbin var".split()
    entries = [Entry(name, 0o40755) for name in directories]
    entries += [Entry("dev/console", 0o20600, device=(5, 1)), Entry("init", 0o100755, (scripts / "init").read_bytes())]
    entries += [Entry("bin/busybox", 0o100755, busybox().read_bytes())]
    entries += [Entry(f"bin/{applet}", 0o120777, b"busybox") for applet in APPLETS]
    for name in ("functions", "local", "nfs"):
        entries.append(Entry(f"scripts/{name}", 0o100644, (scripts / "scripts" / name).read_bytes()))
    entries.append(Entry("conf/initramfs.conf", 0o100644, b"MODULES=most\nBUSYBOX=y\nBOOT=local\n"))
    entries.append(Entry("conf/arch.conf", 0o100644, b"DPKG_ARCH=amd64\n"))
    entries.append(Entry("etc/fstab", 0o100644))
    return gzip.compress(cpio(entries), 1, mtime=0)


def grub_without_its_files() -> bytes:
    """A disk whose GRUB finds no file system where its modules are to be."""
    modules, core = Path("/usr/lib/grub/i386-pc"), CACHE / "core-rescue.img"
    argv = ["grub-mkimage", "--format", "i386-pc", "--output", str(core), "--prefix", "(hd0,msdos1)/boot/grub"]
    subprocess.run([*argv, "biosdisk", "part_msdos", "ext2"], check=True)
    return ((modules / "boot.img").read_bytes() + core.read_bytes()).ljust(PARTITION, b"\0")


def damaged_file_system() -> str:
    """What Debian's e2fsck says, when it is to repair by itself, of a file system whose root directory is gone."""
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as directory:
        image = Path(directory, "vda1")
        subprocess.run(["mke2fs", "-q", "-t", "ext4", str(image), "8M"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["debugfs", "-w", "-R", "clri <2>", str(image)], check=True, capture_output=True)
        done = subprocess.run(["e2fsck", "-f", "-p", image.name], cwd=directory, capture_output=True, text=True)
        return done.stdout + done.stderr


