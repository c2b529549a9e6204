"""`screenshot` and `wait` against real servers: `python screen.py PATH_TO_ECS_VNC [PICTURES_DIR]`.

Xtigervnc with a password, at each depth of its screen, and QEMU, both behind the demo account's proxy. What vncdotool
sees, and what QEMU itself saves, is what a screenshot has to be, pixel for pixel. A terminal under tmux shows it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import guests
from harness import TAKEOVER, Demo, Running, bound, check, check_equal, main_with_pictures, run_to_end, sealed, until
from PIL import Image, ImageChops
from qemu import Qemu
from xtigervnc import Xtigervnc

# How long a step may take, on a machine that is busy.
STEP = 30

# Six letters or digits, as an instance's.
PASSWORD = "se12CR"

VNCDO = str(Path(sys.executable).with_name("vncdo"))

SIZE = (640, 480)

# Xtigervnc 1.12 has no screen of 8 bits; with 24 bits, pixels have 32.
DEPTHS = (16, 24)


def ours(binary: str, demo: Demo, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A run against the simulated account."""
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        verb, *rest = arguments
        argv = [binary, verb, "--profile", "demo", "--endpoint", demo.endpoint, *rest]
        return run_to_end(argv, sealed(home, **env), 60)


def shot(binary: str, demo: Demo, file: Path, *arguments: str, **env: str) -> Image.Image:
    """A screenshot over VNC."""
    done = ours(binary, demo, "screenshot", "i-demo-linux", "--via", "vnc", "-f", str(file), *arguments, **env)
    check_equal(f"screenshot into {file.name}", (done.returncode, done.stdout, done.stderr), (0, f"{file}\n", TAKEOVER))
    with Image.open(file) as image:
        return image.convert("RGB")


def captured(server: str, *arguments: str) -> Image.Image:
    """What vncdotool sees, which goes to the server itself."""
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        file = Path(home, "screen.png")
        argv = [VNCDO, "--timeout", "60", "--nocursor", "--server", server.replace(":", "::"), *arguments, "capture", str(file)]
        # Of the library that it has its DES from.
        done = run_to_end(argv, sealed(home, PYTHONWARNINGS="ignore"), 90)
        check_equal("vncdotool: its exit code", (done.returncode, done.stderr), (0, ""))
        with Image.open(file) as image:
            return image.convert("RGB")


def check_same(name: str, seen: Image.Image, expected: Image.Image) -> None:
    """Pixel for pixel."""
    check_equal(f"{name}: the size", seen.size, expected.size)
    # None where nothing differs; else the rectangle around all that does.
    check_equal(f"{name}: every pixel", ImageChops.difference(seen, expected).getbbox(), None)


def painting() -> Image.Image:
    """Gradients in all three colours, and noise that no encoding likes."""
    width, height = SIZE
    noise = (1103515245 * at + 12345 for at in range(width * height))
    pixels = bytearray()
    for at, random in enumerate(noise):
        x, y = at % width, at // width
        pixels += bytes((x * 255 // width, y * 255 // height, (random >> 16) & 255 if x > 320 else (x ^ y) & 255))
    return Image.frombytes("RGB", SIZE, bytes(pixels))


def free_display() -> str:
    """One that no X server of this machine has just now."""
    return next(f":{number}" for number in range(70, 1000) if not Path(f"/tmp/.X11-unix/X{number}").exists())


def paint(display: str, picture: Path) -> None:
    """Puts a picture on the root window."""
    argv = ["display", "-window", "root", str(picture)]
    env = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(picture.parent), "DISPLAY": display}
    # Its exit code is 1 for a root window. What it has painted is looked at.
    done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=STEP)
    check_equal("the picture on the root window: said of it", done.stderr, "")


def xtigervnc(binary: str, pictures: Path) -> None:
    """Every depth of the server's screen: the server makes 32 bits of it for both clients."""
    picture = pictures / "painting.png"
    painting().save(picture)
    for depth in DEPTHS:
        name = f"Xtigervnc at depth {depth}"
        display = free_display()
        with Xtigervnc(PASSWORD, display, "-depth", str(depth)) as server, Demo(binary, "--vnc-target", server.tcp) as demo:
            paint(display, picture)
            direct = captured(server.tcp, "--password", PASSWORD)
            seen = shot(binary, demo, pictures / f"screen-{depth}.png", ECS_VNC_PASSWORD=PASSWORD)
            check_same(name, seen, direct)
            colours = len(seen.getcolors(1 << 20))
            check(f"{name}: which is no plain picture", colours > 100, colours)
            if depth == 24:
                # The pointer is in the middle, where the server draws it.
                pointer = (300, 220, 340, 260)
                expected = painting()
                expected.paste(seen.crop(pointer), pointer)
                check_same(f"{name}: and the one that was painted", seen, expected)


