"""Xtigervnc as a real VNC server with VNC authentication."""

from __future__ import annotations

from vnc_process import VncProcess, free_port, password_file


class Xtigervnc(VncProcess):
    """An X server with a VNC server in it, and the old weave on its screen."""

    port_pattern = r"Listening for VNC connections on .*port (\d+)"
    # This comes last.
    ready_text = "created VNC server"

    def __init__(self, password: str, *arguments: str) -> None:
        super().__init__("Xtigervnc")
        argv = ["Xtigervnc", "-displayfd", "1", "-rfbport", str(free_port()), "-localhost", "-nolisten", "tcp"]
        argv += ["-SecurityTypes", "VncAuth", "-PasswordFile", str(password_file(self.directory, password)), "-retro"]
        argv += ["-geometry", "640x480", "-depth", "24", *arguments]
        self._start(argv)
