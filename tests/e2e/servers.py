"""Other VNC servers, as packaged: `python servers.py PATH_TO_ECS_VNC [PICTURES_DIR]`.

x11vnc on Xvfb, and Xtightvnc, behind the demo account's proxy, at each depth of their screens. What is on a screen says
ImageMagick, which asks the X server, and which keys arrive says xev: neither goes by VNC.
"""

from __future__ import annotations

import json
import re
import string
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache, partial
from itertools import count, islice
from pathlib import Path

import numpy
from harness import TAKEOVER, Demo, bound, check, check_equal, main_with_pictures, until
from PIL import Image, ImageChops
from screen import PASSWORD, SIZE, STEP, check_same, free_display, ours, paint, painting, shot, waiting
from x11vnc import X11vnc
from xkeys import XKeys
from xpointer import Event, XPointer
from xscreen import XScreen
from xtightvnc import Xtightvnc

DEPTHS = (8, 16, 24)

Server = X11vnc | Xtightvnc

# Letters and digits, and all that a US keyboard types beside them.
TEXT = "azAZ 059" + string.punctuation

# Of the password that a server does not have. RFC 6143, section 7.1.3, leaves the words to the server.
REFUSALS = {X11vnc: "password check failed!", Xtightvnc: "Authentication failed"}

# The limit for the console's answer after the last keys, in seconds: one that does answer takes a fraction of it.
ANSWER_LIMIT = 2


@contextmanager
def x11vnc(depth: int, picture: Path) -> Iterator[X11vnc]:
    """On Xvfb. At depth 8 that has a colour map."""
    with XScreen(SIZE, depth) as screen:
        paint(screen.display, picture)
        with X11vnc(PASSWORD, screen.display) as server:
            yield server


@contextmanager
def xtightvnc(arguments: list[str], picture: Path) -> Iterator[Xtightvnc]:
    """At depth 8 it has true colour, with 3 bits of red, 3 of green and 2 of blue, unless it is told otherwise."""
    with Xtightvnc(PASSWORD, free_display(), *arguments) as server:
        paint(server.display, picture)
        yield server


