"""`relay --share`: several viewers at once on one session, before servers of others. Part of relay.py.

TigerVNC's viewer decodes what the relay encodes, and QEMU's own picture says what it must show.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import guests
from harness import Demo, check, check_equal, until
from qemu import Qemu
from relay_viewers import ALL_ASCII, ALT, CONTROL, DELETE, captured, check_window, released, tigervnc, vncdo
from relaying import STEP, Relay, Viewer, key
from screen import PASSWORD, free_display
from servers import on_screen
from vnc_process import password_file
from xscreen import XScreen
from xtigervnc import Xtigervnc

# As TigerVNC's viewer names them.
ENCODINGS = ["Tight", "ZRLE", "Raw"]

# What the crowd is: the last of them does not read.
CROWD, ROUNDS = 50, 12

# How much the relay may grow while the crowd looks on, in KiB. One screen in Raw has 1125: a queue for the client that does
# not read would grow by more than that each round.
GROWTH = 4096


def sessions(demo: Demo) -> int:
    """How many consoles were opened."""
    return sum("console of" in line and "opened" in line for line in demo.err)


def all_at_once(binary: str, pictures: Path) -> None:
    """TigerVNC's viewer, vncdotool and a client of a few lines type and see on one session of a guest."""
    name = "shared"
    with Qemu(guests.echo()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo, XScreen() as screen:
        with Relay.of_demo(binary, demo, "--share") as relay:
            with tigervnc(screen, relay.for_viewers()) as window, Viewer(relay.port()).greet() as viewer:
                screen.type(ALL_ASCII)
                check_equal(f"{name}: TigerVNC's viewer types all of ASCII", guest.shows(ALL_ASCII), ALL_ASCII.rstrip())
                captured(relay.for_viewers(), "type", "by vncdotool")
                check_equal(f"{name}: vncdotool types beside it", guest.shows(f"{ALL_ASCII}by vncdotool"), f"{ALL_ASCII}by vncdotool")
                viewer.send(key(ord("z"), True) + key(ord("z"), False))
                shown = f"{ALL_ASCII}by vncdotoolz"
                check_equal(f"{name}: and so does a third", guest.shows(shown), shown)
                check_window(f"{name}: TigerVNC's viewer", screen, window, guest)
                for client, seen in [("vncdotool", captured(relay.for_viewers())), ("the third", viewer.sees())]:
                    is_same = seen.tobytes() == guest.picture().tobytes()
                    check(f"{name}: {client} sees the guest's screen, pixel for pixel", is_same)
                screen.picture().save(pictures / "relay-share.png")
                check_equal(f"{name}: all on one session", sessions(demo), 1)
            until("its end", STEP, lambda: any("the viewer left" in line for line in demo.err))
            check(f"{name}: which ends with the last viewer", True)
            with Viewer(relay.port()).greet() as viewer:
                check_equal(f"{name}: the next viewer opens another", (viewer.sees().size, sessions(demo)), ((720, 400), 2))
            check_equal(f"{name}: nothing to complain about", relay.told("lost") + relay.told("rror"), 0)


def encodings(binary: str, pictures: Path) -> None:
    """TigerVNC's decoders read what the relay writes: text of a guest, and gradients of the simulated Windows."""
    with Qemu(guests.echo()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo, XScreen() as screen:
        with Relay.of_demo(binary, demo, "--share") as relay, Viewer(relay.port()).greet():
            text = ""
            for encoding in ENCODINGS:
                chosen = ["-AutoSelect=0", f"-PreferredEncoding={encoding}"]
                with tigervnc(screen, relay.for_viewers(), *chosen) as window:
                    screen.type(encoding)
                    text += encoding
                    check_equal(f"{encoding}: types", guest.shows(text), text)
                    check_window(encoding, screen, window, guest)
            check_equal("encodings: on one session", sessions(demo), 1)
    with Demo(binary) as demo, XScreen() as screen:
        with Relay.of_demo(binary, demo, instances=["i-demo-windows"]) as copying, Viewer(copying.port()).greet() as viewer:
            card = viewer.sees()
        until("its end", STEP, lambda: any("the viewer left" in line for line in demo.err))
        with Relay.of_demo(binary, demo, "--share", instances=["i-demo-windows"]) as relay, Viewer(relay.port()).greet():
            for encoding in ENCODINGS:
                chosen = ["-AutoSelect=0", f"-PreferredEncoding={encoding}"]
                with tigervnc(screen, relay.for_viewers(), *chosen, title="i-demo-windows") as window:
                    x, y, right, lower = screen.place(window)
                    check_equal(f"{encoding}: the window has the size of the test card", (right - x, lower - y), card.size)
                    # The colours are in the lines above 200; below, the age of the URL is written.
                    part = (0, 0, card.width, 200)
                    is_same = lambda: screen.picture().crop((x, y, right, lower)).crop(part).tobytes() == card.crop(part).tobytes()
                    until(f"the test card by {encoding}", STEP, is_same)
                    check(f"{encoding}: shows the test card, pixel for pixel", is_same())


def scancodes(binary: str, pictures: Path) -> None:
    """TigerVNC's viewer is offered scancodes, as by QEMU itself; keysyms of others become scancodes there."""
    name = "shared keys"
    with Qemu(guests.scancodes()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo, XScreen() as screen:
        with Relay.of_demo(binary, demo, "--share") as relay, tigervnc(screen, relay.for_viewers()):
            screen.xdotool("key", "Left")
            left = [0xE0, 0x4B]
            check_equal(f"{name}: TigerVNC's arrow arrives as its scancode", guest.hears([*left, *released(left)]), [*left, *released(left)])
            before = [*left, *released(left)]
            vncdo(relay.for_viewers(), "keydown", "ctrl", "keydown", "alt", "keydown", "del", "pause", "0.5")
            down = [*before, *CONTROL, *ALT, *DELETE]
            up = [*released(DELETE), *released(ALT), *released(CONTROL)]
            check_equal(f"{name}: what vncdotool held when it left is released", guest.hears([*down, *up]), [*down, *up])


def password(binary: str, pictures: Path) -> None:
    """TigerVNC's viewer and vncdotool give the password; a wrong one is refused, and watchers type nothing."""
    name = "shared with a password"
    with Qemu(guests.echo()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo, XScreen() as screen:
        env = {"ECS_VNC_SHARE_PASSWORD": "k7!Qz-2m"}
        given = ["--profile", "demo", "--endpoint", demo.endpoint, "--share"]
        remote = ["--listen", "0.0.0.0", "--allow-remote"]
        with Relay(binary, ["i-demo-linux"], *given, *remote, env=env) as relay, tempfile.TemporaryDirectory() as home:
            place = f"127.0.0.1::{relay.port()}"
            file = password_file(Path(home), "k7!Qz-2m")
            with tigervnc(screen, place, f"-PasswordFile={file}") as window:
                captured(place, "--password", "k7!Qz-2m", "type", "in")
                check_equal(f"{name}: vncdotool types", guest.shows("in"), "in")
                check_window(f"{name}: TigerVNC's viewer", screen, window, guest)
                done = vncdo(place, "--password", "k7!Qz-2n", "type", "x")
                check(f"{name}: a wrong one is refused", done.returncode != 0 and "the password is wrong" in done.stderr, (done.stdout, done.stderr))
                check_equal(f"{name}: with nothing typed", guest.text(), "in")
        with Relay(binary, ["i-demo-linux"], *given, "--read-only") as relay, tigervnc(screen, relay.for_viewers()) as window:
            screen.type("out")
            captured(relay.for_viewers(), "type", "out")
            check_window(f"{name}: a watcher", screen, window, guest)
            check_equal(f"{name}: watchers type nothing", guest.text(), "in")


def moves(binary: str, pictures: Path) -> None:
    """A window is moved on an X server, which says so to its clients instead of drawing anew; TigerVNC's viewer shows the same."""
    name, display = "moved areas", free_display()
    with Xtigervnc(PASSWORD, display) as server, Demo(binary, "--vnc-target", server.tcp) as demo, XScreen() as screen:
        given = ["--profile", "demo", "--endpoint", demo.endpoint, "--share"]
        with Relay(binary, ["i-demo-linux"], *given, env={"ECS_VNC_PASSWORD": PASSWORD}) as relay:
            with tigervnc(screen, relay.for_viewers(), title=".*TigerVNC") as window, desktop_window(display) as moved:
                x, y, right, lower = screen.place(window)
                for step in range(20):
                    xdotool(display, "windowmove", "--sync", moved, str(10 + step * 17), str(5 + step * 9))
                is_same = lambda: screen.picture().crop((x, y, right, lower)).tobytes() == on_screen(display).tobytes()
                until(f"{name}: the server's own picture", STEP, is_same)
                check(f"{name}: the viewer shows the server's screen, pixel for pixel", is_same())


def xdotool(display: str, *arguments: str) -> str:
    """On the screen of a VNC server."""
    env = {"PATH": os.environ.get("PATH", os.defpath), "DISPLAY": display}
    return subprocess.run(["xdotool", *arguments], env=env, capture_output=True, text=True, timeout=STEP).stdout


@contextmanager
def desktop_window(display: str) -> Iterator[str]:
    """A window with a picture, by its number."""
    argv = ["display", "-display", display, "-resize", "200x150", "rose:"]
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        search = ["search", "--onlyvisible", "--name", "^ImageMagick"]
        yield until("the window", STEP, lambda: xdotool(display, *search).split())[0]
    finally:
        process.terminate()
        process.wait(10)


def silence(binary: str, pictures: Path) -> None:
    """Viewers that say nothing keep the session by the keepalive."""
    name = "shared silence"
    with Qemu(guests.echo()) as guest, Demo(binary, "--vnc-target", guest.websocket, "--idle-limit", "1.5") as demo:
        with Relay.of_demo(binary, demo, "--share", "--keepalive", "300ms") as relay:
            with Viewer(relay.port()).greet() as viewer, Viewer(relay.port()).greet():
                captured(relay.for_viewers(), "pause", "5")
                check_equal(f"{name}: is no end", (relay.told("lost"), sessions(demo)), (0, 1))
                check_equal(f"{name}: and the picture is there", viewer.sees().tobytes(), guest.picture().tobytes())


def crowd(binary: str, pictures: Path) -> None:
    """Of 50 clients one stops reading: the others see each letter, and the relay does not grow."""
    name = f"{CROWD} on one session"
    with Demo(binary) as demo, Relay.of_demo(binary, demo, "--share") as relay:
        viewers = [Viewer(relay.port()).greet() for _ in range(CROWD)]
        stalled = viewers.pop()
        # An update is far larger than what a socket holds, so it is stuck in the middle of one.
        for _ in range(100):
            stalled.ask()
        memory = []
        for turn in range(ROUNDS):
            letter = ord("a") + turn
            viewers[turn].send(key(letter, True) + key(letter, False))
            until("the letter", STEP, lambda: has_letter(viewers[0], turn))
            check(f"{name}: all see the letter {turn + 1}", all(has_letter(viewer, turn) for viewer in viewers))
            memory.append(relay.status("VmRSS"))
        print(f"   KiB {memory}")
        check(f"{name}: the relay does not grow", memory[-1] - memory[1] < GROWTH, memory)
        check_equal(f"{name}: it is one session", sessions(demo), 1)
        for viewer in [*viewers, stalled]:
            viewer.socket.close()
        until("its end", STEP, lambda: any("the viewer left" in line for line in demo.err))
        check(f"{name}: which ends with them", True)


def has_letter(viewer: Viewer, turn: int) -> bool:
    """Whether a letter is at this place behind "web-01 login: ", in the last of 25 lines of 16 pixels; the cursor is in the
    lowest three rows of pixels."""
    left = (14 + turn) * 9
    return viewer.sees().crop((left, 384, left + 9, 397)).getcolors() != [(9 * 13, (0, 0, 0))]


TESTS = [all_at_once, encodings, scancodes, password, moves, silence, crowd]
