"""`console` in a terminal, before real guests: `python console.py PATH_TO_ECS_VNC [PICTURES_DIR]`.

tmux is the terminal. What it shows has to be what the guest's kernel says of its console, in /dev/vcsu1 and /dev/vcsa1,
cell by cell. pyte is another terminal, for recordings.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import cast_picture
import linux_files
import pyte
from harness import Demo, bound, check, check_equal, main_with_pictures, until
from linux_guest import BOCHS, VGA_TEXT, Display, LinuxGuest
from tmux import STEP, Cell, Terminal

PROMPT = f"root@{linux_files.HOSTNAME}:~#"

# What stands in the scrollback where lines were not seen.
LOST = "-- lines lost --"

# How many lines are counted; a screen has 25 or 50.
COUNT = 3000

# How often that is done, each time with other numbers: a run of which no frame was seen must not look as if nothing had been.
RUNS, BETWEEN_RUNS = 5, 10_000

# Bits of a VGA's colours, blue being the lowest, in the order of SGR.
SGR_ORDER = [0, 4, 2, 6, 1, 5, 3, 7]


def start(terminal: Terminal, binary: str, demo: Demo, *arguments: str) -> None:
    """Types the command at the shell."""
    line = f"{binary} console -q --profile demo --endpoint {demo.endpoint} i-demo-linux {' '.join(arguments)}"
    terminal.type(f"{line}; echo ended with $?")
    terminal.press("Enter")


def truth(guest: LinuxGuest) -> tuple[list[list[Cell]], tuple[int, int]]:
    """The cells of the guest's console with their colours, and its cursor."""
    rows, cursor = guest.console()
    colours = guest.device("/dev/vcsa1")[5::2]
    index = lambda vga: SGR_ORDER[vga & 7] + (vga & 8)
    columns = len(rows[0])
    cells = [
        [(character, index(colours[y * columns + x] & 15), index(colours[y * columns + x] >> 4)) for x, character in enumerate(row)]
        for y, row in enumerate(rows)
    ]
    return cells, cursor


def is_same(true: Cell, shown: Cell) -> bool:
    """The ink of a blank cannot be seen."""
    return true == shown or true[0] == shown[0] == " " and true[2] == shown[2]


def differences(cells: list[list[Cell]], cursor: tuple[int, int], terminal: Terminal) -> list[str]:
    """How the terminal differs from the part of the guest's screen around the cursor, which is the nearest part to it."""
    shown, height, width = terminal.cells(), len(cells), len(cells[0])
    best: list[str] | None = None
    for top in range(max(0, height - terminal.rows) + 1):
        for left in range(max(0, width - terminal.columns) + 1):
            if not (top <= cursor[1] < top + terminal.rows and left <= cursor[0] < left + terminal.columns):
                continue
            # Most windows are wrong in their first row already.
            found = []
            for y in range(terminal.rows):
                for x in range(terminal.columns):
                    inside = y + top < height and x + left < width
                    true = cells[y + top][x + left] if inside else (" ", 7, 0)
                    if (x + left, y + top) != cursor and not is_same(true, shown[y][x]):
                        found.append(f"column {x}, row {y}: {shown[y][x]} in place of {true}")
                if best is not None and len(found) >= len(best):
                    break
            if best is None or len(found) < len(best):
                best = found
            if not best:
                return []
    return best or []


def check_shown(name: str, guest: LinuxGuest, terminal: Terminal) -> None:
    """The guest draws, and what it has drawn is shown."""
    last: list[list[str]] = []

    def probe() -> bool:
        before = truth(guest)
        found = differences(*before, terminal)
        # What has changed meanwhile says nothing.
        if truth(guest) != before:
            return False
        last[:] = [found]
        return not found

    try:
        until(name, STEP, probe)
    except TimeoutError:
        check_equal(f"{name}: every cell", (last[0][:5] if last else "never still"), [])
    check(f"{name}: every cell, in its colours", True)


def log_in(terminal: Terminal) -> None:
    """As a person does."""
    terminal.shows("login:", 120)
    terminal.type("root")
    terminal.press("Enter")
    terminal.shows("Password:")
    terminal.type(linux_files.ROOT_PASSWORD)
    terminal.press("Enter")
    terminal.shows(PROMPT)


