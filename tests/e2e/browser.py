"""A real browser on ecs-vnc's consoles: `python browser.py PATH_TO_ECS_VNC [SCREENSHOT_DIR]`.

What the product is for: however long a browser takes to start, the console's 15 seconds begin when it arrives. And
what must not be: a second use, a late use, a token that `ps` shows.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import console_page
import console_password
import page_guest
from as_browser import Browser
from harness import Demo, Running, check, check_equal, main_with_pictures, run_to_end, sealed, until

# Above the VncUrl's 15 s.
TOO_LATE = 16

# How long Chromium may take from its start to its last word, on a machine that is busy.
BROWSER_LIMIT = 90

# The link stays 3 s after its last use, and `open` some seconds more for the simulated account.
END_LIMIT = 20


class Argvs:
    """Every command line on this machine while it runs, looked at without a pause: what `ps` would have shown."""

    def __enter__(self) -> Argvs:
        self.seen: set[str] = set()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join(5)

    def _watch(self) -> None:
        while not self._ends.wait(0.01):
            for process in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    self.seen.add(process.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
                except OSError:
                    pass  # It has ended meanwhile.

    def showing(self, text: str) -> list[str]:
        """The command lines that hold a text."""
        return [argv for argv in self.seen if text in argv]


class Open(Running):
    """`ecs-vnc open --profile demo …` with as_browser.py as the user's browser."""

    def __init__(self, suite: Suite, name: str, *arguments: str, delay: float = 0, loads: int = 1) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-")
        directory = self._directory.name
        self.report_file, self._hold = Path(directory, "report.json"), Path(directory, "hold")
        self._hold.touch()
        script = Path(__file__).resolve().parent / "as_browser.py"
        env = sealed(
            directory,
            BROWSER=shlex.join([sys.executable, str(script)]),
            AS_BROWSER_REPORT=str(self.report_file),
            AS_BROWSER_DELAY=str(delay),
            AS_BROWSER_LOADS=str(loads),
            AS_BROWSER_SCREENSHOT=str(suite.screenshots / f"{name}.png"),
            AS_BROWSER_HOLD=str(self._hold),
        )
        super().__init__([suite.binary, "open", "--profile", "demo", *arguments], env)

    def report(self, limit: float = BROWSER_LIMIT) -> dict[str, Any]:
        """What the browser saw, once it has."""
        until("the browser's report", limit, self.report_file.exists)
        report = json.loads(self.report_file.read_text("utf-8"))
        if "error" in report:
            raise RuntimeError(f"the browser failed:\n{report['error']}\nopen said: {self.err}")
        return report

    def let_go(self, report: dict[str, Any]) -> None:
        """Lets the browser quit, and waits until it has."""
        self._hold.unlink(missing_ok=True)
        until("the browser's end", 30, lambda: has_ended(report["pid"]))

    def __exit__(self, *args: object) -> None:
        self._hold.unlink(missing_ok=True)
        super().__exit__(*args)
        if self.report_file.exists():
            pid = json.loads(self.report_file.read_text("utf-8"))["pid"]
            until("the browser's end", 30, lambda: has_ended(pid))
        self._directory.cleanup()


def has_ended(pid: int) -> bool:
    """Gone, or dead and waiting for a parent to notice (the browser outlives the command that started it)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].startswith("Z")
    except OSError:
        return True


def milliseconds(sentence: str) -> int:
    """N of a desktop name such as `i-1 (connected after N ms of 15000 ms)`; -1 for any other name."""
    found = re.fullmatch(r"\S+ \(connected after (\d+) ms of 15000 ms\)", sentence.strip())
    return int(found.group(1)) if found else -1


def token_of(url: str) -> str:
    """The token as it stands in the page's URL: percent-encoded twice."""
    return re.search(r"vncUrl=ws%3A[^&]*%3Fs%3D([^&]+)", url).group(1)


