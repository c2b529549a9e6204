"""`check` of many instances: `target/e2e-venv/bin/python benches/check_speed.py PATH_TO_ECS_VNC [pairs] [growth]`.

pairs: beside the official SDK, whose screenshots tesseract reads, of the 76 instances whose names tell their state. growth: of
10, 100 and 1,000 instances, before a service that allows 20 requests a second, and before one that allows any number.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "e2e"))

from harness import Demo, binary_of, sealed  # noqa: E402

RULES = HERE.parent / "src" / "screen_state" / "rules.toml"

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


def pairs(binary: str, home: str) -> None:
    """Each before an account of its own: a screenshot of an instance can be had each 10 s."""
    print("| 76 instances | time | CPU | memory | states |\n| --- | --- | --- | --- | --- |")
    with Demo(binary) as demo:
        argv = [binary, "check", "state-*", "-o", "json", "--profile", "demo", "--endpoint", demo.endpoint]
        out, seconds, cpu, memory = measured(argv, sealed(home))
        told = [(line["InstanceName"], line["State"]) for line in map(json.loads, out.splitlines())]
        print(f"| `ecs-vnc check` | {seconds:.1f} s | {cpu:.1f} s | {memory:.0f} MB | {right(told)} |", flush=True)
    with Demo(binary) as demo:
        argv = [sys.executable, str(HERE / "sdk_check.py"), str(RULES), "state-*"]
        out, seconds, cpu, memory = measured(argv, of_demo(demo, home))
        told = [(name, state) for _, name, state in map(str.split, out.splitlines())]
        print(f"| SDK and tesseract | {seconds:.1f} s | {cpu:.1f} s | {memory:.0f} MB | {right(told)} |", flush=True)


def growth(binary: str, home: str) -> None:
    """With a limit, the number of requests decides; without, the processor."""
    print("| instances | limit | time | CPU | memory |\n| --- | --- | --- | --- | --- |")
    for limit in (["--rate-limit", "20"], []):
        for selected in (["*", "--region", "cn-beijing"], ["cache-*"], ["--all", "--all-regions"]):
            with Demo(binary, *limit) as demo:
                argv = [binary, "check", *selected, "-o", "json", "--timeout", "10m", "--profile", "demo", "--endpoint", demo.endpoint]
                out, seconds, cpu, memory = measured(argv, sealed(home))
                count, said = len(out.splitlines()), " ".join(limit[1:]) or "none"
                print(f"| {count} | {said} | {seconds:.1f} s | {cpu:.1f} s | {memory:.0f} MB |", flush=True)


def main() -> None:
    """What the command line names, or all."""
    binary = binary_of(sys.argv, "check_speed.py PATH_TO_ECS_VNC [pairs] [growth]")
    parts = {"pairs": pairs, "growth": growth}
    print(f"load before: {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-bench-") as home:
        for name in sys.argv[2:] or parts:
            print()
            parts[name](binary, home)


if __name__ == "__main__":
    main()
