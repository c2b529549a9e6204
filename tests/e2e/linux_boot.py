"""Debian's kernel and an initramfs for the Linux guest."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from linux_files import busybox
from packages import dependency, unpacked

# Drivers that are loaded when the guest starts; `gpu=NAME` on the kernel's command line loads one of DISPLAYS besides.
MODULES = ["virtio_pci", "virtio_console", "virtio_blk", "ext4", "crc32c_generic", "evdev"]
DISPLAYS = ["bochs", "cirrus", "virtio_gpu"]

# Of the initramfs. What is on the kernel's command line counts, as in Debian's: root=, ro, init=.
EARLY_INIT = """#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
init=/sbin/init mode=rw
for word in $(/bin/busybox cat /proc/cmdline); do
    case $word in
        gpu=*) gpu=${word#gpu=} ;;
        root=*) root=${word#root=} ;;
        init=*) init=${word#init=} ;;
        ro) mode=ro ;;
    esac
done
for module in $(/bin/busybox cat /modules/order); do
    /bin/busybox insmod /modules/$module.ko
done
for module in $(/bin/busybox cat /modules/order.$gpu 2>/dev/null); do
    /bin/busybox insmod /modules/$module.ko
done
if ! /bin/busybox mount -t ext4 -o $mode $root /newroot; then
    echo 'ALERT!  The root file system could not be mounted.'
    exec /bin/busybox sh
fi
for directory in proc sys dev; do
    /bin/busybox mount --move /$directory /newroot/$directory
done
# Started from there, so that it needs nothing of what goes now.
/bin/busybox chroot /newroot /bin/busybox sh -c 'setsid sh /usr/lib/truth &'
exec /bin/busybox switch_root /newroot $init
"""

KERNEL_PARTS = """
    boot/vmlinuz-* M/drivers/virtio/*.ko M/drivers/block/virtio_blk.ko M/drivers/char/virtio_console.ko M/lib/*.ko
    M/drivers/input/evdev.ko M/drivers/gpu/drm/*.ko M/drivers/gpu/drm/ttm/*.ko M/drivers/gpu/drm/tiny/*.ko
    M/drivers/gpu/drm/virtio/*.ko M/fs/ext4/*.ko M/fs/jbd2/*.ko M/fs/mbcache.ko M/crypto/*.ko
""".split()


def kernel() -> tuple[Path, dict[str, Path]]:
    """Debian's kernel, and its modules by their names."""
    package = dependency("linux-image-amd64", r"linux-image-\S+")
    directory = unpacked(package, *("./" + part.replace("M/", "lib/modules/*/kernel/") for part in KERNEL_PARTS))
    (image,) = (directory / "boot").glob("vmlinuz-*")
    return image, {file.stem.replace("-", "_"): file for file in (directory / "lib").rglob("*.ko")}


def in_order(names: Iterable[str], modules: dict[str, Path]) -> list[str]:
    """Modules behind those that they depend on, which stands in each as `depends=A,B`."""
    order: list[str] = []

    def add(name: str) -> None:
        if name not in order:
            said = re.search(rb"\0depends=([^\0]*)\0", modules[name].read_bytes())
            for other in said[1].decode().split(",") if said else []:
                if other:
                    add(other.replace("-", "_"))
            order.append(name)

    for name in names:
        add(name)
    return order


@dataclass
class Entry:
    """A file, or for a number of a device a device, in an initramfs."""

    path: str
    mode: int
    data: bytes = b""
    device: tuple[int, int] = (0, 0)


def cpio(entries: Iterable[Entry]) -> bytes:
    """The format `newc`, as in the kernel's Documentation/driver-api/early-userspace/buffer-format.rst."""
    archive = bytearray()
    for number, entry in enumerate([*entries, Entry("TRAILER!!!", 0)], 1):
        name = entry.path.encode() + b"\0"
        fields = [number, entry.mode, 0, 0, 1, 0, len(entry.data), 0, 0, *entry.device, len(name), 0]
        for part in (b"070701" + b"".join(b"%08X" % field for field in fields) + name, entry.data):
            archive += part + bytes(-(len(archive) + len(part)) % 4)
    return bytes(archive)


def initramfs(modules: dict[str, Path]) -> bytes:
    """Loads the drivers, mounts the disk and goes on there."""
    always = in_order(MODULES, modules)
    orders = {"order": always}
    for display in DISPLAYS:
        orders[f"order.{display}"] = [name for name in in_order([display], modules) if name not in always]
    entries = [Entry(name, 0o40755) for name in ("bin", "dev", "modules", "newroot", "proc", "sys")]
    entries += [Entry("dev/console", 0o20600, device=(5, 1)), Entry("init", 0o100755, EARLY_INIT.encode())]
    entries += [Entry("bin/busybox", 0o100755, busybox().read_bytes())]
    entries += [Entry(f"modules/{name}", 0o100644, "\n".join(order).encode()) for name, order in orders.items()]
    for name in dict.fromkeys(name for order in orders.values() for name in order):
        entries.append(Entry(f"modules/{name}.ko", 0o100644, modules[name].read_bytes()))
    return gzip.compress(cpio(entries), 1, mtime=0)
