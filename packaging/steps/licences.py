"""Collects the licences of everything in the program: crates, standard libraries, noVNC and fonts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from glob import glob
from pathlib import Path
from typing import Any

from steps.build import Toolchain
from steps.project import ROOT, Project, ReleaseError, run

# A crate's own files with licences and notices.
NAMES = re.compile(r"(LICEN[CS]E|COPYING|NOTICE|UNLICENSE|COPYRIGHT)", re.IGNORECASE)

RULE = "=" * 80

# Where the toolchain has zig, and where Debian has the licences of its packages.
ZIG = "zig-venv/lib/python3*/site-packages/ziglang"
DEBIAN = "/usr/share/doc"

# What the linker adds to a program, by a word of its target: the file with the licence, the name, the licence.
LINKED = {
    "musl": [
        (f"{ZIG}/lib/libc/musl/COPYRIGHT", "musl, the C library", "MIT"),
        (f"{ZIG}/lib/libunwind/LICENSE.TXT", "libunwind of LLVM", "Apache-2.0 WITH LLVM-exception"),
        (f"{ZIG}/LICENSE", "runtime library of zig", "MIT"),
    ],
    "windows": [
        (f"{DEBIAN}/mingw-w64-x86-64-dev/copyright", "mingw-w64", "ZPL-2.1"),
        (f"{DEBIAN}/gcc-mingw-w64-base/copyright", "libgcc", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    ],
}


@dataclass
class Part:
    """A part of the program that has a licence of its own."""

    name: str
    version: str
    licence: str
    # Texts, by the names of their files.
    texts: dict[str, str] = field(default_factory=dict)
    authors: list[str] = field(default_factory=list)
    source: str | None = None

    @property
    def title(self) -> str:
        """The name, with the version if there is one."""
        return f"{self.name} {self.version}".strip()


def metadata(target: str) -> dict[str, Any]:
    """What cargo says of all crates that a target needs."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
    result: dict[str, Any] = json.loads(run([*command], cwd=ROOT))
    return result


def linked(meta: dict[str, Any]) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """The crates whose code is in the program, with the ids of those that each depends on. Crates that only help to
    build (procedural macros, build scripts) are not."""
    packages = {package["id"]: package for package in meta["packages"]}
    nodes = {node["id"]: node for node in meta["resolve"]["nodes"]}

    def is_macro(identity: str) -> bool:
        return any("proc-macro" in target["kind"] for target in packages[identity]["targets"])

    def below(identity: str) -> list[str]:
        found = []
        for dependency in nodes[identity]["deps"]:
            is_normal = any(kind["kind"] is None for kind in dependency["dep_kinds"])
            if is_normal and not is_macro(dependency["pkg"]):
                found.append(dependency["pkg"])
        return sorted(found)

    seen, queue = set(), [meta["resolve"]["root"]]
    while queue:
        identity = queue.pop()
        if identity not in seen:
            seen.add(identity)
            queue += below(identity)
    for identity in sorted(seen, key=lambda one: (packages[one]["name"], packages[one]["version"])):
        yield packages[identity], below(identity)


def texts_in(directory: Path) -> dict[str, str]:
    """The licence files of a directory and of its folder for them."""
    files = [path for path in sorted(directory.iterdir()) if path.is_file() and NAMES.match(path.name)]
    for folder in ("LICENSES", "licenses"):
        if (directory / folder).is_dir():
            files += [path for path in sorted((directory / folder).iterdir()) if path.is_file()]
    sources = {".rs", ".toml", ".py", ".c", ".h"}
    return {
        path.name: path.read_text(encoding="utf-8", errors="replace") for path in files if path.suffix not in sources
    }


def crates(target: str) -> list[Part]:
    """All crates in the program but this one."""
    parts = []
    for package, _ in linked(metadata(target)):
        if package["source"] is None:
            continue
        licence = (package["license"] or "see the text").replace("/", " OR ")
        texts = texts_in(Path(package["manifest_path"]).parent)
        parts.append(
            Part(package["name"], package["version"], licence, texts, package["authors"], package["repository"])
        )
    return parts