def programs(binary: str, display: Display, name: str, small: tuple[int, int]) -> None:
    """A login, and programs that draw on the whole screen, at several sizes."""
    with LinuxGuest(display) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo, Terminal(170, 60) as terminal:
        guest.boots()
        # The kernel must not write between what is typed.
        guest.run("echo 1 > /proc/sys/kernel/printk")
        start(terminal, binary, demo)
        log_in(terminal)
        check("the password is nowhere", not any(linux_files.ROOT_PASSWORD in line for line in terminal.history()))
        check_shown(f"{name}, a shell", guest, terminal)
        terminal.type("ls -l --color=always /; echo -e '\\e[1;33;44mbright\\e[0m \\e[7mreverse\\e[0m \\e[32mgreen\\e[0m'")
        terminal.press("Enter")
        check_shown(f"{name}, colours", guest, terminal)
        terminal.type("dmesg > log; vi log")
        terminal.press("Enter")
        # What vi says at the bottom of the screen.
        terminal.shows("- log 1/")
        for keys in (["C-f"], ["C-f"], ["G"], ["d", "d"], ["o"]):
            terminal.press(*keys)
        terminal.type("typed at once: The quick brown fox; 0123456789 ~!@#$%^&*()_+{}|:\"<>?")
        terminal.press("Escape")
        check_shown(f"{name}, vi", guest, terminal)
        for columns, rows in (small, (120, 40), (80, 25)):
            terminal.resize(columns, rows)
            check_shown(f"{name}, vi at {columns}x{rows}", guest, terminal)
        terminal.type(":q!")
        terminal.press("Enter")
        # Programs drop what is typed while they end.
        terminal.waits_behind(PROMPT)
        terminal.type("less log")
        terminal.press("Enter")
        for key in ("Space", "Space", "k", "Down"):
            terminal.press(key)
        check_shown(f"{name}, less", guest, terminal)
        terminal.type("q")
        terminal.resize(170, 60)
        terminal.waits_behind(PROMPT)
        terminal.type("top -d 4")
        terminal.press("Enter")
        terminal.shows("COMMAND")
        check_shown(f"{name}, top", guest, terminal)
        terminal.resize(*small)
        check_shown(f"{name}, top at {small[0]}x{small[1]}", guest, terminal)
        terminal.press("C-c")
        terminal.resize(100, 30)
        terminal.waits_behind(PROMPT)
        terminal.type("clear")
        terminal.press("Enter")
        terminal.paste("echo one; \necho two\n")
        terminal.shows("two")
        check_shown(f"{name}, a paste", guest, terminal)
        until(f"{name}: the cursor", STEP, lambda: terminal.cursor() == guest.console()[1])
        check(f"{name}: the cursor", True)
        terminal.press("C-]")
        terminal.shows("q leave")
        terminal.press("q")
        terminal.shows("ended with 0")


def vga_text(binary: str, pictures: Path) -> None:
    """A screen of 80x25 cells."""
    programs(binary, VGA_TEXT, "VGA text", (60, 14))


def framebuffer(binary: str, pictures: Path) -> None:
    """A screen of 160x50 cells."""
    programs(binary, BOCHS, "bochs", (100, 20))


def counted(lines: list[str], command: str) -> list[int | None]:
    """The numbers that stand alone on a line behind the command, and None where lines were lost."""
    start = max(index for index, line in enumerate(lines) if command in line)
    return [None if line.strip() == LOST else int(line) for line in lines[start:] if re.fullmatch(r"\d+|" + LOST, line.strip())]


