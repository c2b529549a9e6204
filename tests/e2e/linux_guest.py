"""A Linux guest under QEMU, and what its own memory says of its screen."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import linux_boot
import linux_disk
import linux_files
from harness import until
from machine import Machine
from packages import CACHE
from truth import Grid, Screen

# Time for a start and for a command, in seconds.
BOOT_LIMIT, COMMAND_LIMIT = 120, 60

MEMORY = 512


@dataclass(frozen=True)
class Display:
    """A video card and the driver for it; without a driver the kernel has the VGA's text screen."""

    device: str
    driver: str = ""
    append: str = ""


VGA_TEXT = Display("VGA")
BOCHS = Display("VGA,xres=1280,yres=800", "bochs")
VIRTIO = Display("virtio-vga,xres=1280,yres=800", "virtio_gpu")
CIRRUS = Display("cirrus-vga", "cirrus")
VESA = Display("VGA", append="vga=0x317")


@dataclass(frozen=True)
class Grub:
    """How GRUB starts the guest: in text mode or, with a size as 1024x768, on gfxterm. The menu waits for ever at -1."""

    gfxmode: str = ""
    timeout: int = -1


@cache
def kernel() -> Path:
    """Debian's kernel."""
    return linux_boot.kernel()[0]


@cache
def initramfs() -> Path:
    """The first file system, made anew in every run."""
    file = CACHE / "initrd.img"
    file.write_bytes(linux_boot.initramfs(linux_boot.kernel()[1]))
    return file


@cache
def disk(grub: Grub, driver: str, fstab: str) -> Path:
    """The disk that fits, made once for each state of the sources."""
    config = linux_disk.grub_config(grub.gfxmode, grub.timeout, driver)
    sources = [Path(module.__file__ or "").read_text() for module in (linux_boot, linux_disk, linux_files)]
    name = hashlib.sha256(repr((config, fstab, str(kernel()), *sources)).encode()).hexdigest()[:16]
    file = CACHE / f"disk-{name}.img"
    if not file.exists():
        boot = {"vmlinuz": kernel().read_bytes(), "initrd.img": initramfs().read_bytes()}
        linux_disk.write(file, fstab, config, boot)
    return file


