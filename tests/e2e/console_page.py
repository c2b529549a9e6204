"""The console page of our own, in a real browser: what it shows, what it sends, and what it asks for.

Part of browser.py. What is sent is read from the WebSocket (as_browser.py records it) and held against RFC 6143 and a
US keyboard, neither of which the page's own tables have a part in.
"""

from __future__ import annotations

import signal
import struct
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from as_browser import Browser
from harness import Demo, Running, check, check_equal, sealed, until
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

# X11's keysymdef.h, as RFC 6143, section 7.5.4, cites it.
SHIFT, CONTROL, ALT, ENTER, TAB, DELETE, F1 = 0xFFE1, 0xFFE3, 0xFFE9, 0xFF0D, 0xFF09, 0xFFFF, 0xFFBE

# Of a US keyboard, the characters that need Shift.
SHIFTED = set('~!@#$%^&*()_+{}|:"<>?ABCDEFGHIJKLMNOPQRSTUVWXYZ')

ALL_ASCII = "".join(map(chr, range(0x20, 0x7F)))

BUTTONS = ["ctrl-alt-del", "paste", "scale", "full-screen", "screenshot", "reconnect"]

# How long the page may take for a step.
STEP = 15


class Page:
    """The page in a browser, as a user has it before them."""

    def __init__(self, browser: Browser) -> None:
        self.browser, self.driver = browser, browser.driver

    def at(self, name: str) -> WebElement:
        """The element with this id."""
        return self.driver.find_element("id", name)

    def js(self, script: str, *arguments: object) -> Any:
        """Runs a script in the page."""
        return self.driver.execute_script(script, *arguments)

    def text(self, name: str) -> str:
        """What is in it, seen or not."""
        return self.js("return document.getElementById(arguments[0]).textContent", name)

    def is_in(self, state: str, limit: float = STEP) -> None:
        """Waits for a state."""
        read = "return document.getElementById('state').dataset.state"
        until(f"the state {state}", limit, lambda: self.js(read) == state)

    def keys(self, settled: float = 0.4) -> list[tuple[float, int, bool]]:
        """The KeyEvents sent since the last call, once none has come for a while: when, which, and whether down."""
        # Key messages only: a blinking cursor makes the page send update requests all the time.
        read = "return window.recorded.sent.filter(([, type]) => type === 0x04 || type === 0xff).length"
        count = -1
        while count != (count := self.js(read)):
            time.sleep(settled)
        sent = self.js("return window.recorded.sent.splice(0)")
        messages = [(moment, bytes(message)) for moment, *message in sent]
        events = []
        for moment, message in messages:
            # RFC 6143, section 7.5.4. noVNC sends each in a message of its own.
            if message[:1] == b"\x04" and len(message) == 8:
                _, down, keysym = struct.unpack(">BBxxI", message)
                events.append((moment, keysym, bool(down)))
            # QEMU's docs/interop: the Extended Key Event, which the demo's consoles agree to.
            if message[:2] == b"\xff\x00" and len(message) == 12:
                _, _, down, keysym, _ = struct.unpack(">BBHII", message)
                events.append((moment, keysym, bool(down)))
        return events

    def presses(self) -> list[tuple[int, bool]]:
        """The same without the time."""
        return [(keysym, down) for _, keysym, down in self.keys()]

    def type(self, *keys: str) -> None:
        """A user at the keyboard, whatever has the focus."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def has_focus(self) -> str:
        """Where the keys go: an id, or the name of what has none."""
        return self.js("return document.activeElement.id || document.activeElement.tagName")

    def paste(self, text: str) -> None:
        """Through the box."""
        self.at("paste").click()
        # Not typed into it: keys such as Tab mean something there.
        self.js("document.getElementById('paste-text').value = arguments[0]", text)
        self.at("paste-send").click()

    def check_quiet(self, name: str) -> None:
        """No violation of the policy, no request to others, no error on the browser's console."""
        check_equal(f"{name}: the policy is kept", self.js("return window.recorded.violations"), [])
        # This suite's own look at the pixels draws a warning about speed.
        said = [entry for entry in self.driver.get_log("browser") if "Canvas2D: Multiple readback" not in entry["message"]]
        check_equal(f"{name}: nothing on the browser's console", said, [])
        asked = self.js("return performance.getEntriesByType('resource').map(({name}) => name)")
        check(f"{name}: the page's own files were asked for", len(asked) > 40, asked)
        origin = self.js("return location.origin")
        check_equal(f"{name}: and nobody else's", [url for url in asked if not url.startswith(origin + "/")], [])


