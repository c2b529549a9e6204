"""Completion in real shells, as somebody who presses Tab sees it: `python completion.py PATH_TO_ECS_VNC`."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile

from pathlib import Path

from harness import binary_of, check, run, sealed
from terminal import Terminal

# How each shell is started without the machine's own settings, and how it is told to complete.
SHELLS = {
    "bash": (["--norc", "--noprofile", "-i"], "source <(COMPLETE=bash ecs-vnc)"),
    "zsh": (["-f", "-i"], "autoload -U compinit; compinit -D; source <(COMPLETE=zsh ecs-vnc)"),
    "fish": (["--no-config", "-i"], "COMPLETE=fish ecs-vnc | source"),
}

# The same with the scripts of packages, which the shells find in directories of their own.
PACKAGED = Path(__file__).resolve().parents[2] / "packaging" / "completions"
PACKAGED_SOURCES = {
    "bash": f"source {PACKAGED}/ecs-vnc.bash",
    "zsh": f"fpath=({PACKAGED} $fpath); autoload -U compinit; compinit -D",
    "fish": f"source {PACKAGED}/ecs-vnc.fish",
}


def tests(binary: str, home: str) -> list:
    """Two tests for each shell."""
    os.symlink(binary, os.path.join(home, "ecs-vnc"))

    def completes(shell: str, source: str) -> None:
        program = shutil.which(shell)
        check(f"{shell} is here", program is not None)
        flags, _ = SHELLS[shell]
        env = sealed(home, TERM="xterm", PS1="READY ", HISTFILE="")
        env["PATH"] = home + os.pathsep + env["PATH"]
        terminal = Terminal([program, *flags], env)
        # Each shell shows its prompt when it is ready; what it echoes is the proof that it has read.
        terminal.type(source + "; echo so''urced\n")
        terminal.read_until("sourced")
        # The completed line is run, so that it is seen to be whole.
        for typed, completed, instance in [
            ("i-demo-lin", "i-demo-linux", "i-demo-linux"),
            ("office", "office-01", "i-demo-windows"),
        ]:
            terminal.shown = ""
            terminal.type(f"ecs-vnc vnc-url --profile demo {typed}\t")
            terminal.read_until(completed)
            terminal.type("\n")
            terminal.read_until(f"instanceId={instance}&")
            check(f"{shell} completes {typed}", True)
        # A completion that fails says nothing: the only error is that of the command.
        terminal.shown = ""
        terminal.type("ecs-vnc vnc-url --profile nobody web\t\n")
        terminal.read_until("no profile nobody in")
        terminal.type("echo do''ne\n")
        terminal.read_until("done")
        check(f"{shell} shows no error of a completion", terminal.shown.count("no profile nobody") == 1, terminal.shown)
        terminal.type("exit\n")
        terminal.ends()

    def of(shell: str, name: str, source: str):
        def test() -> None:
            completes(shell, source)

        test.__name__ = name
        return test

    own = [of(shell, shell, source) for shell, (_, source) in SHELLS.items()]
    return own + [of(shell, f"{shell}, packaged", source) for shell, source in PACKAGED_SOURCES.items()]


def main() -> int:
    """Runs all tests."""
    binary = binary_of(sys.argv, "completion.py PATH_TO_ECS_VNC")
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        return run(tests(binary, home))


if __name__ == "__main__":
    sys.exit(main())
