"""Makes the fonts in src/font/data from Debian's packages: `python3 tests/fonts/generate.py PACKAGES`.

PACKAGES is a directory with a subdirectory for each package, as src/font/data/README.md describes. The same packages give
the same bytes.
"""

import re
import sys
from pathlib import Path

from font_files import pcf_property, place, psf2, read_pcf, read_psf, read_bytes
from keys import is_named, key, rank

DATA = Path(__file__).resolve().parents[2] / "src" / "font" / "data"

# The code sets of console-setup, 256 or 512 glyphs each: those that its installation chooses for most languages, those that
# together have the Latin, Cyrillic, Greek, Hebrew and Arabic letters, and all but Ethiopian.
DEFAULT_SETS = ["Lat15", "Uni2"]
LATIN_SETS = ["Lat15", "Uni1", "Uni2", "Uni3"]
ALL_SETS = LATIN_SETS + """
    Arabic Armenian CyrAsia CyrKoi CyrSlav FullCyrAsia FullCyrSlav FullGreek Georgian Greek Hebrew Lao Lat2 Lat38
    Lat7 Thai Vietnamese
    """.split()

# What GRUB shows in the languages that it is translated to, without those whose characters take two cells.
UNICODE_RANGES = [
    (0x0020, 0x007E), (0x00A0, 0x024F), (0x02B0, 0x02DD), (0x0370, 0x052F), (0x05D0, 0x05EA), (0x1E00, 0x1EFF),
    (0x2010, 0x2027), (0x2030, 0x205E), (0x2070, 0x209C), (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2190, 0x21FF),
    (0x2200, 0x22FF), (0x2500, 0x25FF), (0xFFFD, 0xFFFD),
]


def is_unicode(point):
    return any(first <= point <= last for first, last in UNICODE_RANGES)


def is_basic(point):
    """What fonts of large cells are limited to, so that the data stays small."""
    return (
        0x20 <= point <= 0x7E or 0xA1 <= point <= 0xFF or 0x2500 <= point <= 0x259F or 0x2190 <= point <= 0x2193
        or point in (0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026, 0x20AC, 0xFFFD)
    )


