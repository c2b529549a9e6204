"""Says which files a package has, and where."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

from steps.build import program
from steps.project import ROOT

PACKAGING = ROOT / "packaging"


@dataclass
class Entry:
    """A file of a package: its path in it, its content and its mode."""

    path: str
    content: bytes
    mode: int = 0o644


@dataclass
class Contents:
    """What all packages of a target have."""

    target: str
    program: Path
    third_party: str

    def in_archive(self) -> list[Entry]:
        """The files of an archive, which is unpacked anywhere."""
        entries = [Entry(program(self.target), self.program.read_bytes(), 0o755)]
        for file in [
            "README.md",
            "README.zh-CN.md",
            "CHANGELOG.md",
            "LICENSE-MIT",
            "LICENSE-APACHE",
            "config.example.toml",
        ]:
            entries.append(of(file, ROOT / file))
        entries.append(Entry("THIRD-PARTY-LICENSES", self.third_party.encode()))
        if "windows" not in self.target:
            entries += [of(f"man/{path}", file) for path, file in manual_pages()]
            entries += [of(f"completions/{file.name}", file) for file in completions()]
        return sorted(entries, key=lambda entry: entry.path)

    def installed(self, zsh: str, licences: str) -> list[Entry]:
        """The files of a Linux package, from the root. Distributions differ in `zsh`, the directory of its functions,
        and in `licences`, that of licences."""
        doc = "usr/share/doc/ecs-vnc"
        entries = [
            Entry("usr/bin/ecs-vnc", self.program.read_bytes(), 0o755),
            of("usr/share/bash-completion/completions/ecs-vnc", PACKAGING / "completions/ecs-vnc.bash"),
            of(f"{zsh}/_ecs-vnc", PACKAGING / "completions/_ecs-vnc"),
            of("usr/share/fish/vendor_completions.d/ecs-vnc.fish", PACKAGING / "completions/ecs-vnc.fish"),
            of(f"{doc}/README.md", ROOT / "README.md"),
            of(f"{doc}/README.zh-CN.md", ROOT / "README.zh-CN.md"),
            of(f"{doc}/config.example.toml", ROOT / "config.example.toml"),
            of(f"{licences}/LICENSE-MIT", ROOT / "LICENSE-MIT"),
            of(f"{licences}/LICENSE-APACHE", ROOT / "LICENSE-APACHE"),
            Entry(f"{licences}/THIRD-PARTY-LICENSES.gz", compressed(self.third_party.encode())),
            Entry(f"{doc}/changelog.gz", compressed((ROOT / "CHANGELOG.md").read_bytes())),
        ]
        for path, file in manual_pages():
            entries.append(Entry(f"usr/share/man/{path}.gz", compressed(file.read_bytes())))
        return sorted(entries, key=lambda entry: entry.path)


def of(path: str, file: Path) -> Entry:
    """A file that is packed as it is."""
    return Entry(path, file.read_bytes())


def compressed(content: bytes) -> bytes:
    """The content as gzip -9n makes it."""
    return gzip.compress(content, 9, mtime=0)


def manual_pages() -> list[tuple[str, Path]]:
    """The manual pages, with their paths below `man`: `man1/ecs-vnc.1`, or `zh_CN/man1/ecs-vnc.1` for a language."""
    found = []
    for file in sorted((PACKAGING / "man").rglob("*.1")):
        language = file.parent.relative_to(PACKAGING / "man")
        found.append(((language / "man1" / file.name).as_posix(), file))
    return found


def completions() -> list[Path]:
    """The scripts that complete commands, options, profiles and instances."""
    return sorted((PACKAGING / "completions").iterdir())
