"""An X screen that nobody sees, for viewers with windows: what is on it is read from the server's own memory."""

from __future__ import annotations

import os
import struct
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from harness import until
from PIL import Image

SIZE = (1280, 800)

# How long a window may take, on a machine that is busy.
START_LIMIT = 30


class XScreen:
    """Xvfb on a display of its own choice."""

    def __init__(self, size: tuple[int, int] = SIZE, depth: int = 24) -> None:
        self.size, self.depth = size, depth

    def __enter__(self) -> XScreen:
        self._directory = tempfile.TemporaryDirectory(prefix="ecs-vnc-x-")
        self._memory = Path(self._directory.name, "Xvfb_screen0")
        reader, writer = os.pipe()
        screen = f"{self.size[0]}x{self.size[1]}x{self.depth}"
        argv = ["Xvfb", "-displayfd", str(writer), "-screen", "0", screen, "-fbdir", self._directory.name]
        quiet = subprocess.DEVNULL
        # Without -noreset it begins anew after its last client, and refuses one that comes just then.
        self.process = subprocess.Popen([*argv, "-noreset", "-nolisten", "tcp"], stdin=quiet, stdout=quiet, stderr=quiet, pass_fds=[writer])
        os.close(writer)
        with open(reader, encoding="ascii") as told:
            # Ends as well when Xvfb does.
            number = told.readline().strip()
        if not number:
            self.__exit__()
            raise RuntimeError("Xvfb has not started")
        self.display = f":{number}"
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)
        self._directory.cleanup()

    def env(self, home: str) -> dict[str, str]:
        """For programs that are to have their windows here."""
        return {"PATH": os.environ.get("PATH", os.defpath), "HOME": home, "LANG": "C.UTF-8", "DISPLAY": self.display}

    def xdotool(self, *arguments: str) -> str:
        """Whatever xdotool can do."""
        argv = ["xdotool", *arguments]
        done = subprocess.run(argv, env=self.env(self._directory.name), capture_output=True, text=True, timeout=60)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{argv}: {done.stderr}")
        return done.stdout

    def window(self, title: str) -> int:
        """Waits for a window whose title begins so, and gives it the keyboard: there is no window manager."""
        search = ["search", "--onlyvisible", "--name", f"^{title}"]
        found = until(f"the window {title!r}", START_LIMIT, lambda: self.xdotool(*search).split())
        self.xdotool("windowfocus", "--sync", found[0])
        # Pictures are to be the guest's alone.
        self.xdotool("mousemove", str(self.size[0] - 1), str(self.size[1] - 1))
        return int(found[0])

    def place(self, window: int) -> tuple[int, int, int, int]:
        """The left, upper, right and lower end of a window."""
        words = dict(line.split("=") for line in self.xdotool("getwindowgeometry", "--shell", str(window)).split() if "=" in line)
        x, y, width, height = (int(words[name]) for name in ("X", "Y", "WIDTH", "HEIGHT"))
        return x, y, x + width, y + height

    def type(self, text: str) -> None:
        """At about the pace of openQA, 30 keys a second: what is faster may overtake the guest's BIOS."""
        self.xdotool("type", "--delay", "33", "--", text)

    def picture(self) -> Image.Image:
        """All of the screen, at depth 24. The memory is a file in the format of xwd: X11/XWDFile.h."""
        data = self._memory.read_bytes()
        header: tuple[Any, ...] = struct.unpack(">25I", data[:100])
        header_size, width, height, line, colours = header[0], header[4], header[5], header[12], header[19]
        pixels = data[header_size + colours * 12 :]
        return Image.frombuffer("RGB", (width, height), pixels, "raw", "BGRX", line, 1)