def check_connected(name: str, look: dict[str, Any], instance: str, is_windows: bool) -> None:
    """A console that is there, with a picture on it."""
    check_equal(f"{name}: the page is connected", look["state"], "connected")
    after = milliseconds(look["sentence"])
    check(f"{name}: connected after {after} ms of 15000 ms", 0 <= after < 15000, look["sentence"])
    check(f"{name}: the canvas is not blank", min(look["size"]) >= 100 and look["colours"] >= 4, look)
    given = rf"vncUrl=ws%3A%2F%2F127\.0\.0\.1[^&]+&instanceId={instance}&isWindows={str(is_windows).lower()}"
    pattern = rf"http://127\.0\.0\.1:\d+/console/index\.html\?{given}"
    check(f"{name}: the page's URL", re.fullmatch(pattern, look["url"]) is not None, look["url"])
    check_equal(f"{name}: the page was told isWindows", look["windows"], str(is_windows).lower())
    check_equal(f"{name}: the page misses nothing", look["missing"], "")
    check(f"{name}: the title names the instance", instance in look["title"], look["title"])


def check_refused(name: str, look: dict[str, Any]) -> None:
    """A console that must not open."""
    check(f"{name}: the page is not connected", look["state"] in ("failed", "closed"), look)
    check_equal(f"{name}: nothing is said to have connected", milliseconds(look["sentence"]), -1)


