"""One session for all of a user's commands: `python sharing.py PATH_TO_ECS_VNC [PICTURES_DIR]`.

TigerVNC's viewer, Chromium, a terminal and a script at once on the session of one guest. QEMU's own picture of the screen
is what each of them must show.
"""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import guests
from as_browser import Browser
from console_page import Page
from harness import Demo, Running, bound, check, check_equal, main_with_pictures, run_to_end, until
from PIL import Image
from qemu import Qemu
from relay_viewers import check_window
from relaying import STEP
from tmux import Terminal
from xscreen import XScreen

# TigerVNC's viewer, with nothing of its own over the picture.
VIEWER = "xtigervncviewer -RemoteResize=0 -MenuKey= -AlertOnFatalError=0"

INSTANCE = "i-demo-linux"


class User:
    """Somebody who has one home, in which all commands run."""

    def __init__(self, binary: str, demo: Demo, terminal: Terminal, screen: XScreen) -> None:
        self.binary, self.terminal = binary, terminal
        self._account = ["--profile", "demo", "--endpoint", demo.endpoint]
        self._env = {**terminal.env, "DISPLAY": screen.display}

    def argv(self, verb: str, *arguments: str) -> list[str]:
        """A command line."""
        return [self.binary, verb, *self._account, *arguments]

    def starts(self, verb: str, *arguments: str) -> Running:
        """A command that goes on."""
        return Running(self.argv(verb, *arguments), self._env)

    def says(self, verb: str, *arguments: str, told: str = "") -> str:
        """A command that ends well; what it has said on stderr."""
        argv = self.argv(verb, *arguments)
        done = subprocess.run(argv, env=self._env, input=told, capture_output=True, text=True, timeout=60)
        check(f"{verb}: ends well", done.returncode == 0, done)
        return done.stderr

    def sessions(self) -> list[tuple[str, int]]:
        """What `sessions` lists: the command and the number of its clients."""
        done = run_to_end(self.argv("sessions", "-o", "json"), self._env, 60)
        return [(line["Command"], line["Clients"]) for line in map(json.loads, done.stdout.splitlines())]


def opened(demo: Demo) -> int:
    """How many sessions with a console there were."""
    return sum("console of" in line and "opened" in line for line in demo.err)


def visit(page: Page, link: str) -> None:
    """Opens the page. The guest's screen is black at first."""
    page.driver.get(link)
    page.is_in("connected")


def canvas(page: Page) -> Image.Image:
    """What the page shows of the console."""
    data = page.js("return document.querySelector('#screen canvas').toDataURL('image/png')")
    return Image.open(io.BytesIO(base64.b64decode(data.partition(",")[2]))).convert("RGB")


def check_page(name: str, page: Page, guest: Qemu) -> None:
    """The page shows what the guest's screen shows, pixel for pixel."""
    until(f"{name}: the guest's picture", STEP, lambda: canvas(page).tobytes() == guest.picture().tobytes())
    check(f"{name} shows the guest's screen, pixel for pixel", True)


def check_terminal(name: str, terminal: Terminal, guest: Qemu) -> None:
    """The terminal shows the guest's text."""
    rows = lambda: [row.rstrip() for row in guest.screen()]
    until(f"{name}: the guest's text", STEP, lambda: [line.rstrip() for line in terminal.lines()][:25] == rows())
    check(f"{name} shows the guest's text", True)


