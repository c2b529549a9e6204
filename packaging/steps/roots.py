"""Directories that programs take for the whole file system: a fresh Debian, and one with nothing in it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from steps.project import ReleaseError, run

# What runs a command in a root: a mount of /proc that ends with the command.
ENTER = 'mkdir -p "$0/proc" && mount -t proc proc "$0/proc" && exec chroot "$0" "$@"'

# Nothing of the caller's environment.
CLEAN = [
    "env",
    "-i",
    "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME=/root",
    "LC_ALL=C.UTF-8",
    "DEBIAN_FRONTEND=noninteractive",
]


def as_root(argv: list[str | Path]) -> str:
    """Runs a program as root."""
    sudo: list[str | Path] = [] if os.geteuid() == 0 else ["sudo"]
    return run([*sudo, *argv])


@dataclass
class Root:
    """A directory that is the root of the programs that are run in it."""

    directory: Path

    def path(self, name: str) -> Path:
        """A file in it, named from its root without a slash."""
        return self.directory / name

    def copy(self, file: Path, name: str) -> None:
        """Copies a file into it."""
        as_root(["install", "-D", "--mode", "755" if os.access(file, os.X_OK) else "644", file, self.path(name)])

    def run(self, *argv: str) -> str:
        """Runs a program in it, and returns what it printed."""
        return as_root(["unshare", "--mount", *CLEAN, "sh", "-c", ENTER, self.directory, *argv])


@contextmanager
def temporary() -> Iterator[Path]:
    """A directory that is removed at the end, with what only root can remove."""
    directory = Path(tempfile.mkdtemp(prefix="ecs-vnc-root-"))
    directory.chmod(0o755)
    try:
        yield directory
    finally:
        as_root(["rm", "--recursive", "--force", "--one-file-system", directory])


@contextmanager
def empty() -> Iterator[Root]:
    """A root without any file."""
    with temporary() as directory:
        yield Root(directory)


@contextmanager
def debian(cache: Path) -> Iterator[Root]:
    """A fresh Debian: the packages that every system has, and man. debootstrap makes it once; an archive keeps it."""
    archive = cache / "debian.tar"
    if not archive.exists():
        if shutil.which("debootstrap") is None:
            raise ReleaseError("debootstrap is not there: apt-get install debootstrap")
        cache.mkdir(parents=True, exist_ok=True)
        with temporary() as directory:
            part = cache / "debian.tar.part"
            as_root(["debootstrap", "--variant=minbase", "--include=man-db", "bookworm", directory])
            as_root(["tar", "--create", "--file", part, "--numeric-owner", "--directory", directory, "."])
            as_root(["mv", part, archive])
    with temporary() as directory:
        as_root(["tar", "--extract", "--file", archive, "--numeric-owner", "--directory", directory])
        yield Root(directory)
