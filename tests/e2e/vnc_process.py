"""A VNC server as a process that writes its port into a log."""

from __future__ import annotations

import re
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Self

from harness import until

# Time to start, in seconds.
START_LIMIT = 30


def free_port() -> int:
    """One that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def password_file(directory: Path, password: str) -> Path:
    """A VNC password as every server reads it from a file."""
    file = directory / "password"
    hidden = subprocess.run(["tigervncpasswd", "-f"], input=password.encode(), capture_output=True, check=True)
    file.write_bytes(hidden.stdout)
    return file


class VncProcess:
    """A subclass starts its program with `_start`. `tcp` is the address, HOST:PORT."""

    # What stands in the log before the port, as a regular expression with the port in a group.
    port_pattern: str
    # What the log must contain besides, before the server can be connected to.
    ready_text = ""

    def __init__(self, name: str) -> None:
        self.name = name
        self._directory = tempfile.TemporaryDirectory(prefix=f"ecs-vnc-{name.lower()}-")
        self.directory = Path(self._directory.name)
        self.log = self.directory / "log"

    def _start(self, argv: list[str], *, logs_stdout: bool = False) -> None:
        with self.log.open("wb") as log:
            stdout = log if logs_stdout else subprocess.DEVNULL
            self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=stdout, stderr=log)
        try:
            self.tcp = f"127.0.0.1:{until(f'the port of {self.name}', START_LIMIT, self._port)}"
        except BaseException:
            self.__exit__()
            raise

    def _port(self) -> str | None:
        log = self.log.read_text(errors="replace")
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} has ended: {log}")
        found = re.search(self.port_pattern, log, re.MULTILINE)
        return found[1] if found and self.ready_text in log else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)
        self._directory.cleanup()
