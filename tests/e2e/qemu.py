"""QEMU as a real VNC server, and as the judge of what arrives in it.

What a guest shows is read from its text memory over QMP, and what its screen is comes from QEMU's own `screendump`:
neither goes by VNC.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from guests import COLUMNS, LINES, MARK, MARK_AT
from harness import until
from PIL import Image

PROGRAM = "qemu-system-x86_64"

# The firmware and a boot sector take about a second; software emulation on a busy machine takes longer.
START_LIMIT = 30

# How long a key may take from the client to the guest's screen.
STEP = 15

# Where a PC has its text screen.
TEXT_MEMORY = 0xB8000


class Qemu:
    """A virtual machine that starts from a disk of guests.py."""

    def __init__(self, disk: bytes) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="ecs-vnc-qemu-")
        directory = Path(self._directory.name)
        # Whole cylinders, of which the firmware takes no part.
        (directory / "disk").write_bytes(disk.ljust(1 << 20, b"\0"))
        self.log = directory / "log"
        argv = [PROGRAM, "-display", "none", "-m", "64", "-nic", "none", "-nodefaults", "-vga", "std"]
        argv += ["-drive", f"file={directory / 'disk'},format=raw"]
        # The first display that is free, and its WebSocket beside it: QEMU is asked which.
        argv += ["-vnc", "127.0.0.1:0,to=999,websocket=on"]
        argv += ["-qmp", f"unix:{directory / 'qmp'},server=on,wait=off"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self._monitor = until("QEMU's monitor", START_LIMIT, lambda: self._connect(directory / "qmp"))
            self._lines = self._monitor.makefile("rw")
            self._lines.readline()
            self.events: list[dict[str, Any]] = []
            self.qmp("qmp_capabilities")
            servers = self.qmp("query-vnc-servers")[0]["server"]
            ports = {server["websocket"]: int(server["service"]) for server in servers}
            self.tcp, self.websocket = f"127.0.0.1:{ports[False]}", f"ws://127.0.0.1:{ports[True]}"
            until("the guest", START_LIMIT, self.is_up)
        except BaseException:
            self.__exit__()
            raise

    def _connect(self, path: Path) -> socket.socket | None:
        if self.process.poll() is not None:
            raise RuntimeError(f"QEMU has ended: {self.log.read_text()}")
        monitor = socket.socket(socket.AF_UNIX)
        try:
            monitor.connect(str(path))
        except OSError:
            monitor.close()
            return None
        monitor.settimeout(START_LIMIT)
        return monitor

    def __enter__(self) -> Qemu:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self._directory.cleanup()

    def qmp(self, command: str, **arguments: object) -> Any:
        """Asks the monitor, and keeps the events that come in between."""
        self._lines.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self._lines.flush()
        while True:
            answer = json.loads(self._lines.readline())
            if "event" in answer:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError(f"{command}: {answer['error']}")
            else:
                return answer["return"]

    def words(self, address: int, count: int) -> list[int]:
        """Numbers of 16 bits from the guest's memory."""
        memory = self.qmp("human-monitor-command", **{"command-line": f"xp /{count}hx {address:#x}"})
        return [int(word, 16) for word in re.findall(r"\b0x([0-9a-f]{4})\b", memory)]

    def cells(self) -> list[int]:
        """The text screen: of each cell the character and, above it, the colours."""
        return self.words(TEXT_MEMORY, COLUMNS * LINES)

    def is_up(self) -> bool:
        """Whether the guest, and no longer the firmware, has the machine."""
        return self.words(TEXT_MEMORY + MARK_AT, 1) == [MARK]

    def screen(self) -> list[str]:
        """The lines of the text screen."""
        text = bytes(cell & 0xFF for cell in self.cells()).replace(b"\0", b" ").decode("cp437")
        return [text[start : start + COLUMNS].rstrip() for start in range(0, len(text), COLUMNS)]

    def text(self) -> str:
        """The text screen without ends of lines: what was typed, as long as there was no Enter."""
        text = bytes(cell & 0xFF for cell in self.cells()).replace(b"\0", b" ")
        return text.decode("cp437").rstrip()

    def shows(self, text: str, limit: float = STEP) -> str:
        """Waits until the text screen holds exactly this, and gives what it holds at last."""
        try:
            return until(f"{text!r} on the guest's screen", limit, lambda: self.text() if self.text() == text.rstrip() else None)
        except TimeoutError:
            return self.text()

    def scancodes(self) -> list[int]:
        """What guests.scancodes() shows."""
        return [int(code, 16) for code in self.text().split()]

    def hears(self, codes: list[int], limit: float = STEP) -> list[int]:
        """Waits until guests.scancodes() shows exactly these, and gives what it shows at last."""
        try:
            return until(f"{codes} from the keyboard", limit, lambda: self.scancodes() if self.scancodes() == codes else None)
        except TimeoutError:
            return self.scancodes()

    def has_restarted(self) -> bool:
        """Whether the guest has restarted the machine. Its BIOS asks for that in several ways, and may be heard twice."""
        self.qmp("query-status")
        return any(event["event"] == "RESET" and event["data"]["guest"] for event in self.events)

    def picture(self) -> Image.Image:
        """The screen as QEMU itself saves it."""
        file = Path(self._directory.name, "screen.png")
        self.qmp("screendump", filename=str(file), format="png")
        with Image.open(file) as image:
            return image.convert("RGB")
