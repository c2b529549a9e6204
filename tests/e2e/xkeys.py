"""The keys that arrive at an X server, as it gives them to programs: xev is one, and knows nothing of VNC."""

from __future__ import annotations

import re
from collections.abc import Iterable

from harness import until
from xev import LIMIT, Xev

# X11/keysymdef.h. An X server gives them beside those with a character.
MODIFIERS = {0xFFE1: "Shift_L", 0xFFE2: "Shift_R", 0xFE03: "ISO_Level3_Shift", 0xFF7E: "Mode_switch"}


class XKeys(Xev):
    """All keys of a screen without windows: those go to its root window."""

    def __init__(self, display: str) -> None:
        # Each that went down or up, by the name of its keysym.
        self.events: list[tuple[str, str]] = []
        # The keysyms of those that went down, without modifiers.
        self.typed: list[int] = []
        super().__init__(display, "keyboard", "KeyPress")

    def _read(self, lines: Iterable[str]) -> None:
        event = ""
        for line in lines:
            if found := re.match(r"Key(Press|Release) event", line):
                event = "down" if found[1] == "Press" else "up"
            elif event and (found := re.search(r"\(keysym 0x([0-9a-f]+), (\w+)\)", line)):
                keysym = int(found[1], 16)
                if event == "down" and keysym not in MODIFIERS:
                    self.typed.append(keysym)
                self.events.append((event, found[2]))
                event = ""

    def forget(self) -> None:
        """What comes next is a new text."""
        self.events.clear()
        self.typed.clear()

    def types(self, text: str) -> str:
        """Waits until exactly this was typed, with all keys up again, and gives what was typed at last."""
        try:
            until(f"{text!r} at xev", LIMIT, lambda: self.text() == text and self._is_all_up())
        except TimeoutError:
            pass
        return self.text()

    def text(self) -> str:
        """Keysyms below 100h are Unicode's numbers."""
        return "".join(chr(keysym) if keysym < 0x100 else f"<{keysym:#x}>" for keysym in self.typed)

    def hears(self, events: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Waits until exactly these have come, and gives what has come at last."""
        try:
            until(f"{events} at xev", LIMIT, lambda: self.events == events)
        except TimeoutError:
            pass
        return list(self.events)

    def _is_all_up(self) -> bool:
        ways = [way for way, _ in self.events]
        return ways.count("down") == ways.count("up")
