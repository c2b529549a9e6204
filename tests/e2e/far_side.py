"""An account whose consoles do what a test wants, be it wrong: the API, and WebSockets byte by byte (RFC 6455)."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import struct
import threading
import urllib.parse
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from recording import server_init

# RFC 6455, section 1.3.
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

BINARY, TEXT, CLOSE = 2, 1, 8

# How long the other side may take.
LIMIT = 30

SIZE = (640, 400)


class Console:
    """A connection to one, of which the request has been read."""

    def __init__(self, client: socket.socket, instance: str, header: str) -> None:
        self.client, self.instance, self._header = client, instance, header
        self._heard = bytearray()

    def open(self, *, key_of: str | None = None) -> Console:
        """The answer that opens a WebSocket; with another key it does not fit. Section 4.2.2."""
        key = next(line.split(": ", 1)[1] for line in self._header.splitlines() if line.lower().startswith("sec-websocket-key:"))
        accept = base64.b64encode(hashlib.sha1(((key_of or key) + GUID).encode()).digest()).decode()
        self.client.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + f"Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: binary\r\n\r\n".encode()
        )
        return self

    def say(self, payload: bytes, opcode: int = BINARY) -> None:
        """A frame. Section 5.2."""
        self.client.sendall(head(len(payload), opcode) + payload)

    def hear(self) -> tuple[int, bytes]:
        """The next frame, unmasked; a Close at the end of the connection."""
        try:
            first, length = self._take(2)
            if length & 0x7F == 126:
                (count,) = struct.unpack(">H", self._take(2))
            elif length & 0x7F == 127:
                (count,) = struct.unpack(">Q", self._take(8))
            else:
                count = length & 0x7F
            mask, payload = self._take(4), self._take(count)
        except (EOFError, ConnectionResetError):
            return CLOSE, b""
        pattern = int.from_bytes(mask * (count // 4 + 1), "big") >> (8 * ((4 - count % 4) if count % 4 else 4))
        return first & 0x0F, (int.from_bytes(payload, "big") ^ pattern).to_bytes(count, "big")

    def _take(self, count: int) -> bytes:
        while len(self._heard) < count:
            piece = self.client.recv(1 << 18)
            if not piece:
                raise EOFError
            self._heard += piece
        taken = bytes(self._heard[:count])
        del self._heard[:count]
        return taken

    def greet(self) -> Console:
        """Security None, up to the desktop. RFC 6143, sections 7.1 to 7.3."""
        for said, answer in ((b"RFB 003.008\n", 12), (b"\x01\x01", 1), (bytes(4), 1)):
            self.say(said)
            heard = b""
            while len(heard) < answer:
                opcode, payload = self.hear()
                if opcode != BINARY:
                    raise EOFError
                heard += payload
        self.say(server_init(*SIZE, self.instance.encode()))
        return self

    def until_the_end(self) -> bytes:
        """Everything that is said, to a Close or to the end."""
        heard = bytearray()
        while True:
            opcode, payload = self.hear()
            if opcode == CLOSE:
                return bytes(heard)
            heard += payload

    def reset(self) -> None:
        """An end without a word."""
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.client.close()


def head(length: int, opcode: int = BINARY) -> bytes:
    """How a whole frame begins. Section 5.2."""
    if length < 126:
        return struct.pack(">BB", 0x80 | opcode, length)
    if length < 1 << 16:
        return struct.pack(">BBH", 0x80 | opcode, 126, length)
    return struct.pack(">BBQ", 0x80 | opcode, 127, length)


class FarSide:
    """The account. `serve` gets each connection to a console, in a thread of its own."""

    def __init__(self, serve: Callable[[Console], object]) -> None:
        self._serve = serve

    def __enter__(self) -> FarSide:
        self._consoles = socket.create_server(("127.0.0.1", 0), backlog=128)
        port = self._consoles.getsockname()[1]

        class Api(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                query = urllib.parse.urlsplit(self.path).query
                given = dict(urllib.parse.parse_qsl(f"{query}&{body}"))
                answer = json.dumps(answered(given, port)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                pass

        self._api = ThreadingHTTPServer(("127.0.0.1", 0), Api)
        self.endpoint = f"http://127.0.0.1:{self._api.server_port}"
        threading.Thread(target=self._api.serve_forever, daemon=True).start()
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._api.shutdown()
        self._api.server_close()
        self._consoles.shutdown(socket.SHUT_RDWR)
        self._consoles.close()

    def env(self) -> dict[str, str]:
        """What leads ecs-vnc here. The keys open nothing."""
        return {
            "ALIBABA_CLOUD_ENDPOINT": self.endpoint,
            "ALIBABA_CLOUD_REGION_ID": "cn-hangzhou",
            "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI5tExampleOfATest",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "not-a-secret",
        }

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._consoles.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        client.settimeout(LIMIT)
        with client:
            try:
                header = b""
                while not header.endswith(b"\r\n\r\n"):
                    if not (piece := client.recv(1)):
                        return
                    header += piece
                text = header.decode("ascii")
                instance = urllib.parse.unquote(text.split(" ")[1].partition("s=")[2])
                self._serve(Console(client, instance, text))
            except (OSError, EOFError):
                pass  # The other side has left.


def answered(given: dict[str, str], port: int) -> dict[str, object]:
    """Every instance runs, and its token is its own id."""
    if given["Action"] == "DescribeInstances":
        ids = json.loads(given["InstanceIds"])
        instances = [{"InstanceId": name, "Status": "Running", "RegionId": "cn-hangzhou"} for name in ids]
        return {"RequestId": "R-1", "TotalCount": len(ids), "Instances": {"Instance": instances}}
    url = f"ws://127.0.0.1:{port}/websockify/?s={given['InstanceId']}"
    return {"RequestId": "R-2", "VncUrl": urllib.parse.quote(url, safe="")}
