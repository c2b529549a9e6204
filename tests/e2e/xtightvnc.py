"""Xtightvnc, of TightVNC for Unix, as a real VNC server: an X server of the year 1998, without most extensions."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from harness import until
from xtigervnc import START_LIMIT, free_port, password_file


class Xtightvnc:
    """An X server with a VNC server in it."""

    def __init__(self, password: str, display: str, *arguments: str) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="ecs-vnc-xtightvnc-")
        directory = Path(self._directory.name)
        self.display, self.log = display, directory / "log"
        # The pointer is drawn by clients, or else by the server.
        argv = ["Xtightvnc", display, "-rfbport", str(free_port()), "-localhost", "-nolisten", "tcp", "-nocursor"]
        argv += ["-rfbauth", str(password_file(directory, password)), "-geometry", "640x480", *arguments]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
        try:
            self.tcp = f"127.0.0.1:{until('the port of Xtightvnc', START_LIMIT, self._port)}"
        except BaseException:
            self.__exit__()
            raise

    def _port(self) -> str | None:
        log = self.log.read_text(errors="replace")
        if self.process.poll() is not None:
            raise RuntimeError(f"Xtightvnc has ended: {log}")
        found = re.search(r"Listening for VNC connections on TCP port (\d+)", log)
        return found[1] if found else None

    def __enter__(self) -> Xtightvnc:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)
        self._directory.cleanup()
