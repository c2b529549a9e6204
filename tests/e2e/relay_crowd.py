"""Many viewers: 200 at once, and 10,000 one after another, after which nothing may be left of them. Part of relay.py."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness import Demo, check, check_equal, run_to_end, sealed, until
from relaying import STEP, Relay, Viewer

AT_ONCE = 200

# In so many lines, each one after another.
ONE_AFTER_ANOTHER, LINES = 10_000, 2

# What the service takes of one instance within a minute; the relay does not even ask for more.
A_MINUTE = 30

# What may be there for a while: connections to the API, kept for the next request, and threads that look up whose a
# viewer is. Of 10,000 that stay there would be thousands.
FEW = 100

# How much the relay may grow between the first tenth of the connections and the last, in KiB. What a connection leaves
# is at least a task and its buffers, above 1 KiB: 9,000 of them would be above 9,000. An allocator's own growth by
# fragments ends early, and is below a megabyte.
GROWTH = 2048


def running(binary: str, demo: Demo) -> list[str]:
    """The account's instances that have a console."""
    argv = [binary, "list", "--profile", "demo", "--endpoint", demo.endpoint, "--ids-only", "--status", "Running", "--all-regions"]
    done = run_to_end(argv, sealed("/nonexistent"))
    check_equal("list: its exit code", done.returncode, 0)
    return done.stdout.split()


def at_once(binary: str, pictures: Path) -> None:
    """Each of 200 has its own console, and sees it; then they leave, each in its own way."""
    name = f"{AT_ONCE} at once"
    with Demo(binary) as demo:
        instances = running(binary, demo)[:AT_ONCE]
        with Relay.of_demo(binary, demo, instances=instances) as relay:
            before = relay.file_descriptors()
            viewers = [Viewer(relay.port(index)) for index in range(AT_ONCE)]
            for viewer in viewers:
                viewer.greet()
            check_equal(f"{name}: each has its own console", [viewer.name.split()[0] for viewer in viewers], instances)
            colours = [len(viewer.sees().getcolors(1 << 18)) for viewer in viewers]
            check(f"{name}: and sees it", min(colours) >= 4, colours)
            # One for each viewer and one for each console, at least.
            check(f"{name}: all are open", relay.file_descriptors() >= before + 2 * AT_ONCE, relay.file_descriptors())
            # Some are there for a while only: whose each viewer is was looked up on them.
            until(f"{name}: few threads", 60, lambda: relay.status("Threads") < 20)
            check(f"{name}: on a handful of threads", True)
            for index, viewer in enumerate(viewers):
                viewer.vanish() if index % 2 else viewer.socket.close()
            check_nothing_open(name, relay, before)
            until(f"{name}: the end of each", STEP, lambda: sum("the viewer left" in line for line in demo.err) >= AT_ONCE)
            check_equal(f"{name}: each has left", sum("the viewer left" in line for line in demo.err), AT_ONCE)
            check_equal(f"{name}: and nobody complains", relay.told("warning") + relay.told("Error"), 0)


def check_nothing_open(name: str, relay: Relay, before: int) -> None:
    """What is open beside what was open before may be a connection to the API, kept for the next request."""
    kept = 20
    until(f"{name}: the end of all", STEP, lambda: relay.file_descriptors() <= before + kept)
    check(f"{name}: nothing is left open", True)


def one_after_another(binary: str, pictures: Path) -> None:
    """Ten thousand viewers, in two lines: one in ten leaves in good order, the others vanish."""
    name = f"{ONE_AFTER_ANOTHER} one after another"
    with Demo(binary) as demo:
        # Each is used less often than the service allows, however fast this machine is.
        instances = running(binary, demo)[: ONE_AFTER_ANOTHER // (A_MINUTE - 5)]
        with Relay.of_demo(binary, demo, instances=instances) as relay:
            before = relay.file_descriptors()
            samples: list[tuple[int, int, int]] = []

            def sample() -> None:
                samples.append((relay.file_descriptors(), relay.status("Threads"), relay.status("VmRSS")))

            def line(number: int) -> None:
                for turn in range(number, ONE_AFTER_ANOTHER, LINES):
                    with Viewer(relay.port(turn % len(instances))) as viewer:
                        viewer.greet()
                        # Good order leaves a trace in the system for a minute, through which the relay has to read for
                        # each that comes: it would take longer.
                        if turn // LINES % 10:
                            viewer.vanish()
                    if number == 0 and turn % (ONE_AFTER_ANOTHER // 10) == 0:
                        sample()

            with ThreadPoolExecutor(LINES) as pool:
                # Of each its own failure, if it has one.
                list(pool.map(line, range(LINES)))
            check_nothing_open(name, relay, before)
            sample()
            check_equal(f"{name}: all were served", sum("console of" in line and "opened" in line for line in demo.err), ONE_AFTER_ANOTHER)
            check_equal(f"{name}: and nobody complains", relay.told("warning") + relay.told("Error"), 0)
            files, threads, memory = zip(*samples)
            print(f"   file descriptors {files}\n   threads {threads}\n   KiB {memory}")
            check(f"{name}: no file stays open", max(files) <= before + FEW, files)
            check(f"{name}: no thread stays", max(threads) <= FEW, threads)
            check(f"{name}: no memory stays", memory[-1] <= memory[1] + GROWTH, memory)


TESTS = [at_once, one_after_another]
