"""`view` with viewers of others. Part of relay.py."""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path

import guests
from harness import Demo, Running, check, check_equal, sealed, until
from qemu import Qemu
from relay_viewers import VNCDO
from relaying import STEP, Relay, Viewer
from xscreen import XScreen


class View(Running):
    """`view` of the simulated account's Linux."""

    def __init__(self, binary: str, demo: Demo, *arguments: str, env: dict[str, str] | None = None) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-")
        argv = [binary, "view", "--profile", "demo", "--endpoint", demo.endpoint, *arguments, "i-demo-linux"]
        super().__init__(argv, sealed(self._home.name, **(env or {})))

    def __exit__(self, *args: object) -> None:
        # Ctrl-C takes the viewer along, which a kill does not.
        if self.process.poll() is None:
            self.interrupt()
            self.ends(STEP)
        super().__exit__(*args)
        self._home.cleanup()


def finds_a_viewer(binary: str, pictures: Path) -> None:
    """TigerVNC's, by itself; without sharing, a takeover starts it again, and two are the end."""
    name = "view"
    with Qemu(guests.echo()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo, XScreen() as screen:
        with View(binary, demo, "--no-share", env={"DISPLAY": screen.display}) as view, Relay.of_demo(binary, demo) as other:
            first = screen.window("QEMU")
            screen.type("once")
            check_equal(f"{name}: TigerVNC's viewer types into the guest", guest.shows("once"), "once")
            with Viewer(other.port()) as taking:
                taking.greet()
                view.stderr_line("reconnecting in 1 s", STEP)
                until("the viewer's end", STEP, lambda: str(first) not in screen.xdotool("search", "--name", "^QEMU").split())
                # It takes the console back, which is what its user sees.
                screen.window("QEMU")
            screen.type("again")
            check_equal(f"{name}: is started again after a drop, on a fresh VncUrl", guest.shows("onceagain"), "onceagain")
            with Viewer(other.port()) as taking:
                taking.greet()
                check_equal(f"{name}: two drops within seconds: its exit code", view.ends(STEP), 11)
            check(f"{name}: says that it is somebody else", "somebody else" in "\n".join(view.err), view.err)
            check_equal(f"{name}: leaves no viewer behind", screen.xdotool("search", "--name", "^QEMU").split(), [])


def ends_with_a_viewer(binary: str, pictures: Path) -> None:
    """One that the user names, in its own form; and one that is closed."""
    name = "view --viewer"
    with Qemu(guests.echo()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as directory:
            picture = Path(directory, "screen.png")
            command = [VNCDO, "--delay", "33", "--server", "{host}::{port}", "type", "named", "capture", str(picture)]
            with View(binary, demo, "--viewer", shlex.join(command)) as view:
                check_equal(f"{name}: ends with vncdotool, which has ended well", view.ends(60), 0)
                check_equal(f"{name}: nothing on stdout", view.out, [])
            check_equal(f"{name}: vncdotool has typed", guest.shows("named"), "named")
            check(f"{name}: and seen", picture.stat().st_size > 0)
        with XScreen() as screen, View(binary, demo, env={"DISPLAY": screen.display}) as view:
            screen.xdotool("windowkill", str(screen.window("QEMU")))
            check_equal(f"{name}: a viewer that dies: its exit code", view.ends(STEP), 30)
            check("view: names it", 'the viewer "TigerVNC" failed' in "\n".join(view.err), view.err)


TESTS = [finds_a_viewer, ends_with_a_viewer]
