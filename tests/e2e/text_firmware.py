"""What a machine shows before its kernel: the BIOS, a boot sector, GRUB, and UEFI."""

from __future__ import annotations

from pathlib import Path

import guests
from grub_guest import GrubGuest, font
from harness import check
from qemu import Qemu
from reading import alike_of
from text_linux import check_read
from uefi_guest import UefiGuest

# Printable ASCII and all of code page 437 that is no space or full block, in several colours.
PICTURE = [
    [("".join(map(chr, range(0x20, 0x70))), 0x07)],
    [("".join(map(chr, range(0x70, 0x7F))) + " The quick brown fox jumps over the lazy dog", 0x1F)],
    [("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥áíóúñÑªº¿⌐¬½¼¡«»", 0x0E)],
    [("░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■", 0x4F)],
    [(f"colours {colours:02x} ", colours) for colours in (0x07, 0x70, 0x1E, 0x2F, 0xF0, 0x8C)],
    [("login: ", 0x07)],
]


def boot_sector(binary: str, pictures: Path) -> None:
    """Text that a boot sector has put into the text memory."""
    with Qemu(guests.picture(PICTURE)) as guest:
        screen = guest.vga_screen()
        check("the boot sector: what it shows", screen.holds("The quick brown fox") and screen.holds("░▒▓│┤"), screen.rows)
        check_read(binary, pictures, "the boot sector", screen)


def grub_in_text_mode(binary: str, pictures: Path) -> None:
    """Menu, editor and command line."""
    with GrubGuest() as guest:
        check_grub(binary, pictures, "GRUB in text mode", guest)


def grub_on_gfxterm(binary: str, pictures: Path) -> None:
    """The same, ten pixels from the edges."""
    for mode in ("1024x768", "800x600"):
        with GrubGuest(mode) as guest:
            check_grub(binary, pictures, f"GRUB on gfxterm of {mode}", guest)


def check_grub(binary: str, pictures: Path, name: str, guest: GrubGuest) -> None:
    """The font of gfxterm has the same bitmap for several characters."""
    alike = alike_of(font().values()) if guest.is_graphical else {}
    check_read(binary, pictures, f"{name}, the menu", guest.shows("a command-line."), alike)
    guest.press("e")
    guest.shows("Emacs-like")
    guest.press("down", "down", "end")
    guest.write(" init=/bin/sh")
    check_read(binary, pictures, f"{name}, the editor", guest.shows("/sh"), alike)
    guest.press("esc", "c")
    guest.shows("grub>")
    guest.write("echo 'Hello, World! ~0 [1] {2}'\nset\n")
    check_read(binary, pictures, f"{name}, the command line", guest.shows("secondary_locale_dir="), alike)


def uefi(binary: str, pictures: Path) -> None:
    """The shell, in two of its sizes, and the setup; all of them centred."""
    with UefiGuest() as guest:
        guest.shows("Shell>")
        guest.write("memmap\n")
        check_read(binary, pictures, "the UEFI shell", guest.shows("Total Memory"))
        guest.write("mode 80 25\n")
        guest.cells = (80, 25)
        guest.write("help -b\n")
        check_read(binary, pictures, "the UEFI shell of 80x25", guest.shows("ENTER to continue"))
        guest.write("q\n")
        guest.write("exit\n")
        check_read(binary, pictures, "the UEFI setup", guest.shows("Device Manager"))
        guest.press("down", "down", "ret")
        check_read(binary, pictures, "the UEFI boot manager", guest.shows("Boot Manager Menu"))
