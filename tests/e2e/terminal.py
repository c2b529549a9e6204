"""ecs-vnc on a real terminal: `python terminal.py PATH_TO_ECS_VNC`.

What is only true where somebody sits: prompts that do not show secrets, Ctrl-C at a prompt, colour, word of a retry.
"""

from __future__ import annotations

import os
import pty
import select
import signal
import stat
import sys
import tempfile
import termios
import time
from pathlib import Path

from harness import binary_of, check, check_equal, run, sealed, until

SECRET = "hunter2hunter2"


class Terminal:
    """A process with a terminal of its own, as its session's leader."""

    def __init__(self, argv: list[str], env: dict[str, str]) -> None:
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execve(argv[0], argv, env)
        self.shown = ""

    def read_until(self, part: str, limit: float = 20) -> None:
        """Waits until the terminal shows a text."""
        ends = time.monotonic() + limit
        while part not in self.shown:
            if not self._read(ends):
                raise TimeoutError(f"{part!r} was not shown: {self.shown!r}")

    def type(self, text: str) -> None:
        """Types, key by key or not."""
        os.write(self.master, text.encode())

    def echoes(self) -> bool:
        """Whether the terminal shows what is typed."""
        return bool(termios.tcgetattr(self.master)[3] & termios.ECHO)

    def until_silent(self) -> None:
        """Waits until the echo is off: the prompt may be there a moment before."""
        until("no echo", 10, lambda: not self.echoes())

    def ends(self, limit: float = 20) -> int:
        """Waits for the end and gives the exit code."""
        ends = time.monotonic() + limit
        while self._read(ends):
            pass
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.master)
        return code

    def _read(self, ends: float) -> bool:
        ready, _, _ = select.select([self.master], [], [], max(0, ends - time.monotonic()))
        if not ready:
            os.kill(self.pid, signal.SIGKILL)
            return False
        try:
            piece = os.read(self.master, 4096)
        except OSError:  # Linux's word for a terminal whose processes are gone.
            return False
        self.shown += piece.decode(errors="replace")
        return bool(piece)


def tests(binary: str, home: str) -> list:
    """The tests, each with a name that says what must hold."""

    def start(*args: str, **env: str) -> Terminal:
        return Terminal([binary, *args], sealed(home, TERM="xterm-256color", **env))

    def profile_add_asks_and_shows_no_secret() -> None:
        terminal = start("profile", "add", "prod")
        terminal.read_until("Region")
        terminal.type("cn-hangzhou\n")
        terminal.read_until("AccessKeyId: ")
        terminal.type("LTAI5tQnAbCdEfGhIjKlMnOp\n")
        terminal.read_until("AccessKeySecret (not shown): ")
        terminal.until_silent()
        terminal.type(SECRET + "\n")
        check_equal("profile add ends with 0", terminal.ends(), 0)
        check("the secret is not shown", SECRET not in terminal.shown, terminal.shown)
        file = Path(home, ".config/ecs-vnc/config.toml")
        check("the secret is written", SECRET in file.read_text())
        check_equal("the file is its owner's", stat.S_IMODE(file.stat().st_mode), 0o600)

    def ctrl_c_at_a_prompt_ends_with_130_and_gives_the_echo_back() -> None:
        for prompt, answers in [("Region", []), ("not shown): ", ["cn-hangzhou\n", "LTAI5tQnAbCdEfGhIjKlMnOp\n"])]:
            terminal = start("profile", "add", "other")
            for answer in answers:
                terminal.read_until(": ")
                terminal.shown = ""
                terminal.type(answer)
            terminal.read_until(prompt)
            if "not shown" in prompt:
                terminal.until_silent()
            # Held open, so that its state outlives the process.
            slave = os.open(os.readlink(f"/proc/{terminal.pid}/fd/0"), os.O_RDWR | os.O_NOCTTY)
            terminal.type("\x03")
            code = os.waitstatus_to_exitcode(os.waitpid(terminal.pid, 0)[1])
            check_equal(f"Ctrl-C at {prompt!r}", code, 130)
            check(f"echo after {prompt!r}", bool(termios.tcgetattr(slave)[3] & termios.ECHO))
            os.close(slave)
            os.close(terminal.master)
        check("nothing was added", "other" not in Path(home, ".config/ecs-vnc/config.toml").read_text())

    def password_set_asks_twice_and_shows_nothing() -> None:
        for second, code in [("abc123", 0), ("abc124", 2)]:
            terminal = start("password", "set", "--profile", "demo", "i-demo-linux")
            for prompt, answer in [("New VNC password", "abc123"), ("again", second)]:
                terminal.read_until(prompt)
                terminal.until_silent()
                terminal.type(answer + "\n")
            check_equal(f"password set ends with {code}", terminal.ends(), code)
            check("no password is shown", "abc12" not in terminal.shown, terminal.shown)

    def errors_are_coloured_where_wanted() -> None:
        for env, flags, coloured in [
            ({}, [], True),
            ({"NO_COLOR": "1"}, [], False),
            ({}, ["--color", "never"], False),
            ({"NO_COLOR": "1"}, ["--color", "always"], True),
        ]:
            terminal = start("vnc-url", "--profile", "demo", "i-demo-stopped", *flags, **env)
            check_equal(f"exit code {env} {flags}", terminal.ends(), 5)
            check_equal(f"colour {env} {flags}", "\x1b[" in terminal.shown, coloured)

    def who_waits_is_told_why() -> None:
        terminal = start("vnc-url", "--profile", "demo", "i-demo-flaky")
        check_equal("it works in the end", terminal.ends(), 0)
        check("a retry is told", "Throttling.User" in terminal.shown and "trying again in" in terminal.shown)
        terminal = start("vnc-url", "--profile", "demo", "i-demo-flaky", "-q")
        terminal.ends()
        check("unless quiet is asked for", "trying again" not in terminal.shown, terminal.shown)

    return [
        profile_add_asks_and_shows_no_secret,
        ctrl_c_at_a_prompt_ends_with_130_and_gives_the_echo_back,
        password_set_asks_twice_and_shows_nothing,
        errors_are_coloured_where_wanted,
        who_waits_is_told_why,
    ]


def main() -> int:
    """Runs all tests."""
    binary = binary_of(sys.argv, "terminal.py PATH_TO_ECS_VNC")
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        return run(tests(binary, home))


if __name__ == "__main__":
    sys.exit(main())
