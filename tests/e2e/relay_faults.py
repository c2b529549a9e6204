"""What a console, or a viewer, may do wrong in the middle of a session. Part of relay.py; what goes wrong before the
desktop is shown is in tests/all/relay.rs.
"""

from __future__ import annotations

import hashlib
import os
import socket
import struct
import threading
from collections.abc import Callable
from pathlib import Path

from far_side import TEXT, Console, FarSide, head
from harness import check, check_equal, until
from relaying import STEP, Relay, Viewer

# A frame of a picture, and the part of it that comes before the fault.
FRAME, PART = 4096, 1000

# What the service, and the relay with it, takes as the longest frame, in bytes.
LONGEST = 64 << 20

# How long some ten megabytes may take both ways, in seconds.
WHOLE = 60

# How much the relay may hold for one that does not read, in KiB: two pieces, and what an allocator makes of them.
HELD = 2048


def faults() -> dict[str, tuple[Callable[[Console], object], bytes, str]]:
    """Each fault: what the console does, what the viewer still gets of it, and what the relay says."""
    part = os.urandom(PART)
    half = head(FRAME) + part
    return {
        "a reset": (lambda console: console.reset(), b"", "reset by peer"),
        "half a frame, and the end": (lambda console: (console.client.sendall(half), console.hear()), part, "without giving a reason"),
        "half a frame, and a reset": (lambda console: (console.client.sendall(half), console.hear(), console.reset()), part, "reset by peer"),
        "a text frame": (lambda console: console.say(b"what is this", TEXT), b"", "a text frame"),
        "an oversize frame": (lambda console: console.client.sendall(head(LONGEST + 1)), b"", f"more than {LONGEST}"),
        "a reserved opcode": (lambda console: console.say(b"", 3), b"", "unknown type 3"),
    }


def consoles_fail(binary: str, pictures: Path) -> None:
    """One after another, each on an instance of its own, since two at once would be taken for a fight."""
    wrong = faults()
    names = {f"i-{index}": name for index, name in enumerate(wrong)}
    has_failed: set[str] = set()

    def serve(console: Console) -> None:
        console.open().greet()
        if console.instance in has_failed:
            console.until_the_end()
            return
        has_failed.add(console.instance)
        # The viewer is there, and asks.
        console.hear()
        wrong[names[console.instance]][0](console)

    with FarSide(serve) as account, Relay(binary, list(names), env=account.env()) as relay:
        before = relay.file_descriptors()
        for index, (instance, name) in enumerate(names.items()):
            _, still, told = wrong[name]
            with Viewer(relay.port(index)) as viewer:
                viewer.greet().ask()
                got = b""
                if still:
                    got = viewer.read(len(still))
                    viewer.send(b"\x04")
                check_equal(f"{name}: the viewer gets what came before it, and the end", got + viewer.hears_the_end(), still)
            line = relay.stderr_line(f"{instance}: the console was lost: ")
            check(f"{name}: the relay says it", told in line, line)
            with Viewer(relay.port(index)) as viewer:
                check_equal(f"{name}: the next viewer is served", viewer.greet().name, instance)
        check_equal("faults of consoles: each is told once", relay.told("was lost"), len(names))
        check_equal("faults of consoles: the relay is there", relay.process.poll(), None)
        # One connection to the API is kept.
        until("the end of all", STEP, lambda: relay.file_descriptors() <= before + 2)
        check("faults of consoles: nothing is left open", True)


def a_console_with_a_wrong_key(binary: str, pictures: Path) -> None:
    """An answer to another's request, such as a cache on the way would give: RFC 6455, section 4.1."""
    name, asked = "a wrong accept key", []

    def serve(console: Console) -> None:
        asked.append(console.instance)
        if len(asked) == 1:
            console.open(key_of="dGhlIHNhbXBsZSBub25jZQ==").say(b"RFB 003.008\n")
        else:
            console.open().greet()
        console.until_the_end()

    with FarSide(serve) as account, Relay(binary, ["i-1"], env=account.env()) as relay:
        with Viewer(relay.port()) as viewer:
            check_equal(f"{name}: the viewer hears the end, and nothing else", viewer.answer_greeting().hears_the_end(), b"")
        told = relay.stderr_line("could not open the console")
        check(f"{name}: the relay says it", "does not match the key" in told, told)
        with Viewer(relay.port()) as viewer:
            check_equal(f"{name}: the next viewer is served", viewer.greet().name, "i-1")


def consoles_stall(binary: str, pictures: Path) -> None:
    """A console that falls silent, before it is there and in mid-frame: Ctrl-C ends the relay all the same."""
    for name, serve, hears in (
        ("a console that never opens", lambda console: console.client.recv(1), b""),
        ("a console that stops within its greeting", lambda console: (console.open().say(b"RFB 003"), console.until_the_end()), b""),
        ("a console that stops within a frame", lambda console: (console.open().say(b"RFB 003.008\n"), console.client.sendall(head(12) + b"RFB"), console.until_the_end()), b"RFB"),
    ):
        arrived = threading.Event()

        def counted(console: Console, serve: Callable[[Console], object] = serve) -> None:
            arrived.set()
            serve(console)

        with FarSide(counted) as account, Relay(binary, ["i-1"], env=account.env()) as relay, Viewer(relay.port()) as viewer:
            viewer.answer_greeting()
            check(f"{name}: is asked", arrived.wait(STEP))
            check_equal(f"{name}: the viewer hears what there is", viewer.read(len(hears)), hears)
            relay.interrupt()
            check_equal(f"{name}: Ctrl-C ends the relay", relay.ends(5), 0)
            check_equal(f"{name}: and the viewer hears the end", viewer.hears_the_end(), b"")