def embedded() -> list[Part]:
    """noVNC and the fonts, whose files are in this repository."""
    novnc = ROOT / "src/page/novnc"
    version = re.search(r"^# noVNC (\S+)", (novnc / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    if version is None:
        raise ReleaseError("src/page/novnc/README.md does not say its version")
    mpl = {**texts_in(novnc), "LICENSE.MPL-2.0": (novnc / "docs/LICENSE.MPL-2.0").read_text(encoding="utf-8")}
    parts = [
        Part("noVNC", version[1], "MPL-2.0", mpl, source="https://github.com/novnc/noVNC"),
        Part("pako, in noVNC", "", "MIT", texts_in(novnc / "vendor/pako")),
    ]
    expressions = {
        "seabios": "public domain",
        "console-setup": "public domain, and permissive licences",
        "edk2": "BSD-2-Clause-Patent",
        "spleen": "BSD-2-Clause",
        "console-ofl": "OFL-1.1",
        "unicode-ofl": "OFL-1.1",
    }
    for directory in sorted((ROOT / "src/font/data").iterdir()):
        # What was observed is no font.
        if directory.is_dir() and directory.name != "observed":
            texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(directory.glob("*.txt"))}
            if directory.name not in expressions or not texts:
                raise ReleaseError(f"packaging/steps/licences.py knows no licence of {directory}")
            parts.append(Part(f"fonts of {directory.name}", "", expressions[directory.name], texts))
    return parts


def runtime(target: str, toolchain: Toolchain) -> list[Part]:
    """The standard library, the C library and what else the linker adds."""
    sources = toolchain.directory / "rust/usr/lib/rustlib/src/rust"
    if not sources.is_dir():
        sources = Path(run(["rustc", "--print", "sysroot"]).strip()) / "share/doc/rust"
    copyright_files = [path for path in sorted(sources.iterdir()) if path.name.startswith(("COPYRIGHT", "LICENSE"))]
    texts = {path.name: path.read_text(encoding="utf-8", errors="replace") for path in copyright_files}
    if not texts:
        raise ReleaseError(f"no licence of Rust's standard library in {sources}")
    parts = [Part("Rust's standard library", "", "MIT OR Apache-2.0", texts)]
    for file, name, licence in [part for word, added in LINKED.items() if word in target for part in added]:
        found = sorted(glob(str(toolchain.directory / file)))
        if not found:
            raise ReleaseError(f"no licence of {name}: {toolchain.directory / file} is not there")
        text = Path(found[0]).read_text(encoding="utf-8", errors="replace")
        parts.append(Part(name, "", licence, {Path(found[0]).name: text}))
    return parts


def document(project: Project, parts: list[Part]) -> str:
    """The file THIRD-PARTY-LICENSES: a list of all parts, and then each text once, with the parts that it is of."""
    lines = [f"{project.name} {project.version} contains these parts. The texts of their licences follow.", ""]
    lines += [f"{part.title}: {part.licence}" + (f" <{part.source}>" if part.source else "") for part in parts]
    by_text: dict[str, tuple[str, list[str]]] = {}
    for part in parts:
        texts = part.texts or {"": standard_text(part)}
        for text in texts.values():
            # Indentation and the ends of lines differ between copies of one text.
            key = " ".join(text.split())
            by_text.setdefault(key, (text, []))[1].append(part.title)
    for text, titles in by_text.values():
        lines += ["", RULE, *sorted(set(titles)), RULE, "", text.strip()]
    return "\n".join(lines).replace("\r", "") + "\n"


def standard_text(part: Part) -> str:
    """The text of the licence that a part names, if it brings none: that of MIT with its authors, or Apache-2.0."""
    if "MIT" in part.licence:
        permission = (ROOT / "LICENSE-MIT").read_text(encoding="utf-8").partition("Permission is hereby")
        authors = ", ".join(part.authors) or f"the authors of {part.name}"
        return f"MIT License\n\nCopyright (c) {authors}\n\n{permission[1]}{permission[2]}"
    if "Apache-2.0" in part.licence:
        return (ROOT / "LICENSE-APACHE").read_text(encoding="utf-8")
    raise ReleaseError(f"{part.title} ({part.licence}) brings no licence text: add it to packaging/steps/licences.py")


def without_text(parts: list[Part]) -> list[str]:
    """The parts that bring no licence text, which a person should look at."""
    return [f"{part.title} ({part.licence})" for part in parts if not part.texts]
