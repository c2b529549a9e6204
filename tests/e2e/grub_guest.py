"""GRUB's menu, editor and command line, in a VGA's text mode and on gfxterm."""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

from linux_guest import VGA_TEXT, Display, Grub, LinuxGuest
from PIL import Image
from truth import Grid, Screen

# The border of gfxterm's window, in pixels, and the cells of GNU Unifont.
BORDER, WIDTH, HEIGHT = 10, 8, 16

FONT = Path("/usr/share/grub/unicode.pf2")

# The size of a VGA's text mode.
TEXT_MODE = (720, 400)

# What a cell with the cursor looks like, blank or with a character.
CURSOR = "▁\ufffd"

Bitmap = frozenset[tuple[int, int]]


@cache
def font() -> dict[Bitmap, str]:
    """The characters of each bitmap, given as the pixels that are set in a cell, from GRUB's own font.

    The format: GRUB's manual for developers, "PFF2 Font File Format".
    """
    data, at, ascent = FONT.read_bytes(), 0, 0
    index = b""
    while (name := data[at : at + 4]) != b"DATA":
        (size,) = struct.unpack_from(">I", data, at + 4)
        body = data[at + 8 : at + 8 + size]
        if name == b"ASCE":
            (ascent,) = struct.unpack(">H", body)
        elif name == b"CHIX":
            index = body
        at += 8 + size
    out: dict[Bitmap, str] = {}
    for code, _, start in struct.iter_unpack(">IBI", index):
        width, height, left, bottom, _ = struct.unpack_from(">HHhhh", data, start)
        bits = int.from_bytes(data[start + 10 : start + 10 + (width * height + 7) // 8], "big")
        spare = -(width * height) % 8
        top = ascent - bottom - height
        pixels = (divmod(place, width) for place in range(width * height) if bits >> spare + width * height - 1 - place & 1)
        bitmap = frozenset((left + x, top + y) for y, x in pixels)
        if bitmap and all(0 <= x < WIDTH for x, _ in bitmap) and code < 0x10000:
            out[bitmap] = out.get(bitmap, "") + chr(code)
    return out


CELL: Bitmap = frozenset((x, y) for y in range(HEIGHT) for x in range(WIDTH))


def character(pixels: list[tuple[int, int, int]]) -> str:
    """The first character that a cell can show, dark on light or light on dark; U+FFFD where it is the cursor's."""
    other = frozenset((place % WIDTH, place // WIDTH) for place, pixel in enumerate(pixels) if pixel != pixels[0])
    return (font().get(other) or font().get(CELL - other, "\ufffd"))[0] if other else " "


def gfxterm_rows(picture: Image.Image) -> tuple[str, ...]:
    """The text of a gfxterm that fills the screen."""
    columns, rows = (picture.width - 2 * BORDER) // WIDTH, (picture.height - 2 * BORDER) // HEIGHT
    out = []
    for row in range(rows):
        top = BORDER + row * HEIGHT
        lefts = (BORDER + column * WIDTH for column in range(columns))
        cells = (picture.crop((left, top, left + WIDTH, top + HEIGHT)) for left in lefts)
        out.append("".join(character(list(cell.getdata())) for cell in cells))
    return tuple(out)


def cursor_in(rows: tuple[str, ...]) -> tuple[int, int] | None:
    """Where gfxterm's cursor is: a line at the bottom of a cell, over what stands there."""
    cells = ((x, y) for y, row in enumerate(rows) for x, shown in enumerate(row) if shown in CURSOR)
    return next(cells, None)


class GrubGuest(LinuxGuest):
    """A guest whose GRUB waits for a key."""

    def __init__(self, gfxmode: str = "", display: Display = VGA_TEXT, **options: str) -> None:
        super().__init__(display, Grub(gfxmode), **options)
        self.is_graphical = bool(gfxmode)

    def screen(self) -> Screen:
        """GRUB's, in place of the kernel's."""
        picture = self.picture()
        if not self.is_graphical or picture.size == TEXT_MODE:
            return self.vga_screen()
        rows = gfxterm_rows(picture)
        return Screen(picture, rows, Grid(WIDTH, HEIGHT, BORDER, BORDER), cursor_in(rows))
