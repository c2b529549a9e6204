"""Shows every glyph of the kernel's own fonts on a guest's screen: `python tests/fonts/glyph_pages.py DIRECTORY`.

For each font there is a PNG, and beside it what /dev/vcsu1 says of the screen, as tests/fonts/observe.py takes them. Needs
QEMU, Debian's packages and Pillow; the guest is that of tests/e2e.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from console_pages import CLEAR, HIDE_CURSOR
from linux_files import is_shown
from linux_guest import Display, LinuxGuest

# By their names in the kernel.
FONTS = ["VGA8x8", "VGA8x16", "TER16x32"]


def page(glyphs: list[list[str]]) -> str:
    """Each character that a glyph stands for."""
    characters = dict.fromkeys(character for glyph in glyphs for character in glyph if is_shown(character))
    return CLEAR + HIDE_CURSOR + "".join(characters)


def main() -> None:
    """Starts a guest for each font."""
    if len(sys.argv) != 2:
        sys.exit(f"usage: python {sys.argv[0]} DIRECTORY")
    directory = Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    for font in FONTS:
        with LinuxGuest(Display("VGA,xres=1280,yres=800", "bochs", f"fbcon=font:{font}"), idle=True) as guest:
            guest.boots()
            guest.show(page(guest.glyphs()))
            screen = guest.screen()
        screen.picture.save(directory / f"{font}.png")
        (directory / f"{font}.txt").write_text("".join(f"{row.rstrip()}\n" for row in screen.rows), "utf-8")
        print(directory / f"{font}.png")


if __name__ == "__main__":
    main()
