"""Silence, and the keepalive that breaks it without breaking anything else. Part of relay.py."""

from __future__ import annotations

import socket
import struct
import threading
import time
from pathlib import Path

import guests
from harness import Demo, check, check_equal, until
from qemu import Qemu
from recording import PIXEL_FORMAT, Recording
from relaying import SHIFT, STEP, Relay, Viewer, key

# What the demo account cuts after, and how often the relay speaks before that, in seconds.
IDLE, EVERY = 2.0, 0.4

# The shortest keepalive, and a pause in the middle of a message in which several would be due, in seconds.
SHORTEST, PAUSE = 0.1, 0.3


def keepalive(width: int, height: int) -> bytes:
    """An incremental FramebufferUpdateRequest for all of the screen. RFC 6143, section 7.5.3."""
    return struct.pack(">BBHHHH", 3, 1, 0, 0, width, height)


# Every message that a client of today has, after it has announced its extensions. RFC 6143, section 7.5, and the
# community's rfbproto.rst.
ENCODINGS = [7, 16, 0, -223, -258, -308, -312, -313, 0xC0A1E5CE - (1 << 32)]
MESSAGES = {
    "SetPixelFormat": b"\x00\x00\x00\x00" + PIXEL_FORMAT,
    "SetEncodings": struct.pack(">BxH", 2, len(ENCODINGS)) + struct.pack(f">{len(ENCODINGS)}i", *ENCODINGS),
    # Of another area than a keepalive's, so that they can be told apart.
    "FramebufferUpdateRequest": struct.pack(">BBHHHH", 3, 0, 8, 16, 320, 200),
    "KeyEvent": key(ord("a"), True),
    # Bytes that look like a keepalive are part of what they stand in.
    "ClientCutText": struct.pack(">BxxxI", 6, 20) + keepalive(640, 400) * 2,
    "PointerEvent": struct.pack(">BBHH", 5, 1, 100, 200),
    "Extended Clipboard": struct.pack(">BxxxiI", 6, -8, 1 << 24) + b"\x03\x01\x00\x00",
    "QEMU Extended Key Event": struct.pack(">BBHII", 255, 0, 1, ord("b"), 0x30),
    "EnableContinuousUpdates": struct.pack(">BBHHHH", 150, 1, 0, 0, 640, 400),
    "ClientFence": struct.pack(">BxxxIB", 248, 1, 5) + b"fence",
    "SetDesktopSize": struct.pack(">BxHHBx", 251, 640, 400, 1) + struct.pack(">IHHHHI", 7, 0, 0, 640, 400, 0),
    "the last KeyEvent": key(ord("z"), False),
}


def without_keepalives(name: str, heard: bytes, messages: list[bytes], alive: bytes) -> int:
    """Holds what arrived against what was said: the same bytes, and whole keepalives between two messages only. Gives
    how many there were."""
    place = count = 0
    for message in messages:
        while heard[place : place + len(alive)] == alive:
            place, count = place + len(alive), count + 1
        arrived = heard[place : place + len(message)]
        if arrived != message:
            check_equal(f"{name}: at byte {place}", arrived, message)
        place += len(message)
    while heard[place : place + len(alive)] == alive:
        place, count = place + len(alive), count + 1
    check_equal(f"{name}: every byte arrives, and keepalives between messages only", heard[place:], b"")
    return count


