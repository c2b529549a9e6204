"""The picture of `console` in README, made of a recording: `python cast_picture.py RECORDING SVG`.

With `--record PATH_TO_ECS_VNC RECORDING` it makes the recording first anew, on a Linux guest. The picture is one file: its text is
text, drawn in whatever monospaced font there is, and it shows one after another the screens that stood still for a while.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

import linux_files
import pyte
from harness import Demo
from linux_guest import VGA_TEXT, LinuxGuest
from tmux import COLOURS, Terminal
from wcwidth import wcswidth

# A terminal that is just larger than a VGA's text screen: the last row is for what console says.
SIZE = (80, 26)

# So long a screen stood that is shown, and so long it is shown, in seconds; the last one longer.
STILL, SHOWN, SHOWN_LAST = 0.35, 1.5, 4.0

# Pixels of a cell, of the window's bar, and around the text.
CELL, BAR, MARGIN = (9, 18), 30, 12

TITLE = "ecs-vnc console web-01"

# Linux's console, a little brighter on black.
PALETTE = """
    #1c1c22 #cc4444 #44b844 #c08030 #5a7ae0 #b050b0 #38a8a8 #c8c8c8 #6a6a72 #ff6b6b #6be06b #f0e060 #8aa4ff #f080f0 #60e0e0 #ffffff
