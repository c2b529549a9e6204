"""What ecs-vnc reads from a picture, held against what is true of the screen, cell by cell."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness import run_to_end, sealed
from PIL import Image
from truth import Grid, Screen

# The exit code of a screen without text that can be read.
NO_TEXT = 41

# Characters that share a bitmap with others in the font on the screen: what is shown does not say which was printed.
Alike = Mapping[str, set[str]]


@dataclass(frozen=True)
class Reading:
    """What `text` ended with, and the object that it printed."""

    code: int
    said: str
    found: Mapping[str, Any] = field(default_factory=dict)

    @property
    def grid(self) -> Grid:
        """The cells that were found."""
        return Grid(*(self.found[name] for name in ("CellWidth", "CellHeight", "OffsetX", "OffsetY")))

    @property
    def kind(self) -> str:
        """`text`, `blank`, `unknown-font` or `not-text`; the exit code where nothing was printed."""
        return self.found.get("Kind", f"exit code {self.code}")


def read_file(binary: str, file: Path, *arguments: str) -> Reading:
    """A run of `text --image`."""
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        done = run_to_end([binary, "text", "--image", str(file), "-o", "json", *arguments], sealed(home))
    return Reading(done.returncode, done.stderr, json.loads(done.stdout) if done.stdout else {})


def read_picture(binary: str, picture: Image.Image, kind: str = "png", **options: Any) -> Reading:
    """The same of a picture, saved as PNG or, with Pillow's options, as JPEG."""
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        file = Path(home, f"screen.{kind}")
        picture.save(file, **options)
        return read_file(binary, file)


def is_same(true: str, seen: str, alike: Alike) -> bool:
    """Every ASCII character must be itself. Of the others, those of one bitmap stand for each other; all blanks are."""
    if true.isascii():
        return seen == true
    return seen == true or seen in alike.get(true, ()) or true.isspace() and seen == " "


def differences(reading: Reading, screen: Screen, alike: Alike | None = None) -> list[str]:
    """Each cell that is read as something else, the cursor's apart; or the reason why nothing can be compared."""
    if not reading.found.get("CellWidth"):
        return [f"{reading.kind}: {reading.said}"]
    grid, rows = screen.grid, screen.rows
    if [row.rstrip() for row in rows] == [*reading.found["Lines"], *[""] * (len(rows) - len(reading.found["Lines"]))]:
        # A few characters in the first rows do not tell the size of the cells, and need not.
        return []
    found = reading.grid
    across, down = grid.left - found.left, grid.top - found.top
    if (found.width, found.height) != (grid.width, grid.height) or across % grid.width or down % grid.height:
        return [f"cells {found} in place of {grid}"]
    right, below = across // grid.width, down // grid.height
    lines: list[str] = reading.found["Lines"]
    out = []
    # Cells that are on one side only are blank there.
    for y in range(min(0, -below), max(len(rows), len(lines) - below)):
        true = rows[y] if 0 <= y < len(rows) else ""
        seen = lines[y + below] if 0 <= y + below < len(lines) else ""
        for x in range(min(0, -right), max(len(true), len(seen) - right)):
            a = true[x] if 0 <= x < len(true) else " "
            b = seen[x + right] if 0 <= x + right < len(seen) else " "
            if (x, y) != screen.cursor and not is_same(a, b, alike or {}):
                out.append(f"column {x}, row {y}: {b!r} in place of {a!r}")
    return out


def alike_on(*screens: Screen) -> dict[str, set[str]]:
    """The characters that share a bitmap, or its reverse, with others of these screens."""
    by_bitmap: dict[bytes, set[str]] = {}
    for screen in screens:
        grid = screen.grid
        for y, row in enumerate(screen.rows):
            for x, shown in enumerate(row):
                left, top = grid.left + x * grid.width, grid.top + y * grid.height
                pixels = screen.picture.crop((left, top, left + grid.width, top + grid.height)).tobytes()
                first = pixels[:3]
                bitmap = bytes(pixels[at : at + 3] != first for at in range(0, len(pixels), 3))
                by_bitmap.setdefault(bitmap, set()).add(shown)
    return alike_of(by_bitmap.values())


def alike_of(glyphs: Iterable[Iterable[str]]) -> dict[str, set[str]]:
    """From the characters of each bitmap."""
    out: dict[str, set[str]] = {}
    for characters in map(set, glyphs):
        for character in characters:
            out.setdefault(character, set()).update(characters)
    return out
