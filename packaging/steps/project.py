"""What Cargo.toml and git say of the project, and how programs are run."""

from __future__ import annotations

import os
import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

# The start of the repository's address in Cargo.toml as long as there is none.
PLACEHOLDER = "github.com/OWNER/"


class ReleaseError(Exception):
    """A step that cannot go on, and what to do about it."""


def run(argv: list[str | Path], **options: Any) -> str:
    """Runs a program, and returns what it printed. Its stderr is shown."""
    words = [str(word) for word in argv]
    done: subprocess.CompletedProcess[str] = subprocess.run(
        words, stdout=subprocess.PIPE, text=True, check=False, **options
    )
    if done.returncode != 0:
        raise ReleaseError(f"{' '.join(words)} ended with {done.returncode}\n{done.stdout}")
    return done.stdout


def expect(name: str, holds: bool, seen: object = "") -> None:
    """Ends the check if something does not hold."""
    if not holds:
        raise ReleaseError(f"{name}: {seen}")
    print(f"ok {name}", flush=True)


@dataclass
class Project:
    """The project, and the directory that the files of a release are written to."""

    out: Path

    @cached_property
    def package(self) -> Mapping[str, Any]:
        """The table [package] of Cargo.toml."""
        table: Mapping[str, Any] = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["package"]
        return table

    @property
    def name(self) -> str:
        """The name of the package and of the program."""
        return str(self.package["name"])

    @property
    def version(self) -> str:
        """The version, without `v`."""
        return str(self.package["version"])

    @property
    def repository(self) -> str:
        """The address of the repository, which no other file names."""
        return str(self.package["repository"])

    @property
    def downloads(self) -> str:
        """The address below which the files of this version are."""
        return f"{self.repository}/releases/download/v{self.version}"

    @cached_property
    def epoch(self) -> int:
        """The time of everything that is packed, in Unix seconds: SOURCE_DATE_EPOCH, or that of the last commit."""
        given = os.environ.get("SOURCE_DATE_EPOCH")
        if given:
            return int(given)
        if (ROOT / ".git").exists():
            return int(run(["git", "-C", ROOT, "log", "-1", "--format=%ct"]))
        raise ReleaseError("this is no git repository: set SOURCE_DATE_EPOCH to the time of the release")

    def stem(self, target: str) -> str:
        """The name of a target's archive, and of the directory in it."""
        return f"{self.name}-{self.version}-{target}"
