"""The contact sheet in a real browser: `python sheet.py PATH_TO_ECS_VNC [SCREENSHOT_DIR]`.

What a person does with it: look at the sick ones, filter, search, copy a command. And what it must not do, whatever is
on the screens and in the names: ask anyone for anything, or run what it shows.
"""

from __future__ import annotations

import base64
import http.server
import json
import os
import struct
import sys
import tempfile
import threading
import urllib.parse
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from as_browser import Browser
from harness import bound, check, check_equal, main_with_pictures, run_to_end, sealed, until

# Of the simulated account: each kind of screen that `check` tells, and some that are nothing special.
INSTANCES = ["web-01", "office-01", "db-01", "db-02", "i-demo-0012", *(f"i-demo-0{number}" for number in range(300, 330))]

# How long a sheet of that many may take, with a debug build on a busy machine.
SHEET_LIMIT = 300

# The tiles that can be seen, as a person would tell them apart.
SHOWN = """
    return [...document.querySelectorAll('.tile')].filter((tile) => tile.getClientRects().length > 0).map((tile) => ({
        title: tile.querySelector('h2').textContent, state: tile.dataset.state, sick: tile.classList.contains('sick'),
        top: tile.getBoundingClientRect().top, left: tile.getBoundingClientRect().left,
        border: getComputedStyle(tile).borderTopColor + ' ' + getComputedStyle(tile).borderTopWidth,
        command: tile.querySelector('.open code').textContent,
    }));
"""

# Every picture of the page, also those further down that are not loaded yet.
DECODED = """
    const done = arguments[0];
    const pictures = [...document.images];
    pictures.forEach((picture) => { picture.loading = 'eager'; });
    Promise.all(pictures.map((picture) => picture.decode()))
        .then(() => done(pictures.map(({naturalWidth, naturalHeight}) => [naturalWidth, naturalHeight])), (fault) => done(String(fault)));
"""


class Counter:
    """A server on this machine that nothing should ask anything."""

    def __enter__(self) -> Counter:
        counter = self
        self.asked: list[str] = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                counter.asked.append(self.path)
                self.send_response(200)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Account:
    """A service with one instance, whose name and picture are given."""

    def __init__(self, name: str, picture: bytes) -> None:
        self._answers = {
            "DescribeInstances": {
                "Instances": {
                    "Instance": [
                        {"InstanceId": "i-1", "InstanceName": name, "Status": "Running", "RegionId": "cn-hangzhou"}
                    ]
                }
            },
            "GetInstanceScreenshot": {"InstanceId": "i-1", "Screenshot": base64.b64encode(picture).decode()},
            "GetInstanceConsoleOutput": {"InstanceId": "i-1", "ConsoleOutput": ""},
        }

    def __enter__(self) -> Account:
        answers = self._answers

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
                body = json.dumps({"RequestId": "R-1", **answers[query["Action"][0]]}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Page:
    """A sheet in a browser."""

    def __init__(self, browser: Browser, file: Path) -> None:
        self.driver = browser.driver
        self.driver.get(file.as_uri())
        until("the filter", 10, lambda: self.driver.find_element(By.ID, "filter").is_displayed())

    def shown(self) -> list[dict[str, Any]]:
        """The tiles that can be seen."""
        return self.driver.execute_script(SHOWN)

    def button(self, text: str) -> Any:
        """The button of the filter whose text begins so."""
        buttons = self.driver.find_elements(By.CSS_SELECTOR, "#filter button")
        return next(button for button in buttons if button.text.startswith(text))

    def search(self, text: str) -> list[dict[str, Any]]:
        """Types into the search box, and gives the tiles that stay."""
        self.emptied_box().send_keys(text)
        return self.shown()

    def emptied_box(self) -> Any:
        """The search box, emptied as a person does it: WebDriver's own way sends no input event."""
        box = self.driver.find_element(By.ID, "search")
        box.send_keys(Keys.CONTROL, "a")
        box.send_keys(Keys.BACKSPACE)
        return box

    def pasted(self) -> str:
        """What is on the clipboard, as a person would see it: by pasting it into the search box."""
        box = self.emptied_box()
        ActionChains(self.driver).key_down(Keys.CONTROL).send_keys("v").key_up(Keys.CONTROL).perform()
        text = box.get_property("value")
        self.emptied_box()
        return text

    def copied(self, button: Any) -> str:
        """What a button copies."""
        ActionChains(self.driver).scroll_to_element(button).perform()
        button.click()
        WebDriverWait(self.driver, 10).until(lambda _: button.text == "Copied")
        return self.pasted()

    def check_quiet(self, name: str) -> None:
        """No violation of the policy, no request, no error on the browser's console."""
        check_equal(f"{name}: the policy is kept", self.driver.execute_script("return window.recorded.violations"), [])
        check_equal(f"{name}: nothing on the browser's console", self.driver.get_log("browser"), [])
        asked = self.driver.execute_script("return performance.getEntriesByType('resource').map(({name}) => name)")
        check_equal(f"{name}: nothing is requested", [url for url in asked if not url.startswith("data:")], [])


def made(binary: str, file: Path, instances: list[str], *arguments: str, **variables: str) -> dict[str, Any]:
    """Makes a sheet, and gives what was printed."""
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        argv = [binary, "sheet", *instances, "-f", str(file), "-o", "json", "--timeout", "10m", *arguments]
        ended = run_to_end(argv, sealed(home, **variables), SHEET_LIMIT)
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)


