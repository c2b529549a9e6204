"""The plugin of the official CLI, from its archive to a call: `python plugin.py PATH_TO_ECS_VNC [PICTURES_DIR]`.

`python plugin.py --picture PATH_TO_ECS_VNC` writes docs/plugin.svg, which shows calls and what they print.

The host is one of the tests' own, `plugin_host.py`, which behaves as the CLI's code says. The account is that of
`ecs-vnc demo`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cast_picture
from harness import Demo, binary_of, bound, check, check_equal, main_with_pictures
from plugin_host import Host, HostError

SCRIPT = Path(__file__).parent.parent.parent / "packaging" / "plugin.py"

PICTURE = Path(__file__).parent.parent.parent / "docs" / "plugin.svg"

# What the picture shows, in a terminal of so many columns and rows.
TITLE = "aliyun ecs-vnc"
SIZE = (96, 15)
CALLS = [
    "aliyun ecs-vnc list --name 'web-0?'",
    "aliyun ecs-vnc text web-01 --lines 3",
    "aliyun ecs-vnc text db-01",
]

NAME = "aliyun-cli-ecs-vnc"

# The temporary key of the simulated account: src/demo/account.rs. The host has such keys from CloudSSO and OAuth.
KEY, SECRET, TOKEN = "STS.demo-access-key-id", "demo-sts-secret", "demo/security+token=="


def packed(binary: str, directory: Path) -> Path:
    """The archive, as the release makes it."""
    done = subprocess.run([sys.executable, SCRIPT, binary, directory], capture_output=True, text=True, check=True, timeout=120)
    return Path(done.stdout.strip())


@contextmanager
def host(binary: str, **more: str) -> Iterator[Host]:
    """A host with the plugin and a profile for the simulated account."""
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home, Demo(binary) as demo:
        directory = Path(home)
        keys = {"ACCESS_KEY_ID": KEY, "ACCESS_KEY_SECRET": SECRET, "SECURITY_TOKEN": TOKEN, "REGION_ID": "cn-hangzhou"}
        profile = {**keys, "ENDPOINT": demo.endpoint, "LANGUAGE": "en", "CONNECT_TIMEOUT": "10", "READ_TIMEOUT": "10", **more}
        made = Host(directory, {"default": profile})
        check_equal("the name of the plugin", made.install(packed(binary, directory)), NAME)
        yield made


def refused(made: Host, *typed: str) -> str:
    """What the host says instead of running the plugin."""
    try:
        done = made.run(*typed)
    except HostError as error:
        return str(error)
    return f"it ran: {done}"


def the_archive_is_the_same_each_time(binary: str, _: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as directory:
        archives = [packed(binary, Path(directory) / name).read_bytes() for name in ("one", "two")]
    digests = [hashlib.sha256(archive).hexdigest() for archive in archives]
    check_equal("the same binary gives the same archive", digests[0], digests[1])
    missing = subprocess.run([sys.executable, SCRIPT, "no-such-file"], capture_output=True, text=True, timeout=60)
    check("a binary that is not there is told", missing.returncode == 1 and "cannot read no-such-file" in missing.stderr, missing)
    # As if it were called: it imports what stands beside it.
    sys.path.insert(0, str(SCRIPT.parent))
    spec = importlib.util.spec_from_file_location("plugin_of_packaging", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for_windows = module.manifest("1", "x", f"{NAME}.exe").decode()
    check("a program of Windows has its suffix", f'"path": "{NAME}.exe"' in for_windows, for_windows)


def a_call_uses_the_profile_of_the_host(binary: str, _: Path) -> None:
    with host(binary) as made:
        own = made.home / "config.toml"
        own.write_text('default_profile = "demo"\n')
        own.chmod(0o600)
        done = made.run("ecs-vnc", "vnc-url", "web-01", ECS_VNC_CONFIG=str(own))
        check("vnc-url prints a URL", done.returncode == 0 and "vncUrl=ws" in done.stdout, done)
        upper = made.run("ECS-VNC", "list", "--name", "web-01", "-o", "json")
        check("the command in capitals", upper.returncode == 0 and '"i-demo-linux"' in upper.stdout, upper)
        text = made.run("ecs-vnc", "text", "web-01", "--profile", "default", "--region", "cn-hangzhou")
        check("flags of both are understood", text.returncode == 0 and "web-01 login:" in text.stdout, text)
        # The exit code is that of the plugin, and its hint names the program as it was called.
        stopped = made.run("ecs-vnc", "vnc-url", "db-01")
        check_equal("the exit code", stopped.returncode, 5)
        check("the hint", "aliyun ecs-vnc start i-demo-stopped" in stopped.stderr, stopped.stderr)
        told = made.run("ecs-vnc", "--help")
        check("help", told.returncode == 0 and "Usage: aliyun ecs-vnc" in told.stdout, told)
        check("help names no profile that the CLI lacks", "profile demo" not in told.stdout and "`demo`" not in told.stdout, told)


def keys_of_the_host_are_the_only_ones(binary: str, _: Path) -> None:
    with host(binary, ACCESS_KEY_ID="no-such-key") as made:
        done = made.run("ecs-vnc", "vnc-url", "web-01")
        check("keys that the account does not know", done.returncode == 3 and not done.stdout, done)
        check("a profile that the host does not have", "unknown profile prod" in refused(made, "ecs-vnc", "list", "--profile", "prod"))


def the_safety_policy_holds(binary: str, _: Path) -> None:
    with host(binary) as made:
        made.policy = [("ecs-vnc:key*", "deny"), ("ecs-vnc:type*", "confirm")]
        check("a command that is denied", "blocked by safety policy: ecs-vnc:key:web-01:enter" in refused(made, "ecs-vnc", "key", "web-01", "enter"))
        check("a command to confirm", "re-run the same command with --yes" in refused(made, "ecs-vnc", "type", "web-01", "abc"))
        # As the host tells an agent to do, at the end or in front.
        for typed in (("ecs-vnc", "type", "web-01", "abc", "--yes"), ("--yes", "ecs-vnc", "type", "web-01", "abc")):
            done = made.run(*typed)
            check(f"confirmed: {typed}", done.returncode == 0, done)
        check("others are free", made.run("ecs-vnc", "text", "web-01").returncode == 0)


def recorded(made: Host) -> str:
    """Calls as a person has them, as a recording of a terminal."""
    events = [json.dumps({"version": 2, "width": SIZE[0], "height": SIZE[1]})]
    for number, call in enumerate(CALLS):
        done = made.run(*shlex.split(call)[1:], "--color", "always")
        text = f"\x1b[1m$\x1b[0m {call}\n{done.stdout}{done.stderr}".replace("\n", "\r\n")
        events.append(json.dumps([number, "o", text]))
    events.append(json.dumps([len(CALLS), "o", ""]))
    return "\n".join(events)


def the_picture_is_that_of_the_calls(binary: str, _: Path) -> None:
    with host(binary) as made:
        drawn = cast_picture.picture(recorded(made), TITLE)
    check("the picture is that of the calls", drawn == PICTURE.read_text(), "run plugin.py --picture PATH_TO_ECS_VNC")
    check("the picture is small", len(drawn.encode()) < 20_000, len(drawn))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--picture"] and len(sys.argv) == 3:
        with host(binary_of(sys.argv[1:], "plugin.py --picture PATH_TO_ECS_VNC")) as recording:
            PICTURE.write_text(cast_picture.picture(recorded(recording), TITLE))
        sys.exit()
    suite = [
        the_archive_is_the_same_each_time,
        a_call_uses_the_profile_of_the_host,
        keys_of_the_host_are_the_only_ones,
        the_safety_policy_holds,
        the_picture_is_that_of_the_calls,
    ]
    sys.exit(main_with_pictures("plugin.py PATH_TO_ECS_VNC [PICTURES_DIR]", lambda *given: bound(suite, *given)))
