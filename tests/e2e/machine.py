"""A virtual machine of QEMU with a VNC server and a monitor: what it shows is asked of QEMU itself, and not by VNC."""

from __future__ import annotations

import re
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Self

from harness import until
from monitor import Monitor
from PIL import Image
from truth import Grid, Screen

PROGRAM = "qemu-system-x86_64"

# Time to start, in seconds: what takes one alone takes several on a busy machine.
START_LIMIT = 60

# Where a PC has its text screen, and the registers of its VGA that say which part of it is shown.
TEXT_MEMORY = 0xB8000
CRTC_INDEX, CRTC_DATA = 0x3D4, 0x3D5
SEQUENCER_INDEX, SEQUENCER_DATA = 0x3C4, 0x3C5
START_ADDRESS, CURSOR_ADDRESS = 0x0C, 0x0E

# QEMU's names of the keys that have another name than their character.
KEYS = {
    " ": "spc", "\n": "ret", "-": "minus", "=": "equal", "/": "slash", ".": "dot", ",": "comma", "'": "apostrophe",
    ";": "semicolon", "\\": "backslash", "[": "bracket_left", "]": "bracket_right", "`": "grave_accent",
}  # fmt: skip
SHIFTED = dict(zip('_+?><":|{}~!@#$%^&*()', "-=/.,';\\[]`1234567890", strict=True))


