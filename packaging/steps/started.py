"""Starts the program of an archive as its first user would, on this machine, under an emulator or under Wine."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from steps import first_minute, manifests
from steps.build import program
from steps.hosts import Host, host
from steps.project import Project, ReleaseError

# How long a command may take on a busy machine, in seconds: emulators are slow, and the first start of Wine too.
LIMIT = 90


@dataclass
class Program:
    """An unpacked program, the host that starts it, and a directory that is its home and where it works."""

    file: Path
    host: Host
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """No settings and no credentials of whoever makes the release."""
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
            "ECS_VNC_HOME": self.host.path(self.home),
            **self.host.variables,
        }

    def start(self, arguments: list[str], said: Path, **variables: str) -> subprocess.Popen[bytes]:
        """Starts it. It prints to files: a pipe would not end before the services of Wine, which inherit it."""
        with said.open("wb") as out, said.with_suffix(".err").open("wb") as err:
            return subprocess.Popen(
                [*self.host.words, str(self.file), *arguments],
                cwd=self.home,
                env={**self.environment, **variables},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    def run(self, *arguments: str, **variables: str) -> str:
        """Runs it to its end, and returns what it printed."""
        said = self.home / "said"
        process = self.start(list(arguments), said, **variables)
        try:
            code = process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            raise self._failed(arguments[0], f"was not done after {LIMIT} s", said) from None
        if code != 0:
            raise self._failed(arguments[0], f"ended with {code}", said)
        return said.read_text(encoding="utf-8", errors="replace")

    @contextmanager
    def account(self) -> Iterator[dict[str, str]]:
        """Serves the simulated account. The variables lead other commands to it."""
        said = self.home / "account"
        process = self.start(["demo", "-o", "json"], said)
        try:
            end = time.monotonic() + LIMIT
            while b"\n" not in said.read_bytes():
                if process.poll() is not None or time.monotonic() > end:
                    raise self._failed("demo", "has not served anything", said)
                time.sleep(0.05)
            yield variables_of(said.read_text(encoding="utf-8").splitlines()[0])
        finally:
            process.kill()
            process.wait()

    def _failed(self, command: str, how: str, said: Path) -> ReleaseError:
        printed = (said.read_text(errors="replace"), said.with_suffix(".err").read_text(errors="replace"))
        return ReleaseError("\n".join([f"{command} {how} {self.host.name}", *printed]))


def variables_of(line: str) -> dict[str, str]:
    """The variables that lead to an account that `demo` has described."""
    says = json.loads(line)
    return {
        "ALIBABA_CLOUD_ENDPOINT": says["Endpoint"],
        "ALIBABA_CLOUD_REGION_ID": says["RegionId"],
        "ALIBABA_CLOUD_ACCESS_KEY_ID": says["AccessKeyId"],
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": says["AccessKeySecret"],
    }


def check(project: Project, target: str) -> str:
    """Unpacks the archive of a target and starts the program in it. Says what was seen."""
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-started-", ignore_cleanup_errors=True) as temporary:
        directory = Path(temporary)
        shutil.unpack_archive(manifests.archive(project, target), directory)
        home = directory / "home"
        home.mkdir()
        with host(target, directory) as found:
            if found is None:
                return "NOT STARTED: this machine cannot"
            started = Program(directory / project.stem(target) / program(target), found, home)
            return f"started {found.name}: {seen(project, started)}"


def seen(project: Project, started: Program) -> str:
    """Runs the commands of the first minute and those of an account. Says what was seen of the start."""
    expect("--version", f"{project.name} {project.version}", started.run("--version"))
    picture = started.home / first_minute.PICTURE
    for line in first_minute.commands():
        words = shlex.split(line)
        if words[0] == project.name:
            started.run(*words[1:])
    if not picture.is_file() or not picture.read_bytes().startswith(b"\x89PNG"):
        raise ReleaseError(f"README's commands have left no picture in {picture.name}")
    with started.account() as variables:
        expect("list", "i-demo-linux", started.run("list", "--name", "web-01", **variables))
        expect("vnc-url", "vncUrl=ws", started.run("vnc-url", "web-01", **variables))
        expect("text", "web-01 login:", started.run("text", "web-01", **variables))
    return f"its version in {milliseconds(started):.0f} ms, a picture, list, vnc-url, text"


def expect(command: str, part: str, printed: str) -> None:
    """Ends the release if a command has not printed what it must."""
    if part not in printed:
        raise ReleaseError(f"{command} has not printed {part!r} but {printed!r}")


def milliseconds(started: Program) -> float:
    """The time of a start: the median of a few."""
    times = []
    for _ in range(9):
        begun = time.monotonic()
        started.run("--version")
        times.append(1000 * (time.monotonic() - begun))
    return statistics.median(times)
