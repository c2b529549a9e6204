"""QEMU's monitor: the QEMU Machine Protocol (QMP) over one connection."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

from PIL import Image


class Monitor:
    """QEMU serves one client at each of its sockets; a thread needs a monitor of its own."""

    def __init__(self, connection: socket.socket) -> None:
        self._lines = connection.makefile("rw")
        self._lines.readline()
        self.events: list[dict[str, Any]] = []
        self.qmp("qmp_capabilities")

    def qmp(self, command: str, **arguments: object) -> Any:
        """Asks, and keeps the events that come in between."""
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

    def picture(self, file: Path) -> Image.Image:
        """The screen as QEMU itself saves it, in PPM, which takes no time to compress."""
        self.qmp("screendump", filename=str(file), format="ppm")
        with Image.open(file) as image:
            return image.convert("RGB")