class Machine:
    """Runs until the block ends. `tcp` is HOST:PORT of its VNC server, `websocket` the URL of its WebSocket."""

    def __init__(self, arguments: list[str], memory: int = 64) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="ecs-vnc-qemu-")
        self.directory = Path(self._directory.name)
        self.log = self.directory / "log"
        argv = [PROGRAM, "-display", "none", "-m", str(memory), "-nic", "none", "-nodefaults"]
        # The first display that is free, and its WebSocket beside it: QEMU is asked which.
        argv += ["-vnc", "127.0.0.1:0,to=999,websocket=on"]
        for name in ("qmp", "camera"):
            argv += ["-qmp", f"unix:{self.directory / name},server=on,wait=off"]
        argv += arguments
        with self.log.open("wb") as log:
            # A relative path of an argument is one in its directory.
            self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.directory)
        try:
            self.monitor = Monitor(self.connected("qmp"))
            servers = self.qmp("query-vnc-servers")[0]["server"]
            ports = {server["websocket"]: int(server["service"]) for server in servers}
            self.tcp, self.websocket = f"127.0.0.1:{ports[False]}", f"ws://127.0.0.1:{ports[True]}"
        except BaseException:
            self.__exit__()
            raise

    def connected(self, name: str) -> socket.socket:
        """A connection to a socket that QEMU listens on in its directory."""
        return until(f"QEMU's socket {name}", START_LIMIT, lambda: self._connect(self.directory / name))

    def _connect(self, path: Path) -> socket.socket | None:
        if self.process.poll() is not None:
            raise RuntimeError(f"QEMU has ended: {self.log.read_text()}")
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(str(path))
        except OSError:
            connection.close()
            return None
        connection.settimeout(START_LIMIT)
        return connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self._directory.cleanup()

    def qmp(self, command: str, **arguments: object) -> Any:
        """Asks the monitor."""
        return self.monitor.qmp(command, **arguments)

    def hmp(self, line: str) -> str:
        """Asks the monitor for people."""
        return self.qmp("human-monitor-command", **{"command-line": line})

    def words(self, address: int, count: int) -> list[int]:
        """Numbers of 16 bits from the guest's memory."""
        return [int(word, 16) for word in re.findall(r"\b0x([0-9a-f]{4})\b", self.hmp(f"xp /{count}hx {address:#x}"))]

    def has_restarted(self) -> bool:
        """Whether the guest has restarted the machine. Its BIOS asks for that in several ways, and may be heard twice."""
        self.qmp("query-status")
        return any(event["event"] == "RESET" and event["data"]["guest"] for event in self.monitor.events)

    def has_viewer(self) -> bool:
        """Whether a VNC client has been given the screen."""
        self.qmp("query-status")
        return any(event["event"] == "VNC_INITIALIZED" for event in self.monitor.events)

    def picture(self) -> Image.Image:
        """The screen."""
        return self.monitor.picture(self.directory / "screen.ppm")

    def still_picture(self, limit: float = START_LIMIT) -> Image.Image:
        """A picture that was the same half a second before."""
        seen: list[Image.Image] = []

        def probe() -> Image.Image | None:
            seen.append(self.picture())
            if len(seen) > 1 and seen[-1].size == seen[-2].size and seen[-1].tobytes() == seen[-2].tobytes():
                return seen[-1]
            time.sleep(0.5)
            return None

        return until("a screen that stands still", limit, probe)

    def press(self, *chords: str) -> None:
        """Keys by QEMU's names, as `ctrl-x`."""
        for chord in chords:
            keys = [{"type": "qcode", "data": key} for key in chord.split("-")]
            self.qmp("send-key", keys=keys, **{"hold-time": 20})
            # QEMU lets go of them by a timer; the next key is to come after that.
            time.sleep(0.05)

    def write(self, text: str) -> None:
        """The keys of a US keyboard for a text."""
        for character in text:
            shift = character in SHIFTED or character.isupper()
            key = SHIFTED.get(character, character).lower()
            self.press(f"shift-{KEYS.get(key, key)}" if shift else KEYS.get(key, key))

    def crtc(self, register: int) -> int:
        """A register of 16 bits of the VGA's."""
        value = 0
        for part in (register, register + 1):
            self.hmp(f"o /b {CRTC_INDEX:#x} {part}")
            value = value << 8 | int(self.hmp(f"i /b {CRTC_DATA:#x}").rpartition("=")[2], 16)
        return value

    def use_eight_dots(self, eight: bool = True) -> None:
        """Makes the cells of a VGA's text mode 8 or 9 pixels wide: bit 0 of the sequencer's clocking mode."""
        self.hmp(f"o /b {SEQUENCER_INDEX:#x} 1")
        value = int(self.hmp(f"i /b {SEQUENCER_DATA:#x}").rpartition("=")[2], 16)
        self.hmp(f"o /b {SEQUENCER_DATA:#x} {value | 1 if eight else value & ~1}")

    def text_screen(self, columns: int = 80, rows: int = 25) -> list[str]:
        """The rows of a VGA's text screen, in the ROM's code page 437, from the guest's memory."""
        cells = self.words(TEXT_MEMORY + 2 * self.crtc(START_ADDRESS), columns * rows)
        text = "".join(GLYPHS[cell & 0xFF] for cell in cells)
        return [text[start : start + columns] for start in range(0, len(text), columns)]

    def vga_screen(self, columns: int = 80, rows: int = 25) -> Screen:
        """A picture of a VGA's text mode, and what the text memory holds before and after it."""
        before = self.text_screen(columns, rows)
        while True:
            picture, after = self.picture(), self.text_screen(columns, rows)
            if before == after:
                grid = Grid(picture.width // columns, picture.height // rows)
                return Screen(picture, tuple(after), grid, self.text_cursor(columns))
            before = after

    def text_cursor(self, columns: int = 80) -> tuple[int, int]:
        """Column and row of the cursor on a VGA's text screen."""
        row, column = divmod(self.crtc(CURSOR_ADDRESS) - self.crtc(START_ADDRESS), columns)
        return column, row


class DiskMachine(Machine):
    """A PC that starts from the bytes of a disk, by SeaBIOS. What it writes on it is lost."""

    def __init__(self, disk: bytes, interface: str = "ide") -> None:
        with tempfile.NamedTemporaryFile(prefix="ecs-vnc-disk-") as file:
            # Whole cylinders, of which the firmware takes no part.
            file.write(disk.ljust(2 << 20, b"\0"))
            file.flush()
            super().__init__(["-vga", "std", "-drive", f"file={file.name},format=raw,if={interface},snapshot=on"])


# What the ROM's font shows: the code page, and the signs that IBM has put where it has controls.
CONTROLS = dict(enumerate(" ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼")) | {0x7F: "⌂", 0xFF: " "}
GLYPHS = [CONTROLS.get(code, bytes((code,)).decode("cp437")) for code in range(256)]
