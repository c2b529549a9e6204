"""Bytes a second of `exec` and `cp` on real Linux guests under QEMU: `python exec_speed.py PATH_TO_ECS_VNC [RUNS]`.

Prints rows of the table in docs/performance.md. The bytes are random, so that nothing is gained by compression.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "e2e"))

from exec_guests import Prompt, bytes_of, runs, sha1, verb  # noqa: E402
from linux_guest import BOCHS, VGA_TEXT  # noqa: E402

# What is read and what is typed, in bytes.
OUTPUT, UPLOAD = 64 << 10, 1000


def median_time(count: int, run: Callable[[], bool]) -> float:
    """The median time of some runs, in seconds. A wrong one ends the measurement."""
    times = []
    for _ in range(count):
        start = time.monotonic()
        if not run():
            sys.exit("a run was wrong")
        times.append(time.monotonic() - start)
    return statistics.median(times)


def measure(binary: str, count: int, name: str, prompt: Prompt, here: Path) -> None:
    """The rows of one screen."""
    true = bytes_of(prompt.guest, "/run/bytes", OUTPUT)
    data = random.Random(1).randbytes(UPLOAD)
    (here / "up").write_bytes(data)

    def cp(*places: str) -> bool:
        return verb(binary, prompt.demo, "cp", *places, cwd=str(here))[0] == 0

    def is_up() -> bool:
        return cp("up", "i-demo-linux:/run/up") and prompt.guest.run("sha1sum < /run/up").split()[0].decode() == sha1(data)

    nothing = median_time(count, lambda: runs(binary, prompt.demo, "true") == (0, b"", ""))
    print(f"| `exec -- true` | {name} | {nothing:.1f} s | |", flush=True)
    down = lambda: cp("i-demo-linux:/run/bytes", "down") and sha1((here / "down").read_bytes()) == true  # noqa: E731
    for what, length, run in [
        ("`exec`, output", OUTPUT, lambda: sha1(runs(binary, prompt.demo, "cat /run/bytes")[1]) == true),
        ("`cp` from the guest", OUTPUT, down),
        ("`exec --stdin`", UPLOAD, lambda: runs(binary, prompt.demo, "sha1sum", "--stdin", told=data)[1][:40].decode() == sha1(data)),
        ("`cp` to the guest", UPLOAD, is_up),
    ]:
        seconds = median_time(count, run)
        print(f"| {what}, {length} bytes | {name} | {seconds:.1f} s | {length / (seconds - nothing):.0f} B/s |", flush=True)


def main() -> None:
    """Both screens, one after the other."""
    binary, count = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3
    for name, display in [("80x25", VGA_TEXT), ("160x50", BOCHS)]:
        with ExitStack() as resources, tempfile.TemporaryDirectory(prefix="ecs-vnc-bench-") as here:
            measure(binary, count, name, Prompt(binary, display, "bash", resources), Path(here))


if __name__ == "__main__":
    main()