def password(binary: str, pictures: Path) -> None:
    """Without the password, or with a wrong one, there is no picture."""
    with Xtigervnc(PASSWORD) as server, Demo(binary, "--vnc-target", server.tcp) as demo:
        arguments = ["screenshot", "i-demo-linux", "--via", "vnc", "-f", str(pictures / "none.png")]
        done = ours(binary, demo, *arguments)
        check("no password: exit 3 and what to do", done.returncode == 3 and "--password-stdin" in done.stderr, done)
        done = ours(binary, demo, *arguments, ECS_VNC_PASSWORD="wrong1")
        check("a wrong password: exit 3 and the server's word", done.returncode == 3 and "uthentication fail" in done.stderr, done)
        check("and no file", not (pictures / "none.png").exists())


def qemu(binary: str, pictures: Path) -> None:
    """What QEMU itself saves, in text mode and with colours; and `wait` on a guest."""
    lines = [[(f"line {line}: {'#' * line}", 0x10 * (line % 8) + 15 - line % 7)] for line in range(20)]
    with Qemu(guests.picture(lines)) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        # Above the cursor, which blinks.
        above = (0, 0, guest.picture().width, 19 * guest.picture().height // guests.LINES)
        seen = shot(binary, demo, pictures / "screen-qemu-colours.png").crop(above)
        check_same("QEMU in colours", seen, guest.picture().crop(above))
        check("QEMU in colours: which are many", len(seen.getcolors(1 << 16)) > 10, seen.getcolors(1 << 16))
        arguments = ["wait", "i-demo-linux", "--timeout", "4"]
        done = ours(binary, demo, *arguments, "--still", "1500ms")
        check("wait --still: a cursor that blinks is no change", (done.returncode, done.stderr) == (0, TAKEOVER), done)
        done = ours(binary, demo, *arguments, "--change")
        check("wait --change: nor is it there", done.returncode == 40 and "did not change" in done.stderr, done)
        done = ours(binary, demo, *arguments, "--still", "1500ms", "--area", ",".join(map(str, above)))
        check("wait --still: nothing changes above it", (done.returncode, done.stderr) == (0, TAKEOVER), done)

    with Qemu(guests.echo()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        check_same("QEMU", shot(binary, demo, pictures / "screen-qemu.png"), guest.picture())
        check_same("QEMU with --wake", shot(binary, demo, pictures / "screen-qemu.png", "--wake"), guest.picture())
        check_equal("QEMU with --wake: nothing is typed", guest.text(), "")
        arguments = ["wait", "i-demo-linux", "-o", "json"]
        done = ours(binary, demo, *arguments, "--image", str(pictures / "screen-qemu.png"))
        check("wait --image: QEMU's own picture is there", done.returncode == 0 and json.loads(done.stdout)["Similarity"] == 1, done)
        done = ours(binary, demo, *arguments, "--still", "1s")
        check("wait --still: a guest that does nothing", done.returncode == 0 and json.loads(done.stdout)["Elapsed"] >= 1, done)
        with waiting(binary, demo, "--change") as wait:
            until("its first look", STEP, lambda: any("viewer connected" in line for line in wait.err))
            # It says nothing of its first look: until then a key would be part of it.
            end = time.monotonic() + STEP
            while wait.process.poll() is None and time.monotonic() < end:
                guest.qmp("send-key", keys=[{"type": "qcode", "data": "x"}])
                time.sleep(0.2)
            check_equal("wait --change: a key on the guest ends it", wait.ends(STEP), 0)
        done = ours(binary, demo, *arguments, "--image", str(pictures / "screen-qemu.png"), "--timeout", "1", "--save", str(pictures / "saved.png"))
        check("wait --image: what was typed is told", done.returncode == 40 and "% of the pixels are equal" in done.stderr, done)
        with Image.open(pictures / "saved.png") as saved:
            check_same("wait --save: what is on the screen", saved.convert("RGB"), guest.picture())


@contextmanager
def waiting(binary: str, demo: Demo, *arguments: str, **env: str) -> Iterator[Running]:
    """`wait` while something happens."""
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        argv = [binary, "wait", "-v", "--profile", "demo", "--endpoint", demo.endpoint, "i-demo-linux", *arguments]
        with Running(argv, sealed(home, **env)) as running:
            yield running


def tmux(binary: str, pictures: Path) -> None:
    """Half blocks on a terminal, read back cell by cell, and told from the picture beside it."""
    columns, rows = 100, 40
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home, Demo(binary) as demo:
        file, socket = Path(home, "shown.png"), Path(home, "tmux")
        env = sealed(home, COLORTERM="truecolor", TERM="tmux-256color")
        shell = f"'{binary}' screenshot -q --profile demo --endpoint {demo.endpoint} i-demo-windows --show=blocks -f '{file}'; echo END; cat"
        on = ["tmux", "-S", str(socket), "-f", "/dev/null"]
        subprocess.run([*on, "new-session", "-d", "-x", str(columns), "-y", str(rows), shell], env=env, check=True, timeout=STEP)
        try:
            capture = lambda: subprocess.run([*on, "capture-pane", "-peN"], env=env, capture_output=True, text=True, check=True, timeout=STEP).stdout
            screen = until("the picture in tmux", STEP, lambda: (text := capture()) and "END" in text and text)
        finally:
            subprocess.run([*on, "kill-server"], env=env, capture_output=True, timeout=STEP)
        (pictures / "screen-tmux.ansi").write_text(screen)
        cells = cells_of(screen.split("END")[0])
        with Image.open(file) as image:
            # As tall as the rows above the prompt, and as wide as its shape wants.
            height = (rows - 1) * 2
            width = round(height * image.width / image.height)
            if width > columns:
                width, height = columns, round(columns * image.height / image.width)
            expected = image.convert("RGB").resize((width, height), Image.Resampling.BOX)
        shown = Image.new("RGB", (width, height))
        for y, row in enumerate(cells):
            for x, (upper, lower) in enumerate(row[:width]):
                shown.putpixel((x, 2 * y), upper)
                if 2 * y + 1 < height:
                    shown.putpixel((x, 2 * y + 1), lower)
        shown.resize((width * 8, height * 8), Image.Resampling.NEAREST).save(pictures / "screen-tmux.png")
        check_equal("tmux: lines and columns", (len(cells), {len(row) for row in cells}), ((height + 1) // 2, {width}))
        # The bars are plain: away from their ends no mean of pixels differs from them.
        for bar in range(8):
            x, y = width * (2 * bar + 1) // 16, height // 16
            near = max(abs(a - b) for a, b in zip(shown.getpixel((x, y)), expected.getpixel((x, y)), strict=True))
            check(f"tmux: bar {bar} has its colour", near <= 1, (x, y, shown.getpixel((x, y)), expected.getpixel((x, y))))


Colour = tuple[int, int, int]


def cells_of(screen: str) -> list[list[tuple[Colour, Colour]]]:
    """The two halves of each cell, from what tmux gives: ECMA-48, SGR with 38;2 and 48;2."""
    fore, back = (0, 0, 0), (0, 0, 0)
    lines = []
    for line in screen.rstrip("\n").split("\n"):
        row: list[tuple[Colour, Colour]] = []
        for words, character in re.findall(r"\x1b\[([\d;]*)m|(.)", line):
            if character:
                row.append((fore if character == "▀" else back, back))
                continue
            numbers = [int(word or 0) for word in words.split(";")]
            while numbers:
                match numbers:
                    case [38, 2, r, g, b, *rest]:
                        fore = (r, g, b)
                    case [48, 2, r, g, b, *rest]:
                        back = (r, g, b)
                    case [39, *rest]:
                        fore = (0, 0, 0)
                    case [49, *rest]:
                        back = (0, 0, 0)
                    case [0, *rest]:
                        fore = back = (0, 0, 0)
                    case _:
                        raise ValueError(f"unknown SGR {numbers}")
                numbers = rest
        if row:
            lines.append(row)
    return lines


TESTS = [xtigervnc, password, qemu, tmux]

if __name__ == "__main__":
    sys.exit(main_with_pictures("screen.py PATH_TO_ECS_VNC [PICTURES_DIR]", partial(bound, TESTS)))
