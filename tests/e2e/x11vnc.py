"""x11vnc as a real VNC server, for the screen of an X server that runs already."""

from __future__ import annotations

from vnc_process import VncProcess, free_port, password_file


class X11vnc(VncProcess):
    """Shows a display. It reads a colour map as it starts, and after that only now and then: paint before."""

    port_pattern = r"^PORT=(\d+)$"

    def __init__(self, password: str, display: str) -> None:
        super().__init__("x11vnc")
        self.display = display
        # Without -forever it ends after its first client. The pointer is drawn by clients, or else by the server.
        argv = ["x11vnc", "-norc", "-display", display, "-forever", "-shared", "-nocursor", "-localhost"]
        argv += ["-rfbport", str(free_port()), "-rfbauth", str(password_file(self.directory, password))]
        self._start(argv, logs_stdout=True)
