"""Does what README says to a person with a fresh Debian and the .deb, and takes the time."""

from __future__ import annotations

import re
import time
from pathlib import Path

from steps.project import ROOT, ReleaseError
from steps.roots import Root

# The block of README that begins with the installation of the .deb.
BLOCK = re.compile(r"^```sh\n(sudo apt install \./.*?)^```", re.MULTILINE | re.DOTALL)

# What the block leaves behind.
PICTURE = "console.png"


def commands() -> list[str]:
    """The lines of the block, without comments and without `sudo`, which a container has not."""
    block = BLOCK.search((ROOT / "README.md").read_text(encoding="utf-8"))
    if block is None:
        raise ReleaseError("README.md has no block of sh that begins with `sudo apt install ./`")
    lines = [line.split("  #")[0].strip().removeprefix("sudo ") for line in block[1].splitlines()]
    return [line for line in lines if line]


def first_minute(root: Root, deb: Path) -> float:
    """Runs README's commands in /root of the root, where the .deb lies. Returns the seconds to the picture."""
    root.copy(deb, f"root/{deb.name}")
    start = time.monotonic()
    for line in commands():
        print(f"   # {line}", flush=True)
        # apt asks on a terminal only; `-y` is what a person would answer.
        line = line.replace("apt install", "apt-get install -qq -y")
        root.run("bash", "-c", f"cd /root && {line}")
    seconds = time.monotonic() - start
    picture = root.path(f"root/{PICTURE}").read_bytes()
    if not picture.startswith(b"\x89PNG") or len(picture) < 1000:
        raise ReleaseError(f"README's commands have left no picture in {PICTURE}")
    return seconds
