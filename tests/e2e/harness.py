"""What sdk.py and browser.py share: counting checks, a sealed environment, and the simulated account as a process.

Nothing here waits without a limit, so that a product that hangs fails a check and does not hang the suite.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from functools import partial, update_wrapper
from pathlib import Path
from typing import Any

# What a command without a viewer says before it opens the console of the simulated account's Linux.
TAKEOVER = "opening the console of i-demo-linux; anyone already on it is disconnected\n"

_passed = 0


class CheckFailed(Exception):
    """A check that did not hold."""


def check(name: str, holds: bool, seen: object = "") -> None:
    """Counts a check that holds; `seen` explains one that does not."""
    global _passed
    if not holds:
        raise CheckFailed(f"{name}: {seen!r}")
    _passed += 1
    print(f"ok {name}", flush=True)


def check_equal(name: str, seen: object, expected: object) -> None:
    """A check that says both sides when they differ."""
    check(name, seen == expected, {"seen": seen, "expected": expected})


def run(tests: Iterable[Callable[[], None]]) -> int:
    """Runs every test, also after one has failed, and gives the exit code."""
    failed = 0
    for test in tests:
        try:
            test()
        except Exception as error:  # Whatever it is, the test did not pass.
            failed += 1
            print(f"FAILED {getattr(test, '__name__', test)}", flush=True)
            if not isinstance(error, CheckFailed):
                traceback.print_exc(file=sys.stdout)
            print(f"    {error}", flush=True)
    if _passed == 0:
        failed += 1
        print("FAILED nothing was checked")
    print(f"{_passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def sealed(home: str, **more: str) -> dict[str, str]:
    """An environment in which only the test decides: no proxy, no key and no configuration of the user's."""
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "HOME": home, "LANG": "C.UTF-8", "TZ": "UTC", "NO_PROXY": "*", "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true", **more}


def seal_this_process() -> None:
    """Takes proxies and keys away from the SDKs that run in this process."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith(("ALIBABA", "ALICLOUD", "ALIYUN")):
            del os.environ[name]


def until(what: str, limit: float, probe: Callable[[], Any]) -> Any:
    """Waits until `probe` gives something, and gives that."""
    ends = time.monotonic() + limit
    while time.monotonic() < ends:
        if found := probe():
            return found
        time.sleep(0.02)
    raise TimeoutError(f"{what}: not within {limit:g} s")


class Running:
    """A process of ecs-vnc whose output is read as it comes."""

    def __init__(self, argv: list[str], env: dict[str, str], told: str = "") -> None:
        self.process = subprocess.Popen(
            argv, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        with self.process.stdin:
            self.process.stdin.write(told)
        self.out: list[str] = []
        self.err: list[str] = []
        self._readers = [
            threading.Thread(target=self._read, args=(self.process.stdout, self.out), daemon=True),
            threading.Thread(target=self._read, args=(self.process.stderr, self.err), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, stream: Any, lines: list[str]) -> None:
        for line in stream:
            lines.append(line.rstrip("\n"))

    def stderr_line(self, part: str, limit: float = 10) -> str:
        """Waits for a line on stderr that holds `part`."""
        return until(f"{part!r} on stderr", limit, lambda: next((line for line in self.err if part in line), None))

    def ends(self, limit: float) -> int:
        """Waits for the end and gives the exit code."""
        code = self.process.wait(limit)
        for reader in self._readers:
            reader.join(5)
        return code

    def interrupt(self) -> None:
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for reader in self._readers:
            reader.join(5)


class Demo(Running):
    """`ecs-vnc demo` on a port of its own choice."""

    def __init__(self, binary: str, *arguments: str) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-")
        super().__init__([binary, "demo", "-o", "json", *arguments], sealed(self._home.name))
        try:
            line = until("the demo's line", 20, lambda: self.out and self.out[0])
            self.says: dict[str, Any] = json.loads(line)
            self.endpoint: str = self.says["Endpoint"]
        except BaseException:
            self.__exit__()
            raise

    @property
    def authority(self) -> str:
        """`127.0.0.1:PORT`"""
        return self.endpoint.removeprefix("http://")

    def __exit__(self, *args: object) -> None:
        super().__exit__(*args)
        self._home.cleanup()


def run_to_end(argv: list[str], env: dict[str, str], limit: float = 60) -> subprocess.CompletedProcess[str]:
    """Runs a command that ends by itself."""
    return subprocess.run(argv, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit)


def binary_of(argv: list[str], usage: str) -> str:
    """The path of ecs-vnc, the first argument."""
    if len(argv) < 2 or not os.access(argv[1], os.X_OK):
        sys.exit(f"usage: python {usage}")
    return os.path.abspath(argv[1])


def main_with_pictures(usage: str, tests: Callable[[str, Path], Iterable[Callable[[], None]]]) -> int:
    """The whole of a suite that is given ecs-vnc and, perhaps, a directory for what a reader may want to see."""
    binary = binary_of(sys.argv, usage)
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as temporary:
        pictures = Path(sys.argv[2] if len(sys.argv) > 2 else temporary).resolve()
        pictures.mkdir(parents=True, exist_ok=True)
        os.environ.update(sealed(temporary))
        return run(tests(binary, pictures))


def bound(tests: Iterable[Callable[[str, Path], None]], binary: str, pictures: Path) -> list[Callable[[], None]]:
    """Tests that are given both, under their own names."""
    return [update_wrapper(partial(test, binary, pictures), test) for test in tests]
