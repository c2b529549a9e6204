"""Writes vga_8x16.bin from SeaVGABIOS: `python3 extract.py /usr/share/seabios/vgabios-stdvga.bin`.

The file is in Debian's package `seabios`. The font in it is that of SeaBIOS's vgasrc/vgafonts.c, which its authors
have placed in the public domain.
"""

import hashlib
import sys
from pathlib import Path

GLYPHS, ROWS = 256, 16

# The letter A, by which the font is found in the ROM.
LETTER_A = bytes.fromhex("00 00 10 38 6c c6 c6 fe c6 c6 c6 c6 00 00 00 00")


def font(rom: bytes) -> bytes:
    """All glyphs of the 8x16 font, one byte a row, the leftmost pixel in the highest bit."""
    if rom.count(LETTER_A) != 1:
        sys.exit("the ROM has no 8x16 font, or several")
    start = rom.index(LETTER_A) - ord("A") * ROWS
    return rom[start : start + GLYPHS * ROWS]


if __name__ == "__main__":
    glyphs = font(Path(sys.argv[1]).read_bytes())
    Path(__file__).with_name("vga_8x16.bin").write_bytes(glyphs)
    print("SHA-256", hashlib.sha256(glyphs).hexdigest())
