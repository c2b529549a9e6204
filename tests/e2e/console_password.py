"""The console page before a server that asks for a VNC password. Part of browser.py.

The server is a few lines of RFC 6143, section 7.2.2, with one fixed challenge; what the password makes of it was
computed by OpenSSL.
"""

from __future__ import annotations

import socket
import struct
import threading

from as_browser import Browser
from console_page import STEP, Local, Page
from harness import Demo, check, check_equal, until
from selenium.webdriver.common.keys import Keys

CHALLENGE = bytes(range(16))

# Bytes 0 to 15 through `openssl enc -des-ecb -nopad -provider legacy -provider default -K cea6c64ea62e0000`: the
# password, filled up with zeros, each byte with its bits reversed.
PASSWORD, RESPONSE = "secret", bytes.fromhex("ee22539f33a5983ec12f9c2edbc995dd")


class Asks:
    """A VNC server that lets nobody in without the password."""

    def __enter__(self) -> Asks:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.place = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.responses: list[bytes] = []
        self.right = RESPONSE
        self.clients: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.listener.close()

    def drop(self) -> None:
        """Ends all connections."""
        for client in self.clients:
            try:
                client.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # It has left by itself.

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.clients.append(client)
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        with client, client.makefile("rb") as heard:
            try:
                client.sendall(b"RFB 003.008\n")
                heard.read(12)
                client.sendall(b"\x01\x02")
                heard.read(1)
                client.sendall(CHALLENGE)
                response = heard.read(16)
                if len(response) < 16:
                    return
                self.responses.append(response)
                if response != self.right:
                    words = b"that is not it"
                    client.sendall(struct.pack(">II", 1, len(words)) + words)
                    return
                client.sendall(bytes(4))
                heard.read(1)
                # 32 bits, little-endian, true colour, 255 each. Section 7.3.2.
                client.sendall(struct.pack(">HHBBBBHHHBBBxxxI", 8, 8, 32, 24, 0, 1, 255, 255, 255, 16, 8, 0, 4) + b"asks")
                heard.read()
            except OSError:
                pass  # The page has left.


def asked(binary: str) -> None:
    """A form that sends the password, says what the server says to it, and keeps nothing."""
    name = "a password"
    with Asks() as server, Demo(binary, "--vnc-target", server.place) as demo, Browser() as browser:
        page = Page(browser)

        def answer(*keys: str) -> None:
            page.is_in("password")
            check(f"{name}: the form is there", page.at("password-box").is_displayed())
            check_equal(f"{name}: it has the focus, and is empty", (page.has_focus(), page.at("password").get_property("value")), ("password", ""))
            page.type(*keys)

        with Local(binary, "--endpoint", demo.endpoint, "i-demo-linux") as opening:
            browser.driver.get(opening.link)
            answer("wrong", Keys.ENTER)
            page.is_in("failed")
            check(f"{name}: a wrong one is told in the server's words", "that is not it" in page.text("reason"), page.text("reason"))
            until("the response", STEP, lambda: len(server.responses) == 1)
            check_equal(f"{name}: and not tried again", page.text("state"), "Not connected")
            page.at("reconnect-now").click()
            answer(Keys.ESCAPE)
            page.is_in("failed")
            check(f"{name}: none is given", "No password" in page.text("reason"), page.text("reason"))
            page.at("reconnect-now").click()
            answer(PASSWORD, Keys.ENTER)
            page.is_in("connected")
            check_equal(f"{name}: the right one is what DES makes of it", server.responses[1:], [RESPONSE])
            check_kept_nowhere(name, page, opening)
            page.at("reconnect").click()
            until("the second connection", STEP, lambda: len(server.responses) == 3)
            page.is_in("connected")
            check_equal(f"{name}: it is not asked for again", server.responses[2], RESPONSE)
            check_reconnects(name, page, server)

            # Somebody has set another one.
            server.right = bytes(16)
            page.at("reconnect").click()
            page.is_in("failed")
            check_equal(f"{name}: one that is refused now was tried once", server.responses[4:], [RESPONSE])
            page.at("reconnect-now").click()
            answer(Keys.ESCAPE)
            page.is_in("failed")

    given(binary)


def given(binary: str) -> None:
    """A password that the command was given is not asked for."""
    name = "a given password"
    arguments = ["--password-stdin", "i-demo-linux"]
    with Asks() as server, Demo(binary, "--vnc-target", server.place) as demo, Browser() as browser:
        page = Page(browser)
        # This server sends no picture, so there is nothing to share.
        with Local(binary, "--no-share", "--endpoint", demo.endpoint, *arguments, told=f"{PASSWORD}\n") as opening:
            browser.driver.get(opening.link)
            page.is_in("connected")
            check_equal(f"{name}: is used at once", server.responses, [RESPONSE])
            check_kept_nowhere(name, page, opening)
            check_reconnects(name, page, server)
        with Local(binary, "--endpoint", demo.endpoint, *arguments, told="Wrong1\n") as opening:
            browser.driver.get(opening.link)
            page.is_in("failed")
            check(f"{name}: a wrong one is told", "that is not it" in page.text("reason"), page.text("reason"))
            page.at("reconnect-now").click()
            page.is_in("password")
            page.type(PASSWORD, Keys.ENTER)
            page.is_in("connected")
            check_equal(f"{name}: and then asked for", server.responses[-1], RESPONSE)


def check_reconnects(name: str, page: Page, server: Asks) -> None:
    """A console that was dropped is back without a question."""
    before = len(server.responses)
    states = "window.states = []; new MutationObserver(() => states.push(document.getElementById('state').dataset.state))"
    page.js(f"{states}.observe(document.getElementById('state'), {{ attributes: true }})")
    server.drop()
    until("the next connection", STEP, lambda: len(server.responses) > before)
    page.is_in("connected")
    check_equal(f"{name}: after a drop the same is used", server.responses[before:], [RESPONSE])
    check_equal(f"{name}: and nothing is asked", page.js("return [...new Set(window.states)]"), ["waiting", "connecting", "connected"])


def check_kept_nowhere(name: str, page: Page, opening: Local) -> None:
    """The password is in no store of the browser's, and in nothing that the command says."""
    check_equal(f"{name}: is in no store", page.js("return [localStorage.length, sessionStorage.length, document.cookie]"), [0, 0, ""])
    seen = page.js("return performance.getEntries().map(({name}) => name).join() + location.href + document.documentElement.outerHTML")
    check(f"{name}: is in no URL, and not on the page", PASSWORD not in seen.replace(opening.link, ""), seen)
    said = "\n".join(opening.out + opening.err).replace(opening.link, "")
    check(f"{name}: is not told", PASSWORD not in said, said)
