"""The Linux console: what is read from its pixels is what the kernel has put there."""

from __future__ import annotations

from pathlib import Path

import linux_files
from console_pages import CLEAR, HIDE_CURSOR, PAGES, prose
from drive import verb
from harness import Demo, check, check_equal
from linux_guest import BOCHS, CIRRUS, VESA, VGA_TEXT, VIRTIO, Display, LinuxGuest
from reading import Alike, alike_on, differences, read_picture
from truth import Screen

# A BIOS has a mode of 50 rows, and a kernel a font of its own for screens as large as the second.
VGA_50_ROWS = Display("VGA", append="vga=ext")
LARGE = Display("VGA,xres=2560,yres=1440,vgamem_mb=32", "bochs")

# Characters whose bitmap another font of the tables has for another one: a screen with few other letters does not tell. The
# last one is shown in place of characters that the font does not have.
ACROSS_FONTS = {"ϴ": {"Ɵ"}, "—": {"-", "─"}, "―": {"-", "─"}, "♦": {"◆"}, "\ufffd": {"◆", "◈"}}

# What later tests make other pictures of.
KEPT: dict[str, Screen] = {}


def check_read(binary: str, pictures: Path, name: str, screen: Screen, alike: Alike | None = None) -> None:
    """Every character of every row; of a picture that is exact, exactly."""
    KEPT[name] = screen
    screen.picture.save(pictures / f"text {name.replace('/', ' ')}.png")
    reading = read_picture(binary, screen.picture)
    seen = (reading.kind, reading.found.get("Exact"), differences(reading, screen, alike)[:9])
    check_equal(f"{name}: every character", seen, ("text", True, []))


def check_pages(binary: str, pictures: Path, name: str, guest: LinuxGuest, pages: list[str] | None = None) -> None:
    """The ways in which a screen is filled."""
    columns, rows = guest.size()
    for page in pages or PAGES:
        guest.show(PAGES[page](columns, rows))
        check_read(binary, pictures, f"{name}, {page}", guest.screen())


def glyph_page(guest: LinuxGuest) -> Screen:
    """Each character that the font has and that the kernel puts into one cell."""
    characters = dict.fromkeys(character for glyph in guest.glyphs() for character in glyph if linux_files.is_shown(character))
    guest.show(CLEAR + HIDE_CURSOR + "".join(characters))
    return guest.screen()


def check_glyphs(binary: str, pictures: Path, name: str, guest: LinuxGuest) -> None:
    """ASCII must be itself; of the others, those of one bitmap stand for each other."""
    screen = glyph_page(guest)
    alike = alike_on(screen)
    for glyph in [*guest.glyphs(), *([true, *seen] for true, seen in ACROSS_FONTS.items())]:
        for character in glyph:
            alike.setdefault(character, set()).update(glyph)
    check_read(binary, pictures, f"{name}, all glyphs", screen, alike)


def vga_text(binary: str, pictures: Path) -> None:
    """80x25 in cells of 9 and of 8 pixels, and fonts that are loaded into the VGA."""
    with LinuxGuest(VGA_TEXT, idle=True) as guest:
        guest.boots()
        check_pages(binary, pictures, "VGA text", guest)
        check_glyphs(binary, pictures, "VGA text", guest)
        guest.use_eight_dots()
        check_pages(binary, pictures, "VGA text, 8 dots", guest, ["prose", "colours", "a prompt"])
        check_glyphs(binary, pictures, "VGA text, 8 dots", guest)
        guest.use_eight_dots(False)
        for font in ("Lat15-Fixed16", "Uni2-Fixed16", "Lat15-Terminus16"):
            guest.load_font(font)
            check_glyphs(binary, pictures, f"VGA text, {font}", guest)
            check_pages(binary, pictures, f"VGA text, {font}", guest, ["prose"])
    with LinuxGuest(VGA_50_ROWS, idle=True) as guest:
        guest.boots()
        check_equal("VGA text of 50 rows: the size", guest.size(), (80, 50))
        check_pages(binary, pictures, "VGA text of 50 rows", guest, ["prose", "colours", "a dialog", "a prompt"])


def vga_panic(binary: str, pictures: Path) -> None:
    """The last words of a kernel, which nobody but the VGA's memory remembers."""
    with LinuxGuest(VGA_TEXT, idle=True) as guest:
        guest.boots()
        guest.send("echo c > /proc/sysrq-trigger")
        guest.says("---[ end Kernel panic")
        check_read(binary, pictures, "a panic in VGA text", guest.vga_screen())


def framebuffers(binary: str, pictures: Path) -> None:
    """Each driver draws with the same font, in colours of its own depth."""
    for name, display in (("bochs", BOCHS), ("virtio", VIRTIO), ("cirrus", CIRRUS), ("vesafb", VESA)):
        with LinuxGuest(display, idle=True) as guest:
            guest.boots()
            check_read(binary, pictures, f"{name}, the boot log", guest.screen())
            check_pages(binary, pictures, name, guest, None if display is BOCHS else ["prose", "colours", "a dialog", "a prompt"])
            if display is BOCHS:
                check_glyphs(binary, pictures, name, guest)
    with LinuxGuest(LARGE, idle=True) as guest:
        guest.boots()
        check_equal("2560x1440: the size", guest.size(), (160, 45))
        check_pages(binary, pictures, "2560x1440", guest, ["all printable ASCII in every row", "prose", "colours", "a prompt"])
        check_glyphs(binary, pictures, "2560x1440", guest)


def fonts(binary: str, pictures: Path) -> None:
    """What distributions load, and people with large screens."""
    with LinuxGuest(BOCHS, idle=True) as guest:
        guest.boots()
        for font in linux_files.FONTS:
            guest.load_font(font)
            check_glyphs(binary, pictures, font, guest)
            guest.show(prose(*guest.size()))
            check_read(binary, pictures, f"{font}, prose", guest.screen())


def a_start(binary: str, pictures: Path) -> None:
    """A whole start of the guest, a login at its console, and the same screen over VNC."""
    with LinuxGuest(BOCHS) as guest:
        guest.boots()
        check_read(binary, pictures, "a login prompt", guest.shows(f"{linux_files.HOSTNAME} login:"))
        guest.write("root\n")
        check_read(binary, pictures, "a password prompt", guest.shows("Password:"))
        guest.write(f"{linux_files.ROOT_PASSWORD}\n")
        guest.shows(f"root@{linux_files.HOSTNAME}:~#")
        guest.write("ls -l --color=always /; echo do''ne\n")
        screen = guest.shows("done")
        check_read(binary, pictures, "a shell", screen)
        check("a shell: the password is nowhere", not screen.holds(linux_files.ROOT_PASSWORD))
        with Demo(binary, "--vnc-target", guest.websocket) as demo:
            code, out, err = verb(binary, demo, "text", "--via", "vnc")
            rows = "".join(f"{row.rstrip()}\n" for row in guest.screen().rows).rstrip("\n")
            check_equal("text --via vnc: all rows", (code, without_cursor(out, guest.screen()), err), (0, rows, ""))


def without_cursor(text: str, screen: Screen) -> str:
    """Rows in which the cursor's cell, if it holds anything, is blank."""
    rows = text.rstrip("\n").split("\n")
    if screen.cursor and screen.cursor[1] < len(rows):
        column, row = screen.cursor
        rows[row] = (rows[row][:column] + " " + rows[row][column + 1 :]).rstrip()
    return "\n".join(rows)