def silence(binary: str, pictures: Path) -> None:
    """A viewer that says nothing for longer than the console stays is spoken for."""
    name = "a silent viewer"
    with Recording() as server, Demo(binary, "--vnc-target", server.tcp, "--idle-limit", str(IDLE)) as demo:
        with Relay.of_demo(binary, demo, "--keepalive", f"{EVERY}s") as relay, Viewer(relay.port()) as viewer:
            viewer.greet()
            alive, enough = keepalive(640, 400), int(3 * IDLE / EVERY)
            until("the keepalives of three idle limits", 60, lambda: server.sessions and len(server.sessions[0].heard) >= enough * len(alive))
            heard = bytes(server.sessions[0].heard)
            check_equal(f"{name}: is on the console after three idle limits", (heard, server.sessions[0].has_left), (alive * (len(heard) // len(alive)), False))
            viewer.send(key(ord("k"), True))
            until("its key", STEP, lambda: key(ord("k"), True) in server.sessions[0].heard)
            check_equal(f"{name}: and nobody complains", relay.told("lost"), 0)
        with Relay.of_demo(binary, demo, "--keepalive", "off") as relay, Viewer(relay.port()) as viewer:
            viewer.greet()
            check_equal(f"{name}: --keepalive off: hears the end", viewer.hears_the_end(), b"")
            check_equal(f"{name}: --keepalive off: nothing was said for it", bytes(server.sessions[1].heard), b"")
            check("and it was the idle limit", "closed: idle for" in demo.stderr_line("idle for"), demo.err)
            told = relay.stderr_line("i-demo-linux: the console was lost: ")
            check(f"{name}: --keepalive off: the reason is told", "nothing was heard from the viewer for too long" in told, told)
        with Relay.of_demo(binary, demo, "--keepalive", f"{EVERY}s", "--keepalive-for", "1s") as relay, Viewer(relay.port()) as viewer:
            viewer.greet()
            check_equal(f"{name}: --keepalive-for 1s: hears the end after it", viewer.hears_the_end(), b"")
            count = len(server.sessions[2].heard) // len(alive)
            check(f"{name}: --keepalive-for 1s: was spoken for until then", 1 <= count <= 1 / EVERY, count)


def halves(binary: str, pictures: Path) -> None:
    """Every message in two parts, with a pause in which keepalives are due: the stream is the client's own."""
    cuts = {"after its first byte": lambda size: 1, "in the middle": lambda size: size // 2, "before its last byte": lambda size: size - 1}
    instances = ["i-demo-linux", "i-demo-windows", "i-demo-0006"]
    failures: list[Exception] = []
    with Recording() as server, Demo(binary, "--vnc-target", server.tcp) as demo:
        with Relay.of_demo(binary, demo, "--keepalive", f"{SHORTEST}s", "-v", instances=instances) as relay:

            def speak(index: int, cut_of: object) -> None:
                try:
                    with Viewer(relay.port(index)) as viewer:
                        viewer.greet()
                        # It is the server's too by now, so it can be found by what it hears.
                        viewer.send(key(index, True))
                        for message in MESSAGES.values():
                            cut = cut_of(len(message))
                            viewer.send(message[:cut])
                            time.sleep(PAUSE)
                            viewer.send(message[cut:])
                            time.sleep(PAUSE)
                        # Its last bytes go all the way before the end does.
                        viewer.socket.shutdown(socket.SHUT_WR)
                        viewer.hears_the_end()
                except Exception as error:  # Told below, where it counts.
                    failures.append(error)

            speakers = [threading.Thread(target=speak, args=(index, cut_of)) for index, cut_of in enumerate(cuts.values())]
            for speaker in speakers:
                speaker.start()
            for speaker in speakers:
                speaker.join()
            check_equal("messages in two parts: the viewers come through", failures, [])
            until("their end", STEP, lambda: all(session.has_left for session in server.sessions))
            for index, cut in enumerate(cuts):
                name, first = f"messages in two parts, cut {cut}", key(index, True)
                (session,) = (session for session in server.sessions if first in session.heard)
                count = without_keepalives(name, bytes(session.heard), [first, *MESSAGES.values()], keepalive(640, 400))
                check(f"{name}: there were keepalives between them", count >= len(MESSAGES) // 2, count)
            check_equal("messages in two parts: each was understood", relay.told("no keepalive for this viewer"), 0)


def halves_at_a_guest(binary: str, pictures: Path) -> None:
    """The same before QEMU, which would lose its way at the first byte that is out of place."""
    name, text = "keys in two parts", "Two halves!"
    with Qemu(guests.echo()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        with Relay.of_demo(binary, demo, "--keepalive", f"{SHORTEST}s") as relay, Viewer(relay.port()) as viewer:
            viewer.greet()
            for character in text:
                events = [key(ord(character), True), key(ord(character), False)]
                if character in "T!":
                    events = [key(SHIFT, True), *events, key(SHIFT, False)]
                for event in events:
                    viewer.send(event[:3])
                    time.sleep(SHORTEST * 1.5)
                    viewer.send(event[3:])
            check_equal(f"{name}: all arrive in the guest", guest.shows(text), text)
            is_same = lambda: viewer.sees().tobytes() == guest.picture().tobytes()
            check(f"{name}: and the viewer sees them", until("the guest's picture", STEP, is_same))
            check_equal(f"{name}: nobody complains", relay.told("lost"), 0)


TESTS = [silence, halves, halves_at_a_guest]
