"""Packs a program as a wheel, which pip and uv install. Source: PEP 427, PEP 425, and the core metadata of PyPA."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from steps import archives
from steps.build import program
from steps.layout import Contents, Entry, manual_pages, of
from steps.project import ROOT, Project

# The systems that pip takes a program for. A static one runs with any C library.
PLATFORMS = {
    "x86_64-unknown-linux-musl": "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
    "aarch64-unknown-linux-musl": "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
    "x86_64-pc-windows-gnu": "win_amd64",
    "aarch64-apple-darwin": "macosx_11_0_arm64",
    "x86_64-apple-darwin": "macosx_10_12_x86_64",
}


def wheel(project: Project, target: str) -> Path:
    """The wheel of a target."""
    return project.out / f"{stem(project)}-py3-none-{PLATFORMS[target]}.whl"


def stem(project: Project) -> str:
    """The start of the names of files and directories."""
    return f"{project.name.replace('-', '_')}-{project.version}"


def write(project: Project, contents: Contents) -> None:
    """Writes the wheel of a target."""
    data, info = f"{stem(project)}.data", f"{stem(project)}.dist-info"
    file = program(contents.target)
    entries = [Entry(f"{data}/scripts/{file}", contents.program.read_bytes(), 0o755)]
    if "windows" not in contents.target:
        entries += [of(f"{data}/data/share/man/{path}", page) for path, page in manual_pages()]
    entries += [of(f"{info}/licenses/{name}", ROOT / name) for name in ["LICENSE-MIT", "LICENSE-APACHE"]]
    entries += [
        Entry(f"{info}/licenses/THIRD-PARTY-LICENSES", contents.third_party.encode()),
        Entry(f"{info}/METADATA", metadata(project).encode()),
        Entry(f"{info}/WHEEL", tags(PLATFORMS[contents.target]).encode()),
    ]
    record = [f"{entry.path},sha256={digest(entry.content)},{len(entry.content)}" for entry in entries]
    # The list itself has no hash.
    record.append(f"{info}/RECORD,,")
    entries.append(Entry(f"{info}/RECORD", "\n".join([*record, ""]).encode()))
    archives.zip_file(wheel(project, contents.target), "", entries, project.epoch)


def metadata(project: Project) -> str:
    """What PyPI shows."""
    return f"""\
Metadata-Version: 2.1
Name: {project.name}
Version: {project.version}
Summary: {project.package["description"]}
License: {project.package["license"]}
Project-URL: Repository, {project.repository}
Requires-Python: >=3.7
"""


def tags(platforms: str) -> str:
    """What kind of wheel it is: not of Python code only, and for these systems."""
    each = "".join(f"Tag: py3-none-{platform}\n" for platform in platforms.split("."))
    return f"Wheel-Version: 1.0\nGenerator: ecs-vnc\nRoot-Is-Purelib: false\n{each}"


def digest(content: bytes) -> str:
    """The hash of a file as RECORD has it."""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
