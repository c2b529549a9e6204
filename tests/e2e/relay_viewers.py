"""Viewers of others through `relay`, before servers of others. Part of relay.py.

What was typed is read from the guest's memory, and what was seen is held against QEMU's own picture of its screen.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncvnc
import guests
from harness import Demo, check, check_equal, run_to_end, sealed, until
from PIL import Image
from qemu import Qemu
from relaying import STEP, Relay, Viewer
from xscreen import XScreen
from xtigervnc import Xtigervnc

# Every key of a US keyboard that has a character, alone and with Shift.
ALL_ASCII = "".join(map(chr, range(0x20, 0x7F)))

VNCDO = str(Path(sys.executable).parent / "vncdo")

# Scancodes of set 1. IBM's PC/AT reference; E0 stands before the keys that the PC/XT did not have.
CONTROL, ALT, DELETE, F5, UP = [0x1D], [0x38], [0xE0, 0x53], [0x3F], 0x80


def released(code: list[int]) -> list[int]:
    """The scancode of the same key as it comes up."""
    return [*code[:-1], code[-1] | UP]


@contextmanager
def tigervnc(screen: XScreen, place: str, *arguments: str, title: str = "QEMU") -> Iterator[int]:
    """TigerVNC's viewer, lossless and with nothing of its own over the picture; gives its window, by its title."""
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        argv = ["xtigervncviewer", "-NoJPEG=1", "-RemoteResize=0", "-MenuKey=", "-AlertOnFatalError=0", *arguments, place]
        log = Path(home, "log")
        with log.open("wb") as output:
            viewer = subprocess.Popen(argv, env=screen.env(home), stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            yield screen.window(title)
        except BaseException as error:
            error.add_note(f"the viewer has ended with {viewer.poll()} and said {log.read_text(errors='replace')}")
            raise
        finally:
            viewer.terminate()
            viewer.wait(10)


def check_window(name: str, screen: XScreen, window: int, guest: Qemu) -> None:
    """The window shows what the guest's screen shows, pixel for pixel."""
    x, y, right, lower = screen.place(window)
    check_equal(f"{name}: the window is as large as the guest's screen", (right - x, lower - y), guest.picture().size)
    is_same = lambda: screen.picture().crop((x, y, right, lower)).tobytes() == guest.picture().tobytes()
    until("the guest's picture in the window", STEP, is_same)
    check(f"{name}: shows the guest's screen, pixel for pixel", is_same())


def vncdo(server: str, *commands: str, delay: int = 33) -> subprocess.CompletedProcess[str]:
    """vncdotool on the command line. It sends Shift itself, which QEMU needs."""
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        argv = [VNCDO, "--timeout", "60", "--delay", str(delay), "--nocursor", "--force-caps", "--server", server, *commands]
        # Of the library that it has its DES from.
        return run_to_end(argv, sealed(home, PYTHONWARNINGS="ignore"), 90)


def captured(server: str, *commands: str) -> Image.Image:
    """What vncdotool sees after some commands. Whoever only types does well to look at last: QEMU 7.2 throws away what
    comes along with a WebSocket's Close frame."""
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as directory:
        file = Path(directory, "screen.png")
        done = vncdo(server, *commands, "capture", str(file))
        check_equal("vncdotool: its exit code", (done.returncode, done.stderr), (0, ""))
        with Image.open(file) as image:
            return image.convert("RGB")


def tigervnc_types(binary: str, pictures: Path) -> None:
    """A viewer with a window, and a user at its keyboard."""
    name = "TigerVNC's viewer"
    with Qemu(guests.echo()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo, XScreen() as screen:
        with Relay.of_demo(binary, demo) as relay:
            with tigervnc(screen, relay.for_viewers()) as window:
                screen.type(ALL_ASCII)
                check_equal(f"{name}: types all of ASCII", guest.shows(ALL_ASCII), ALL_ASCII.rstrip())
                check_window(name, screen, window, guest)
                screen.picture().save(pictures / "relay-tigervnc.png")
                screen.xdotool("key", "ctrl+alt+Delete")
                until("the guest's restart", STEP, guest.has_restarted)
                check(f"{name}: Ctrl+Alt+Del restarts the guest", True)
            until("its end", STEP, lambda: any("the viewer left" in line for line in demo.err))
            with tigervnc(screen, relay.for_viewers()) as window:
                until("the guest", STEP, guest.is_up)
                screen.type("again")
                check_equal(f"{name}: comes back, to a console of its own", guest.shows("again"), "again")
            check_equal(f"{name}: nothing to complain about", relay.told("lost") + relay.told("rror"), 0)


def tigervnc_on_a_unix_socket(binary: str, pictures: Path) -> None:
    """The viewer takes a socket's path in place of a host."""
    name = "a Unix socket"
    with Qemu(guests.echo()) as guest, Demo(binary, "--vnc-target", guest.tcp) as demo, XScreen() as screen:
        with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as directory:
            path = Path(directory, "console")
            with Relay.of_demo(binary, demo, "--unix", str(path)) as relay:
                with tigervnc(screen, relay.lines[0]["Socket"]) as window:
                    screen.type("by a socket")
                    check_equal(f"{name}: TigerVNC's viewer types through it", guest.shows("by a socket"), "by a socket")
                    check_window(name, screen, window, guest)
                    relay.interrupt()
                    check_equal(f"{name}: Ctrl-C ends the relay in mid-session", relay.ends(5), 0)
                check(f"{name}: is gone then", not path.exists(), path)


def vncdotool_types_and_sees(binary: str, pictures: Path) -> None:
    """A client for scripts."""
    name = "vncdotool"
    with Qemu(guests.echo()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        with Relay.of_demo(binary, demo) as relay:
            captured(relay.for_viewers(), "type", ALL_ASCII)
            check_equal(f"{name}: types all of ASCII", guest.shows(ALL_ASCII), ALL_ASCII.rstrip())
            seen = captured(relay.for_viewers())
            seen.save(pictures / "relay-vncdotool.png")
            check_equal(f"{name}: captures the guest's screen, pixel for pixel", (seen.size, seen.tobytes()), (guest.picture().size, guest.picture().tobytes()))
    with Qemu(guests.scancodes()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        with Relay.of_demo(binary, demo) as relay:
            captured(relay.for_viewers(), "key", "f5", "key", "ctrl-alt-del")
            pressed, up = [*F5, *released(F5), *CONTROL, *ALT, *DELETE], [*released(DELETE), *released(ALT), *released(CONTROL)]
            seen = guest.hears([*pressed, *up])
            # It lets the keys of a chord go in the order in which it has pressed them.
            up_in_order = [*released(CONTROL), *released(ALT), *released(DELETE)]
            check(f"{name}: its keys arrive as scancodes", seen in ([*pressed, *up], [*pressed, *up_in_order]), seen)


def asyncvnc_types_and_sees(binary: str, pictures: Path) -> None:
    """A library, which sends what it is told: Shift must be asked for."""
    name = "asyncvnc"

    async def session(port: int, guest: Qemu) -> Image.Image:
        async with asyncvnc.connect("127.0.0.1", port) as client:
            shown = ""
            for character in "Async 1!":
                if character in "A!":
                    with client.keyboard.hold("Shift_L"):
                        client.keyboard.press(character)
                else:
                    client.keyboard.press("space" if character == " " else character)
                await client.drain()
                shown += character
                # Not a second one before the first one is there.
                await asyncio.to_thread(guest.shows, shown)
            return Image.fromarray(await client.screenshot()).convert("RGB")

    with Qemu(guests.echo()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        with Relay.of_demo(binary, demo) as relay:
            seen = asyncio.run(asyncio.wait_for(session(relay.port(), guest), 120))
            check_equal(f"{name}: types", guest.text(), "Async 1!")
            check_equal(f"{name}: sees the guest's screen, pixel for pixel", (seen.size, seen.tobytes()), (guest.picture().size, guest.picture().tobytes()))


def vnc_authentication(binary: str, pictures: Path) -> None:
    """Xtigervnc asks for a password: the relay passes both on, and knows its way in what follows."""
    name = "VncAuth"
    with Xtigervnc("secret1") as server, Demo(binary, "--vnc-target", server.tcp, "--idle-limit", "1.5") as demo:
        direct = captured(server.tcp.replace(":", "::"), "--password", "secret1")
        with Relay.of_demo(binary, demo, "--keepalive", "300ms") as relay:
            seen = captured(relay.for_viewers(), "--password", "secret1")
            check_equal(f"{name}: vncdotool sees the same as without the relay", (seen.size, seen.tobytes()), (direct.size, direct.tobytes()))
            check(f"{name}: which is not one colour", len(seen.getcolors(1 << 18)) > 1, seen.getcolors())
            late = captured(relay.for_viewers(), "--password", "secret1", "pause", "4")
            check_equal(f"{name}: a pause beyond the idle limit is held by the keepalive", late.tobytes(), direct.tobytes())
            check_equal(f"{name}: and nothing was lost", relay.told("lost"), 0)

            done = vncdo(relay.for_viewers(), "--password", "wrong", "type", "x")
            check(f"{name}: vncdotool hears that a password is wrong", done.returncode != 0 and "uthentication" in done.stderr, (done.stdout, done.stderr))
            # Which leaves then; of one that waits for what comes, it is the server that closes.
            with Viewer(relay.port()) as viewer:
                viewer.read(12)
                viewer.send(b"RFB 003.008\n")
                check_equal(f"{name}: is the only way", viewer.read(2), b"\x01\x02")
                viewer.send(b"\x02")
                viewer.read(16)
                viewer.send(bytes(16))
                result = viewer.hears_the_end()
                check(f"{name}: a viewer hears the server's reason", result.startswith(b"\0\0\0\1") and b"uthentication" in result, result)
            told = relay.stderr_line("was lost: ")
            check(f"{name}: and the relay tells", "before it showed a desktop" in told, told)
            seen = captured(relay.for_viewers(), "--password", "secret1")
            check_equal(f"{name}: and the relay serves on", seen.tobytes(), direct.tobytes())


TESTS = [tigervnc_types, tigervnc_on_a_unix_socket, vncdotool_types_and_sees, asyncvnc_types_and_sees, vnc_authentication]
