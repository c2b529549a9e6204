"""`wait --text` on a guest's console that scrolls, and a secret that was typed where it can be read."""

from __future__ import annotations

import re

from camera import filmed, showing, texts
from drive import verb
from harness import Demo, check, check_equal
from linux_files import ROOT_PASSWORD
from linux_guest import Display, LinuxGuest
from rescue_runs import PROMPT

TIME_LIMIT = 40

# Rows that `seq 1 3000` never writes. Of the first kind are those that are half of one row and half of the one that is drawn
# over it: 3999 of 2999 and 3000.
NEVER = {
    "a number that was never written": r"^(?:300[1-9]|30[1-9]\d|3[1-9]\d\d|[4-9]\d\d\d|\d{5,}|0\d*)$",
    "a row that was never written": r"^(\d+)x$",
}


def a_screen_that_scrolls(binary: str, name: str, display: Display) -> None:
    """What stands there at last is found; what never stood there is not."""
    with LinuxGuest(display) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        guest.boots()
        # A message of the kernel that goes on in the next row cannot be told from what was typed.
        guest.run("echo 1 > /proc/sys/kernel/printk")
        root = {"ROOT_PASSWORD": ROOT_PASSWORD}
        done = verb(binary, demo, "login", "--user", "root", "--env", "ROOT_PASSWORD", env=root)
        check_equal(f"{name}: login", done, (0, "", ""))
        check_equal(f"{name}: type", verb(binary, demo, "type", "seq 1 3000", "--verify", "--enter"), (0, "", ""))
        check_equal(f"{name}: the last row of seq", verb(binary, demo, "wait", "--text", "^3000$"), (0, "3000\n", ""))
        check_equal(f"{name}: clear", verb(binary, demo, "type", "clear", "--verify", "--enter"), (0, "", ""))
        guest_prompt(binary, demo, name)
        # In the pauses the last numbers stand still; at full speed none might be in two frames.
        loop = "while true; do seq 1 3000; sleep 1; done"
        check_equal(f"{name}: type a loop", verb(binary, demo, "type", loop, "--verify", "--enter"), (0, "", ""))
        for what, pattern in NEVER.items():
            code, out, _ = verb(binary, demo, "wait", "--text", pattern, "--timeout", "10s")
            check_equal(f"{name}: {what} is not found", (code, out), (TIME_LIMIT, ""))
        code, out, err = verb(binary, demo, "wait", "--text", r"^2\d\d\d$")
        is_found = (code, err) == (0, "") and re.fullmatch(r"2\d\d\d\n", out) is not None
        check(f"{name}: a number is found while it scrolls", is_found, (code, out, err))
        check_equal(f"{name}: Ctrl-C", verb(binary, demo, "key", "ctrl-c"), (0, "", ""))
        guest_prompt(binary, demo, name)
        with filmed(guest) as camera:
            done = verb(binary, demo, "type", "--env", "ROOT_PASSWORD", "--blind", env=root)
            check_equal(f"{name}: a secret is typed blindly", done, (0, "", ""))
            guest.shows(PROMPT + " " + ROOT_PASSWORD)
        found = showing(texts(binary, camera.pictures), [ROOT_PASSWORD])
        check(f"{name}: pictures show it", f"{PROMPT} {ROOT_PASSWORD}" in found, found)


def guest_prompt(binary: str, demo: Demo, name: str) -> None:
    """Waits for the shell."""
    check_equal(f"{name}: a prompt", verb(binary, demo, "wait", "--text", f"{PROMPT}$"), (0, f"{PROMPT}\n", ""))
