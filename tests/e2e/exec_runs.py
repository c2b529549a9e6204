"""Many runs of `exec`: lengths of outputs, and exit codes."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from exec_guests import Prompt, at_once, bytes_of, runs, sha1
from harness import check_equal
from linux_guest import BOCHS, VGA_TEXT

# Whether all is to be run: that takes an hour.
IS_ALL = sys.argv[3:] == ["all"]

SHELLS = ["bash", "dash", "sh"]

# How many runs there are in CI, and how many of them are longer than 32 KiB.
OUTPUTS, LONG_OUTPUTS = 52, 6

MESSAGES = "(while :; do echo a message of a length that goes on in the next row, with 1234 > /dev/kmsg; sleep 1; done) &"


def lengths() -> list[int]:
    """From 0 to 256 KiB; the longest come first, so that the last guest is not waited for long."""
    chance = random.Random(13)
    longest = 256 << 10
    long = [longest, longest - 1, *(chance.randrange(32 << 10, longest) for _ in range((48 if IS_ALL else LONG_OUTPUTS) - 2))]
    # As many of each number of digits.
    short = [0, 1, 2, 3, *(int(2 ** chance.uniform(2, 15)) for _ in range(OUTPUTS - LONG_OUTPUTS - 4))]
    return sorted([*long, *short], reverse=True)


def many_outputs(binary: str, pictures: Path) -> None:
    """Random bytes of many lengths. On every other guest the kernel writes onto the console in between."""
    noisy = set()

    def work(prompt: Prompt, count: int) -> None:
        if prompt.is_noisy and prompt not in noisy:
            noisy.add(prompt)
            prompt.guest.run("echo on > /proc/sys/kernel/printk_devkmsg")
            prompt.guest.send(MESSAGES)
        true = bytes_of(prompt.guest, "/run/bytes", count)
        start = time.monotonic()
        code, out, said = runs(binary, prompt.demo, "cat /run/bytes")
        said = "".join(line for line in said.splitlines(True) if "takes about" not in line)
        kind = "with messages of the kernel" if prompt.is_noisy else "quiet"
        check_equal(f"exec: {count} random bytes, {kind}, {time.monotonic() - start:.0f} s", (code, sha1(out), said), (0, true, ""))

    at_once(binary, [(BOCHS, "bash"), (BOCHS, "noisy"), (BOCHS, "dash"), (VGA_TEXT, "noisy")], lengths(), work)


def exit_codes(binary: str, pictures: Path) -> None:
    """All of them, in three shells: each in all, or in the one whose turn it is."""
    if IS_ALL:
        for shell in SHELLS:
            check_codes(binary, [shell] * 6)
    else:
        check_codes(binary, SHELLS * 2)


def check_codes(binary: str, shells: list[str]) -> None:
    """Runs all exit codes on guests with these shells."""

    def work(prompt: Prompt, code: int) -> None:
        done = runs(binary, prompt.demo, f"exit {code}")
        check_equal(f"exec: exit code {code} in {prompt.shell}", done, (code, b"", ""))

    at_once(binary, [(VGA_TEXT, shell) for shell in shells], range(256), work)
