"""ecs-vnc on a real terminal: `python terminal.py PATH_TO_ECS_VNC`.

What is only true where somebody sits: prompts that do not show secrets, Ctrl-C at a prompt, colour, word of a retry,
how far a long list is.
"""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import stat
import sys
import tempfile
import termios
import threading
import time
import unicodedata
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import tmux
from harness import binary_of, check, check_equal, run, run_to_end, sealed, until

SECRET = "hunter2hunter2"


class Terminal:
    """A process with a terminal of its own, as its session's leader."""

    def __init__(self, argv: list[str], env: dict[str, str]) -> None:
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execve(argv[0], argv, env)
        self.shown = ""

    def read_until(self, part: str, limit: float = 20, *, times: int = 1) -> None:
        """Waits until the terminal has shown a text so many times."""
        ends = time.monotonic() + limit
        while self.shown.count(part) < times:
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


class SlowService:
    """Answers DescribeInstances with three pages of two instances, each after `delay` seconds."""

    INSTANCES = [("i-1", "数据库", "Running"), ("i-2", "web", "Stopped"), ("i-3", "一二三四五", "Starting")]

    def __init__(self, delay: float) -> None:
        instances = self.INSTANCES

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = parse_qs(urlsplit(self.path).query)
                number = int(query.get("NextToken", ["0"])[0])
                time.sleep(delay)
                fields = ("InstanceId", "InstanceName", "Status")
                page = [dict(zip(fields, instances[number])), dict(zip(fields, instances[0]))]
                token = str(number + 1) if number < 2 else ""
                answer = {"RequestId": "R", "NextToken": token, "Instances": {"Instance": page}}
                body = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A client that has gone is what some tests are about."""

        self._server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.env = {
            "ALIBABA_CLOUD_ENDPOINT": f"http://127.0.0.1:{self._server.server_port}",
            "ALIBABA_CLOUD_ACCESS_KEY_ID": "id",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "secret",
            "ALIBABA_CLOUD_REGION_ID": "cn-hangzhou",
        }

    def __enter__(self) -> SlowService:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def screen(shown: str) -> list[str]:
    """What stands on the screen in the end, as far as this product's output goes: ECMA-48 CR, LF, EL and SGR."""
    lines, column = [""], 0
    for part in re.findall(r"\x1b\[[?0-9;]*[A-Za-z]|.", shown, re.DOTALL):
        if part == "\r":
            column = 0
        elif part == "\n":
            lines.append("")
        elif part == "\x1b[K":
            lines[-1] = lines[-1][:column]
        elif not part.startswith("\x1b"):
            lines[-1] = lines[-1][:column] + part + lines[-1][column + 1 :]
            column += 1
    return lines


