"""Makes the .deb and the .rpm with the tools of Debian: dpkg-deb and rpmbuild."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from steps.archives import write_tree
from steps.layout import Contents, Entry
from steps.manifests import fields, filled
from steps.project import Project, ReleaseError, run

# What each distribution calls a processor.
DEBIAN_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def deb(project: Project, contents: Contents) -> Path:
    """Writes the .deb of a Linux target."""
    architecture = DEBIAN_ARCHITECTURES[contents.target.split("-")[0]]
    entries = contents.installed("usr/share/zsh/vendor-completions", "usr/share/doc/ecs-vnc")
    notice = filled("debian-copyright", fields(project))
    entries.append(Entry("usr/share/doc/ecs-vnc/copyright", notice.encode()))
    size = sum(len(entry.content) for entry in entries) // 1024
    control = filled("debian-control", {**fields(project), "ARCHITECTURE": architecture, "SIZE": str(size)})
    file = project.out / f"{project.name}_{project.version}-1_{architecture}.deb"
    with tempfile.TemporaryDirectory() as root:
        os.chmod(root, 0o755)
        write_tree(Path(root), [*entries, Entry("DEBIAN/control", control.encode())])
        run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", root, file], env=dated(project))
    return file


def rpm(project: Project, contents: Contents) -> Path:
    """Writes the .rpm of a Linux target."""
    if shutil.which("rpmbuild") is None:
        raise ReleaseError("rpmbuild is not there: apt-get install rpm")
    architecture = contents.target.split("-")[0]
    entries = contents.installed("usr/share/zsh/site-functions", "usr/share/licenses/ecs-vnc")
    with tempfile.TemporaryDirectory() as temporary:
        top, tree = Path(temporary), Path(temporary) / "tree"
        write_tree(tree, entries)
        values = {**fields(project), "TREE": str(tree), "FILES": "\n".join(listed(entries))}
        (top / "ecs-vnc.spec").write_text(filled("ecs-vnc.spec", values), encoding="utf-8")
        options = {"_topdir": temporary, "_rpmdir": temporary, "_buildhost": "localhost"}
        define = [word for name, value in options.items() for word in ("--define", f"{name} {value}")]
        run(
            ["rpmbuild", "-bb", "--quiet", "--target", f"{architecture}-linux", *define, top / "ecs-vnc.spec"],
            env=dated(project),
        )
        (built,) = top.glob("**/*.rpm")
        file = project.out / f"{project.name}-{project.version}-1.{architecture}.rpm"
        shutil.copyfile(built, file)
    return file


def listed(entries: list[Entry]) -> list[str]:
    """The lines of %files, with the directories that no other package has."""
    lines = ["%dir /usr/share/doc/ecs-vnc", "%dir /usr/share/licenses/ecs-vnc"]
    for entry in entries:
        kind = "%license " if "/licenses/" in entry.path else "%doc " if "/doc/" in entry.path else ""
        lines.append(f"%attr(0{entry.mode:o}, root, root) {kind}/{entry.path}")
    return lines


def dated(project: Project) -> dict[str, str]:
    """The environment in which packages get the time of the release."""
    return {**os.environ, "SOURCE_DATE_EPOCH": str(project.epoch)}
