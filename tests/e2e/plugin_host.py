"""A host of plugins that behaves as the official CLI's code says (aliyun/aliyun-cli, cli/plugin, openapi/commando.go and
sysconfig/safety, read in November 2026). The CLI itself is in no package registry that the tests may use.

What it does: unpacks an archive within the CLI's limits, checks its manifest, registers it, finds a plugin by its command,
resolves a profile to environment variables, asks the safety policy, and runs the binary with the command in front.
"""

from __future__ import annotations

import fnmatch
import json
import os
import subprocess
import tarfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MAX_ARCHIVE, MAX_FILE, MAX_ENTRIES = 64 << 20, 128 << 20, 10_000

# cli/plugin/reserved.go
RESERVED = {"aliyun", "configure", "version", "auto-completion", "help", "plugin", "upgrade", "oss", "ossutil", "mcp", "mock"}

PREFIX = "ALIBABA_CLOUD_"


class HostError(Exception):
    """What the host says instead of running the plugin."""


@dataclass
class Host:
    """A home with `.aliyun`, and what the user typed into `aliyun configure`."""

    home: Path
    # Variables of each profile, without their prefix, as the host has resolved them.
    profiles: dict[str, dict[str, str]]
    current: str = "default"
    # Pattern and action (deny, confirm), the first that matches counts.
    policy: list[tuple[str, str]] = field(default_factory=list)

    @property
    def plugins(self) -> Path:
        return self.home / ".aliyun" / "plugins"

    def manifest(self) -> dict[str, Any]:
        file = self.plugins / "manifest.json"
        return json.loads(file.read_text()) if file.exists() else {"plugins": {}}

    def install(self, archive: Path) -> str:
        """`aliyun plugin install --package ARCHIVE`. Returns the name of the plugin."""
        if archive.stat().st_size > MAX_ARCHIVE:
            raise HostError("the archive is too large")
        with tarfile.open(archive, "r:gz") as files:
            entries = files.getmembers()
            if len(entries) > MAX_ENTRIES or any(entry.size > MAX_FILE for entry in entries):
                raise HostError("the archive has too much in it")
            if any(entry.name.startswith(("/", "\\")) or ".." in entry.name for entry in entries):
                raise HostError("illegal path in archive")
            content = files.extractfile("manifest.json")
            if content is None:
                raise HostError("invalid plugin package: manifest.json not found")
            manifest = json.load(content)
            name, command = manifest["name"], manifest["command"].strip().lower()
            if not command or command in RESERVED:
                raise HostError(f"plugin manifest: command {command!r} conflicts with a built-in top-level command")
            directory = self.plugins / name
            directory.mkdir(parents=True)
            for entry in entries:
                # The CLI writes regular files with their mode, and knows no links.
                if entry.isreg() and (source := files.extractfile(entry)):
                    target = directory / entry.name
                    target.write_bytes(source.read())
                    target.chmod(entry.mode & 0o777)
        if not (directory / name).exists() and not (directory / f"{name}.exe").exists():
            raise HostError(f"plugin binary not found at {directory / name}")
        registered = self.manifest()
        registered["plugins"][name] = {
            "name": name,
            "version": manifest["version"],
            "path": str(directory),
            "command": manifest["command"],
            "cmdNames": manifest["cmdNames"],
            "shortDescription": manifest["shortDescription"],
            "profileRequired": manifest.get("profileRequired", True),
        }
        (self.plugins / "manifest.json").write_text(json.dumps(registered))
        return name

    def run(self, *typed: str, **more: str) -> subprocess.CompletedProcess[str]:
        """`aliyun TYPED`, without a terminal. `more` is the user's own environment."""
        flags, words = _flags_of_host(list(typed))
        command = words[0]
        plugin = next((p for p in self.manifest()["plugins"].values() if p["command"].lower() == command.lower()), None)
        if plugin is None:
            raise HostError(f"'{command}' is not a valid command or product")
        # From the command on, as it was typed.
        arguments = list(typed)[list(typed).index(command) :]
        is_help = "--help" in arguments or len(words) == 1
        env = {"PATH": os.environ["PATH"], "HOME": str(self.home), **more}
        if not is_help:
            name = flags.get("--profile", self.current)
            profile = self.profiles.get(name)
            if profile is None and plugin["profileRequired"]:
                raise HostError(f"unknown profile {name}, run configure to check")
            env |= {PREFIX + key: value for key, value in (profile or {}).items()}
            if region := flags.get("--region"):
                env[PREFIX + "REGION_ID"] = region
            self._ask_policy(":".join([command, *words[1:]]), "--yes" in flags)
        binary = Path(plugin["path"]) / plugin["name"]
        argv = [str(binary), arguments[0].lower(), *arguments[1:]]
        return subprocess.run(argv, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)

    def _ask_policy(self, command: str, is_confirmed: bool) -> None:
        """sysconfig/safety: `product:command`, with all positional words joined by colons, without regard to case."""
        action = next((action for pattern, action in self.policy if fnmatch.fnmatchcase(command.lower(), pattern.lower())), "allow")
        if action == "deny":
            raise HostError(f"operation blocked by safety policy: {command}")
        if action == "confirm" and not is_confirmed:
            raise HostError(f"Safety policy requires confirmation for: {command}; re-run the same command with --yes")


def _flags_of_host(typed: list[str]) -> tuple[dict[str, str], list[str]]:
    """The host's own flags wherever they stand, and the positional words. Flags of others have no value for it."""
    flags: dict[str, str] = {}
    words: list[str] = []
    rest = iter(typed)
    for word in rest:
        if word in ("--profile", "--region"):
            flags[word] = next(rest, "")
        elif word.startswith("-"):
            flags[word] = ""
        else:
            words.append(word)
    return flags, words