class LinuxGuest(Machine):
    """Starts by its own GRUB if told how, else by QEMU, which is quicker. What it writes on its disk goes with it."""

    def __init__(
        self,
        display: Display = VGA_TEXT,
        grub: Grub | None = None,
        fstab: str = linux_files.FSTAB,
        idle: bool = False,
        paused: bool = False,
    ) -> None:
        """With `idle` nothing is started after the kernel, and nobody else writes onto the console; `paused` waits for `cont`."""
        image = disk(grub, display.driver, fstab) if grub else disk(Grub(), "", fstab)
        arguments = ["-device", display.device, "-drive", f"file={image},format=raw,if=virtio,snapshot=on"]
        # Relative to its directory, which it makes itself.
        arguments += ["-serial", "file:serial", "-chardev", "socket,id=truth,path=truth,server=on,wait=off"]
        arguments += ["-device", "virtio-serial-pci", "-device", "virtserialport,chardev=truth,name=truth"]
        if grub is None:
            driver = f"gpu={display.driver}" if display.driver else ""
            line = f"root=/dev/vda1 ro console=ttyS0 console=tty0 no_timer_check {driver} {display.append}"
            line += " init=/usr/lib/idle" if idle else ""
            arguments += ["-kernel", str(kernel()), "-initrd", str(initramfs()), "-append", line]
        if paused:
            arguments.append("-S")
        super().__init__(arguments, MEMORY)
        try:
            self._shell = self.connected("truth")
        except BaseException:
            self.__exit__()
            raise
        self._heard = b""
        self._asked = 0
        self._is_idle = idle

    def _hear(self, mark: bytes, limit: float) -> bytes:
        """What the shell says before the mark."""
        ends = time.monotonic() + limit
        while mark not in self._heard:
            self._shell.settimeout(max(ends - time.monotonic(), 0.01))
            more = self._shell.recv(1 << 16)
            if not more:
                raise RuntimeError(f"the guest has hung up: {self.log.read_text()}")
            self._heard += more
        said, _, self._heard = self._heard.partition(mark)
        return said

    def boots(self, limit: float = BOOT_LIMIT) -> None:
        """Waits until the guest's kernel is up, its login prompt may come later. After a restart it has to be waited for anew."""
        self._hear(b"READY\n", limit)
        if self._is_idle:
            self.run("echo 1 > /proc/sys/kernel/printk")

    def run(self, command: str, limit: float = COMMAND_LIMIT) -> bytes:
        """What root's shell in the guest says to a command. Nothing of it is on the screen."""
        self._asked += 1
        end = f"END {self._asked}"
        self.send(f"{command}\necho '{end}'")
        return self._hear(f"{end}\n".encode(), limit)

    def send(self, command: str) -> None:
        """Gives root's shell a command, and waits for nothing."""
        self._shell.sendall(f"{command}\n".encode())

    def says(self, text: str, limit: float = COMMAND_LIMIT) -> None:
        """Waits until the kernel has written the text onto its serial console."""
        until(f"{text!r} on the serial console", limit, lambda: text.encode() in (self.directory / "serial").read_bytes())

    def put(self, path: str, data: bytes) -> None:
        """Writes a file of the guest, or onto a terminal."""
        text = base64.encodebytes(gzip.compress(data)).decode()
        self.run(f"base64 -d <<'EOF' | gzip -dc > {path}\n{text}EOF")

    def show(self, text: str) -> None:
        """Puts text and control sequences on the console."""
        self.put("/dev/tty1", text.encode())

    def size(self) -> tuple[int, int]:
        """Columns and rows of the console."""
        rows, columns = self.run("stty size < /dev/tty1").split()
        return int(columns), int(rows)

    def load_font(self, name: str) -> None:
        """Loads one of linux_files.FONTS."""
        if said := self.run(f"setfont -C /dev/tty1 /usr/share/consolefonts/{name}.psf.gz 2>&1"):
            raise RuntimeError(f"setfont {name}: {said.decode()}")

    def glyphs(self) -> list[list[str]]:
        """The characters of each glyph of the font that is loaded, by the kernel's map."""
        told = self.run("setfont -C /dev/tty1 -ou /run/map && cat /run/map; rm /run/map").decode()
        by_glyph: dict[str, list[str]] = {}
        for glyph, points in re.findall(r"^0x(\w+)\s+(.*)$", told, re.MULTILINE):
            by_glyph.setdefault(glyph, []).extend(chr(int(point, 16)) for point in re.findall(r"\bU\+(\w+)", points))
        return list(by_glyph.values())

    def device(self, path: str) -> bytes:
        """The content of a device of the guest."""
        return gzip.decompress(base64.b64decode(self.run(f"gzip -c {path} | base64")))

    def console(self) -> tuple[tuple[str, ...], tuple[int, int]]:
        """The rows and the cursor's column and row.

        /dev/vcsa1 has rows, columns, cursor, and of each cell a character and colours; /dev/vcsu1 has code points.
        """
        cells, text = self.device("/dev/vcsa1"), self.device("/dev/vcsu1").decode("utf-32-le")
        _, columns, column, row = cells[:4]
        colours = cells[5::2]
        seen = "".join(" " if colour & 15 == colour >> 4 else character for character, colour in zip(text, colours, strict=True))
        return tuple(seen[start : start + columns] for start in range(0, len(seen), columns)), (column, row)

    def screen(self) -> Screen:
        """A picture, and what is true before and after it."""
        truth = self.console()
        while True:
            picture, after = self.picture(), self.console()
            if truth == after:
                rows, cursor = truth
                # What is too small for a cell is at the right and at the bottom.
                return Screen(picture, rows, Grid(picture.width // len(rows[0]), picture.height // len(rows)), cursor)
            truth = after

    def shows(self, text: str, limit: float = BOOT_LIMIT) -> Screen:
        """Waits until some row of the console holds the text."""

        def probe() -> Screen | None:
            screen = self.screen()
            return screen if screen.holds(text) else None

        return until(f"{text!r} on the console", limit, probe)
