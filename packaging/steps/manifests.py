"""Fills the manifests of package managers with the version, addresses and hashes."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

from steps.archives import tar_gz
from steps.build import TARGETS
from steps.layout import PACKAGING, Entry
from steps.project import Project, ReleaseError

# The templates, and their names in the directory of the release, which may have placeholders too.
MANIFESTS = {
    "ecs-vnc.rb": "homebrew/ecs-vnc.rb",
    "scoop.json": "scoop/ecs-vnc.json",
    "PKGBUILD": "aur/PKGBUILD",
    "winget-version.yaml": "winget/@OWNER@.ecs-vnc.yaml",
    "winget-installer.yaml": "winget/@OWNER@.ecs-vnc.installer.yaml",
    "winget-locale.yaml": "winget/@OWNER@.ecs-vnc.locale.en-US.yaml",
}

# A placeholder in a template: `@VERSION@`.
NAME = re.compile(r"@([A-Za-z0-9_-]+)@")


def sha256(file: Path) -> str:
    """The hash of a file, in hex."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def archive(project: Project, target: str) -> Path:
    """The archive of a target."""
    return project.out / f"{project.stem(target)}.{'zip' if 'windows' in target else 'tar.gz'}"


def fields(project: Project) -> dict[str, str]:
    """What every template can name."""
    parts = project.repository.split("/")
    return {
        "NAME": project.name,
        "VERSION": project.version,
        "SUMMARY": str(project.package["description"]),
        "REPOSITORY": project.repository,
        "DOWNLOADS": project.downloads,
        "OWNER": parts[3],
        "LICENCE": str(project.package["license"]),
        # Packages need an address of their maintainer.
        "MAINTAINER": f"{project.name} <{project.name}@users.noreply.{parts[2]}>",
    }


def filled(template: str, values: dict[str, str]) -> str:
    """A file of packaging/templates with its placeholders replaced."""
    text = (PACKAGING / "templates" / template).read_text(encoding="utf-8")
    unknown = sorted(set(NAME.findall(text)) - values.keys())
    if unknown:
        raise ReleaseError(f"packaging/templates/{template} needs {', '.join(unknown)}")
    return replaced(text, values)


def replaced(text: str, values: dict[str, str]) -> str:
    """A text with its placeholders replaced."""
    return NAME.sub(lambda found: values[found[1]], text)


def write(project: Project, hashes: dict[str, str]) -> list[str]:
    """Writes the manifests of which all archives are there. Returns a line for each that was left out."""
    values = fields(project) | {f"SHA256_{target}": value for target, value in hashes.items()}
    left_out = []
    for template, name in MANIFESTS.items():
        text = (PACKAGING / "templates" / template).read_text(encoding="utf-8")
        missing = [target for target in TARGETS if f"SHA256_{target}@" in text and target not in hashes]
        if missing:
            left_out.append(f"{name}: no archive for {', '.join(missing)}")
            continue
        file = project.out / replaced(name, values)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(filled(template, values), encoding="utf-8")
    return left_out


def container(project: Project, programs: dict[str, Path]) -> None:
    """Writes what a container image is built from. `programs` are those of Linux, by target."""
    names = {"x86_64-unknown-linux-musl": "amd64", "aarch64-unknown-linux-musl": "arm64"}
    context = project.out / "container"
    linux = {names[target]: built for target, built in programs.items() if target in names}
    if not linux:
        return
    certificates = Path("/etc/ssl/certs/ca-certificates.crt")
    if not certificates.is_file():
        raise ReleaseError(f"{certificates} is not there: apt-get install ca-certificates")
    for name, built in linux.items():
        (context / name).mkdir(parents=True, exist_ok=True)
        shutil.copy(built, context / name / "ecs-vnc")
    shutil.copyfile(certificates, context / "ca-certificates.crt")
    (context / "Containerfile").write_text(filled("Containerfile", fields(project)), encoding="utf-8")


def pack(project: Project) -> None:
    """Packs the manifests, and what the container image is built from: a release has files, and no directories."""
    for name, directories in [("manifests", ["homebrew", "scoop", "aur", "winget"]), ("container", ["container"])]:
        files = [file for directory in directories for file in (project.out / directory).rglob("*") if file.is_file()]
        # Files that were moved between machines may have lost their modes.
        entries = [
            Entry(str(file.relative_to(project.out)), file.read_bytes(), 0o755 if file.name == project.name else 0o644)
            for file in sorted(files)
        ]
        if entries:
            stem = f"{name}-{project.version}"
            tar_gz(project.out / f"{stem}.tar.gz", stem, entries, project.epoch)


def checksums(project: Project) -> Path:
    """Writes SHA256SUMS over all files of the release."""
    file = project.out / "SHA256SUMS"
    files = sorted(path for path in project.out.iterdir() if path.is_file() and path != file)
    file.write_text("".join(f"{sha256(path)}  {path.name}\n" for path in files), encoding="utf-8")
    return file
