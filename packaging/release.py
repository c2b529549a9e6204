#!/usr/bin/env python3
"""Builds the files of a release: programs, archives, packages, licences, lists of parts, checksums and manifests.

    packaging/release.py                           everything that this machine can build
    packaging/release.py --targets TARGET,TARGET   some targets only
    packaging/release.py --quick --targets TARGET  to try out: without link-time optimization
    packaging/release.py --finish                  manifests and checksums of what is there already
    packaging/release.py --check                   what CI runs: one program, its packages, installed and started

Needs Debian 12, Rust and Python 3.11, or a Mac for the programs of macOS. docs/releasing.md explains the rest.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import plugin
from steps import archives, build, check, licences, linux_packages, manifests, sbom, started, wheels
from steps.layout import Contents
from steps.project import PLACEHOLDER, ROOT, Project, ReleaseError


def pack(project: Project, target: str, toolchain: build.Toolchain, built: Path) -> None:
    """Writes the archive of a target, its wheel, its packages, its plugin of the official CLI and its list of parts."""
    others = licences.runtime(target, toolchain) + licences.embedded()
    parts = licences.crates(target) + others
    bare = licences.without_text(parts)
    if bare:
        print(f"   no licence text comes with {', '.join(bare)}: the usual one is taken")
    contents = Contents(target, built, licences.document(project, parts))
    file = manifests.archive(project, target)
    write = archives.zip_file if file.suffix == ".zip" else archives.tar_gz
    write(file, project.stem(target), contents.in_archive(), project.epoch)
    licence_texts = {name: (ROOT / name).read_bytes() for name in ("LICENSE-MIT", "LICENSE-APACHE")}
    licence_texts["THIRD-PARTY-LICENSES"] = contents.third_party.encode()
    plugin_file = project.out / f"{plugin.NAME}-{project.version}-{target}.tar.gz"
    try:
        plugin.write(built, plugin_file, licence_texts, project.epoch)
    except plugin.PluginError as error:
        raise ReleaseError(str(error)) from error
    (project.out / f"{project.stem(target)}.cdx.json").write_text(sbom.sbom(project, target, others), encoding="utf-8")
    wheels.write(project, contents)
    if "linux" in target:
        linux_packages.deb(project, contents)
        linux_packages.rpm(project, contents)


def finish(project: Project) -> list[str]:
    """Writes the manifests, the archives of them and of the container, and SHA256SUMS. Returns what was left out."""
    there = {target: manifests.archive(project, target) for target in build.TARGETS}
    left_out = manifests.write(
        project, {target: manifests.sha256(file) for target, file in there.items() if file.exists()}
    )
    manifests.pack(project)
    manifests.checksums(project)
    if PLACEHOLDER in project.repository:
        left_out.append(f"Cargo.toml still names the repository {project.repository}, and so do the manifests")
    return left_out


def release(project: Project, targets: list[str], toolchain: build.Toolchain, quick: bool) -> list[str]:
    """Builds and packs the targets. Returns the targets that were not built, and why."""
    unknown = sorted(set(targets) - set(build.TARGETS))
    if unknown:
        raise ReleaseError(f"unknown targets: {', '.join(unknown)}; known are {', '.join(build.TARGETS)}")
    left_out, programs = [], {}
    shutil.rmtree(project.out, ignore_errors=True)
    project.out.mkdir(parents=True)
    for target in targets:
        reason = build.missing(target)
        if reason:
            left_out.append(f"{target}: {reason}")
            continue
        print(f"== {target}", flush=True)
        # What does not start is not among the files of the release.
        part = Project(project.out / target)
        part.out.mkdir()
        try:
            built = build.build(part, target, toolchain, quick)
            print(f"   {build.verify(target, built)}", flush=True)
            pack(part, target, toolchain, built)
            print(f"   {started.check(part, target)}", flush=True)
            for file in part.out.iterdir():
                file.rename(project.out / file.name)
            programs[target] = built
        except ReleaseError as error:
            left_out.append(f"{target}: {error}")
        shutil.rmtree(part.out)
    manifests.container(project, programs)
    return left_out


def main() -> int:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--targets", default=",".join(build.TARGETS), help="comma-separated; all by default")
    parser.add_argument("--out", type=Path, default=ROOT / "target/release-files", help="directory of the files")
    parser.add_argument(
        "--toolchain", type=Path, default=ROOT / "target/cross", help="directory of the cross compilers"
    )
    parser.add_argument("--target-dir", type=Path, help="directory that cargo builds in; below --toolchain by default")
    parser.add_argument("--quick", action="store_true", help="to try out: without link-time optimization")
    parser.add_argument("--finish", action="store_true", help="only write manifests and checksums")
    parser.add_argument("--tag", help="the tag of the release, which must be that of the version")
    parser.add_argument("--check", action="store_true", help="build quickly, install and start")
    args = parser.parse_args()
    project = Project(args.out.resolve())
    toolchain = build.Toolchain(args.toolchain.resolve(), (args.target_dir or args.toolchain / "target").resolve())
    try:
        if args.check:
            return check.run_all(project, toolchain, pack)
        if args.tag not in (None, f"v{project.version}"):
            raise ReleaseError(f"the tag is {args.tag}, and the version in Cargo.toml {project.version}")
        failed = [] if args.finish else release(project, args.targets.split(","), toolchain, args.quick)
        left_out = failed + finish(project)
    except ReleaseError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for file in sorted(path for path in project.out.iterdir() if path.is_file()):
        print(f"{file.stat().st_size / 1e6:8.1f} MB  {file.name}")
    for line in left_out:
        print(f"NOT MADE: {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
