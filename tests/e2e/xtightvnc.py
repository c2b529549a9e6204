"""Xtightvnc, of TightVNC for Unix, as a real VNC server: an X server of the year 1998, without most extensions."""

from __future__ import annotations

from vnc_process import VncProcess, free_port, password_file


class Xtightvnc(VncProcess):
    """An X server with a VNC server in it."""

    port_pattern = r"Listening for VNC connections on TCP port (\d+)"

    def __init__(self, password: str, display: str, *arguments: str) -> None:
        super().__init__("Xtightvnc")
        self.display = display
        # The pointer is drawn by clients, or else by the server.
        argv = ["Xtightvnc", display, "-rfbport", str(free_port()), "-localhost", "-nolisten", "tcp", "-nocursor"]
        argv += ["-rfbauth", str(password_file(self.directory, password)), "-geometry", "640x480", *arguments]
        self._start(argv)
