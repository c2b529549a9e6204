"""Finds what starts the programs of a target on this machine: nothing, an emulator of the processor, or Wine."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from steps.project import ROOT, ReleaseError, run

# Debian has the programs of Wine there.
WINE_DIRECTORY = "/usr/lib/wine"

# Wine says nothing of its own, and asks for no further parts.
WINE_VARIABLES = {"WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe="}


@dataclass
class Host:
    """What starts the programs of a target."""

    # For people: `here`, `under Wine`.
    name: str
    # The words before the program.
    words: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)

    def path(self, file: Path) -> str:
        """A file of this machine as the program has to be told of it."""
        return "Z:" + str(file).replace("/", "\\") if "WINEPREFIX" in self.variables else str(file)


@contextmanager
def host(target: str, directory: Path) -> Iterator[Host | None]:
    """The host for the programs of a target, if there can be one. It puts its own files into a directory."""
    processor, machine, system = target.split("-")[0], platform.machine(), platform.system()
    if "linux" in target and system == "Linux":
        words = [] if processor == machine else emulator(processor)
        yield None if words is None else Host("under qemu-user" if words else "here", words)
    elif "windows" in target and (system, machine) == ("Linux", "x86_64"):
        prefix = directory / "wine"
        variables = {**WINE_VARIABLES, "WINEPREFIX": str(prefix)}
        try:
            run([ROOT / ".ci/wine-prefix", prefix])
            yield Host("under Wine", [wine("wine64")], variables)
        finally:
            # It ends all programs of the prefix.
            server = [wine("wineserver64", "wineserver"), "-k"]
            subprocess.run(server, env={**os.environ, **variables}, check=False, timeout=60)
    # A Mac with a processor of Apple starts programs for one of Intel too, the other way it does not.
    elif "apple" in target and system == "Darwin" and (processor == "x86_64" or machine == "arm64"):
        yield Host("here")
    else:
        yield None


def emulator(processor: str) -> list[str] | None:
    """The emulator of qemu-user for a processor, if it is there."""
    found = shutil.which(f"qemu-{processor}") or shutil.which(f"qemu-{processor}-static")
    return [found] if found else None


def wine(*names: str) -> str:
    """The first of some programs of Wine that is there."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), WINE_DIRECTORY])
    for name in names:
        if found := shutil.which(name, path=path):
            return found
    raise ReleaseError(f"{names[0]} is not there: apt-get install wine64")
