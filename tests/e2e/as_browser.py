"""A user's browser, as `$BROWSER` names it: started with a link as its last argument.

It waits as long as it is told before it loads the link, as a cold browser would; says what it saw; and quits. It is
told by environment variables, because its arguments are not its own:

AS_BROWSER_REPORT      the file that is written, as JSON, once everything was seen
AS_BROWSER_DELAY       seconds before the first load
AS_BROWSER_LOADS       how often the link is loaded
AS_BROWSER_SCREENSHOT  a picture of the last page
AS_BROWSER_HOLD        a file: the browser stays until it is gone
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
import traceback
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM, CHROMEDRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1100,900",
]

# How long a page may take to say how it ended.
SETTLED_LIMIT = 30

# No part of this may outlive the suite, whatever happens to it.
LIFETIME = 180

# The page tells what it was given in a part that is folded up at first, hence textContent.
LOOK = """
    const text = (selector) => document.querySelector(selector)?.textContent ?? '';
    const canvas = document.querySelector('#screen canvas');
    const colours = new Set();
    if (canvas?.width && canvas.height) {
        const {width, height} = canvas;
        const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, width, height).data.buffer);
        pixels.forEach((pixel) => colours.add(pixel));
    }
"""

# A console that has ended its attempt, or a page that shows an error. In the page, so that one look is one moment. The
# first picture comes after the connection.
SETTLED = LOOK + """
    const state = document.querySelector('#state');
    const word = state ? state.dataset.state : document.querySelector('.error') ? 'error' : null;
    if (word === 'connected' && colours.size < 2) return null;
    return ['connected', 'closed', 'failed', 'error'].includes(word) ? word : null;
"""

SEEN = LOOK + """
    return {
        url: location.href, title: document.title, page: document.body.innerText,
        sentence: text('#detail-desktop'), status: text('#state'), windows: text('#detail-windows'), missing: text('#problems'),
        size: canvas ? [canvas.width, canvas.height] : null, colours: colours.size,
    };
"""

# Before any script of a page: what a page of ours must not do, and what it sends.
RECORD = """
    window.recorded = {violations: [], sent: []};
    document.addEventListener('securitypolicyviolation', ({violatedDirective, blockedURI}) => {
        window.recorded.violations.push(`${violatedDirective} ${blockedURI}`);
    });
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (bytes) {
        window.recorded.sent.push([performance.now(), ...new Uint8Array(bytes)]);
        return send.call(this, bytes);
    };
"""


class Browser:
    """Headless Chromium that has never run before."""

    def __enter__(self) -> Browser:
        self._profile = tempfile.TemporaryDirectory(prefix="ecs-vnc-chromium-", ignore_cleanup_errors=True)
        options = Options()
        options.binary_location = CHROMIUM
        for flag in [*FLAGS, f"--user-data-dir={self._profile.name}"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(CHROMEDRIVER))
        self.driver.set_page_load_timeout(SETTLED_LIMIT)
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": RECORD})
        return self

    def __exit__(self, *_: object) -> None:
        self.driver.quit()
        self._profile.cleanup()

    def look(self, url: str) -> dict[str, Any]:
        """Loads a page, waits until it says how it ended, and tells what is there."""
        self.driver.get(url)
        return self.settled()

    def settled(self) -> dict[str, Any]:
        """Waits until the page says how it ended, and tells what is there."""
        wait = WebDriverWait(self.driver, SETTLED_LIMIT, poll_frequency=0.05)
        state = wait.until(lambda driver: driver.execute_script(SETTLED), f"not settled: {self.driver.page_source}")
        return {"state": state, **self.driver.execute_script(SEEN)}

    def picture(self, path: str) -> None:
        """Saves what is on the screen."""
        if not self.driver.save_screenshot(path):
            raise OSError(f"no screenshot at {path}")


def visit(link: str) -> dict[str, Any]:
    """Everything between the start and the end of the browser."""
    started = time.monotonic()
    report: dict[str, Any] = {"pid": os.getpid(), "link": link}
    with Browser() as browser:
        time.sleep(float(os.environ.get("AS_BROWSER_DELAY", "0")))
        report["waited"] = time.monotonic() - started
        report["looks"] = [browser.look(link) for _ in range(int(os.environ.get("AS_BROWSER_LOADS", "1")))]
        if screenshot := os.environ.get("AS_BROWSER_SCREENSHOT"):
            browser.picture(screenshot)
        write(report)
        hold = os.environ.get("AS_BROWSER_HOLD")
        while hold and os.path.exists(hold):
            time.sleep(0.05)
    return report


def write(report: dict[str, Any]) -> None:
    """All at once: whoever waits for the file reads a whole one."""
    path = os.environ["AS_BROWSER_REPORT"]
    with open(f"{path}.part", "w", encoding="utf-8") as file:
        json.dump(report, file)
    os.replace(f"{path}.part", path)


def main() -> int:
    def out_of_time(*_: object) -> None:
        raise TimeoutError(f"the browser lived for {LIFETIME} s")

    signal.signal(signal.SIGALRM, out_of_time)
    signal.alarm(LIFETIME)
    try:
        visit(sys.argv[-1])
        return 0
    except BaseException:
        # ecs-vnc shows nobody what its browser says.
        write({"pid": os.getpid(), "error": traceback.format_exc()})
        raise


if __name__ == "__main__":
    sys.exit(main())
