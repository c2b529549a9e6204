"""A VNC server that keeps what it hears, byte for byte, and when its clients leave."""

from __future__ import annotations

import socket
import struct
import threading

# 32 bits, little-endian, true colour, 255 each, shifts 16, 8 and 0. RFC 6143, section 7.4.
PIXEL_FORMAT = struct.pack(">BBBBHHHBBBxxx", 32, 24, 0, 1, 255, 255, 255, 16, 8, 0)


def server_init(width: int, height: int, name: bytes) -> bytes:
    """RFC 6143, section 7.3.2."""
    return struct.pack(">HH", width, height) + PIXEL_FORMAT + struct.pack(">I", len(name)) + name


class Session:
    """What one client has said after its ClientInit."""

    def __init__(self, client: socket.socket) -> None:
        self.client, self.heard, self.has_left = client, bytearray(), False

    def serve(self, size: tuple[int, int]) -> None:
        """Security None, and then nothing but listening. RFC 6143, sections 7.1 to 7.3."""
        try:
            with self.client, self.client.makefile("rb") as heard:
                self.client.sendall(b"RFB 003.008\n")
                heard.read(12)
                self.client.sendall(b"\x01\x01")
                heard.read(1)
                self.client.sendall(bytes(4))
                heard.read(1)
                self.client.sendall(server_init(*size, b"recording"))
                while piece := heard.read1():
                    self.heard += piece
        except OSError:
            pass  # The client has left in its own way.
        finally:
            self.has_left = True


class Recording:
    """The server."""

    def __init__(self, size: tuple[int, int] = (640, 400)) -> None:
        self.size = size
        self.sessions: list[Session] = []

    def __enter__(self) -> Recording:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.tcp = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        # Wakes the thread, which a close alone would not.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.sessions.append(Session(client))
            threading.Thread(target=self.sessions[-1].serve, args=(self.size,), daemon=True).start()
