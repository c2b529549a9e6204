"""A picture of a screen with what is true of it."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image


@dataclass(frozen=True)
class Grid:
    """Where a screen's cells are in its picture: the size of a cell and its first pixel."""

    width: int
    height: int
    left: int = 0
    top: int = 0


@dataclass(frozen=True)
class Screen:
    """The cells' characters, with the blanks at the ends of rows. What nobody can see in the picture is blank too."""

    picture: Image.Image
    rows: tuple[str, ...]
    grid: Grid
    # Column and row, whether it is drawn just then or not.
    cursor: tuple[int, int] | None = None

    def holds(self, text: str) -> bool:
        """Whether the text stands in one of the rows."""
        return any(text in row for row in self.rows)
