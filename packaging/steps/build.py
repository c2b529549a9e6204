"""Builds the program for each target, with the same bytes wherever the sources are."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from steps.hosts import emulator
from steps.project import ROOT, Project, ReleaseError, run

# In the order of building. Their names are those of Rust.
TARGETS = [
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
    "x86_64-pc-windows-gnu",
    "aarch64-apple-darwin",
    "x86_64-apple-darwin",
]

# A build for checks of packages: without link-time optimization, which takes longer than the rest.
QUICK = {
    "CARGO_PROFILE_RELEASE_LTO": "off",
    "CARGO_PROFILE_RELEASE_CODEGEN_UNITS": "16",
    "CARGO_PROFILE_RELEASE_PACKAGE_ECS_VNC_OPT_LEVEL": "1",
}


@dataclass
class Toolchain:
    """Where `.ci/cross-toolchain` has put the compilers, and where they build."""

    directory: Path
    target_dir: Path

    def environment(self, project: Project, quick: bool) -> dict[str, str]:
        """The variables of a build. No path of this machine gets into the program."""
        registry = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo")) / "registry" / "src"
        crates = sorted(registry.iterdir()) if registry.is_dir() else []
        paths = [(ROOT, "/ecs-vnc"), (self.target_dir, "/target"), (self.directory, "/toolchain")]
        paths += [(path, "/crates") for path in crates]
        # The last one that fits counts.
        flags = [f"--remap-path-prefix={path}={name}" for path, name in paths]
        return {
            **os.environ,
            "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(flags),
            # What C files say of their own path.
            "CFLAGS": " ".join(f"-ffile-prefix-map={path}={name}" for path, name in paths),
            "CARGO_INCREMENTAL": "0",
            "CROSS_TARGET_DIR": str(self.target_dir),
            "SOURCE_DATE_EPOCH": str(project.epoch),
            "ZERO_AR_DATE": "1",
            **(QUICK if quick else {}),
        }


def program(target: str) -> str:
    """The name of the program's file."""
    return "ecs-vnc.exe" if "windows" in target else "ecs-vnc"


def missing(target: str) -> str | None:
    """Why a target cannot be built on this machine, if it cannot."""
    is_mac = platform.system() == "Darwin"
    if "apple" in target and not is_mac:
        return "macOS programs need a Mac: the libraries of the system are not to be had elsewhere"
    if "apple" not in target and is_mac:
        return "a Mac builds for macOS only"
    if not is_mac and shutil.which("apt-get") is None:
        return "the cross compilers come from Debian's packages: use Debian 12"
    if "linux" in target:
        if shutil.which("rpmbuild") is None:
            return "rpmbuild is not there: apt-get install rpm"
        processor = target.split("-")[0]
        if processor != platform.machine() and emulator(processor) is None:
            return f"qemu-{processor} is not there: apt-get install qemu-user-static"
    return None


def build(project: Project, target: str, toolchain: Toolchain, quick: bool = False) -> Path:
    """Builds the program for a target, and returns its file."""
    env = toolchain.environment(project, quick)
    if "apple" in target:
        env["CARGO_TARGET_DIR"] = str(toolchain.target_dir)
        command = ["cargo", "build", "--release", "--locked", "--target", target]
    else:
        run([ROOT / ".ci/cross-toolchain", toolchain.directory])
        cross = [str(ROOT / ".ci/cross-cargo"), str(toolchain.directory), target]
        command = [*cross, "rustc", "--release", "--bin", "ecs-vnc"]
        if "musl" in target:
            # zig brings musl's own start files.
            command += ["--", "-C", "link-self-contained=no"]
    if subprocess.run(command, cwd=ROOT, env=env, check=False).returncode != 0:
        raise ReleaseError(f"the program for {target} was not built: see above")
    built = toolchain.target_dir / target / "release" / program(target)
    if not built.is_file():
        raise ReleaseError(f"the build has ended well, but {built} is not there")
    return built


def verify(target: str, built: Path) -> str:
    """Looks at the program without starting it, and says its size."""
    content = built.read_bytes()
    if "linux" in target and b"ld-musl" in content:
        raise ReleaseError(f"{built} is not static: it names a loader")
    return f"{len(content) / 1e6:.1f} MB"