def stroke(character: str) -> list[tuple[int, bool]]:
    """What a user at a US keyboard does for a character."""
    keysym = {"\n": ENTER, "\t": TAB}.get(character, ord(character))
    press = [(keysym, True), (keysym, False)]
    return [(SHIFT, True), *press, (SHIFT, False)] if character in SHIFTED else press


def strokes(text: str) -> list[tuple[int, bool]]:
    """The same for a text."""
    return [event for character in text for event in stroke(character)]


def chord(*keysyms: int) -> list[tuple[int, bool]]:
    """Several keys at once."""
    return [*((keysym, True) for keysym in keysyms), *((keysym, False) for keysym in reversed(keysyms))]


def png_size(data: bytes) -> tuple[int, int, int]:
    """Width, height, and how many bytes the picture is before compression. PNG, sections 11.2.2 and 5.3."""
    check_equal("the screenshot is a PNG", data[:8], b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    packed, place = b"", 8
    while place < len(data):
        (length,), kind = struct.unpack(">I", data[place : place + 4]), data[place + 4 : place + 8]
        packed += data[place + 8 : place + 8 + length] if kind == b"IDAT" else b""
        place += length + 12
    return width, height, len(zlib.decompress(packed))


def check_controls(name: str, page: Page, can_reconnect: bool) -> None:
    """Everything that a user can do is there, and says what it is."""
    for button in BUTTONS:
        element = page.at(button)
        check(f"{name}: #{button} is shown, and named", element.is_displayed() and bool(element.accessible_name), button)
        check_equal(f"{name}: #{button} can be used", element.is_enabled(), can_reconnect or button != "reconnect")
    page.at("function-keys").click()
    numbers = [button.accessible_name for button in page.driver.find_elements("css selector", "#function-key-list button")]
    check_equal(f"{name}: the function keys", numbers, [f"Ctrl+Alt+F{number}" for number in range(1, 13)])
    page.at("function-keys").find_element("tag name", "summary").click()
    licences = page.js("return fetch(document.querySelector('#credits a').href).then((answer) => answer.text())")
    for words in ("Mozilla Public License Version 2.0", "The MIT License", "noVNC 1.7.0"):
        check(f"{name}: the licences: {words}", words in licences, licences[:200])


def check_keys(name: str, page: Page) -> None:
    """What the buttons, the box and the keyboard send."""
    page.keys()
    check_equal(f"{name}: the screen has the focus", page.has_focus(), "CANVAS")
    page.type("a")
    check_equal(f"{name}: a key", page.presses(), stroke("a"))
    page.type(Keys.TAB)
    check_equal(f"{name}: Tab goes to the console as well", (page.presses(), page.has_focus()), (strokes("\t"), "CANVAS"))
    page.at("ctrl-alt-del").click()
    check_equal(f"{name}: Ctrl+Alt+Del", page.presses(), chord(CONTROL, ALT, DELETE))
    for number in (1, 12):
        page.at("function-keys").click()
        page.driver.find_elements("css selector", "#function-key-list button")[number - 1].click()
        check_equal(f"{name}: Ctrl+Alt+F{number}", page.presses(), chord(CONTROL, ALT, F1 + number - 1))
    check_equal(f"{name}: the focus is back on the screen", page.has_focus(), "CANVAS")

    # The way out for whoever has no mouse. Shift, of which the end would be lost, is let go.
    ActionChains(page.driver).key_down(Keys.SHIFT).send_keys(Keys.F12).key_up(Keys.SHIFT).perform()
    check_equal(f"{name}: Shift+F12 leaves the screen", page.has_focus(), "ctrl-alt-del")
    check_equal(f"{name}: and no key stays down", page.presses(), [(SHIFT, True), (SHIFT, False)])
    page.type("b")
    check_equal(f"{name}: keys elsewhere are not the console's", page.presses(), [])


def check_paste(name: str, page: Page) -> None:
    """Paste as keystrokes: every character, none that cannot be typed, and a way to stop."""
    text = f"{ALL_ASCII}\n\tend\n"
    page.paste(text)
    events = page.keys()
    check_equal(f"{name}: paste types all of ASCII", [(keysym, down) for _, keysym, down in events], strokes(text))
    began, held = {}, []
    for moment, keysym, down in events:
        if down:
            began[keysym] = moment
        else:
            held.append(moment - began.pop(keysym))
    check(f"{name}: each key is down for 8 ms and more", min(held) >= 8, min(held))
    gaps = [after - before for (before, *_), (after, *_) in zip(events, events[1:])]
    check(f"{name}: none comes within 5 ms of another", min(gaps) >= 5, min(gaps))
    rate = len(text) / (events[-1][0] - events[0][0]) * 1000
    check(f"{name}: about 30 a second", 10 <= rate <= 31, rate)
    check_equal(f"{name}: and says so", page.text("typed"), f"Typed {len(text)} characters.")
    check_equal(f"{name}: the focus is back on the screen after that", page.has_focus(), "CANVAS")

    page.paste("one\r\ntwo\rthree")
    check_equal(f"{name}: any line end is Enter", page.presses(), strokes("one\ntwo\nthree"))

    page.paste("price: 5 € for ü")
    problem = page.text("paste-problem")
    for words in ("€ (U+20AC)", "ü (U+00FC)", "Nothing was sent"):
        check(f"{name}: what cannot be typed is named: {words}", words in problem, problem)
    check_equal(f"{name}: and nothing is sent", page.presses(), [])
    page.at("paste-cancel").click()

    page.paste("A" * 500)
    until("the first keys", STEP, lambda: page.js("return window.recorded.sent.length > 20"))
    # Clicked into the middle of it: a key that is not Esc is kept out.
    page.browser.driver.find_element("css selector", "#screen canvas").click()
    page.type("z")
    page.type(Keys.ESCAPE)
    sent = page.presses()
    whole = len(sent) // 4
    check(f"{name}: Esc stops it", 4 < whole < 400, len(sent))
    check_equal(f"{name}: after a whole character, with nothing in between", sent, strokes("A" * whole))
    check_equal(f"{name}: and it says how far it came", page.text("typed"), f"Stopped after {whole} of 500 characters.")


def check_view(name: str, page: Page) -> None:
    """Scaling and full screen."""
    size = "const {width, height} = document.querySelector('#screen canvas').getBoundingClientRect(); return [width, height]"
    fit = page.js(size)
    room = page.js("const {width, height} = document.getElementById('screen').getBoundingClientRect(); return [width, height]")
    check(f"{name}: fit fills the window", fit[0] <= room[0] and fit[1] <= room[1] and fit[0] > 800, (fit, room))
    page.at("scale").click()
    until("pixel by pixel", STEP, lambda: page.js(size) == [720, 400])
    check_equal(f"{name}: pixel by pixel", (page.js(size), page.at("scale").get_attribute("aria-pressed")), ([720, 400], "false"))
    page.at("scale").click()
    until("fit again", STEP, lambda: page.js(size) == fit)
    full = "return document.fullscreenElement !== null"
    page.at("full-screen").click()
    until("full screen", STEP, lambda: page.js(full))
    check_equal(f"{name}: in full screen the keys go to the screen", page.has_focus(), "CANVAS")
    page.js("document.exitFullscreen()")
    until("no full screen", STEP, lambda: not page.js(full))


def check_screenshot(name: str, page: Page, instance: str) -> None:
    """A file that says what it is of."""
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as directory:
        page.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": directory})
        page.at("screenshot").click()
        file = until("the screenshot", STEP, lambda: next(Path(directory).glob("*.png"), None))
        pattern = f"{instance}-{time.strftime('%Y-%m-')}[0-3][0-9]-[0-2][0-9][0-5][0-9][0-5][0-9].png"
        check(f"{name}: its name has the instance and the time", file.match(pattern), file.name)
        width, height, length = png_size(file.read_bytes())
        check_equal(f"{name}: and the console's own size", (width, height), (720, 400))
        check(f"{name}: and it holds every pixel", length >= width * height * 3, length)


def check_text(name: str, page: Page) -> None:
    """The text of the screen, copied as a whole and selected with the mouse."""
    wanted = "Alibaba Cloud Linux 3 (Soaring Falcon)"
    grant = {"origin": page.js("return location.origin"), "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    page.driver.execute_cdp_cmd("Browser.grantPermissions", grant)
    page.at("copy-text").click()
    until("the message", STEP, lambda: "Copied" in page.text("typed"))
    copied = page.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    check(f"{name}: the text of the screen is copied", wanted in copied.splitlines(), copied)
    check(f"{name}: to the last row", copied.endswith("login:"), copied)

    page.at("select-text").click()
    row = "return [...document.querySelector('.text-layer pre').textContent.split('\\n')].indexOf(arguments[0])"
    until("the layer", STEP, lambda: page.js("return document.querySelector('.text-layer pre') !== null"))
    number = page.js(row, wanted)
    area = page.js("const {left, top, width, height} = document.querySelector('.text-layer').getBoundingClientRect(); return [left, top, width, height]")
    left, top, width, height = area
    # From the first to the sixth character of that row, where the picture shows them.
    y = top + (number + 0.5) * height / 25
    mouse = ActionChains(page.driver)
    body = page.driver.find_element("tag name", "body")
    origin_x, origin_y = body.size["width"] // 2, body.size["height"] // 2
    mouse.move_to_element_with_offset(body, round(left + 1) - origin_x, round(y) - origin_y).click_and_hold()
    mouse.move_to_element_with_offset(body, round(left + 7 * width / 80) - origin_x, round(y) - origin_y).release().perform()
    check_equal(f"{name}: the mouse selects what it is over", page.js("return getSelection().toString()"), wanted[:7])
    page.type(Keys.ESCAPE)
    until("no layer", STEP, lambda: not page.js("return document.querySelector('.text-layer') !== null"))
    check_equal(f"{name}: then the keys go to the screen again", page.has_focus(), "CANVAS")


def check_policy(name: str, page: Page) -> None:
    """That the checks above could fail: what the policy forbids is stopped, and seen."""
    page.js("const picture = new Image(); picture.src = 'http://127.0.0.2:9/x.png'; document.body.append(picture)")
    page.js("document.body.insertAdjacentElement('beforeend', document.createElement('style')).textContent = 'p {}'")
    read = "return window.recorded.violations.map((violation) => violation.split(' ')[0])"
    expected = {"img-src", "style-src-elem"}
    until(f"the violations {expected}", STEP, lambda: set(page.js(read)) == expected)
    check(f"{name}: the policy forbids others' pictures, and styles in the page", True)


def vendor_like(binary: str, url_of: Callable[[Demo, str], str]) -> None:
    """The demo account's page, which takes all from its query."""
    name = "the page"
    with Demo(binary) as demo, Browser() as browser:
        page = Page(browser)
        look = browser.look(url_of(demo, "i-demo-linux"))
        check_equal(f"{name}: it is connected", look["state"], "connected")
        check_equal(f"{name}: its title says both", look["title"], "i-demo-linux - Connected")
        check_keys(name, page)
        check_controls(name, page, can_reconnect=False)
        check_paste(name, page)
        check_view(name, page)
        check_screenshot(name, page, "i-demo-linux")
        check(f"{name}: it has no process that reads text", not page.at("copy-text").is_displayed())
        page.check_quiet(name)
        check_policy(name, page)
        demo.process.kill()
        page.is_in("closed")
        check(f"{name}: says how it ended", "Closed: code 1006" in page.text("reason"), page.text("reason"))
        check_equal(f"{name}: in its title too", browser.driver.title, "i-demo-linux - Closed")
        check(f"{name}: what was last seen stays", page.js("return document.querySelector('#last-screen canvas') !== null"))

        for query, words in {
            "instanceId=i-1&isWindows=maybe": ["vncUrl is missing", "isWindows is neither"],
            "vncUrl=console.html&instanceId=i-1&isWindows=true": ["not a URL"],
            "vncUrl=ws%3A%2F%2F127.0.0.1%3A9%2F&isWindows=true": ["instanceId is missing", "has no token"],
        }.items():
            with Demo(binary) as other:
                look = browser.look(f"{other.endpoint}/console/index.html?{query}")
                check_equal(f"{name}: does not connect with {query}", look["state"], "failed")
                said = look["missing"] + page.text("detail-url") + page.text("reason")
                check(f"{name}: and says what is wrong", all(word in said for word in words), said)


class Local(Running):
    """`ecs-vnc open --page local --print`, and its link; `told` is on its stdin."""

    def __init__(self, binary: str, *arguments: str, told: str = "") -> None:
        self._home = tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-")
        argv = [binary, "open", "--page", "local", "--print", "--profile", "demo", *arguments]
        super().__init__(argv, sealed(self._home.name), told)
        try:
            self.link: str = until("the link", 20, lambda: self.out and self.out[0])
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *args: object) -> None:
        super().__exit__(*args)
        self._home.cleanup()


def local(binary: str) -> None:
    """The page on the link: the same page, and nothing in it of what opens the console."""
    name = "the local page"
    with Demo(binary) as demo, Browser() as browser:
        page = Page(browser)
        with Local(binary, "--endpoint", demo.endpoint, "i-demo-linux") as opening:
            check_equal(f"{name}: nothing is minted before it is there", [line for line in demo.err if "DescribeInstanceVncUrl" in line], [])
            look = browser.look(opening.link)
            check_equal(f"{name}: it is connected", look["state"], "connected")
            check_equal(f"{name}: at the link", look["url"], f"{opening.link}/")
            check("the local page: its title names the instance", "i-demo-linux" in look["title"], look["title"])
            source = browser.driver.page_source + str(page.js("return performance.getEntries().map(({name}) => name)"))
            for word in ("websockify", "vncUrl=", demo.authority):
                check(f"{name}: does not know {word}", word not in source, source)
            check_keys(name, page)
            check_controls(name, page, can_reconnect=True)
            check_view(name, page)
            check_screenshot(name, page, "i-demo-linux")
            check_text(name, page)
            page.check_quiet(name)

            # A second tab shares the session.
            first = browser.driver.current_window_handle
            browser.driver.switch_to.new_window("tab")
            check_equal(f"{name}: a second tab has the console", browser.look(opening.link)["state"], "connected")
            browser.driver.close()
            browser.driver.switch_to.window(first)
            check_equal(f"{name}: and the first too", browser.settled()["state"], "connected")
            check_equal(f"{name}: the command is still there", opening.process.poll(), None)

            browser.driver.get("about:blank")
            check_equal(f"{name}: the command ends when the page is closed", opening.ends(20), 0)
            check_equal(f"{name}: it printed its link only", opening.out, [opening.link])

        with Local(binary, "--no-share", "--endpoint", demo.endpoint, "i-demo-linux") as opening:
            browser.look(opening.link)
            # A second tab takes over, and the first can take it back.
            first = browser.driver.current_window_handle
            browser.driver.switch_to.new_window("tab")
            second = browser.driver.current_window_handle
            check_equal(f"{name}: a second tab has the console", browser.look(opening.link)["state"], "connected")
            browser.driver.switch_to.window(first)
            page.is_in("closed")
            check(f"{name}: the first is told so", "Another tab" in page.text("reason"), page.text("reason"))
            time.sleep(2)
            page.is_in("closed")
            page.at("reconnect-now").click()
            check_equal(f"{name}: and comes back when it is told to", browser.settled()["state"], "connected")
            browser.driver.switch_to.window(second)
            page.is_in("closed")
            browser.driver.close()
            browser.driver.switch_to.window(first)
            page.is_in("connected")
            browser.driver.get("about:blank")
            check_equal(f"{name}: --no-share ends in the same way", opening.ends(20), 0)

        with Local(binary, "--endpoint", demo.endpoint, "i-demo-linux") as opening:
            browser.look(opening.link)
            opening.interrupt()
            check_equal(f"{name}: Ctrl-C ends it in mid-session", opening.ends(5), 130)
            page.is_in("closed")
            check(f"{name}: the page says that it has ended", "ecs-vnc is no longer running" in page.text("reason"), page.text("reason"))


def local_reconnects(binary: str) -> None:
    """The console goes away and comes back: the page says why, waits, and is there again, each time with a fresh URL."""
    name = "a drop"
    with Browser() as browser:
        page = Page(browser)
        with Demo(binary) as demo:
            port = demo.authority.rpartition(":")[2]
            # A shared session comes back while the page stays connected: see sharing.py.
            opening = Local(binary, "--no-share", "--endpoint", demo.endpoint, "i-demo-linux")
            with opening:
                browser.look(opening.link)
                demo.process.kill()
                page.is_in("waiting")
                check(f"{name}: the page says when it will try again", "Reconnecting in" in page.text("notice-title"))
                check(f"{name}: and why it has to", bool(page.text("reason").strip()))
                until("the refusal", STEP, lambda: "could not" in page.text("reason").lower())
                # Longer than the command stays for nobody.
                until("a longer wait", STEP, lambda: "in 4 s" in page.text("notice-title"))
                until("the next try", STEP, lambda: "in 8 s" in page.text("notice-title"))
                check_equal(f"{name}: the command stays while the page waits", opening.process.poll(), None)
                with Demo(binary, "--port", port) as again:
                    check_equal(f"{name}: it comes back by itself", browser.settled()["state"], "connected")
                    check_equal(f"{name}: to the new account", again.authority.rpartition(":")[2], port)
                    page.at("reconnect").click()
                    until("a second console", STEP, lambda: sum("console of i-demo-linux opened" in line for line in again.err) == 2)
                    check_equal(f"{name}: the button connects anew", browser.settled()["state"], "connected")
                    # A screenshot is of what is seen, though the next console is not there yet.
                    again.process.send_signal(signal.SIGSTOP)
                    page.at("reconnect").click()
                    page.is_in("connecting")
                    check_screenshot(f"{name}, before the next console", page, "i-demo-linux")
                    page.is_in("connecting")
                    again.process.send_signal(signal.SIGCONT)
                    page.is_in("connected")
