"""What `console` and `relay --share` cost: `target/e2e-venv/bin/python benches/console.py PATH_TO_ECS_VNC [keys] [idle] [share]`.

keys: from a key to its glyph, in `console` and in TigerVNC's viewer before the same guest of QEMU, in turn. idle: processor time
of a console on which nothing happens. share: processor time of a relay between a busy guest and one or four viewers, beside a
relay that copies bytes, and beside x11vnc as a reflector.
"""

from __future__ import annotations

import ctypes
import fcntl
import mmap
import os
import pty
import random
import select
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "e2e"))

import guests
from harness import Demo, binary_of, sealed, until
from linux_guest import BOCHS, VGA_TEXT, LinuxGuest
from qemu import Qemu
from relay_viewers import tigervnc
from relaying import Relay, Viewer
from vnc_process import VncProcess, free_port
from xscreen import XScreen

PAIRS = 60

# The time for processor time to be counted in, in seconds.
IDLE_TIME, BUSY_TIME = 30, 15

# Characters that stand in no control sequence that console writes.
CHARACTERS = "nopqrstuvwxyz"

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_of(pid: int) -> float:
    """Seconds of processor time, of all threads. proc(5), fields 14 and 15."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Console:
    """`console` on a pseudo terminal."""

    def __init__(self, binary: str, demo: Demo, home: str) -> None:
        argv = [binary, "console", "-q", "--profile", "demo", "--endpoint", demo.endpoint, "i-demo-linux"]
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execve(binary, argv, sealed(home, TERM="xterm-256color"))
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 51, 161, 0, 0))
        # It asks whether the terminal has Kitty's keyboard protocol.
        self.reads(b"\x1b[c", 10)
        os.write(self.terminal, b"\x1b[?62c")
        self.rest(1)

    def reads(self, part: bytes, limit: float) -> None:
        """Reads until there is this."""
        read, ends = b"", time.monotonic() + limit
        while part not in read:
            if not select.select([self.terminal], [], [], max(ends - time.monotonic(), 0))[0]:
                raise TimeoutError(f"{part!r} not on the terminal, but {read!r}")
            try:
                read += os.read(self.terminal, 1 << 16)
            except OSError as error:
                raise RuntimeError(f"console has ended: {read!r}") from error

    def rest(self, quiet: float) -> None:
        """Reads until nothing comes for so long."""
        while select.select([self.terminal], [], [], quiet)[0]:
            os.read(self.terminal, 1 << 16)

    def close(self) -> None:
        os.write(self.terminal, b"\x1dq")
        try:
            while os.read(self.terminal, 1 << 16):
                pass
        except OSError:
            # Nobody has the terminal any more.
            pass
        os.waitpid(self.pid, 0)
        os.close(self.terminal)


class Window:
    """A viewer's window: keys by XTEST, and its pixels in the memory of Xvfb."""

    def __init__(self, screen: XScreen, window: int) -> None:
        self._x11, self._test = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._display = ctypes.c_void_p(self._x11.XOpenDisplay(screen.display.encode()))
        self._file = os.open(screen._memory, os.O_RDONLY)
        self._memory = mmap.mmap(self._file, 0, prot=mmap.PROT_READ)
        # All of them lie in the window.
        _, upper, _, lower = screen.place(window)
        line = screen.size[0] * 4
        self._pixels = slice(len(self._memory) - (screen.size[1] - upper) * line, len(self._memory) - (screen.size[1] - lower) * line)

    def press(self, character: str) -> None:
        """A key, down and up."""
        code = self._x11.XKeysymToKeycode(self._display, ctypes.c_ulong(ord(character)))
        for down in (1, 0):
            self._test.XTestFakeKeyEvent(self._display, code, down, ctypes.c_ulong(0))
        self._x11.XFlush(self._display)

    def pixels(self) -> bytes:
        return self._memory[self._pixels]


