"""What CI runs of a release: a program built quickly, and its packages, installed in a fresh Debian and started."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from steps import build, installed, manifests, started
from steps.project import ROOT, Project, ReleaseError, expect, run

TARGET = "x86_64-unknown-linux-musl"

Pack = Callable[[Project, str, build.Toolchain, Path], None]


def manual_pages() -> None:
    """The manual pages have no fault that man or mandoc warns of, and each is there in Chinese too."""
    directory = ROOT / "packaging/man"
    pages = sorted(directory.rglob("*.1"))
    expect("there are manual pages", len(pages) > 60, pages)
    names = {language: {page.name for page in (directory / language).glob("*.1")} for language in ["", "zh_CN"]}
    expect("each manual page is there in Chinese", names[""] == names["zh_CN"], names[""] ^ names["zh_CN"])
    # Chinese cannot be written in the locale C.
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    for page in pages:
        warned = subprocess.run(["man", "--warnings", "-l", page], capture_output=True, text=True, check=False, env=env)
        lint = subprocess.run(
            ["mandoc", "-T", "lint", "-W", "warning", page], capture_output=True, text=True, check=False
        )
        # Pages have no date: it would change with each release, and say nothing.
        faults = [line for line in lint.stdout.splitlines() if "missing date" not in line]
        faults += warned.stderr.splitlines()
        if faults or warned.returncode != 0:
            raise ReleaseError("\n".join([f"{page}:", *faults]))
    expect("man and mandoc have no warning", True)


def package() -> None:
    """The crate builds from its own archive."""
    env = {**os.environ, "CARGO_TARGET_DIR": os.environ.get("CARGO_TARGET_DIR", str(ROOT / "target"))}
    run(["cargo", "package", "--quiet", "--locked", "--allow-dirty"], cwd=ROOT, env=env)
    expect("cargo package builds from its own archive", True)


def same_bytes(project: Project, toolchain: build.Toolchain, built: Path, pack: Pack) -> None:
    """Packing twice, the second time with other permissions for new files, gives the same bytes."""
    again = Project(project.out.with_name(project.out.name + "-again"))
    # That of git could have changed since the build has begun.
    again.epoch = project.epoch
    shutil.rmtree(again.out, ignore_errors=True)
    again.out.mkdir(parents=True)
    before = os.umask(0o077)
    try:
        pack(again, TARGET, toolchain, built)
    finally:
        os.umask(before)
    for file in sorted(path for path in again.out.iterdir()):
        expect(f"{file.name} is made the same twice", file.read_bytes() == (project.out / file.name).read_bytes())


def parts(project: Project) -> None:
    """The list of parts is whole: each reference leads to a part, and noVNC is one of them."""
    document = json.loads((project.out / f"{project.stem(TARGET)}.cdx.json").read_text(encoding="utf-8"))
    known = {part["bom-ref"] for part in document["components"]} | {document["metadata"]["component"]["bom-ref"]}
    named = {reference for entry in document["dependencies"] for reference in [entry["ref"], *entry["dependsOn"]]}
    expect("the list of parts names parts that it has", named == known, named ^ known)
    names = {part["name"] for part in document["components"]}
    wanted = {"noVNC", "musl, the C library", "libunwind of LLVM", "ring"}
    expect("noVNC, musl, libunwind and ring are parts", wanted <= names, sorted(names))
    expect("crates of tests are no parts", not {"proptest", "snapbox"} & names)


def filled_manifests(project: Project) -> None:
    """Each manifest can be filled and read. The hashes are not those of archives."""
    there = Project(project.out / "manifests")
    left_out = manifests.write(there, {target: "0" * 64 for target in build.TARGETS})
    expect("each manifest is written", not left_out, left_out)
    json.loads((there.out / "scoop/ecs-vnc.json").read_text(encoding="utf-8"))
    run(["ruby", "-c", there.out / "homebrew/ecs-vnc.rb"])
    winget = sorted((there.out / "winget").iterdir())
    kinds = [run(["ruby", "-r", "yaml", "-e", "puts YAML.load_file(ARGV[0])['ManifestType']", file]).strip() for file in winget]
    # The community repository takes no other form. Source: winget-pkgs, doc/manifest/schema.
    expect("winget has its three manifests", sorted(kinds) == ["defaultLocale", "installer", "version"], kinds)


def run_all(project: Project, toolchain: build.Toolchain, pack: Pack) -> int:
    """Runs all checks, and says how long each step took."""
    shutil.rmtree(project.out, ignore_errors=True)
    project.out.mkdir(parents=True)
    built = Path()

    def quick_program() -> None:
        nonlocal built
        built = build.build(project, TARGET, toolchain, quick=True)
        print(f"   {build.verify(TARGET, built)}", flush=True)
        pack(project, TARGET, toolchain, built)
        print(f"   {started.check(project, TARGET)}", flush=True)

    cache = ROOT / "target/release-check"
    steps: list[tuple[str, Callable[[], None]]] = [
        ("manual pages", manual_pages),
        ("manifests", lambda: filled_manifests(project)),
        ("program", quick_program),
        ("same bytes", lambda: same_bytes(project, toolchain, built, pack)),
        ("parts", lambda: parts(project)),
        ("deb", lambda: installed.deb(project, cache)),
        ("rpm", lambda: installed.rpm(project)),
        ("arch", lambda: installed.arch(project, TARGET)),
        ("wheel", lambda: installed.wheel(project, TARGET)),
        ("container", lambda: installed.image(project, TARGET, built)),
        ("crate", package),
    ]
    for name, step in steps:
        start = time.monotonic()
        step()
        print(f"-- {name}: {time.monotonic() - start:.0f} s", flush=True)
    return 0
