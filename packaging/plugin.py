#!/usr/bin/env python3
"""Writes the archive of the plugin for the official Alibaba Cloud CLI.

    packaging/plugin.py BINARY [DIRECTORY]

BINARY is ecs-vnc for the system that the archive is for; DIRECTORY is where aliyun-cli-ecs-vnc.tar.gz is written, the
current one by default. The same binary gives the same bytes.

The archive has two files at its top, as the CLI reads them (aliyun/aliyun-cli, cli/plugin): manifest.json, and the
binary under the name of the plugin, with .exe for Windows.
"""

from __future__ import annotations

import gzip
import io
import json
import sys
import tarfile
import tomllib
from pathlib import Path

NAME = "aliyun-cli-ecs-vnc"
COMMAND = "ecs-vnc"

# cli/plugin/archive.go refuses archives above 64 MiB, and files above 128 MiB.
MAX_ARCHIVE = 64 << 20
MAX_FILE = 128 << 20

# How programs of Windows begin.
WINDOWS_MAGIC = b"MZ"


class PluginError(Exception):
    """What was wrong, and with which file."""


def manifest(version: str, description: str, binary_name: str) -> bytes:
    """manifest.json. profileRequired: an error of the CLI's own profile is told by the CLI, and no other keys are used."""
    fields = {
        "name": NAME,
        "version": version,
        "command": COMMAND,
        "shortDescription": description,
        "description": description,
        "bin": {"path": binary_name},
        "cmdNames": [COMMAND],
        "profileRequired": True,
    }
    return json.dumps(fields, indent=2).encode() + b"\n"


def add(archive: tarfile.TarFile, name: str, content: bytes, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    # Owner, group and time are 0 already.
    entry.size, entry.mode = len(content), mode
    archive.addfile(entry, io.BytesIO(content))


def archive(binary: bytes, version: str, description: str) -> bytes:
    """The archive as bytes."""
    binary_name = NAME + (".exe" if binary.startswith(WINDOWS_MAGIC) else "")
    written = io.BytesIO()
    # Without a name and a time in the head of gzip.
    with gzip.GzipFile(filename="", mode="wb", fileobj=written, mtime=0) as packed:
        with tarfile.open(mode="w", fileobj=packed, format=tarfile.USTAR_FORMAT) as files:
            add(files, binary_name, binary, 0o755)
            add(files, "manifest.json", manifest(version, description, binary_name), 0o644)
    return written.getvalue()


def write(binary: Path, directory: Path) -> Path:
    """Writes the archive of a binary, and returns its path."""
    package = tomllib.loads((Path(__file__).parent.parent / "Cargo.toml").read_text(encoding="utf-8"))["package"]
    try:
        content = binary.read_bytes()
    except OSError as error:
        raise PluginError(f"cannot read {binary}: {error.strerror}; build it first, or name another one") from error
    if len(content) > MAX_FILE:
        raise PluginError(f"{binary} has {len(content)} bytes; the CLI takes {MAX_FILE} at most: strip it")
    packed = archive(content, package["version"], package["description"])
    if len(packed) > MAX_ARCHIVE:
        raise PluginError(f"the archive of {binary} has {len(packed)} bytes; the CLI takes {MAX_ARCHIVE} at most: strip it")
    file = directory / f"{NAME}.tar.gz"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        file.write_bytes(packed)
    except OSError as error:
        raise PluginError(f"cannot write {file}: {error.strerror}") from error
    return file


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        print(write(Path(arguments[0]), Path(arguments[1] if len(arguments) == 2 else ".")))
    except PluginError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
