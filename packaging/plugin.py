#!/usr/bin/env python3
"""Writes the archive of the plugin for the official Alibaba Cloud CLI.

    packaging/plugin.py BINARY [DIRECTORY]

BINARY is ecs-vnc for the system that the archive is for; DIRECTORY is where aliyun-cli-ecs-vnc.tar.gz is written, the
current one by default. The same binary gives the same bytes.

The archive has two files at its top, as the CLI reads them (aliyun/aliyun-cli, cli/plugin): manifest.json, and the
binary under the name of the plugin, with .exe for Windows. A release, which calls write(), adds the licences.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

from steps.archives import tar_gz_bytes
from steps.layout import Entry

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


def archive(binary: bytes, version: str, description: str, others: dict[str, bytes], epoch: int) -> bytes:
    """The archive as bytes, with other files beside the two."""
    binary_name = NAME + (".exe" if binary.startswith(WINDOWS_MAGIC) else "")
    entries = {**others, binary_name: binary, "manifest.json": manifest(version, description, binary_name)}
    mode = {binary_name: 0o755}
    files = [Entry(name, content, mode.get(name, 0o644)) for name, content in sorted(entries.items())]
    return tar_gz_bytes(files, epoch)


def write(binary: Path, file: Path, others: dict[str, bytes] | None = None, epoch: int = 0) -> Path:
    """Writes the archive of a binary to a file, whose path it returns. `epoch` is the time of all that is in it."""
    package = tomllib.loads((Path(__file__).parent.parent / "Cargo.toml").read_text(encoding="utf-8"))["package"]
    try:
        content = binary.read_bytes()
    except OSError as error:
        raise PluginError(f"cannot read {binary}: {error.strerror}; build it first, or name another one") from error
    if len(content) > MAX_FILE:
        raise PluginError(f"{binary} has {len(content)} bytes; the CLI takes {MAX_FILE} at most: strip it")
    packed = archive(content, package["version"], package["description"], others or {}, epoch)
    if len(packed) > MAX_ARCHIVE:
        raise PluginError(f"the archive of {binary} has {len(packed)} bytes; the CLI takes {MAX_ARCHIVE} at most: strip it")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(packed)
    except OSError as error:
        raise PluginError(f"cannot write {file}: {error.strerror}") from error
    return file


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        directory = Path(arguments[1] if len(arguments) == 2 else ".")
        print(write(Path(arguments[0]), directory / f"{NAME}.tar.gz"))
    except PluginError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
