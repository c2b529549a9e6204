"""Debian's packages, downloaded and unpacked below target/ without being installed; what is there is not fetched again."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

# Where everything is kept that a run makes for its guests.
CACHE = Path(__file__).resolve().parents[2] / "target" / "e2e-guest"

# Time to download a package, in seconds; a kernel has 70 MB.
LIMIT = 300


def with_lists(argv: list[str], directory: Path) -> str:
    """What a command of apt says; with new lists of packages if it fails with those that are there, or with none."""
    done = subprocess.run(argv, cwd=directory, capture_output=True, text=True, timeout=LIMIT)
    if done.returncode != 0:
        subprocess.run(["apt-get", "update", "-qq"], check=True, timeout=LIMIT)
        done = subprocess.run(argv, cwd=directory, stdout=subprocess.PIPE, text=True, check=True, timeout=LIMIT)
    return done.stdout


def unpacked(package: str, *only: str) -> Path:
    """The directory of a package's files, or of those that match the patterns of tar (`./boot/vmlinuz*`)."""
    directory = CACHE / package
    if directory.exists():
        return directory
    CACHE.mkdir(parents=True, exist_ok=True)
    with_part = CACHE / f"{package}.part"
    shutil.rmtree(with_part, ignore_errors=True)
    with_part.mkdir()
    # Its user cannot write here, which apt-get warns of.
    with_lists(["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", package], with_part)
    (archive,) = with_part.glob("*.deb")
    tar = ["tar", "--extract", "--directory", str(with_part), "--no-same-owner"]
    tar += ["--wildcards", "--no-wildcards-match-slash", *only] if only else []
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(archive)], stdout=subprocess.PIPE) as files:
        subprocess.run(tar, stdin=files.stdout, check=True, timeout=LIMIT)
    archive.unlink()
    with_part.rename(directory)
    return directory


def dependency(package: str, pattern: str) -> str:
    """The first package that this one depends on whose name matches."""
    said = with_lists(["apt-cache", "depends", package], CACHE.parent)
    found = re.search(rf"Depends: ({pattern})$", said, re.MULTILINE)
    if not found:
        raise RuntimeError(f"{package} depends on nothing like {pattern}: {said}")
    return found[1]


def libraries(program: Path) -> list[Path]:
    """The shared libraries that a program of this machine is loaded with."""
    said = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=True, timeout=LIMIT)
    return [Path(path) for path in re.findall(r"(/\S+) \(0x", said.stdout)]
