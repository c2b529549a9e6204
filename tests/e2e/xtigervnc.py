"""Xtigervnc as a real VNC server with VNC authentication."""

from __future__ import annotations

import re
import socket
import subprocess
import tempfile
from pathlib import Path

from harness import until

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


class Xtigervnc:
    """An X server with a VNC server in it, and the old weave on its screen."""

    def __init__(self, password: str, *arguments: str) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="ecs-vnc-xtigervnc-")
        directory = Path(self._directory.name)
        self.log = directory / "log"
        argv = ["Xtigervnc", "-displayfd", "1", "-rfbport", str(free_port()), "-localhost", "-nolisten", "tcp"]
        argv += ["-SecurityTypes", "VncAuth", "-PasswordFile", str(password_file(directory, password)), "-retro"]
        argv += ["-geometry", "640x480", "-depth", "24", *arguments]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
        try:
            self.tcp = f"127.0.0.1:{until('the port of Xtigervnc', START_LIMIT, self._port)}"
        except BaseException:
            self.__exit__()
            raise

    def _port(self) -> str | None:
        log = self.log.read_text(errors="replace")
        # That one comes last.
        if self.process.poll() is not None:
            raise RuntimeError(f"Xtigervnc has ended: {log}")
        found = re.search(r"Listening for VNC connections on .*port (\d+)", log)
        return found[1] if found and "created VNC server" in log else None

    def __enter__(self) -> Xtigervnc:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)
        self._directory.cleanup()