def a_person_finds_the_sick_ones(binary: str, pictures: Path) -> None:
    """Order, frame, filter, search and copy; the pictures are kept for whoever wants to look at them."""
    file = pictures / "sheet.html"
    said = made(binary, file, INSTANCES, "--profile", "demo")
    check_equal("all instances are on the sheet", said["Instances"], len(INSTANCES))
    check("some need attention", 3 <= said["Sick"] < said["Instances"], said)
    with Browser() as browser:
        page = Page(browser, file)
        browser.picture(str(pictures / "sheet-page.png"))
        tiles = page.shown()
        check_equal("all can be seen at first", len(tiles), said["Instances"])
        check_equal("the sick ones come first", [tile["sick"] for tile in tiles], [at < said["Sick"] for at in range(len(tiles))])
        places = [(tile["top"], tile["left"]) for tile in tiles]
        check_equal("also on the screen", places, sorted(places))
        frames = {tile["sick"]: tile["border"] for tile in tiles}
        check_equal("they are framed in red", frames[True], "rgb(221, 51, 51) 3px")
        check("the others are not", frames[False].endswith(" 1px"), frames)
        states = {state: sum(tile["state"] == state for tile in tiles) for state in said["States"]}
        check_equal("the states are those that were counted", states, said["States"])
        sizes = browser.driver.execute_async_script(DECODED)
        check("every picture is one", len(sizes) > 20 and all(1 <= width <= 480 for width, _ in sizes), sizes)

        for state, count in said["States"].items():
            page.button(f"{state} ").click()
            check_equal(f"filter {state}", [tile["state"] for tile in page.shown()], [state] * count)
        page.button("need attention").click()
        check_equal("filter for attention", [tile["sick"] for tile in page.shown()], [True] * said["Sick"])
        browser.picture(str(pictures / "sheet-filtered.png"))
        check_equal("both filters hold together", [tile["title"] for tile in page.search("db-02")], ["db-02"])
        check_equal("a healthy one is not among them", page.search("web-01"), [])
        page.button("all").click()
        check("by a name", "web-01" in [tile["title"] for tile in page.search("WEB-01")], page.shown())
        # It stands on the screen only, in a part that is folded up.
        check("by the text on a screen", "web-01" in [tile["title"] for tile in page.search("OpenSSH server")], page.shown())
        told = browser.driver.find_element(By.ID, "shown").text
        check("how many are shown is said", told.endswith(f" of {len(tiles)} shown"), told)
        check_equal("by nothing that is there", page.search("no such text anywhere"), [])
        check_equal("an empty search shows all", len(page.search("")), len(tiles))

        first = browser.driver.find_element(By.CSS_SELECTOR, ".tile .open .copy")
        check_equal("the command is copied", page.copied(first), tiles[0]["command"])
        check("it opens the console", tiles[0]["command"].startswith("ecs-vnc open i-demo-"), tiles[0])
        tile = next(tile for tile in browser.driver.find_elements(By.CSS_SELECTOR, ".tile") if "db-02" in tile.text)
        summary = tile.find_element(By.TAG_NAME, "summary")
        ActionChains(browser.driver).scroll_to_element(summary).perform()
        summary.click()
        text = page.copied(tile.find_element(By.CSS_SELECTOR, "details .copy"))
        # A search box has one line: a pasted line break becomes a space or goes.
        check("the text of a screen is copied", "You are in emergency mode." in text and "maintenance" in text, text)
        page.check_quiet("the sheet")
        dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
        browser.picture(str(pictures / "sheet-dark.png"))