def check_exact(name: str, lines: list[str], run: int) -> None:
    """Behind the last run, no line is there twice or torn, and where some are missing it is told."""
    start, end = (max(index for index, line in enumerate(lines) if line == f"the end {number}") for number in (run - 1, run))
    strange, unordered, unnamed = [], [], []
    first, last, lost, seen = run * BETWEEN_RUNS, run * BETWEEN_RUNS, False, 0
    for line in (line.rstrip() for line in lines[start + 1 : end]):
        if re.fullmatch(r"\d+", line):
            number, seen = int(line), seen + 1
            unordered += [(last, number)] if number <= last else []
            unnamed += [(last, number)] if number > last + 1 and not lost else []
            last, lost = number, False
        elif line == LOST:
            lost = True
        elif line and PROMPT not in line:
            strange.append(line)
    print(f"{name}: {seen} of {COUNT} lines", flush=True)
    check_equal(f"{name}: no line is there twice, torn, or missing untold", (unordered, strange, unnamed), ([], [], []))
    check_equal(f"{name}: the last line", last, first + COUNT)


def check_colours(name: str, lines: list[list[Cell]]) -> None:
    """The lines of COLOURED have their colours in the scrollback."""
    wrong, seen = [], []
    for line in lines:
        text = "".join(cell[0] for cell in line).rstrip()
        if found := re.fullmatch(r"(\d+) in colour", text):
            number = int(found[1])
            seen.append(number)
            # SGR 1 makes a text console's colour a bright one.
            expected = (1 + number % 7 + 8 * (number % 2), 4 * (number % 3 == 0))
            wrong += [(text, cell) for cell in line[: len(text)] if cell[0] != " " and cell[1:] != expected]
    # On a busy machine some may be lost.
    check(f"{name}: the lines in colour", len(seen) > 100 and seen == sorted(set(seen)), seen)
    check_equal(f"{name}: their colours", wrong[:5], [])


# 150 lines in 7 colours, every second one bright, every third one on blue.
COLOURED = (
    "for i in $(seq 1 150); do b=$((i % 3 ? 40 : 44)); "
    "printf \"\\033[$((i % 2));$((31 + i % 7));${b}m$i in colour\\033[0m\\n\"; sleep 0.1; done; echo the e''nd of colours"
)


def scrollback(binary: str, pictures: Path) -> None:
    """Lines that scroll off are in the terminal's scrollback, in the log and in the recording."""
    for name, display in (("VGA text", VGA_TEXT), ("bochs", BOCHS)):
        with LinuxGuest(display) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo, Terminal(170, 60) as terminal:
            guest.boots()
            guest.run("echo 1 > /proc/sys/kernel/printk")
            start(terminal, binary, demo, "--log", "log", "--record", "cast")
            log_in(terminal)
            # Slowly, none is lost.
            terminal.type("clear; for i in $(seq 1 150); do echo $i; sleep 0.1; done; echo the e''nd 0")
            terminal.press("Enter")
            terminal.shows("the end 0", 90)
            # The guest may still scroll below it. A frame of that shows a line twice, or lacks one, until the next frame comes.
            terminal.waits_behind(PROMPT)
            check_shown(f"{name}, after lines that came slowly", guest, terminal)
            slowly = counted(terminal.history(), "seq 1 150")
            check_equal(f"{name}, slowly: all lines", slowly, list(range(1, 151)))
            for run in range(1, RUNS + 1):
                terminal.type(f"clear; seq {run * BETWEEN_RUNS + 1} {run * BETWEEN_RUNS + COUNT}; echo the e''nd {run}")
                terminal.press("Enter")
                terminal.shows(f"the end {run}", 90)
                terminal.waits_behind(PROMPT)
                check_shown(f"{name}, after {COUNT} lines", guest, terminal)
                # What a screen means that nothing explains is known only once it has stood still for a while.
                until("what was there before", STEP, lambda: f"the end {run - 1}" in terminal.history())
                # That may have been known before the last loss was. The log has a screen once it is told how it came about.
                log_file = terminal.home / "log"
                until("the screen in the log", STEP, lambda: f"the end {run}" in log_file.read_text().split("\n"))
                # Most lines are lost then. How many differs from run to run.
                check_exact(f"{name}, at full speed {run}", terminal.history(), run)
            guest.put("/run/colours", COLOURED.encode())
            terminal.type("clear; sh /run/colours")
            terminal.press("Enter")
            terminal.shows("the end of colours", 90)
            terminal.waits_behind(PROMPT)
            check_shown(f"{name}, after lines in colour", guest, terminal)
            check_colours(name, terminal.history_cells())
            shown = terminal.lines()
            terminal.press("C-]", "q")
            terminal.shows("ended with 0")
            log = (terminal.home / "log").read_text().split("\n")
            for run in range(1, RUNS + 1):
                check_exact(f"{name}, the log at full speed {run}", log, run)
            check("the log has the login and no password", any("login: root" in line for line in log))
            check("the log has no password", not any(linux_files.ROOT_PASSWORD in line for line in log))
            check_replayed(name, terminal.home / "cast", shown)


