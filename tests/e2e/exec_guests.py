"""Runs of `exec` and `cp` on Linux guests, several guests at once: a run waits for its keys most of the time."""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from queue import Empty, SimpleQueue
from typing import TypeVar

from harness import TAKEOVER, Demo, sealed
from linux_files import FSTAB, ROOT_PASSWORD, USER_PASSWORD
from linux_guest import Display, Grub, LinuxGuest, disk, initramfs

# How long one run may take, in seconds.
LIMIT = 300

Job = TypeVar("Job")

PASSWORDS = {"ROOT": ROOT_PASSWORD, "USER": USER_PASSWORD}


def verb(binary: str, demo: Demo, *arguments: str, told: bytes = b"", cwd: str | None = None) -> tuple[int, bytes, str]:
    """A run of the program on the guest: how it has ended, its stdout, and what it has said of its work."""
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        name, *rest = arguments
        argv = [binary, name, "--profile", "demo", "--endpoint", demo.endpoint, *rest]
        done = subprocess.run(
            argv, input=told, env=sealed(home, **PASSWORDS), capture_output=True, timeout=LIMIT, check=False, cwd=cwd
        )
        return done.returncode, done.stdout, done.stderr.decode().removeprefix(TAKEOVER)


def runs(binary: str, demo: Demo, command: str, *flags: str, told: bytes = b"") -> tuple[int, bytes, str]:
    """A run of `exec`."""
    return verb(binary, demo, "exec", "i-demo-linux", *flags, "--", command, told=told)


def says(binary: str, demo: Demo, *keys: str) -> None:
    """Types a line on the console."""
    verb(binary, demo, "type", "i-demo-linux", *keys, "--enter")


def bytes_of(guest: LinuxGuest, path: str, count: int) -> str:
    """Makes a file of random bytes in the guest, and gives its SHA-1."""
    guest.run(f"head -c {count} /dev/urandom > {path}")
    return guest.run(f"sha1sum < {path}").split()[0].decode()


def sha1(data: bytes) -> str:
    """As sha1sum says it."""
    return hashlib.sha1(data).hexdigest()


class Prompt:
    """A guest with root's shell on its console: bash or, if it is to be `noisy`, bash too."""

    def __init__(self, binary: str, display: Display, shell: str, resources: ExitStack) -> None:
        self.guest = resources.enter_context(LinuxGuest(display))
        self.demo = resources.enter_context(Demo(binary, "--vnc-target", self.guest.websocket))
        self.guest.boots()
        self.guest.shows("debian login:")
        verb(binary, self.demo, "login", "i-demo-linux", "--user", "root", "--env", "ROOT")
        self.shell, self.is_noisy = shell, shell == "noisy"
        if shell not in ("bash", "noisy"):
            says(binary, self.demo, shell)


def at_once(
    binary: str, guests: Iterable[tuple[Display, str]], jobs: Iterable[Job], work: Callable[[Prompt, Job], None]
) -> None:
    """Does all jobs, each on one of the guests, which are displays and shells. The first failure is raised at the end."""
    waiting: SimpleQueue[Job] = SimpleQueue()
    for job in jobs:
        waiting.put(job)
    has_failed = threading.Event()

    def serve(display: Display, shell: str) -> None:
        with ExitStack() as resources:
            try:
                prompt = Prompt(binary, display, shell, resources)
                while not has_failed.is_set():
                    work(prompt, waiting.get_nowait())
            except Empty:
                return
            except BaseException:
                has_failed.set()
                raise

    # Made once, before several guests need them.
    initramfs()
    disk(Grub(), "", FSTAB)
    places = list(guests)
    with ThreadPoolExecutor(len(places)) as pool:
        for done in [pool.submit(serve, *place) for place in places]:
            done.result()