class Suite:
    """The tests, with what they have in common."""

    def __init__(self, binary: str, screenshots: Path) -> None:
        self.binary, self.screenshots = binary, screenshots

    def tests(self) -> list[Callable[[], None]]:
        """In the order of their use to a reader."""
        return [
            self.open_leads_a_browser_to_the_console,
            self.a_slow_browser_connects_as_well,
            self.a_late_use_is_refused,
            self.a_second_use_is_refused,
            self.an_api_error_becomes_a_page,
            self.stay_serves_every_load,
            self.the_page_of_the_demo_account,
            self.the_page_on_the_link,
            self.the_page_comes_back_after_a_drop,
            self.the_page_asks_for_a_password,
            self.the_page_reaches_a_guest,
        ]

    def picture(self, browser: Browser, name: str) -> None:
        """For the eyes of whoever reads the run."""
        browser.picture(str(self.screenshots / f"{name}.png"))

    def open_leads_a_browser_to_the_console(self) -> None:
        """The whole way, and nothing on it that `ps` would show."""
        with Argvs() as argvs, Open(self, "open", "i-demo-linux", "--timeout", "60") as opening:
            report = opening.report()
            look = report["looks"][0]
            check_connected("open", look, "i-demo-linux", False)
            try:
                opening.process.wait(5)
                stayed = False
            except subprocess.TimeoutExpired:
                stayed = True
            check("open: runs on while the simulated account's console is open", stayed, opening.err)
            opening.let_go(report)
            check_equal("open: its exit code, after the browser has quit", opening.ends(END_LIMIT), 0)
            check_equal("open: nothing on stdout", opening.out, [])
            opening.stderr_line("opened the console of")
        check("ps: shows the link (so it was looked at)", bool(argvs.showing(report["link"])), len(argvs.seen))
        encoded = token_of(look["url"])
        for form in (encoded, urllib.parse.unquote(encoded), urllib.parse.unquote(urllib.parse.unquote(encoded))):
            check_equal(f"ps: never the token (as {form[:6]}…)", argvs.showing(form), [])
        # With this account's port, since other processes of this machine are none of this test's business.
        page, _, rest = look["url"].partition("vncUrl=")
        check_equal("ps: never vncUrl=", argvs.showing(f"vncUrl={rest[:30]}"), [])
        check_equal("ps: never the console page", argvs.showing(page), [])
        check("ps: the link is not the console's URL", "vncUrl" not in report["link"], report["link"])

    def a_slow_browser_connects_as_well(self) -> None:
        """The product's point: more than 15 s pass before the browser arrives."""
        name = "a browser that needs 16 s"
        with Open(self, "slow", "i-demo-linux", "--timeout", "60", delay=TOO_LATE) as opening:
            report = opening.report()
            check(f"{name}: it did need them", report["waited"] >= TOO_LATE, report["waited"])
            check_connected(name, report["looks"][0], "i-demo-linux", False)
            opening.let_go(report)
            check_equal(f"{name}: open's exit code", opening.ends(END_LIMIT), 0)
            check_equal(f"{name}: nothing on stdout", opening.out, [])

    def connect_url(self, demo: Demo, instance: str) -> str:
        """From `vnc-url`, for an account that runs on."""
        with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
            argv = [self.binary, "vnc-url", "--profile", "demo", "--endpoint", demo.endpoint, instance]
            ended = run_to_end(argv, sealed(home))
            check_equal(f"vnc-url {instance}: its exit code", (ended.returncode, ended.stderr), (0, ""))
            url = ended.stdout.removesuffix("\n")
            page = f"{demo.endpoint}/console/index.html?vncUrl="
            check(f"vnc-url {instance}: one line, the console page", url.startswith(page) and "\n" not in url, url)
            return url

    def a_late_use_is_refused(self) -> None:
        """What befalls whoever hands the URL itself to a browser that is not up in time."""
        with Demo(self.binary) as demo, Browser() as browser:
            url = self.connect_url(demo, "i-demo-linux")
            time.sleep(TOO_LATE)
            look = browser.look(url)
            check_refused("after 16 s", look)
            self.picture(browser, "late")
            check("after 16 s: the account says why", "token expired" in demo.stderr_line("console refused"), demo.err)

    def a_second_use_is_refused(self) -> None:
        """A VncUrl opens one connection."""
        with Demo(self.binary) as demo, Browser() as browser:
            url = self.connect_url(demo, "i-demo-linux")
            check_connected("first use", browser.look(url), "i-demo-linux", False)
            check_refused("second use", browser.look(url))
            self.picture(browser, "second-use")
            check("second use: the account says why", "already used" in demo.stderr_line("console refused"), demo.err)

    def an_api_error_becomes_a_page(self) -> None:
        """The browser is there already, so it says what the terminal says."""
        with Open(self, "error", "i-demo-stopped", "--timeout", "60") as opening:
            report = opening.report()
            look = report["looks"][0]
            check_equal("an API error: the browser shows the error page", look["state"], "error")
            check("an API error: with its code", "IncorrectInstanceStatus" in look["page"], look["page"])
            check_equal("an API error: on the link itself", look["url"], report["link"])
            check_equal("an API error: open's exit code", opening.ends(END_LIMIT), 5)
            check("an API error: on stderr as well", "IncorrectInstanceStatus" in "\n".join(opening.err), opening.err)
            check_equal("an API error: nothing on stdout", opening.out, [])
            opening.let_go(report)

    def stay_serves_every_load(self) -> None:
        """A reload is a reconnect; here of an instance that runs Windows, which the page must be told each time."""
        with Open(self, "stay", "i-demo-windows", "--stay", loads=2) as opening:
            report = opening.report()
            looks = report["looks"]
            check_connected("--stay, first load", looks[0], "i-demo-windows", True)
            check_connected("--stay, second load", looks[1], "i-demo-windows", True)
            check("--stay: each load has its own token", token_of(looks[0]["url"]) != token_of(looks[1]["url"]), looks)
            check_equal("--stay: runs on", opening.process.poll(), None)
            opening.interrupt()
            interrupted = time.monotonic()
            code = opening.ends(END_LIMIT)
            took = time.monotonic() - interrupted
            check_equal("--stay: its exit code after Ctrl-C", code, 0)
            check("--stay: Ctrl-C ends it at once, a console open or not", took < 2, took)
            check_equal("--stay: nothing on stdout", opening.out, [])
            check("--stay: Ctrl-C leaves the browser alone", not has_ended(report["pid"]), report["pid"])
            opening.let_go(report)

    def the_page_of_the_demo_account(self) -> None:
        """Our own console page, as the demo account shows it."""
        console_page.vendor_like(self.binary, self.connect_url)

    def the_page_on_the_link(self) -> None:
        """The same, as `open --page local` shows it."""
        console_page.local(self.binary)

    def the_page_comes_back_after_a_drop(self) -> None:
        """And how it gets on with a console that goes away."""
        console_page.local_reconnects(self.binary)

    def the_page_asks_for_a_password(self) -> None:
        """A console with VNC authentication."""
        console_password.asked(self.binary)

    def the_page_reaches_a_guest(self) -> None:
        """A real one, in QEMU."""
        page_guest.typed_and_pasted(self.binary, self.screenshots)
        page_guest.chords(self.binary)
        page_guest.a_picture(self.binary, self.screenshots)

if __name__ == "__main__":
    sys.exit(main_with_pictures("browser.py PATH_TO_ECS_VNC [SCREENSHOT_DIR]", lambda binary, pictures: Suite(binary, pictures).tests()))