def the_command_on_the_sheet_works(binary: str, pictures: Path) -> None:
    """It is the product's own, with the profile that made the sheet."""
    file = pictures / "sheet-one.html"
    made(binary, file, ["web-01"], "--profile", "demo")
    with Browser() as browser, tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        command = Page(browser, file).shown()[0]["command"].split()
        check_equal("the command", command, "ecs-vnc open i-demo-linux --region cn-hangzhou --profile demo".split())
        # Without a display, `open` prints the URL; it ends since nobody opens it.
        argv = [binary, "vnc-url", *command[2:]]
        ended = run_to_end(argv, sealed(home))
        check("its instance is found", ended.returncode == 0 and "i-demo-linux" in ended.stdout, ended.stderr)


def png(width: int, height: int) -> bytes:
    """A black picture. PNG, sections 5.3 and 11.2."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes(3 * width)) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def a_hostile_name_stays_a_name(binary: str, pictures: Path) -> None:
    """And whatever would run on the page all the same could ask nobody."""
    keys = {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIexample",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "secret",
        "ALIBABA_CLOUD_REGION_ID": "cn-hangzhou",
    }
    with Counter() as counter:
        name = f"\"'></h2></article><script src={counter.url}/s></script><img src={counter.url}/i onerror=document.title=1>"
        file = pictures / "sheet-hostile.html"
        with Account(name, png(64, 48)) as account:
            made(binary, file, ["i-1"], ALIBABA_CLOUD_ENDPOINT=account.endpoint, **keys)
        with Browser() as browser:
            page = Page(browser, file)
            tiles = page.shown()
            check_equal("a hostile name is a name", [tile["title"] for tile in tiles], [name])
            check_equal("and the only tile", len(browser.driver.find_elements(By.TAG_NAME, "img")), 1)
            check_equal("its script is none", len(browser.driver.find_elements(By.TAG_NAME, "script")), 1)
            page.check_quiet("a hostile name")
            # As if the escaping had a hole.
            browser.driver.execute_script(
                """
                const picture = document.createElement('img');
                picture.src = arguments[0] + '/picture';
                const script = document.createElement('script');
                script.src = arguments[0] + '/script';
                const inline = document.createElement('script');
                inline.textContent = 'document.title = "run"';
                const style = document.createElement('link');
                style.rel = 'stylesheet';
                style.href = arguments[0] + '/style';
                document.body.append(picture, script, inline, style);
                """,
                counter.url,
            )
            done = "const done = arguments[1]; fetch(arguments[0] + '/fetch').then(() => done('sent'), () => done('refused'))"
            check_equal("a request of a script", browser.driver.execute_async_script(done, counter.url), "refused")
            refused = "return window.recorded.violations.map((violation) => violation.split(' ')[0])"
            seen = until("the refusals", 10, lambda: (found := browser.driver.execute_script(refused)) and len(found) >= 5 and found)
            kinds = {"img-src", "script-src-elem", "style-src-elem", "connect-src"}
            check_equal("each kind of request is refused", set(seen), kinds)
            check("a script in the page does not run", browser.driver.title != "run", browser.driver.title)
        check_equal("nobody was asked for anything", counter.asked, [])


def the_png_is_one(binary: str, pictures: Path) -> None:
    """Kept for whoever wants to look at it."""
    file = pictures / "sheet.png"
    said = made(binary, file, INSTANCES, "--profile", "demo")
    data = file.read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    check("the sheet is a PNG", data[:8] == b"\x89PNG\r\n\x1a\n" and width > 1500 and height > 1000, (width, height))
    check_equal("with all instances", said["Instances"], len(INSTANCES))
    check_equal("only its owner can read it", os.stat(file).st_mode & 0o777, 0o600)


def main() -> int:
    tests: list[Callable[[str, Path], None]] = [
        a_person_finds_the_sick_ones,
        the_command_on_the_sheet_works,
        a_hostile_name_stays_a_name,
        the_png_is_one,
    ]
    return main_with_pictures("sheet.py PATH_TO_ECS_VNC [SCREENSHOT_DIR]", lambda binary, pictures: bound(tests, binary, pictures))


if __name__ == "__main__":
    sys.exit(main())
