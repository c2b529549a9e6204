"""Rescues of a Linux guest by the scripts that the documents have, as they are written there."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from camera import filmed, texts
from harness import TAKEOVER, Demo, Running, sealed, until
from linux_files import FAULTY_FSTAB, FSTAB, HOSTNAME, ROOT_PASSWORD
from linux_guest import Display, Grub, LinuxGuest
from machine import START_LIMIT

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "automation.md"

# Time for a script, in seconds.
SCRIPT_LIMIT = 300

# In place of the exit code of a script that has not ended by then.
HANGS = -1

PROMPT = f"root@{HOSTNAME}:~#"


@dataclass(frozen=True)
class Rescue:
    """A guest in need, and the script that helps it."""

    name: str
    script: str
    grub: Grub
    fstab: str
    # root's password from then on.
    password: str
    # What the script prints.
    prints: str
    # Texts that stand on the screen for a while.
    scenes: list[str]
    # What root's shell says of the guest afterwards.
    question: str
    is_answer: Callable[[str], bool]


EMERGENCY = Rescue(
    "emergency mode", "rescue.ecs-vnc", Grub(timeout=1), FAULTY_FSTAB, ROOT_PASSWORD, "fstab is good\nlogin:\n",
    ["You are in emergency mode.", "(or press Control-D to continue):"],
    "cat /etc/fstab", lambda fstab: fstab == FSTAB,
)  # fmt: skip

# GRUB waits for as long as Debian's does. Of hashes, $6$ is that of the old password, and $y$ one that passwd has made.
LOST_PASSWORD = Rescue(
    "a lost password", "lost-password.ecs-vnc", Grub(timeout=5), FSTAB, "br4nd-N3w-secret",
    "GNU GRUB\nEmacs-like\n init=/bin/bash\n#\nupdated successfully\nlogin:\n",
    ["GNU GRUB", "root@(none):/#", "New password:"],
    "grep ^root: /etc/shadow", lambda line: line.startswith("root:$y$"),
)  # fmt: skip


@dataclass(frozen=True)
class Run:
    """What a rescue ended with."""

    code: int
    out: str
    err: str
    # What `text` reads in all pictures of it; the guest's rows at its end.
    read: list[Mapping[str, Any]]
    rows: tuple[str, ...]
    answer: str


def documented(name: str) -> str:
    """A file that the document has in a block."""
    found = re.search(rf"^<!-- file: {re.escape(name)} -->\n```\w*\n(.*?)^```$", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)
    if not found:
        raise RuntimeError(f"{DOCUMENT} has no file {name}")
    return found[1]


def perform(binary: str, rescue: Rescue, display: Display) -> Run:
    """Starts the guest when the script has its console, and lets the script do the rest."""
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        script = Path(home, rescue.script)
        script.write_text(documented(rescue.script))
        starting = LinuxGuest(display, rescue.grub, rescue.fstab, paused=True)
        with starting as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
            argv = [binary, "script", "--profile", "demo", "--endpoint", demo.endpoint, "i-demo-linux", str(script)]
            with filmed(guest) as camera, Running(argv, sealed(home, ROOT_PASSWORD=rescue.password)) as playing:
                try:
                    until("the script on the console", START_LIMIT, guest.has_viewer)
                except TimeoutError as error:
                    error.add_note(f"the script has ended with {playing.process.poll()} and said {playing.err}")
                    raise
                guest.qmp("cont")
                try:
                    code = playing.ends(SCRIPT_LIMIT)
                except subprocess.TimeoutExpired:
                    code = HANGS
                    print((guest.directory / "serial").read_text(errors="replace")[-2000:])
            rows, answer = (), ""
            if code == 0:
                # Once before the script has restarted it, and once after that.
                guest.boots()
                guest.boots()
                rows, answer = guest.screen().rows, guest.run(rescue.question).decode()
            out, err = ("".join(f"{line}\n" for line in lines) for lines in (playing.out, playing.err))
    return Run(code, out, err.removeprefix(TAKEOVER), texts(binary, camera.pictures), rows, answer)