def cells(text: str) -> int:
    """How many columns a text takes: Unicode Standard Annex 11."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def tests(binary: str, home: str) -> list:
    """The tests, each with a name that says what must hold."""

    def start(*args: str, **env: str) -> Terminal:
        return Terminal([binary, *args], sealed(home, **{"TERM": "xterm-256color", **env}))

    def profile_add_asks_and_shows_no_secret() -> None:
        terminal = start("profile", "add", "prod", "--no-verify")
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

    def what_ends_a_prompt_gives_the_terminal_back() -> None:
        keys = ["cn-hangzhou\n", "LTAI5tQnAbCdEfGhIjKlMnOp\n"]
        # By the terminal's own Ctrl-C, by that of a prompt that reads it as a key, and by a signal.
        for prompt, answers, is_killed in [("Region", [], False), ("not shown): ", keys, False), ("not shown): ", keys, True)]:
            terminal = start("profile", "add", "other", "--no-verify")
            for answer in answers:
                terminal.read_until(": ")
                terminal.shown = ""
                terminal.type(answer)
            terminal.read_until(prompt)
            if "not shown" in prompt:
                terminal.until_silent()
            # Held open, so that its state outlives the process.
            slave = os.open(os.readlink(f"/proc/{terminal.pid}/fd/0"), os.O_RDWR | os.O_NOCTTY)
            if is_killed:
                os.kill(terminal.pid, signal.SIGTERM)
            else:
                terminal.type("\x03")
            code = os.waitstatus_to_exitcode(os.waitpid(terminal.pid, 0)[1])
            check_equal(f"the end of {prompt!r}, killed: {is_killed}", code, 130)
            modes = termios.tcgetattr(slave)[3]
            for name in ["ECHO", "ICANON", "ISIG"]:
                check(f"{name} after {prompt!r}, killed: {is_killed}", bool(modes & getattr(termios, name)))
            os.close(slave)
            os.close(terminal.master)
        check("nothing was added", "other" not in Path(home, ".config/ecs-vnc/config.toml").read_text())

    def a_password_on_stdin_is_asked_for_and_not_shown() -> None:
        for command, question in [
            (["login", "web-01", "--user", "root", "--stdin"], "password of root (not shown): "),
            (["type", "web-01", "--stdin", "--blind"], "text (not shown): "),
        ]:
            terminal = start(*command, ALIBABA_CLOUD_PROFILE="demo")
            terminal.read_until(question)
            terminal.until_silent()
            terminal.type("demo\n")
            check_equal(f"{command[0]} --stdin", terminal.ends(), 0)
            check(f"{command[0]} --stdin: nothing is shown", "demo\r" not in terminal.shown, terminal.shown)
            refused = start(*command, "--no-input", ALIBABA_CLOUD_PROFILE="demo")
            check_equal(f"{command[0]} --stdin --no-input", refused.ends(), 2)
            check(f"{command[0]} --stdin --no-input: why", "write it to stdin" in refused.shown, refused.shown)

    def password_set_asks_twice_and_shows_nothing() -> None:
        # Two that differ are asked for again, at most three times.
        for seconds, code in [(["abc123"], 0), (["abc124", "abc123"], 0), (["abc124"] * 3, 2)]:
            terminal = start("password", "set", "--profile", "demo", "i-demo-linux")
            for turn, second in enumerate(seconds):
                for prompt, answer in [("New VNC password", "abc123"), ("Repeat", second)]:
                    terminal.read_until(prompt, times=turn + 1)
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

    def a_list_is_coloured_on_a_terminal_and_in_line() -> None:
        with SlowService(0) as service:
            for env, flags, coloured in [
                ({}, [], True),
                ({"NO_COLOR": "1"}, [], False),
                ({}, ["--color", "never"], False),
                ({"TERM": "dumb"}, [], False),
            ]:
                terminal = start("list", *flags, **{**service.env, **env})
                check_equal(f"list ends with 0 {env} {flags}", terminal.ends(), 0)
                check_equal(f"colour of a list {env} {flags}", "\x1b[32mRunning\x1b[0m" in terminal.shown, coloured)
                lines = screen(terminal.shown)
                check_equal("lines", len(lines), 8)
                for first, last in [(0, 5), (5, 7)]:  # The longest name comes last, and widens what follows.
                    ends = {cells(re.split("Running|Stopped|Starting|STATUS", line)[0]) for line in lines[first:last]}
                    check_equal(f"columns {first} to {last}", len(ends), 1)
            piped = run_to_end([binary, "list"], sealed(home, TERM="xterm-256color", **service.env))
            check("no colour in a pipe", "\x1b" not in piped.stdout + piped.stderr and "数据库" in piped.stdout)

    def who_waits_for_other_answers_is_told_for_which() -> None:
        with SlowService(2) as service:
            for verb, text in [("regions", "listing: the regions"), ("doctor", "checking credentials and permissions")]:
                terminal = start(verb, **service.env)
                terminal.read_until(text)
                terminal.ends()

    def who_waits_for_a_list_is_told_how_far_it_is() -> None:
        with SlowService(0.6) as service:
            terminal = start("list", **service.env)
            terminal.read_until("listing: 0 instances")
            terminal.read_until("listing: 4 instances")
            check_equal("the slow list ends with 0", terminal.ends(), 0)
            lines = screen(terminal.shown)
            first_words = [line.split()[0] for line in lines if line]
            check_equal("the slow list's lines", first_words, ["ID", "i-1", "i-1", "i-2", "i-1", "i-3", "i-1"])
            check_equal("nothing is left behind the list", lines[-1], "")
            for env, flags in [({}, ["-q"]), ({"TERM": "dumb"}, [])]:
                terminal = start("list", *flags, **{**service.env, **env})
                check_equal(f"list ends with 0 {flags}", terminal.ends(), 0)
                check(f"no progress {env} {flags}", "listing" not in terminal.shown, terminal.shown)
            piped = run_to_end([binary, "list"], sealed(home, TERM="xterm-256color", **service.env))
            check_equal("no progress in a pipe", piped.stderr, "")
        with SlowService(0.1) as service:
            terminal = start("list", "--timeout", "0.05", **service.env)
            check_equal("a quick failure", terminal.ends(), 40)
            check("has no progress", "listing" not in terminal.shown, terminal.shown)

    def ctrl_c_takes_the_progress_line_away() -> None:
        with SlowService(30) as service:
            terminal = start("list", **service.env)
            terminal.read_until("listing: 0 instances")
            terminal.type("\x03")
            check_equal("Ctrl-C at a list", terminal.ends(), 130)
            check_equal("nothing is left after Ctrl-C", screen(terminal.shown), [""])
            check("and lines are wrapped again", terminal.shown.rfind("\x1b[?7h") > terminal.shown.rfind("\x1b[?7l"))

    def an_instance_is_picked_from_a_list() -> None:
        env = {"ALIBABA_CLOUD_PROFILE": "demo", "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}
        with tmux.Terminal(100, 24, **env) as terminal:
            terminal.type(f"{binary} vnc-url --no-windows > /dev/null\n")
            terminal.shows("no instance is named")  # stdout is no terminal.
            terminal.type("clear\n")
            terminal.waits_behind("shell$")
            for key, code in [("Escape", 130), ("C-c", 130)]:
                terminal.type(f"{binary} key enter\n")
                terminal.shows("Esc to leave")
                row = next(line for line in terminal.lines() if "i-demo-linux" in line)
                check_equal("columns", row.split(), [">", "i-demo-linux", "web-01", "Running", "cn-hangzhou", "10.0.0.10"])
                terminal.type("office")
                until("one line is left", 20, lambda: not any("i-demo-linux" in line for line in terminal.lines()))
                terminal.press(key)
                terminal.waits_behind("shell$")
                terminal.type("echo code=$?\n")
                terminal.shows(f"code={code}")
                terminal.type("clear\n")
                terminal.waits_behind("shell$")
            terminal.resize(50, 12)
            terminal.type(f"{binary} text twin-01 --lines 1\n")
            terminal.shows("twin-01 matches 2")
            check("no row wraps", all(len(line) <= 50 for line in terminal.lines()), str(terminal.lines()))
            terminal.press("Down")
            terminal.shows("> i-demo-0101")
            terminal.press("Enter")
            terminal.shows("login:")

    def ctrl_c_at_a_question_ends_its_line() -> None:
        env = {"ALIBABA_CLOUD_PROFILE": "demo", "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}
        with tmux.Terminal(120, 12, **env) as terminal:
            for command, question in [("stop web-01", "[y/N]"), ("password set web-01", "not shown"), ("profile add x", "Region")]:
                terminal.type(f"{binary} {command}\n")
                terminal.shows(question)
                terminal.press("C-c")
                terminal.waits_behind("shell$")
                terminal.type("clear\n")
                terminal.waits_behind("shell$")

    def the_list_and_questions_are_chinese() -> None:
        env = {"ALIBABA_CLOUD_PROFILE": "demo", "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true", "ECS_VNC_LANG": "zh"}
        with tmux.Terminal(120, 12, **env) as terminal:
            terminal.type(f"{binary} text\n")
            terminal.shows("[输入以筛选，Enter 选择，Esc 退出]")
            check("the question is Chinese", "Instance" not in terminal.lines()[1], terminal.lines()[1])
            terminal.press("Escape")
            terminal.waits_behind("shell$")
            terminal.type(f"clear; {binary} stop web-01\n")
            terminal.shows("[y/N]")
            question = next(line for line in terminal.lines() if "[y/N]" in line)
            check("the question is one in Chinese", all(part in question for part in ["停止", "i-demo-linux（web-01）？", "系统将关闭"]), question)
            terminal.press("C-c")
            terminal.waits_behind("shell$")

    return [
        an_instance_is_picked_from_a_list,
        ctrl_c_at_a_question_ends_its_line,
        the_list_and_questions_are_chinese,
        profile_add_asks_and_shows_no_secret,
        what_ends_a_prompt_gives_the_terminal_back,
        a_password_on_stdin_is_asked_for_and_not_shown,
        password_set_asks_twice_and_shows_nothing,
        errors_are_coloured_where_wanted,
        who_waits_is_told_why,
        a_list_is_coloured_on_a_terminal_and_in_line,
        who_waits_for_other_answers_is_told_for_which,
        who_waits_for_a_list_is_told_how_far_it_is,
        ctrl_c_takes_the_progress_line_away,
    ]


def main() -> int:
    """Runs all tests."""
    binary = binary_of(sys.argv, "terminal.py PATH_TO_ECS_VNC")
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        return run(tests(binary, home))


if __name__ == "__main__":
    sys.exit(main())
