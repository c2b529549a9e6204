"""Pictures of a machine's screen while something happens, and what can be read in them."""

from __future__ import annotations

import hashlib
import json
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from harness import run_to_end, sealed
from machine import Machine
from monitor import Monitor
from PIL import Image

# The time between two pictures, in seconds.
INTERVAL = 0.3

# Time to read all pictures of a run, in seconds.
READ_LIMIT = 300

# So much of a secret is a part of it that no other text has.
PART = 6


class Camera:
    """What is on the screen from one moment to another, each picture once."""

    def __init__(self, machine: Machine) -> None:
        self._monitor = Monitor(machine.connected("camera"))
        self._file = machine.directory / "camera.ppm"
        self._ends = threading.Event()
        self._fault: Exception | None = None
        self._seen: dict[bytes, Image.Image] = {}
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def pictures(self) -> list[Image.Image]:
        """All different pictures, in their order."""
        return list(self._seen.values())

    def _run(self) -> None:
        try:
            while not self._ends.wait(INTERVAL):
                self._take()
        except Exception as error:  # Of a thread: who stops it is told.
            self._fault = error

    def _take(self) -> None:
        picture = self._monitor.picture(self._file)
        self._seen.setdefault(hashlib.sha256(picture.tobytes()).digest(), picture)

    def start(self) -> None:
        """Takes pictures from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Takes a last picture."""
        self._ends.set()
        self._thread.join()
        if self._fault:
            raise self._fault
        self._take()


@contextmanager
def filmed(machine: Machine) -> Iterator[Camera]:
    """A camera that runs until the block ends."""
    camera = Camera(machine)
    camera.start()
    try:
        yield camera
    finally:
        camera.stop()


def texts(binary: str, pictures: list[Image.Image]) -> list[Mapping[str, Any]]:
    """What `text` prints of each picture."""
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        argv = [binary, "text", "-q", "-o", "json"]
        for number, picture in enumerate(pictures):
            file = Path(home, f"{number}.png")
            picture.save(file, compress_level=1)
            argv += ["--image", str(file)]
        done = run_to_end(argv, sealed(home), READ_LIMIT)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    if len(found) != len(pictures):
        raise RuntimeError(f"{len(found)} of {len(pictures)} pictures were read: {done.stderr}")
    return found


def holds_part(text: str, secret: str) -> bool:
    """Whether a text has a part of a secret."""
    return any(secret[at : at + PART] in text for at in range(len(secret) - PART + 1))


def showing(read: list[Mapping[str, Any]], secrets: list[str]) -> list[str]:
    """The rows of all pictures that have a part of a secret; it may go on from row to row."""
    out = []
    for text in read:
        rows: list[str] = text["Lines"]
        pairs = [first + second for first, second in pairwise([*rows, ""])]
        out += [pair for pair in pairs if any(holds_part(pair, secret) for secret in secrets)]
    return list(dict.fromkeys(out))
