"""`ecs-vnc relay` as a process, and a viewer of a few lines, for the suites that look at bytes."""

from __future__ import annotations

import json
import os
import socket
import struct
import tempfile
from pathlib import Path
from typing import Any

from harness import Demo, Running, sealed, until
from PIL import Image

# How long a step may take, on a machine that is busy.
STEP = 20

# KeyEvents' keysyms that have no character. X11's keysymdef.h.
SHIFT, ENTER = 0xFFE1, 0xFF0D


class Relay(Running):
    """`relay -o json`, until its lines are there."""

    def __init__(self, binary: str, instances: list[str], *arguments: str, env: dict[str, str] | None = None) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-")
        argv = [binary, "relay", "-o", "json", *arguments, *instances]
        super().__init__(argv, sealed(self._home.name, **(env or {})))
        try:
            lines = until("the relay's lines", 60, self._lines_of(len(instances)))
            self.lines: list[dict[str, Any]] = [json.loads(line) for line in lines]
        except BaseException as error:
            self.__exit__()
            error.add_note(f"the relay said {self.err}")
            raise

    def _lines_of(self, count: int) -> Any:
        def lines() -> list[str] | None:
            if self.process.poll() is not None:
                raise RuntimeError(f"the relay has ended: {self.err}")
            return self.out[:count] if len(self.out) >= count else None

        return lines

    @classmethod
    def of_demo(cls, binary: str, demo: Demo, *arguments: str, instances: list[str] | None = None) -> Relay:
        """Of the simulated account."""
        given = ["--profile", "demo", "--endpoint", demo.endpoint, *arguments]
        return cls(binary, instances or ["i-demo-linux"], *given)

    def port(self, index: int = 0) -> int:
        """Where an instance is served."""
        return self.lines[index]["Port"]

    def for_viewers(self, index: int = 0) -> str:
        """The same, as TigerVNC and vncdotool want it."""
        return f"{self.lines[index]['Host']}::{self.port(index)}"

    def told(self, part: str) -> int:
        """How many lines of stderr hold this."""
        return sum(part in line for line in self.err)

    def file_descriptors(self) -> int:
        """How many are open."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def status(self, name: str) -> int:
        """A number of /proc/PID/status: VmRSS in KiB, Threads."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))

    def __exit__(self, *args: object) -> None:
        super().__exit__(*args)
        self._home.cleanup()


class Viewer:
    """A VNC client without a screen. RFC 6143."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), STEP)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.size, self.name, self.pixels = (0, 0), "", bytearray()

    def __enter__(self) -> Viewer:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def read(self, count: int) -> bytes:
        """All of so many bytes."""
        read = bytearray()
        while len(read) < count:
            piece = self.socket.recv(count - len(read))
            if not piece:
                raise EOFError(f"{bytes(read)!r} of {count} bytes, and then the end")
            read += piece
        return bytes(read)

    def send(self, message: bytes) -> None:
        """All at once."""
        self.socket.sendall(message)

    def answer_greeting(self) -> Viewer:
        """The version, which a relay waits for before it opens the console. Section 7.1.1."""
        self.read(12)
        self.send(b"RFB 003.008\n")
        return self

    def greet(self) -> Viewer:
        """Security None, shared, and up to the desktop's name. Sections 7.1 to 7.3."""
        self.answer_greeting()
        self.read(self.read(1)[0])
        self.send(b"\x01")
        self.read(4)
        self.send(b"\x01")
        width, height, length = struct.unpack(">HH16xI", self.read(24))
        self.size, self.name = (width, height), self.read(length).decode()
        return self

    def ask(self, incremental: bool = False) -> None:
        """A FramebufferUpdateRequest for all. Section 7.5.3."""
        self.send(struct.pack(">BBHHHH", 3, incremental, 0, 0, *self.size))

    def sees(self) -> Image.Image:
        """The screen after an answer, by a server that was told of no encodings. Sections 7.6.1 and 7.7.1."""
        self.ask()
        self.pixels = self.pixels or bytearray(self.size[0] * self.size[1] * 4)
        area = 0
        # Several answers may be on their way, the oldest to a keepalive.
        while area < self.size[0] * self.size[1]:
            (count,) = struct.unpack(">xxH", self.read(4))
            for _ in range(count):
                x, y, width, height, encoding = struct.unpack(">HHHHi", self.read(12))
                if encoding != 0:
                    raise ValueError(f"encoding {encoding} was not asked for")
                for line in range(y, y + height):
                    start = (line * self.size[0] + x) * 4
                    self.pixels[start : start + width * 4] = self.read(width * 4)
                area += width * height
        return Image.frombuffer("RGB", self.size, bytes(self.pixels), "raw", "BGRX", 0, 1)

    def vanish(self) -> None:
        """The end by a reset, as of a program that has crashed."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def hears_the_end(self) -> bytes:
        """Everything that still comes, until the end or a reset."""
        rest = bytearray()
        try:
            while piece := self.socket.recv(1 << 16):
                rest += piece
        except ConnectionResetError:
            pass
        return bytes(rest)


def key(keysym: int, down: bool) -> bytes:
    """A KeyEvent. Section 7.5.4."""
    return struct.pack(">BBxxI", 4, down, keysym)
