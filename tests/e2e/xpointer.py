"""What the pointer does on an X server, as it tells programs: xev is one, and knows nothing of VNC."""

from __future__ import annotations

import re
from collections.abc import Iterable

from harness import until
from xev import LIMIT, Xev

# A motion, or a button that goes down or up, with the button's number; and where, in pixels of the root window.
Event = tuple[str, int, tuple[int, int]]

KINDS = {"MotionNotify": "move", "ButtonPress": "down", "ButtonRelease": "up"}


class XPointer(Xev):
    """All that the pointer does on a screen without windows."""

    def __init__(self, display: str) -> None:
        self.events: list[Event] = []
        super().__init__(display, "mouse", "ButtonPress")

    def _read(self, lines: Iterable[str]) -> None:
        kind, place = "", (0, 0)
        for line in lines:
            if found := re.match(r"(\w+) event", line):
                kind = KINDS.get(found[1], "")
            elif found := re.search(r"root:\((-?\d+),(-?\d+)\)", line):
                place = int(found[1]), int(found[2])
                if kind == "move":
                    self.events.append((kind, 0, place))
            elif kind and (found := re.search(r"\bbutton (\d+)", line)):
                self.events.append((kind, int(found[1]), place))

    def buttons(self) -> list[Event]:
        """Those that went down or up."""
        return [event for event in self.events if event[0] != "move"]

    def presses(self, events: list[Event]) -> list[Event]:
        """Waits until exactly these buttons went down and up, and gives what has come at last."""
        try:
            until(f"{events} at xev", LIMIT, lambda: self.buttons() == events)
        except TimeoutError:
            pass
        return self.buttons()

    def moves(self, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Waits until the pointer has gone to exactly these places, and gives where it has gone at last."""
        seen = lambda: [place for kind, _, place in self.events if kind == "move"]
        try:
            until(f"the pointer at {places}", LIMIT, lambda: seen() == places)
        except TimeoutError:
            pass
        return seen()
