"""`check` of many instances, beside the official SDK whose screenshots tesseract reads, and as their number grows.

    target/e2e-venv/bin/python benches/check_speed.py PATH_TO_ECS_VNC [pairs] [growth] [--runs N] [--limit N] [--most N]

pairs: of the 76 instances whose names tell their state, N runs of each in turn (5 if it is not said). Medians, and the
median of the ratios of the pairs. A minute.

growth: of 10, 100, 1,000 and 10,000 instances in every state, before a service without a limit, and before one that allows
--limit requests a second (100 if it is not said), with up to --most instances (10,000). The service itself does not say how
many it allows. An instance takes two requests: with 100 a second, 10,000 take four minutes, all of it some six; with 20 a
second, seventeen and twenty.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "e2e"))

from harness import Demo, binary_of, sealed  # noqa: E402

RULES = HERE.parent / "src" / "screen_state" / "rules.toml"

# Names and the states that were told, and seconds, seconds of the processor, and MB.
Run = tuple[list[tuple[str, str]], list[float]]

# States that no healthy machine is in.
SICK = {"panic", "oops", "emergency", "initramfs", "grub-rescue", "fsck", "no-boot-device", "windows-stop", "windows-boot-error"}


def measured(argv: list[str], env: dict[str, str]) -> tuple[str, float, float, float]:
    """Its output, the seconds, those of the processor with children, and the most memory of one process in MB. wait4(2)."""
    with tempfile.TemporaryFile("w+") as out:
        start = time.monotonic()
        process = subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        out.seek(0)
        return out.read(), seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def of_demo(demo: Demo, home: str) -> dict[str, str]:
    """For programs that use the simulated account."""
    key = {"ALIBABA_CLOUD_ACCESS_KEY_ID": demo.says["AccessKeyId"], "ALIBABA_CLOUD_ACCESS_KEY_SECRET": demo.says["AccessKeySecret"]}
    return {**sealed(home), **key, "ALIBABA_CLOUD_ENDPOINT": demo.endpoint}


def right(told: list[tuple[str, str]]) -> str:
    """How many states are those in the names, and how many machines are called sick that are not."""
    wanted = [(re.fullmatch(r"state-(.+)-\d+", name)[1], state) for name, state in told]
    correct = sum(state == truth for truth, state in wanted)
    alarms = sum(state in SICK and truth not in SICK for truth, state in wanted)
    return f"{correct} of {len(told)} right, {alarms} false alarms"


def of_ours(binary: str, home: str, selected: list[str], *options: str) -> Run:
    """`check` before an account of its own: a screenshot of an instance can be had each 10 s."""
    with Demo(binary, *options) as demo:
        argv = [binary, "check", *selected, "-o", "json", "--timeout", "10m", "--profile", "demo", "--endpoint", demo.endpoint]
        out, *costs = measured(argv, sealed(home))
        return [(line["InstanceName"], line["State"]) for line in map(json.loads, out.splitlines())], costs


def of_theirs(binary: str, home: str) -> Run:
    """The SDK and tesseract before an account of their own."""
    with Demo(binary) as demo:
        out, *costs = measured([sys.executable, str(HERE / "sdk_check.py"), str(RULES), "state-*"], of_demo(demo, home))
        return [(name, state) for _, name, state in map(str.split, out.splitlines())], costs


def pairs(binary: str, home: str, options: argparse.Namespace) -> None:
    """Runs in turn: theirs, ours, theirs, ours."""
    runs: dict[str, list[Run]] = {"SDK and tesseract": [], "`ecs-vnc check`": []}
    for _ in range(options.runs):
        runs["SDK and tesseract"].append(of_theirs(binary, home))
        runs["`ecs-vnc check`"].append(of_ours(binary, home, ["state-*"]))
    print(f"| {len(runs['SDK and tesseract'][0][0])} instances | time | CPU | memory | states |\n| --- | --- | --- | --- | --- |")
    for name, each in runs.items():
        seconds, cpu, memory = (median(costs[index] for _, costs in each) for index in range(3))
        print(f"| {name} | {seconds:.1f} s | {cpu:.1f} s | {memory:.0f} MB | {right(each[0][0])} |")
    theirs, ours = runs.values()
    for index, what in enumerate(("time", "CPU", "memory")):
        ratio = median(our[1][index] / their[1][index] for our, their in zip(ours, theirs, strict=True))
        print(f"ratio of {options.runs} pairs, {what}: {ratio:.2f}", flush=True)


def growth(binary: str, home: str, options: argparse.Namespace) -> None:
    """With a limit, the number of requests decides; without, the processor."""
    print("| instances | limit | time | CPU | memory | states |\n| --- | --- | --- | --- | --- | --- |")
    for limit in (0, options.limit):
        for count in (count for count in (10, 100, 1_000, 10_000) if count <= options.most):
            limited = ["--rate-limit", str(limit)] if limit else []
            told, (seconds, cpu, memory) = of_ours(
                binary, home, ["--all", "--all-regions"], "--every-state", "--instances", str(count), *limited
            )
            known = right([(name, state) for name, state in told if name.startswith("state-")])
            print(f"| {len(told):,} | {limit or 'none'} | {seconds:.1f} s | {cpu:.1f} s | {memory:.0f} MB | {known} |", flush=True)


def main() -> None:
    """What the command line names, or all."""
    parts = {"pairs": pairs, "growth": growth}
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("parts", nargs="*", choices=[[], *parts])
    for name, number in (("runs", 5), ("limit", 100), ("most", 10_000)):
        parser.add_argument(f"--{name}", type=int, default=number)
    options = parser.parse_args()
    binary = binary_of(["", options.binary], "check_speed.py PATH_TO_ECS_VNC")
    print(f"load before: {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-bench-") as home:
        for name in options.parts or parts:
            print()
            parts[name](binary, home, options)


if __name__ == "__main__":
    main()
