"""x11vnc as a real VNC server, for the screen of an X server that runs already."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from harness import until
from xtigervnc import START_LIMIT, free_port, password_file


class X11vnc:
    """Shows a display. It reads a colour map as it starts, and after that only now and then: paint before."""

    def __init__(self, password: str, display: str) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="ecs-vnc-x11vnc-")
        directory = Path(self._directory.name)
        self.display, self.log = display, directory / "log"
        # Without -forever it ends after its first client. The pointer is drawn by clients, or else by the server.
        argv = ["x11vnc", "-norc", "-display", display, "-forever", "-shared", "-nocursor", "-localhost"]
        argv += ["-rfbport", str(free_port()), "-rfbauth", str(password_file(directory, password))]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self.tcp = f"127.0.0.1:{until('the port of x11vnc', START_LIMIT, self._port)}"
        except BaseException:
            self.__exit__()
            raise

    def _port(self) -> str | None:
        log = self.log.read_text(errors="replace")
        if self.process.poll() is not None:
            raise RuntimeError(f"x11vnc has ended: {log}")
        found = re.search(r"^PORT=(\d+)$", log, re.MULTILINE)
        return found[1] if found else None

    def __enter__(self) -> X11vnc:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)
        self._directory.cleanup()