def keys(binary: str) -> None:
    """The same key to the same guest, by the one and by the other, in turn."""
    with ExitStack() as stack:
        guest = stack.enter_context(Qemu(guests.echo()))
        demo = stack.enter_context(Demo(binary, "--vnc-target", guest.websocket))
        screen = stack.enter_context(XScreen())
        window = Window(screen, stack.enter_context(tigervnc(screen, guest.tcp.replace(":", "::"), "-Shared=1")))
        home = stack.enter_context(tempfile.TemporaryDirectory())
        console = Console(binary, demo, home)
        stack.callback(console.close)

        def by_console(character: str) -> float:
            start = time.perf_counter()
            os.write(console.terminal, character.encode())
            console.reads(character.encode(), 10)
            return time.perf_counter() - start

        def by_window(character: str) -> float:
            before, start = window.pixels(), time.perf_counter()
            window.press(character)
            while window.pixels() == before:
                if time.perf_counter() - start > 10:
                    raise TimeoutError(f"{character!r} not in the window")
                # The viewer needs a processor too.
                time.sleep(0.0005)
            return time.perf_counter() - start

        times: dict[str, list[float]] = {"console": [], "TigerVNC": []}
        ways: list[tuple[str, Callable[[str], float]]] = [("console", by_console), ("TigerVNC", by_window)]
        for pair in range(PAIRS + 2):
            for name, way in ways if pair % 2 else reversed(ways):
                # QEMU looks at its screen at times of its own: no key is to meet always the same.
                console.rest(0.15 + random.random() / 10)
                taken = way(CHARACTERS[pair % len(CHARACTERS)])
                # The first ones find code that was never run.
                if pair >= 2:
                    times[name].append(taken)
        ratios = [ours / theirs for ours, theirs in zip(times["console"], times["TigerVNC"], strict=True)]
        ours, theirs = (1000 * median(times[name]) for name in ("console", "TigerVNC"))
        print("| key to glyph | console | TigerVNC's viewer | ratio | pairs |\n| --- | --- | --- | --- | --- |")
        print(f"| QEMU, VGA text | {ours:.1f} ms | {theirs:.1f} ms | {median(ratios):.2f} | {len(ratios)} |", flush=True)


def idle(binary: str) -> None:
    """A login prompt with a cursor that blinks."""
    print(f"\n| idle for {IDLE_TIME} s | console | TigerVNC's viewer |\n| --- | --- | --- |")
    for name, display in (("VGA text, 80x25", VGA_TEXT), ("framebuffer, 160x50", BOCHS)):
        with ExitStack() as stack:
            guest = stack.enter_context(LinuxGuest(display))
            demo = stack.enter_context(Demo(binary, "--vnc-target", guest.websocket))
            screen = stack.enter_context(XScreen())
            guest.boots()
            guest.shows("login:")
            # Each alone, so that a frame is made for it only.
            with tempfile.TemporaryDirectory() as home:
                console = Console(binary, demo, home)
                console.rest(2)
                ours = used(lambda pid=console.pid: cpu_of(pid), lambda: drained(console, IDLE_TIME), IDLE_TIME)
                console.close()
            stack.enter_context(tigervnc(screen, guest.tcp.replace(":", "::"), "-Shared=1"))
            (pid,) = map(int, subprocess.run(["pgrep", "-f", f"xtigervncviewer.*{guest.tcp.split(':')[1]}$"], check=True, capture_output=True).stdout.split())
            time.sleep(2)
            theirs = used(lambda: cpu_of(pid), lambda: time.sleep(IDLE_TIME), IDLE_TIME)
            print(f"| {name} | {ours:.2%} of a core | {theirs:.2%} |", flush=True)


def drained(console: Console, seconds: float) -> None:
    """Reads the terminal for a time."""
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0:
        if select.select([console.terminal], [], [], left)[0]:
            os.read(console.terminal, 1 << 16)


def used(cpu: Callable[[], float], wait: Callable[[], None], seconds: float) -> float:
    """The part of a core that something takes meanwhile."""
    before = cpu()
    wait()
    return (cpu() - before) / seconds