def on_screen(display: str) -> Image.Image:
    """What an X server says is on its screen.

    It gives a colour in 16 bits. Of those VNC servers make the nearest of 8 bits: `rfbInitOneRGBTable` in the tables of
    LibVNCServer and TightVNC. The entries of a colour map have 8 bits twice.
    """
    argv = ["import", "-display", display, "-window", "root", "-depth", "16", "-endian", "LSB", "rgb:-"]
    done = subprocess.run(argv, capture_output=True, check=True, timeout=STEP)
    colours = numpy.frombuffer(done.stdout, "<u2").astype(numpy.uint32)
    return Image.frombytes("RGB", SIZE, ((colours * 255 + 0x7FFF) // 0xFFFF).astype(numpy.uint8).tobytes())


def picture(name: str, binary: str, pictures: Path, server: Server, demo: Demo) -> None:
    """Pixel for pixel."""
    expected = on_screen(server.display)
    colours = len(expected.getcolors(1 << 20))
    check(f"{name}: the screen has many colours", colours > 100, colours)
    seen = shot(binary, demo, pictures / f"{name.replace(' ', '-')}.png", ECS_VNC_PASSWORD=PASSWORD)
    check_same(name, seen, expected)


def pressed(binary: str, demo: Demo, verb: str, *arguments: str) -> tuple[int, str, str]:
    """`key` or `type`: how it has ended, and what it has said."""
    done = ours(binary, demo, verb, "i-demo-linux", *arguments, ECS_VNC_PASSWORD=PASSWORD)
    return done.returncode, done.stdout, done.stderr.removeprefix(TAKEOVER)


def keys(name: str, binary: str, pictures: Path, server: Server, demo: Demo) -> None:
    """A text, and chords in their order."""
    with XKeys(server.display) as reader:
        check_equal(f"{name}: type ends well", pressed(binary, demo, "type", "--layout", "us", TEXT), (0, "", ""))
        check_equal(f"{name}: every character arrives", reader.types(TEXT), TEXT)
        reader.forget()
        check_equal(f"{name}: key ends well", pressed(binary, demo, "key", "f1", "up", "shift-a", "ctrl-alt-delete"), (0, "", ""))
        expected = []
        for chord in (["F1"], ["Up"], ["Shift_L", "A"], ["Control_L", "Alt_L", "Delete"]):
            expected += [("down", key) for key in chord] + [("up", key) for key in reversed(chord)]
        check_equal(f"{name}: chords arrive, down and up", reader.hears(expected), expected)


def pressing(button: int, place: tuple[int, int], times: int = 1) -> list[Event]:
    """A button that goes down and up."""
    return [("down", button, place), ("up", button, place)] * times


def mouse(name: str, binary: str, pictures: Path, server: Server, demo: Demo) -> None:
    """Places are exact to the pixel, in all corners, and so are the buttons."""
    width, height = SIZE
    # Not the first corner first: x11vnc takes the pointer to be there at its start, and then leaves it where it is.
    places = [(width // 3, height // 2), (width - 1, 0), (0, height - 1), (width - 1, height - 1), (0, 0)]
    with XPointer(server.display) as pointer:
        for x, y in places:
            check_equal(f"{name}: move to {x},{y} ends well", pressed(binary, demo, "move", f"{x},{y}"), (0, "", ""))
        check_equal(f"{name}: move: the pointer has been in these places", pointer.moves(places), places)
    for number, button in enumerate(("left", "middle", "right"), 1):
        with XPointer(server.display) as pointer:
            done = pressed(binary, demo, "click", "101,57", "--button", button, "--double")
            check_equal(f"{name}: click --button {button} ends well", done, (0, "", ""))
            expected = pressing(number, (101, 57), 2)
            check_equal(f"{name}: click --button {button}: a double click of button {number}", pointer.presses(expected), expected)
    for number, direction in enumerate(("up", "down"), 4):
        with XPointer(server.display) as pointer:
            done = pressed(binary, demo, "scroll", direction, "--at", "33,44", "--steps", "3")
            check_equal(f"{name}: scroll {direction} ends well", done, (0, "", ""))
            expected = pressing(number, (33, 44), 3)
            check_equal(f"{name}: scroll {direction}: three steps", pointer.presses(expected), expected)
    with XPointer(server.display) as pointer:
        check_equal(f"{name}: drag ends well", pressed(binary, demo, "drag", "20,30", "180,90"), (0, "", ""))
        expected = [("down", 1, (20, 30)), ("up", 1, (180, 90))]
        check_equal(f"{name}: drag: from the one to the other", pointer.presses(expected), expected)
        first, last = (pointer.events.index(event) for event in expected)
        moves = [place for kind, _, place in pointer.events[first:last] if kind == "move"]
        check(f"{name}: drag: in several steps", len(moves) >= 3 and moves[-1] == (180, 90), pointer.events)


def waits(name: str, binary: str, pictures: Path, server: Server, demo: Demo) -> None:
    """`wait` on a screen that stands still, and on one that changes."""
    arguments = ["wait", "i-demo-linux", "-o", "json", "--still", "500ms", "--timeout", str(STEP)]
    done = ours(binary, demo, *arguments, ECS_VNC_PASSWORD=PASSWORD)
    check(f"{name}: wait --still", done.returncode == 0 and json.loads(done.stdout)["Elapsed"] >= 0.5, done)
    with waiting(binary, demo, "--change", "--timeout", str(STEP), ECS_VNC_PASSWORD=PASSWORD) as wait:
        wait.stderr_line("viewer connected", STEP)
        # It says nothing of its first look: until then a change would be part of it.
        for other in paintings(pictures):
            paint(server.display, other)
            if wait.process.poll() is not None:
                break
        check_equal(f"{name}: wait --change: a change ends it", wait.ends(STEP), 0)


first_painting = cache(painting)


def paintings(pictures: Path) -> Iterator[Path]:
    """Pictures of the same colours, each unlike those before it, for as long as a step may take."""
    ends = time.monotonic() + STEP
    for turn in count():
        file = pictures / "servers-painting.png"
        ImageChops.offset(first_painting(), 16 * turn, 0).save(file)
        yield file
        if time.monotonic() > ends:
            return


def waits_to_the_end(name: str, binary: str, pictures: Path, server: Server, demo: Demo) -> None:
    """No change does not end `wait --change`, nor does a change `wait --still` before it is as old as it has to be."""
    done = ours(binary, demo, "wait", "i-demo-linux", "--change", "--timeout", "3", ECS_VNC_PASSWORD=PASSWORD)
    check(f"{name}: wait --change: without a change", done.returncode == 40 and "did not change" in done.stderr, done)
    with waiting(binary, demo, "--still", "2s", "--timeout", str(STEP), ECS_VNC_PASSWORD=PASSWORD) as wait:
        wait.stderr_line("viewer connected", STEP)
        for other in islice(paintings(pictures), 6):
            before = time.monotonic()
            paint(server.display, other)
        check_equal(f"{name}: wait --still: it ends well", wait.ends(STEP), 0)
        elapsed = time.monotonic() - before
        check(f"{name}: wait --still: two seconds after the last change", elapsed >= 2, elapsed)


def wrong_password(name: str, binary: str, pictures: Path, server: Server, demo: Demo) -> None:
    """What the server says of it is told."""
    file = pictures / "servers-none.png"
    done = ours(binary, demo, "screenshot", "i-demo-linux", "--via", "vnc", "-f", str(file), ECS_VNC_PASSWORD="wrong1")
    told = f"the server rejected the VNC password: {REFUSALS[type(server)]}"
    check(f"{name}: a wrong password: exit 3 and the server's words", (done.returncode, done.stdout) == (3, "") and told in done.stderr, done)
    check(f"{name}: a wrong password: no file", not file.exists())


def ends_in_order(name: str, binary: str, pictures: Path, server: Server, demo: Demo) -> None:
    """The server has seen every session end, and none break."""
    log = lambda: server.log.read_text(errors="replace")
    sessions = log().count("Got connection from client")
    check(f"{name}: it has had sessions", sessions > 0, log())
    until(f"the end of {sessions} sessions", STEP, lambda: len(re.findall(r"Client \S+ gone", log())) == sessions)
    broken = re.findall(r".*(?:: (?:read|write)\b|reset by peer|[Bb]roken pipe).*", log())
    check_equal(f"{name}: none of them broke", broken, [])


def a_layout_of_the_guest(name: str, binary: str, pictures: Path, server: Server, demo: Demo) -> None:
    """A server that takes no scancodes looks for the character itself, whichever layout either side has."""
    text = "zY@-ß"
    with XKeys(server.display) as reader:
        check_equal(f"{name}: type --layout de ends well", pressed(binary, demo, "type", "--layout", "de", text), (0, "", ""))
        check_equal(f"{name}: type --layout de: the characters arrive", reader.types(text), text)


def ends_with_the_answer(name: str, binary: str, pictures: Path, server: Server, demo: Demo) -> None:
    """`key` waits no longer than until the server has read its keys. On a busy machine any one time says little."""
    times = []
    while len(times) < 3 and min(times, default=ANSWER_LIMIT) >= ANSWER_LIMIT:
        start = time.monotonic()
        check_equal(f"{name}: key ends well", pressed(binary, demo, "key", "f1"), (0, "", ""))
        times.append(time.monotonic() - start)
    check(f"{name}: key ends with the server's answer", min(times) < ANSWER_LIMIT, times)


Aspect = Callable[[str, str, Path, Server, Demo], None]

AT_EVERY_DEPTH: list[Aspect] = [picture, keys, ends_with_the_answer, waits, wrong_password, ends_in_order]


def at(name: str, open_server: Callable[[Path], AbstractContextManager[Server]], *aspects: Aspect) -> Callable[[str, Path], None]:
    """A test of a server, whose picture and other things are looked at one after another."""

    def test(binary: str, pictures: Path) -> None:
        with open_server(next(paintings(pictures))) as server, Demo(binary, "--vnc-target", server.tcp) as demo:
            for aspect in aspects:
                aspect(name, binary, pictures, server, demo)

    test.__name__ = " ".join([name, *(aspect.__name__ for aspect in aspects)])
    return test


TESTS = [
    *(at(f"x11vnc at depth {depth}", partial(x11vnc, depth), *AT_EVERY_DEPTH) for depth in DEPTHS),
    *(at(f"Xtightvnc at depth {depth}", partial(xtightvnc, ["-depth", str(depth)]), *AT_EVERY_DEPTH) for depth in DEPTHS),
    # Visual class 3 is PseudoColor.
    at("Xtightvnc with a colour map", partial(xtightvnc, ["-depth", "8", "-cc", "3"]), *AT_EVERY_DEPTH),
    at("x11vnc", partial(x11vnc, 24), waits_to_the_end),
    at("Xtightvnc", partial(xtightvnc, ["-depth", "24"]), waits_to_the_end),
    at("x11vnc", partial(x11vnc, 24), mouse),
    at("Xtightvnc", partial(xtightvnc, ["-depth", "24"]), mouse),
    at("x11vnc", partial(x11vnc, 24), a_layout_of_the_guest),
    at("Xtightvnc", partial(xtightvnc, ["-depth", "24"]), a_layout_of_the_guest),
]

if __name__ == "__main__":
    sys.exit(main_with_pictures("servers.py PATH_TO_ECS_VNC [PICTURES_DIR]", partial(bound, TESTS)))
