"""Who gets a console: one session at a time, and no other user of the machine. Part of relay.py."""

from __future__ import annotations

import os
import subprocess
import tempfile
import urllib.parse
from pathlib import Path

from harness import Demo, Running, check, check_equal, sealed, until
from recording import Recording
from relay_crowd import running
from relaying import STEP, Relay, Viewer, key

# Debian's user for whoever owns nothing.
NOBODY = "nobody"


def takeover(binary: str, pictures: Path) -> None:
    """Two relays for one console: each viewer drops the other, and the relay that loses twice at once stops."""
    name = "a takeover"
    with Demo(binary) as demo, Relay.of_demo(binary, demo) as ours, Relay.of_demo(binary, demo) as theirs:
        with Viewer(ours.port()).greet() as first, Viewer(theirs.port()).greet() as second:
            check_equal(f"{name}: the first viewer hears the end", first.hears_the_end(), b"")
            told = ours.stderr_line("i-demo-linux: the console was lost: ")
            check(f"{name}: its relay says what the console says", "another session was opened" in told, told)
            check_equal(f"{name}: and serves on", ours.process.poll(), None)
            with Viewer(ours.port()).greet():
                check_equal(f"{name}: who comes back drops the second", second.hears_the_end(), b"")
                with Viewer(theirs.port()).greet() as back:
                    code = ours.ends(STEP)
                    said = [line for line in ours.err if "somebody else" in line]
                    check_equal(f"{name}: two drops within seconds end the relay", code, 11)
                    check(f"{name}: which says that somebody else is there, once", len(said) == 1 and '"ExitCode":11' in said[0], ours.err)
                    # The second relay was dropped as well, by the first's viewer: once.
                    check_equal(f"{name}: the other relay has lost once, and serves on", (theirs.told("was lost"), theirs.process.poll()), (1, None))
                    check_equal(f"{name}: and its viewer has the console", back.sees().size, (720, 400))


def as_nobody() -> list[str]:
    """What goes before a command that nobody is to run."""
    return ["setpriv", f"--reuid={NOBODY}", "--clear-groups"] if os.geteuid() == 0 else ["sudo", "-n", "-u", NOBODY]


def another_user(binary: str, pictures: Path) -> None:
    """Loopback is open to all users of the machine; the console is not."""
    name = "another user"
    with Demo(binary) as demo, Relay.of_demo(binary, demo) as relay:
        # The shell's own TCP: nobody may be able to start this suite's Python.
        script = f"exec 3<>/dev/tcp/127.0.0.1/{relay.port()} && printf 'RFB 003.008\\n' >&3 && cat <&3"
        # It ends as soon as the relay closes.
        done = subprocess.run([*as_nobody(), "bash", "-c", script], cwd="/", stdin=subprocess.DEVNULL, capture_output=True, timeout=STEP)
        told = relay.stderr_line("i-demo-linux: refused a connection")
        check(f"{name}: is refused, and told apart", "another user" in told, told)
        check_equal(f"{name}: gets not a byte", done.stdout, b"")
        check_equal(f"{name}: and nothing was minted for it", [line for line in demo.err if "DescribeInstanceVncUrl" in line], [])
        with Viewer(relay.port()).greet() as viewer:
            check(f"{name}: and the user's own viewer is served", viewer.name.startswith("i-demo-linux"), viewer.name)
        until("the end of it", STEP, lambda: any("the viewer left" in line for line in demo.err))


def another_user_at_the_link(binary: str, pictures: Path) -> None:
    """Whoever has read the link of `open` in the browser's arguments does not get in by it."""
    name = "another user at the link"
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        argv = [binary, "open", "--print", "--profile", "demo", "i-demo-linux"]
        with Running(argv, sealed(home)) as opening:
            link = urllib.parse.urlsplit(until("the link", STEP, lambda: opening.out and opening.out[0]))
            request = f"GET {link.path} HTTP/1.1\\r\\nHost: {link.netloc}\\r\\n\\r\\n"
            script = f"exec 3<>/dev/tcp/127.0.0.1/{link.port} && printf '{request}' >&3 && cat <&3"
            done = subprocess.run(
                [*as_nobody(), "bash", "-c", script], cwd="/", stdin=subprocess.DEVNULL, capture_output=True, timeout=STEP
            )
            told = opening.stderr_line("refused a connection")
            check(f"{name}: is sent away, and told apart", "another user" in told, told)
            check_equal(f"{name}: gets not a byte", done.stdout, b"")
            mine = subprocess.run(["bash", "-c", script], stdin=subprocess.DEVNULL, capture_output=True, timeout=STEP)
            check(f"{name}: and the user is led on", mine.stdout.startswith(b"HTTP/1.1 303 "), mine.stdout)


def last_words(binary: str, pictures: Path) -> None:
    """Who says something and leaves at once has said it."""
    name, count = "last words", 200
    with Recording() as server, Demo(binary, "--vnc-target", server.tcp) as demo:
        # Each is used less often than the service allows.
        instances = running(binary, demo)[: count // 25]
        with Relay.of_demo(binary, demo, instances=instances) as relay:
            said = [b"".join(key(turn * 8 + press, press % 2 == 0) for press in range(8)) for turn in range(count)]
            for turn, words in enumerate(said):
                with Viewer(relay.port(turn % len(instances))) as viewer:
                    viewer.greet().send(words)
                until("its end at the server", STEP, lambda: len(server.sessions) == turn + 1 and server.sessions[turn].has_left)
            heard = [bytes(session.heard) for session in server.sessions]
            check_equal(f"{name}: all arrive, of each of {count} viewers", heard, said)


TESTS = [takeover, another_user, another_user_at_the_link, last_words]