def a_console_that_is_not_there_in_time(binary: str, pictures: Path) -> None:
    """Its URL lives 15 s: beyond them nobody need wait."""
    name = "a console that takes too long"
    with FarSide(lambda console: console.client.recv(1)) as account, Relay(binary, ["i-1"], env=account.env()) as relay:
        with Viewer(relay.port()) as viewer:
            check_equal(f"{name}: the viewer hears the end", viewer.answer_greeting().hears_the_end(), b"")
        told = relay.stderr_line("did not answer within")
        check(f"{name}: the relay says so, and what to do", "connect again" in told, told)
        check_equal(f"{name}: and serves on", relay.process.poll(), None)


def viewers_vanish(binary: str, pictures: Path) -> None:
    """In mid-picture, in good order and not: the console hears of it, and the next viewer is served."""
    rounds, ended = 10, []

    def serve(console: Console) -> None:
        console.open().greet()
        try:
            while True:
                console.say(bytes(1 << 16))
        except OSError:
            ended.append(console.instance)

    with FarSide(serve) as account, Relay(binary, ["i-1"], "-v", env=account.env()) as relay:
        before = relay.file_descriptors()
        for turn in range(rounds):
            for name, leave in (("closes", lambda viewer: viewer.socket.close()), ("resets", lambda viewer: viewer.vanish())):
                with Viewer(relay.port()) as viewer:
                    viewer.greet().read(1 << 20)
                    count = len(ended)
                    leave(viewer)
                    until(f"the console's end after the viewer {name}", STEP, lambda: len(ended) == count + 1)
                    until(f"the relay's word on a viewer that {name}", STEP, lambda: relay.told("the viewer left") == count + 1)
        check_equal("viewers that vanish in mid-picture: the console hears of each", len(ended), 2 * rounds)
        check_equal("viewers that vanish in mid-picture: none is taken for a drop", relay.told("was lost"), 0)
        until("the end of all", STEP, lambda: relay.file_descriptors() <= before + 2)
        check("viewers that vanish in mid-picture: nothing is left open", True)


def who_does_not_read_stops_who_sends(binary: str, pictures: Path) -> None:
    """Back-pressure, both ways: the relay holds a piece or two, and everything is there in the end."""
    piece = os.urandom(1 << 20)
    full, go_on, sent, heard = threading.Event(), threading.Event(), [], []

    def serve(console: Console) -> None:
        console.open().greet()
        sent.append(fill(console.client, head(len(piece)) + piece))
        full.set()
        go_on.wait(WHOLE)
        console.client.settimeout(WHOLE)
        heard.append(console.until_the_end())

    with FarSide(serve) as account, Relay(binary, ["i-1"], env=account.env()) as relay, Viewer(relay.port()) as viewer:
        viewer.greet()
        memory = relay.status("VmRSS")
        check("a viewer that does not read: the console is stopped", full.wait(WHOLE))
        check("a viewer that does not read: the relay holds no more for it", relay.status("VmRSS") <= memory + HELD, (memory, relay.status("VmRSS")))
        # A text that is cut, without an end.
        viewer.send(struct.pack(">BxxxI", 6, (1 << 31) - 1))
        said = fill(viewer.socket, piece)
        check("a console that does not read: the relay holds no more for it", relay.status("VmRSS") <= memory + HELD, (memory, relay.status("VmRSS")))
        go_on.set()
        whole = pattern(piece, sent[0], head(len(piece)))
        got = hashlib.sha256(viewer.read(len(whole)))
        check_equal("a viewer that reads at last: gets every byte", got.digest(), hashlib.sha256(whole).digest())
        viewer.socket.shutdown(socket.SHUT_WR)
        viewer.hears_the_end()
        until("what the console hears", WHOLE, lambda: heard)
        up = heard[0][8:]
        check_equal("a console that reads at last: gets every byte", hashlib.sha256(up).digest(), hashlib.sha256(pattern(piece, said, b"")).digest())


def fill(stream: socket.socket, again: bytes) -> int:
    """Sends the same until nothing more is taken for a second; gives how many bytes were."""
    stream.settimeout(1)
    count = 0
    try:
        while True:
            count += stream.send(again[count % len(again) :])
    except TimeoutError:
        return count


def pattern(piece: bytes, count: int, header: bytes) -> bytes:
    """The payload in so many bytes of frames that begin with a header."""
    whole, rest = divmod(count, len(header) + len(piece))
    return piece * whole + piece[: max(0, rest - len(header))]


TESTS = [
    consoles_fail,
    a_console_with_a_wrong_key,
    consoles_stall,
    a_console_that_is_not_there_in_time,
    viewers_vanish,
    who_does_not_read_stops_who_sends,
]