class Union:
    """Bitmaps of several fonts with the same cell size, each once.

    The VGA draws a ninth column for glyphs of 8 pixels: a copy of the eighth for those at certain positions of the loaded
    font, blank for all others. So a bitmap that has ink in the eighth column is kept once for each kind of position that it
    has in the sources, and gets such a position again.
    """

    # Positions modulo 256: those that QEMU and the hardware repeat the column for, those that only QEMU does, all others.
    BOTH, QEMU, NONE = "both", "qemu", "none"

    def __init__(self, size):
        self.size = size
        self.glyphs = {}

    @classmethod
    def kind(cls, position):
        if 0xC0 <= position & 0xFF < 0xE0:
            return cls.BOTH
        return cls.QEMU if 0xB0 <= position & 0xFF < 0xC0 else cls.NONE

    def add(self, rows, points, position=None):
        """Adds a glyph. Without a position it was never drawn by a VGA."""
        points = set(filter(is_named, points))
        has_kind = self.size[0] == 8 and any(row & 1 for row in rows)
        if has_kind and position is None:
            known = [kind for (other, kind) in self.glyphs if other == rows]
            kinds = known or [None]
        else:
            kinds = [self.kind(position) if has_kind else None]
        for kind in kinds:
            self.glyphs.setdefault((rows, kind), set()).update(points)

    def keep(self, wanted):
        """Drops glyphs that stand for none of the wanted code points, unless they are the reverse of one that stays: in
        reverse video, that one would be taken for them."""
        kept = {key(rows, self.size[0])[0] for (rows, _), points in self.glyphs.items() if any(map(wanted, points))}
        self.glyphs = {glyph: points for glyph, points in self.glyphs.items() if key(glyph[0], self.size[0])[0] in kept}

    def arrange(self):
        """The glyphs in an order that gives each a position of its kind."""
        empty = (0,) * self.size[1]
        waiting = {kind: [] for kind in (self.BOTH, self.QEMU, self.NONE, None)}
        for (rows, kind), points in self.glyphs.items():
            if any(rows) and points:
                points = sorted(points, key=rank)
                waiting[kind].append((rank(points[0]), rows, points))
        for glyphs in waiting.values():
            glyphs.sort(reverse=True)
        arranged = []
        while any(waiting.values()):
            for kind in (self.kind(len(arranged)), None):
                if waiting[kind]:
                    _, rows, points = waiting[kind].pop()
                    break
            else:
                rows, points = empty, []
            arranged.append((rows, points))
        return arranged

    def write(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(psf2(self.size, self.arrange()))


def console_setup(packages, face, sets, wanted=None):
    """A face of console-setup with the bitmaps of several code sets; of those behind the first only what is wanted."""
    directory = packages / "console-setup-linux/usr/share/consolefonts"
    union = None
    for name in sets:
        path = directory / f"{name}-{face}.psf.gz"
        if not path.exists():
            continue
        size, glyphs = read_psf(path)
        union = union or Union(size)
        for position, (rows, points) in enumerate(glyphs):
            union.add(rows, points, position)
        if wanted and name == sets[0]:
            first = {point for points in union.glyphs.values() for point in points}
    if wanted and union:
        union.keep(lambda point: point in first or wanted(point))
    return union


def named(size):
    return f"{size[0]}x{size[1]}"


def seabios(packages):
    source = (packages / "seabios-1.16.2/vgasrc/vgafonts.c").read_text()
    target = DATA / "seabios"
    for height in (8, 14, 16):
        body = re.search(rf"u8 vgafont{height}\[256 \* {height}\] VAR16 = {{(.*?)}};", source, re.S)[1]
        glyphs = bytes(int(number, 16) for number in re.findall(r"0x[0-9a-f]{2}", body))
        assert len(glyphs) == 256 * height
        (target / f"vga_8x{height}.bin").write_bytes(glyphs)
    notice = re.search(r"/\*(.*?)\*/", source, re.S)[1]
    lines = [line.strip().removeprefix("*").strip() for line in notice.strip().splitlines()]
    (target / "NOTICE.txt").write_text("\n".join(lines) + "\n")


def edk2(packages):
    root = packages / "edk2-2022.11"
    header = (root / "MdePkg/Include/Protocol/SimpleTextOut.h").read_text()
    names = dict(re.findall(r"#define (\w+) +(0x[0-9a-f]{4})$", header, re.M))
    source = (root / "MdeModulePkg/Universal/Console/GraphicsConsoleDxe/LaffStd.c").read_text()
    union = Union((8, 19))
    for code, body in re.findall(r"{\s*(?:\(CHAR16\)\s*)?(\w+),\s*0x00,\s*{([^}]*)}", source):
        point = int(names.get(code, code), 16)
        rows = tuple(int(number, 16) for number in re.findall(r"0x[0-9A-Fa-f]{2}", body))
        assert len(rows) == 19, code
        union.add(rows, [point] if point else [])
    union.write(DATA / "edk2/laff_8x19.psf")
    copyright = re.search(r"Copyright .*", source)[0].removesuffix("<BR>")
    (DATA / "edk2/LICENSE.txt").write_text(f"LaffStd.c: {copyright}\n\n" + (root / "License.txt").read_text())


def spleen(packages):
    package = packages / "fonts-spleen/usr/share"
    for size, wanted in (((6, 12), None), ((8, 16), None), ((12, 24), is_basic), ((16, 32), is_basic)):
        found, glyphs = read_psf(package / f"consolefonts/spleen-{named(size)}.psfu.gz")
        assert found == size
        union = Union(size)
        for position, (rows, points) in enumerate(glyphs):
            union.add(rows, points, position)
        if wanted:
            union.keep(wanted)
        union.write(DATA / f"spleen/spleen_{named(size)}.psf")
    paragraph = re.search(r"^Files: \*\n(.*?)\n\n", (package / "doc/fonts-spleen/copyright").read_text(), re.S | re.M)[1]
    lines = [line.strip() if line.strip() != "." else "" for line in paragraph.splitlines()]
    (DATA / "spleen/LICENSE.txt").write_text("\n".join(lines) + "\n")


def public_console_fonts(packages):
    target = DATA / "console-setup"
    for face, sets, wanted in (
        ("Fixed13", DEFAULT_SETS, None), ("Fixed14", DEFAULT_SETS, None), ("Fixed15", DEFAULT_SETS, None),
        ("Fixed18", DEFAULT_SETS, None), ("VGA8", DEFAULT_SETS, None), ("VGA14", DEFAULT_SETS, None),
        ("VGA16", ALL_SETS, None), ("VGA28x16", DEFAULT_SETS, is_basic), ("VGA32x16", DEFAULT_SETS, is_basic),
    ):
        union = console_setup(packages, face, sets, wanted)
        family = "fixed" if face.startswith("Fixed") else "uni_vga"
        union.write(target / f"{family}_{named(union.size)}.psf")
    (target / "copyright.fonts.txt").write_bytes(copyright_of_fonts(packages))


def copyright_of_fonts(packages):
    return read_bytes(packages / "keyboard-configuration/usr/share/doc/keyboard-configuration/copyright.fonts.gz")


def ofl(packages):
    """Terminus and Unifont, under other names, as their licence asks for."""
    notices = copyright_of_fonts(packages).decode()
    section = re.search(r"^== ter-u12b\.bdf.*?\n\n(.*?)\n\n+^== ", notices, re.S | re.M)[1]
    licence = section[section.index("-" * 20) :]

    target = DATA / "console-ofl"
    for face in ("12x6", "14", "16", "18x10", "20x10", "22x11", "24x12", "28x14", "32x16"):
        for weight in ("", "Bold", "BoldVGA"):
            is_large = "x" in face and face != "12x6"
            sets, wanted = (DEFAULT_SETS, is_basic) if is_large else (LATIN_SETS, None)
            union = console_setup(packages, f"Terminus{weight}{face}", sets, wanted)
            if union is None:
                continue
            suffix = {"": "", "Bold": "_bold", "BoldVGA": "_bold_vga"}[weight]
            union.write(target / f"console_ofl{suffix}_{named(union.size)}.psf")
    (target / "OFL.txt").write_text(section + "\n")

    target = DATA / "unicode-ofl"
    # Debian's Fixed16 is made from Unifont.
    union = console_setup(packages, "Fixed16", ALL_SETS)
    path = packages / "xfonts-unifont/usr/share/fonts/X11/misc/unifont.pcf.gz"
    for point, glyph in sorted(read_pcf(path).items()):
        rows = place(glyph, union.size, 14) if is_unicode(point) and glyph.advance == 8 else None
        if rows:
            union.add(rows, [point])
    union.write(target / "unicode_ofl_8x16.psf")
    copyright = pcf_property(path, "COPYRIGHT")
    assert "SIL Open Font License version 1.1" in copyright
    (target / "OFL.txt").write_text(copyright.split(" License: ")[0] + "\n\n" + licence + "\n")


def main():
    packages = Path(sys.argv[1])
    for make in (seabios, edk2, spleen, public_console_fonts, ofl):
        make(packages)
    total = 0
    for path in sorted(DATA.rglob("*")):
        if path.suffix in (".bin", ".psf", ".keys"):
            size = path.stat().st_size
            total += size
            print(f"{size:7} {path.relative_to(DATA)}")
    print(f"{total:7} in all")


if __name__ == "__main__":
    main()
