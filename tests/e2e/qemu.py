"""QEMU as a real VNC server, and as the judge of what arrives in it.

What a guest shows is read from its text memory over QMP, and what its screen is comes from QEMU's own `screendump`:
neither goes by VNC.
"""

from __future__ import annotations

from guests import COLUMNS, LINES, MARK, MARK_AT
from harness import until
from machine import START_LIMIT, TEXT_MEMORY, DiskMachine

# How long a key may take from the client to the guest's screen.
STEP = 15


class Qemu(DiskMachine):
    """A virtual machine that starts from a disk of guests.py."""

    def __init__(self, disk: bytes) -> None:
        super().__init__(disk)
        try:
            until("the guest", START_LIMIT, self.is_up)
        except BaseException:
            self.__exit__()
            raise

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