""".split()
INK, GROUND = 7, 0

# A run of characters of one style: its column, its text, the indices of its colours.
Run = tuple[int, str, int, int]


@dataclass(frozen=True)
class Shown:
    """A row from one screen on until before another."""

    row: int
    runs: tuple[Run, ...]
    first: int
    end: int


def screens(cast: str) -> tuple[tuple[int, int], list[list[tuple[Run, ...]]]]:
    """The size of the terminal, and the screens that stood still."""
    header, *events = [json.loads(line) for line in cast.splitlines()]
    size = header["width"], header["height"]
    screen = pyte.Screen(*size)
    stream = pyte.Stream(screen)
    output = [(time, data) for time, kind, data in events if kind == "o"]
    seen: list[list[tuple[Run, ...]]] = []
    for index, (time, data) in enumerate(output):
        # pyte prints the private parameters that it does not know.
        stream.feed(data.replace("\x1b[?2026h", "").replace("\x1b[?2026l", ""))
        following = output[index + 1][0] if index + 1 < len(output) else None
        # The last thing that is written is how the terminal is put back.
        if following is not None and following - time >= STILL:
            now = [runs_of(screen, row) for row in range(size[1])]
            if not seen or seen[-1] != now:
                seen.append(now)
    return size, seen


def runs_of(screen: pyte.Screen, row: int) -> tuple[Run, ...]:
    """The row without the blanks that cannot be seen."""
    cells = []
    for column in range(screen.columns):
        cell = screen.buffer[row][column]
        ink = COLOURS.get(cell.fg, INK) | (8 if cell.bold and COLOURS.get(cell.fg, INK) < 8 else 0)
        ground = COLOURS.get(cell.bg, GROUND)
        has_cursor = (screen.cursor.x, screen.cursor.y) == (column, row) and not screen.cursor.hidden
        if cell.reverse != has_cursor:
            ink, ground = ground, ink
        cells.append((column, cell.data, ink, ground))
    runs = []
    for (ink, ground), group in groupby(cells, key=lambda cell: cell[2:]):
        part = list(group)
        text = "".join(cell[1] for cell in part)
        # A blank has no ink; on the window's own ground it is nothing.
        start = len(text) - len(text.lstrip(" ")) if ground == GROUND else 0
        text = text.strip(" ") if ground == GROUND else text
        if text:
            runs.append((part[0][0] + start, text, ink, ground))
    return tuple(runs)


def rows_of(seen: list[list[tuple[Run, ...]]]) -> list[Shown]:
    """Each row once for as long as it stays the same."""
    found = []
    for row in range(len(seen[0])):
        first = 0
        for runs, group in groupby(screen[row] for screen in seen):
            end = first + len(list(group))
            if runs:
                found.append(Shown(row, runs, first, end))
            first = end
    return found


def drawn(shown: Shown) -> str:
    """The elements of a row."""
    (width, height), parts = CELL, []
    y = BAR + MARGIN + shown.row * height
    for column, text, ink, ground in shown.runs:
        x = MARGIN + column * width
        # A Chinese character has two cells.
        length = wcswidth(text) * width
        if ground != GROUND:
            parts.append(f'<path class="p{ground}" d="M{x} {y}h{length}v{height}h-{length}z"/>')
        style = "" if ink == INK else f' class="p{ink}"'
        # Whatever the font's own width is, which differs for wide characters.
        for _, group in groupby(text, key=lambda character: wcswidth(character) == 2):
            part = "".join(group)
            length = wcswidth(part) * width
            if part.strip():
                parts.append(f'<text{style} x="{x}" y="{y + 14}" textLength="{length}">{escape(part)}</text>')
            x += length
    return "".join(parts)


def picture(cast: str, title: str = TITLE) -> str:
    """The SVG of a recording."""
    (columns, rows), seen = screens(cast)
    width, height = columns * CELL[0] + 2 * MARGIN, rows * CELL[1] + 2 * MARGIN + BAR
    total = (len(seen) - 1) * SHOWN + SHOWN_LAST
    percent = lambda screen: f"{min(screen * SHOWN / total, 1) * 100:.2f}".rstrip("0").rstrip(".") + "%"
    shown = rows_of(seen)
    spans = sorted({(item.first, item.end) for item in shown} - {(0, len(seen))})
    used = sorted({index for item in shown for run in item.runs for index in run[2:]} - {GROUND})
    style = [f"text{{font:14px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:{PALETTE[INK]};white-space:pre}}"]
    style += [f".p{index},text.p{index}{{fill:{PALETTE[index]}}}" for index in sorted({*used, GROUND})]
    # Where nothing moves, the last screen is seen.
    style += [f"g{{animation:{total:g}s step-end infinite}}"]
    for first, end in spans:
        before = f"0%{{visibility:hidden}}{percent(first)}" if first else "0%"
        after = f"{percent(end)}{{visibility:hidden}}" if end < len(seen) else ""
        rest = "" if end == len(seen) else "visibility:hidden;"
        style.append(f"@keyframes k{first}-{end}{{{before}{{visibility:visible}}{after}}}.k{first}-{end}{{{rest}animation-name:k{first}-{end}}}")
    style.append("@media(prefers-reduced-motion:reduce){g{animation:none}}")
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">',
        f"<title>{escape(title)}</title>",
        "<style>" + "\n".join(style) + "</style>",
        f'<rect width="{width}" height="{height}" rx="9" fill="#3a3a44"/>',
        f'<path fill="{PALETTE[GROUND]}" d="M1 {BAR}h{width - 2}v{height - BAR - 10}a8 8 0 0 1-8 8H9a8 8 0 0 1-8-8z"/>',
        *(f'<circle cx="{18 + 20 * index}" cy="15" r="6" fill="{fill}"/>' for index, fill in enumerate(["#ff5f57", "#febc2e", "#28c840"])),
        f'<text x="{width // 2}" y="20" text-anchor="middle">{escape(title)}</text>',
    ]
    for span in [(0, len(seen)), *spans]:
        body = "\n".join(drawn(item) for item in shown if (item.first, item.end) == span)
        if body:
            name = "" if span == (0, len(seen)) else f' class="k{span[0]}-{span[1]}"'
            lines.append(f"<g{name}>{body}</g>")
    return "\n".join([*lines, "</svg>", ""])


def record(binary: str, cast: Path) -> None:
    """A session as a person has it."""
    with LinuxGuest(VGA_TEXT) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo, Terminal(*SIZE) as terminal:
        guest.boots()
        guest.run("echo 1 > /proc/sys/kernel/printk; clear > /dev/tty1")
        name = linux_files.HOSTNAME
        prompt = f"root@{name}:~#"
        argv = f"{binary} console --profile demo --endpoint {demo.endpoint} web-01 --record cast"
        terminal.type(f"clear; {argv} 2>/dev/null")
        terminal.press("Enter")
        terminal.shows("login:", 120)
        terminal.shows("q leaves")
        pause()
        for text, then in [("root", "Password:"), (linux_files.ROOT_PASSWORD, prompt)]:
            terminal.type(text)
            terminal.press("Enter")
            terminal.shows(then)
            pause()
        for command in ("clear; ls -l --color=always /", "tail -n 3 /etc/passwd; cat /etc/fstab"):
            terminal.type(command)
            terminal.shows(command)
            pause()
            terminal.press("Enter")
            terminal.waits_behind(prompt)
            pause()
        terminal.type("top -d 9")
        terminal.press("Enter")
        terminal.shows("COMMAND")
        pause()
        terminal.press("C-]")
        terminal.shows("q leave")
        pause()
        terminal.press("q")
        terminal.waits_behind("shell$")
        shutil.copyfile(terminal.home / "cast", cast)


def pause() -> None:
    """So that the screen is one of the picture's."""
    time.sleep(3 * STILL)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--record"] and len(sys.argv) == 4:
        record(sys.argv[2], Path(sys.argv[3]))
    elif len(sys.argv) == 3:
        Path(sys.argv[2]).write_text(picture(Path(sys.argv[1]).read_text()))
    else:
        sys.exit("usage: python cast_picture.py RECORDING SVG | --record PATH_TO_ECS_VNC RECORDING")