def all_on_one_session(binary: str, pictures: Path) -> None:
    """Each types, and each sees what the others have typed; then a stranger takes the console."""
    name = "one session"
    with Qemu(guests.echo()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo, XScreen() as screen, Browser() as browser:
        with Terminal(100, 30) as terminal:
            user = User(binary, demo, terminal, screen)
            with user.starts("view", "-v", "--viewer", VIEWER, INSTANCE) as view:
                window = screen.window("QEMU")
                with user.starts("open", "-v", "--page", "local", "--print", INSTANCE) as opening:
                    link = until("the link", STEP, lambda: opening.out and opening.out[0])
                    page = Page(browser)
                    visit(page, link)
                    terminal.type(" ".join(user.argv("console", INSTANCE)))
                    terminal.press("Enter")
                    terminal.shows("Ctrl-]")
                    screen.type("v")
                    guest.shows("v")
                    page.type("p")
                    guest.shows("vp")
                    terminal.type("c")
                    guest.shows("vpc")
                    said = user.says("script", "-v", INSTANCE, "-", told="type s\nwait --text 'vpcs$'\n")
                    check_equal(f"{name}: the guest has what each has typed", guest.shows("vpcs"), "vpcs")
                    check(f"{name}: the script says whose it joined", "joined the session of `ecs-vnc view`" in said, said)
                    check(f"{name}: so does the page's command", any("joined the session of `ecs-vnc view`" in line for line in opening.err), opening.err)
                    check_window(f"{name}: TigerVNC's viewer", screen, window, guest)
                    check_page(f"{name}: the page", page, guest)
                    check_terminal(f"{name}: console", terminal, guest)
                    check_equal(f"{name}: there was one", opened(demo), 1)
                    check_equal(f"{name}: which view serves to all", user.sessions(), [("view", 3)])
                    browser.picture(str(pictures / "sharing-page.png"))

                    first = browser.driver.current_window_handle
                    browser.driver.switch_to.new_window("tab")
                    visit(page, link)
                    check_page(f"{name}: the second tab", page, guest)
                    browser.driver.close()
                    browser.driver.switch_to.window(first)
                    check_equal(f"{name}: and the first still is", page.js("return document.getElementById('state').dataset.state"), "connected")

                    # A stranger has the console for a moment.
                    user.says("key", "--no-share", INSTANCE, "x")
                    view.stderr_line("reconnecting in 1 s", STEP)
                    guest.shows("vpcsx")
                    check_window(f"{name}: after a takeover, TigerVNC's viewer", screen, window, guest)
                    check_page(f"{name}: after a takeover, the page", page, guest)
                    check_terminal(f"{name}: after a takeover, console", terminal, guest)
                    check_equal(f"{name}: with the stranger's and a new one", opened(demo), 3)
                    screen.type("y")
                    check_equal(f"{name}: and the viewer types", guest.shows("vpcsxy"), "vpcsxy")

                    # The command that serves ends: the others have one of their own.
                    view.interrupt()
                    view.ends(STEP)
                    until("the others' one session", STEP, lambda: user.sessions() in ([("open", 2)], [("console", 2)]))
                    until("the page's picture", STEP, lambda: page.js("return document.getElementById('banner').hidden"))
                    check_equal(f"{name}: without view, one of the others opens it for both", opened(demo), 4)
                    page.type("z")
                    check_equal(f"{name}: without view, the page types", guest.shows("vpcsxyz"), "vpcsxyz")
                    check_page(f"{name}: without view, the page", page, guest)
                    check_terminal(f"{name}: without view, console", terminal, guest)
                    terminal.press("C-]")
                    terminal.type("q")
                    terminal.shows("shell$")
                    opening.interrupt()
                    opening.ends(STEP)
            check_equal(f"{name}: at last there is none", user.sessions(), [])


def the_page_tells(binary: str, pictures: Path) -> None:
    """What happens to a session whose tabs stay connected is on the page."""
    name = "the page's banner"
    with Qemu(guests.echo()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo, XScreen() as screen, Browser() as browser:
        with Terminal(80, 24) as terminal:
            user = User(binary, demo, terminal, screen)
            with user.starts("open", "-v", "--page", "local", "--print", INSTANCE) as opening:
                page = Page(browser)
                visit(page, until("the link", STEP, lambda: opening.out and opening.out[0]))
                page.js(
                    "window.banners = []; new MutationObserver(() => window.banners.push(document.getElementById('banner').textContent))"
                    ".observe(document.getElementById('banner'), {childList: true})"
                )
                user.says("key", "--no-share", INSTANCE, "x")
                until("the notice", STEP, lambda: any("reconnecting" in banner for banner in page.js("return window.banners")))
                check(f"{name}: says that the session was lost", True)
                until("its end", STEP, lambda: page.js("return document.getElementById('banner').hidden"))
                check(f"{name}: goes when it is back", True)
                check_page(name, page, guest)
                page.type("p")
                check_equal(f"{name}: and the page types", guest.shows("xp"), "xp")


TESTS = [all_on_one_session, the_page_tells]

if __name__ == "__main__":
    sys.exit(main_with_pictures("sharing.py PATH_TO_ECS_VNC [PICTURES_DIR]", partial(bound, TESTS)))