class Reader:
    """A viewer that takes ZRLE, asks for the next change at once, and decodes nothing: its processor time is not what is measured."""

    def __init__(self, port: int) -> None:
        self.updates = 0
        self._viewer = Viewer(port).greet()
        # ZRLE, and Raw, which is always allowed. RFC 6143, section 7.5.2.
        self._viewer.send(struct.pack(">BxHii", 2, 2, 16, 0))
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        viewer = self._viewer
        viewer.ask()
        try:
            while True:
                kind = viewer.read(1)[0]
                if kind != 0:
                    raise ValueError(f"message {kind}")
                (count,) = struct.unpack(">xH", viewer.read(3))
                for _ in range(count):
                    _, _, width, height, encoding = struct.unpack(">HHHHi", viewer.read(12))
                    length = struct.unpack(">I", viewer.read(4))[0] if encoding == 16 else width * height * 4
                    viewer.read(length)
                self.updates += 1
                viewer.ask(incremental=True)
        except (OSError, EOFError):
            # It was closed.
            pass

    def close(self) -> None:
        self._viewer.socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._viewer.socket.close()


class Reflector(VncProcess):
    """x11vnc as a client of a server, and a server of its picture."""

    port_pattern = r"^PORT=(\d+)$"

    def __init__(self, server: str) -> None:
        super().__init__("x11vnc")
        argv = ["x11vnc", "-norc", "-reflect", server, "-forever", "-shared", "-localhost", "-nopw", "-rfbport", str(free_port())]
        self._start(argv, logs_stdout=True)


@contextmanager
def serving(way: str, binary: str, guest: LinuxGuest) -> Iterator[tuple[int, int]]:
    """A port for viewers, and the process behind it."""
    if way == "x11vnc -reflect":
        host, port = guest.tcp.split(":")
        # A display's number, or a port above 5900 less that.
        with Reflector(f"{host}:{int(port) - 5900}") as reflector:
            yield int(reflector.tcp.split(":")[1]), reflector.process.pid
        return
    with Demo(binary, "--vnc-target", guest.tcp) as demo:
        with Relay.of_demo(binary, demo, *(["--share"] if way == "relay --share" else [])) as relay:
            yield relay.port(), relay.process.pid


def share(binary: str) -> None:
    """A guest that prints all the time."""
    print("\n| relay of a busy framebuffer | viewers | of a core | updates a second and viewer |\n| --- | --- | --- | --- |")
    with LinuxGuest(BOCHS) as guest:
        guest.boots()
        guest.run("echo 1 > /proc/sys/kernel/printk")
        guest.send("while :; do ls -l / /dev > /dev/tty1; sleep 0.1; done &")
        for way, counts in (("relay", [1]), ("relay --share", [1, 4]), ("x11vnc -reflect", [1, 4])):
            for count in counts:
                with serving(way, binary, guest) as (port, pid):
                    readers = [Reader(port) for _ in range(count)]
                    until("all viewers", 30, lambda: all(reader.updates > 2 for reader in readers))
                    updates = sum(reader.updates for reader in readers)
                    cpu = used(lambda: cpu_of(pid), lambda: time.sleep(BUSY_TIME), BUSY_TIME)
                    rate = (sum(reader.updates for reader in readers) - updates) / BUSY_TIME / count
                    for reader in readers:
                        reader.close()
                print(f"| {way} | {count} | {cpu:.1%} | {rate:.0f} |", flush=True)


PARTS = {"keys": keys, "idle": idle, "share": share}

if __name__ == "__main__":
    program = binary_of(sys.argv, "console.py PATH_TO_ECS_VNC [keys] [idle] [share]")
    print(f"load before: {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores\n", flush=True)
    for part in sys.argv[2:] or PARTS:
        PARTS[part](program)
    print(f"\nload after: {os.getloadavg()[0]:.1f}")
