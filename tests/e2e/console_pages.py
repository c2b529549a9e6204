"""Texts with control sequences (ECMA-48) that fill a console's screen in the ways that consoles are filled."""

from __future__ import annotations

import random
from collections.abc import Callable

CLEAR = "\x1b[0m\x1b[?25h\x1b[H\x1b[2J\x1b[3J"
HIDE_CURSOR = "\x1b[?25l"
RESET = "\x1bc"

PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))

WORDS = r"""
    the quick brown fox jumps over lazy dog Kernel panic: not syncing VFS Unable to mount root fs on unknown-block(0,0)
    eth0: link up systemd[1]: Started getty@tty1.service /dev/sda1: clean, 12345/67890 files password for admin: OK FAILED
    192.168.0.1 0x7ffd3a2b ~/.bashrc $PATH -rw-r--r-- 100% {a|b} #! \ "quoted" `x` 'y' ^C & * ; < > ? @ _ + =
""".split()


def at(column: int, row: int) -> str:
    """Moves the cursor; both begin at 0."""
    return f"\x1b[{row + 1};{column + 1}H"


def sgr(*numbers: int) -> str:
    """Chooses colours and the like."""
    return f"\x1b[0;{';'.join(map(str, numbers))}m"


def printable(columns: int, rows: int) -> str:
    """All printable ASCII in every row, from another one on in each."""
    around = PRINTABLE * (columns // len(PRINTABLE) + 2)
    lines = [around[row % len(PRINTABLE) :][:columns] for row in range(rows)]
    # The last cell would make the screen scroll.
    return CLEAR + "".join(lines)[:-1]


def dense(columns: int, rows: int) -> str:
    """A character in every cell."""
    chance = random.Random(1)
    return CLEAR + "".join(chance.choices(PRINTABLE[1:], k=columns * rows - 1))


def prose(columns: int, rows: int, look: str = "") -> str:
    """Words in all rows, and a prompt."""
    chance = random.Random(2)
    lines = []
    for _ in range(rows - 1):
        line = ""
        while len(line) + len(word := chance.choice(WORDS)) < columns:
            line += f"{word} "
        lines.append(line)
    return CLEAR + look + (f"{look}\x1b[2J" if look else "") + "\r\n".join(lines) + "\r\n$ "


def inverse(columns: int, rows: int) -> str:
    """Dark text on a light screen."""
    return prose(columns, rows, sgr(30, 47))


def colours(columns: int, rows: int) -> str:
    """Each of 16 colours on each of 8, bold, dim, underlined, blinking, inverse, and what `ls --color` does."""
    out = CLEAR
    for behind in range(8):
        for ink in range(16):
            out += sgr(30 + ink if ink < 8 else 82 + ink, 40 + behind) + f" {ink:x}{behind}{'aW'[behind % 2]}"
        out += sgr() + "\r\n"
    for number, name in ((1, "bold"), (2, "dim"), (3, "italic"), (4, "underlined"), (5, "blinking"), (7, "inverse")):
        out += sgr(number) + f"{name} fox{sgr()}  "
    out += f"\r\n{sgr(7)}inverse {PRINTABLE[:40]}\x1b[K{sgr()}\r\n{sgr(44, 97)}white on blue\x1b[K{sgr()}\r\n"
    for look, name in (((1, 34), "bin"), ((1, 32), "run.sh"), ((1, 36), "link"), ((30, 42), "tmp"), ((37, 41), "setuid")):
        out += sgr(*look) + name + sgr() + "  "
    return f"{out}\r\nroot@debian:~# "


def dialog(columns: int, rows: int) -> str:
    """A full-screen program: a box with its shadow on blue, and no cursor."""
    width, height = min(columns - 4, 76), min(rows - 4, 18)
    left, top = (columns - width) // 2, (rows - height) // 2
    out = CLEAR + sgr(37, 44) + "\x1b[2JDebian GNU/Linux installer main menu"
    items = ["Guided - use entire disk", "SCSI1 (0,0,0) (sda) - 21.5 GB QEMU HARDDISK", "  #1 primary  20.4 GB  f ext4  /"]
    for line in range(height):
        text = f"│ {items[line % len(items)]}".ljust(width - 1) + "│"
        if line == 0:
            text = "┌" + "┤ [!!] Partition disks ├".center(width - 2, "─") + "┐"
        elif line in (height - 4, height - 1):
            ends = "├┤" if line == height - 4 else "└┘"
            text = ends[0] + "─" * (width - 2) + ends[1]
        out += at(left, top + line) + sgr(30, 47) + text + sgr(40) + " "
    out += at(left + 2, top + 4) + sgr(97, 41) + " Manual ".ljust(30)
    return out + at(0, rows - 1) + sgr(37, 44) + "<Tab> moves; <Space> selects; <Enter> activates buttons" + HIDE_CURSOR


BOXES = """┌──┬──┐ ╔══╦══╗ ╓──╥──╖ ╒══╤══╕
│▒▒│██│ ║░░║▓▓║ ║  ║  ║ │  │  │
├──┼──┤ ╠══╬══╣ ╟──╫──╢ ╞══╪══╡
│░░│▓▓│ ║▄▄║▀▀║ ║▌▌║▐▐║ │■■│··│
└──┴──┘ ╚══╩══╝ ╙──╨──╜ ╘══╧══╛
é ü ñ ß ± ° ² µ £ ¥ « » ¿ ¡ Ä Ö Ü Å Æ Ç É
[████████████░░░░░░░░] 60%
"""

Page = Callable[[int, int], str]

# A page of a few characters has hardly anything to tell the size of the cells by.
PAGES: dict[str, Page] = {
    "all printable ASCII in every row": printable,
    "a character in every cell": dense,
    "prose": prose,
    "dark on light": inverse,
    "colours": colours,
    "a dialog": dialog,
    "boxes": lambda columns, rows: CLEAR + BOXES.replace("\n", "\r\n"),
    "a prompt": lambda columns, rows: CLEAR + "root@debian:~# ",
    "a prompt in the last row": lambda columns, rows: CLEAR + at(0, rows - 1) + "debian login: ",
    "a prompt in the middle": lambda columns, rows: CLEAR + at(0, rows // 2) + "$ ls -l",
    "one line": lambda columns, rows: CLEAR + HIDE_CURSOR + "Kernel panic - not syncing: Attempted to kill init!",
    "one line on blue": lambda columns, rows: CLEAR + sgr(97, 44) + "\x1b[2J" + at(9, 9) + "Press any key" + HIDE_CURSOR,
}
