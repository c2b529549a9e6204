"""The UEFI shell and setup of Debian's OVMF; what they show comes from the firmware's serial console."""

from __future__ import annotations

import re

import pyte
from harness import until
from machine import Machine
from packages import unpacked
from truth import Grid, Screen

# Time until the shell is there, in seconds.
START_LIMIT = 120

# The firmware's glyphs.
WIDTH, HEIGHT = 8, 19

# A serial console of the type PC-ANSI has no arrows and triangles: it says them in ASCII.
IN_ASCII = [("^v=", "↑↓="), ("<^>", "<↑>"), ("<v>", "<↓>")]

# The setup has a size of its own.
SETUP_SIZE, SETUP_CELLS = (640, 480), (80, 25)


class UefiGuest(Machine):
    """A PC without a disk: its firmware starts the shell."""

    def __init__(self, width: int = 1280, height: int = 800) -> None:
        directory = unpacked("ovmf") / "usr/share/OVMF"
        arguments = ["-machine", "q35", "-device", f"VGA,xres={width},yres={height}", "-serial", "file:serial"]
        arguments += ["-drive", f"if=pflash,format=raw,readonly=on,file={directory / 'OVMF_CODE_4M.fd'}"]
        arguments += ["-drive", f"if=pflash,format=raw,snapshot=on,file={directory / 'OVMF_VARS_4M.fd'}"]
        super().__init__(arguments, 256)
        # What the shell begins with; its command `mode` changes it.
        self.cells = (100, 31)

    def screen(self) -> Screen:
        """A still picture, and what the serial console says."""
        picture = self.still_picture()
        columns, rows = SETUP_CELLS if picture.size == SETUP_SIZE else self.cells
        terminal = pyte.Screen(columns, rows)
        # The terminal emulator does not know this sequence, which chooses a mode.
        said = (self.directory / "serial").read_bytes().replace(b"\x1b[=3h", b"")
        pyte.Stream(terminal).feed(said.decode("cp437"))
        lines = []
        for line in terminal.display:
            for ascii_text, shown in IN_ASCII:
                line = line.replace(ascii_text, shown)
            lines.append(re.sub("^ > ", " ► ", line))
        left, top = (picture.width - WIDTH * columns) // 2, (picture.height - HEIGHT * rows) // 2
        return Screen(picture, tuple(lines), Grid(WIDTH, HEIGHT, left, top), (terminal.cursor.x, terminal.cursor.y))

    def shows(self, text: str) -> Screen:
        """Waits until some row holds the text."""

        def probe() -> Screen | None:
            screen = self.screen()
            return screen if screen.holds(text) else None

        return until(f"{text!r} on the firmware's screen", START_LIMIT, probe)