def check_replayed(name: str, file: Path, shown: list[str]) -> None:
    """The recording leads another emulator to the same screen."""
    header, *events = [json.loads(line) for line in file.read_text().splitlines()]
    check_equal(f"{name}: the recording's version", (header["version"], header["width"], header["height"]), (2, 170, 60))
    screen = pyte.Screen(header["width"], header["height"])
    stream = pyte.Stream(screen)
    for time, kind, data in events:
        if kind == "o":
            # pyte prints the private parameters that it does not know.
            stream.feed(data.replace("\x1b[?2026h", "").replace("\x1b[?2026l", ""))
    check_equal(f"{name}: the recording's last screen", [line.rstrip() for line in screen.display], shown)
    times = [event[0] for event in events]
    check_equal(f"{name}: its times", times, sorted(times))
    check_equal(f"{name}: the file is the user's", file.stat().st_mode & 0o777, 0o600)


def terminal_state(terminal: Terminal) -> str:
    """What stty says of the terminal."""
    name = terminal._do("display-message", "-p", "#{pane_tty}").strip()
    return subprocess.run(["stty", "-a", "-F", name], check=True, capture_output=True, text=True).stdout


def ends(binary: str, pictures: Path) -> None:
    """Whatever ends it, the terminal is as it was."""
    with Demo(binary) as demo, Terminal(100, 40) as terminal:

        def at_shell() -> str:
            # While a command runs: bash's own editing of lines has other modes.
            terminal.type("clear; stty -a > modes; echo wri''tten")
            terminal.press("Enter")
            terminal.shows("written")
            return (terminal.home / "modes").read_text()

        before = at_shell()

        def kill(signal: str) -> None:
            pid = subprocess.run(["pgrep", "-f", f"{binary} console.*{demo.endpoint}"], check=True, capture_output=True, text=True)
            subprocess.run(["kill", f"-{signal}", pid.stdout.split()[0]], check=True)

        for name, end, code in [
            ("Ctrl-] q", lambda: terminal.press("C-]", "q"), 0),
            ("Ctrl-] three times", lambda: terminal.press("C-]", "C-]", "C-]"), 0),
            ("SIGTERM", partial(kill, "TERM"), 130),
            ("SIGHUP", partial(kill, "HUP"), 130),
        ]:
            start(terminal, binary, demo)
            terminal.shows("web-01 login:")
            check(f"{name}: raw before", "-icanon" in terminal_state(terminal))
            end()
            terminal.shows(f"ended with {code}")
            check(f"{name}: the cursor is there", until("cursor", STEP, terminal.cursor) is not None)
            check_equal(f"{name}: the terminal is as before", at_shell(), before)


def picture(binary: str, pictures: Path) -> None:
    """The picture in README is that of the recording beside it, in one small file that asks for no other."""
    docs = Path(__file__).resolve().parents[2] / "docs"
    made, kept = cast_picture.picture((docs / "console.cast").read_text()), (docs / "console.svg").read_text()
    check("the picture: made of the recording", made == kept, "run cast_picture.py docs/console.cast docs/console.svg")
    check("the picture: small", len(kept.encode()) < 60_000, len(kept))
    check_equal("the picture: nothing from elsewhere", [word for word in ("href", "url(", "@import", "<script") if word in kept], [])
    text = "\n".join(ElementTree.fromstring(kept).itertext())
    for part in ("debian login:", "Password:", "fstab", "COMMAND", "q leave"):
        check(f"the picture: {part}", part in text)


TESTS = [picture, ends, vga_text, framebuffer, scrollback]

if __name__ == "__main__":
    sys.exit(main_with_pictures("console.py PATH_TO_ECS_VNC [PICTURES_DIR]", partial(bound, TESTS)))
