"""ecs-vnc for Windows under Wine: `python wine.py PATH_TO_ECS_VNC_EXE`.

Every verb that can run there, with consoles, Ctrl-C, Ctrl-Break and the closing of a window. Needs wine64 and
x86_64-w64-mingw32-gcc, and fails without them.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial, update_wrapper
from pathlib import Path

from harness import CheckFailed, check, check_equal, run, until
from PIL import Image

SOURCES = Path(__file__).parent / "wine"
WINE_PREFIX = Path(__file__).parents[2] / ".ci/wine-prefix"
COMPILER = "x86_64-w64-mingw32-gcc"

# How long a command may take on a busy machine, in seconds: most of it is the start of Wine.
LIMIT = 90.0

# What a configuration must not contain: every command that reads it fails.
POISON = "{ this is no configuration"


class Ended:
    """How a command ended, and what it wrote."""

    def __init__(self, code: int, out: bytes, err: bytes) -> None:
        self.code, self.raw = code, out
        # Programs of Windows, such as cmd, end their lines with both.
        self.out = out.decode(errors="replace").replace("\r\n", "\n")
        self.err = err.decode(errors="replace").replace("\r\n", "\n")


class Program:
    """A program of Windows that runs. Its output goes to files: a pipe would not end before its last grandchild."""

    def __init__(self, machine: Machine, argv: list[str], **variables: str) -> None:
        self._files = [tempfile.TemporaryFile(), tempfile.TemporaryFile()]
        self.process = subprocess.Popen(
            [machine.wine, *argv],
            env={**machine.env, **variables},
            cwd=machine.work,
            stdin=subprocess.PIPE,
            stdout=self._files[0],
            stderr=self._files[1],
            start_new_session=True,
        )

    def wrote(self, stream: int) -> str:
        """What it has written until now: 0 is stdout, 1 is stderr."""
        return os.pread(self._files[stream].fileno(), 1 << 20, 0).decode(errors="replace").replace("\r\n", "\n")

    def says(self, part: str, stream: int = 0) -> str:
        """Waits until it has written a text, and gives all of what it wrote there."""
        try:
            until(part, LIMIT, lambda: part in self.wrote(stream))
        except TimeoutError as error:
            raise TimeoutError(f"{error}; stdout {self.wrote(0)!r}, stderr {self.wrote(1)!r}") from error
        return self.wrote(stream)

    def types(self, text: str) -> None:
        """Writes to its stdin."""
        assert self.process.stdin
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def closes(self) -> None:
        """Ends its stdin. For `host terminal`, this closes the window."""
        assert self.process.stdin
        self.process.stdin.close()

    def ends(self) -> Ended:
        """Waits for the end."""
        code = self.process.wait(LIMIT)
        out, err = (os.pread(file.fileno(), 1 << 24, 0) for file in self._files)
        return Ended(code, out, err)

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, 9)
        self.process.wait()


class Machine:
    """A prefix of Wine: a Windows with a user whose files must not be read."""

    def __init__(self, binary: Path, root: Path) -> None:
        self.wine = _find("wine64")
        self._server = _find("wineserver64", "wineserver")
        self.binary, self.root = binary, root
        self.work, self.home = root / "work", root / "home"
        self.work.mkdir()
        # Wine adds the entries of the folder to each access list, also to one that inherits nothing.
        self.home.mkdir(mode=0o700)
        self.env = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(root),
            "LANG": "C.UTF-8",
            "WINEPREFIX": str(root / "prefix"),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=",
            "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
            "ECS_VNC_HOME": windows(self.home),
        }
        subprocess.run([WINE_PREFIX, root / "prefix"], env=self.env, timeout=300, check=True, stdin=subprocess.DEVNULL)
        self.host = root / "host.exe"
        _compile("host.c", self.host)
        self.poisoned = self._poison()

    def _poison(self) -> list[Path]:
        """Configurations where Windows has them, which tests must not reach."""
        users = root_of_users(self.root)
        files = [
            users / ".aliyun/config.json",
            users / ".alibabacloud/credentials.ini",
            users / "AppData/Roaming/ecs-vnc/config.toml",
        ]
        for file in files:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(POISON)
        return files

    def start(self, *arguments: str, **variables: str) -> Program:
        """ecs-vnc, without a console."""
        return Program(self, [str(self.binary), *arguments], **variables)

    def run(self, *arguments: str, told: str = "", **variables: str) -> Ended:
        """ecs-vnc, to its end."""
        with self.start(*arguments, **variables) as program:
            program.types(told)
            program.closes()
            return program.ends()

    def terminal(self, *words: str, **variables: str) -> Program:
        """A command in a console of its own."""
        return Program(self, [str(self.host), "terminal", *words], **variables)

    def connect(self, port: int) -> Program:
        """A program that connects to a port of this machine. Its stdin is sent there, and its stdout is what comes back."""
        return Program(self, [str(self.host), "connect", str(port)])

    def stop(self) -> None:
        """Ends everything in the prefix."""
        subprocess.run([self._server, "-k"], env=self.env, timeout=60, check=False)


def _find(*names: str) -> str:
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/lib/wine"])
    for name in names:
        if found := shutil.which(name, path=path):
            return found
    sys.exit(f"{names[0]} is missing: apt-get install wine64 gcc-mingw-w64-x86-64")


def _compile(source: str, target: Path) -> None:
    command = [COMPILER, "-O1", "-Wall", "-Wextra", "-Werror", "-municode", "-o", str(target), str(SOURCES / source), "-lws2_32"]
    subprocess.run(command, check=True, timeout=120)


def windows(path: Path) -> str:
    """The path as programs of Windows see it."""
    return "Z:" + str(path).replace("/", "\\")


def root_of_users(root: Path) -> Path:
    """The folder of the prefix's only user."""
    users = root / "prefix/drive_c/users"
    return next(folder for folder in users.iterdir() if folder.name != "Public")


def shown(program: Program) -> str:
    """What a program has shown in its console, without escape sequences. Wine breaks lines at the width of the console, and counts
    those sequences as text."""
    text = program.wrote(0).replace("\n", "")
    return re.sub(r"\x1b(\[[0-9;?]*[A-Za-z]|\][^\x07\x1b]*(\x07|\x1b\\))", "", text)


class Account:
    """`demo`, and the variables that lead to it."""

    def __init__(self, machine: Machine) -> None:
        self.program = machine.start("demo", "-o", "json")
        says = json.loads(self.program.says("\n"))
        self.variables = {
            "ALIBABA_CLOUD_ENDPOINT": says["Endpoint"],
            "ALIBABA_CLOUD_REGION_ID": says["RegionId"],
            "ALIBABA_CLOUD_ACCESS_KEY_ID": says["AccessKeyId"],
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": says["AccessKeySecret"],
        }

    def __enter__(self) -> dict[str, str]:
        return self.variables

    def __exit__(self, *_: object) -> None:
        self.program.__exit__()


def an_instance_is_listed_and_its_url_is_printed(machine: Machine) -> None:
    listed = machine.run("list", "--profile", "demo", "--region", "cn-hangzhou", "--name", "web-0?")
    check("list", listed.code == 0 and "i-demo-linux  web-01  Running" in listed.out, listed.out + listed.err)
    url = machine.run("vnc-url", "--profile", "demo", "i-demo-linux")
    check("vnc-url", url.code == 0 and "vncUrl=ws%3A%2F%2F127.0.0.1" in url.out, url.out + url.err)
    refused = machine.run("vnc-url", "--profile", "demo", "i-demo-stopped")
    check("an error of the service", refused.code == 5 and refused.out == "", (refused.code, refused.err))


def a_screen_is_drawn_read_and_judged(machine: Machine) -> None:
    picture = machine.run("screenshot", "--profile", "demo", "i-demo-linux", "--file", "-")
    check("screenshot", picture.code == 0, picture.err)
    check_equal("its size", Image.open(io.BytesIO(picture.raw)).format, "PNG")
    text = machine.run("text", "--profile", "demo", "i-demo-linux")
    check("text", text.code == 0 and text.out.endswith("web-01 login:\n"), text.out + text.err)
    judged = machine.run("check", "--profile", "demo", "-o", "json", "i-demo-linux")
    check("check", judged.code == 0 and json.loads(judged.out)["State"] == "login", judged.out + judged.err)


def keys_and_text_arrive(machine: Machine) -> None:
    with Account(machine) as account:
        typed = machine.run("type", "i-demo-linux", "root", **account)
        check_equal("type", (typed.code, typed.out), (0, ""))
        pressed = machine.run("key", "i-demo-linux", "enter", **account)
        check_equal("key", (pressed.code, pressed.out), (0, ""))
        found = machine.run("wait", "i-demo-linux", "--text", "Password:", "--timeout", "60", **account)
        check("what was typed is on the screen", found.code == 0, found.err)


def a_script_writes_to_a_path_of_windows(machine: Machine) -> None:
    folder = machine.root / "prefix/drive_c/pictures"
    folder.mkdir()
    lines = "screenshot C:\\pictures\\one.png\nscreenshot 'C:\\pictures\\number two.png'\nkey enter\n"
    played = machine.run("script", "--profile", "demo", "i-demo-linux", "-", told=lines)
    check("script", played.code == 0, played.err)
    check_equal("its files", sorted(file.name for file in folder.iterdir()), ["number two.png", "one.png"])


def closed_to_others(path: Path) -> bool:
    """Whether other users cannot open it. Wine makes modes of access lists: of an entry for the user those of the user and the group."""
    return path.stat().st_mode & 0o007 == 0


def a_profile_is_added_where_the_variable_says(machine: Machine) -> None:
    words = ["profile", "add", "prod", "--region", "cn-hangzhou", "--no-verify"]
    added = machine.run(*words, told="LTAI5tExample0123456789\nsecret\n")
    check("profile add", added.code == 0, added.err)
    file = machine.home / ".config/ecs-vnc/config.toml"
    check("its file", "LTAI5tExample" in file.read_text())
    check("a file and folder of secrets is for the user alone", all(map(closed_to_others, (file, file.parent))))
    listed = machine.run("profile", "list")
    check("profile list", listed.code == 0 and "prod" in listed.out, listed.out + listed.err)
    file.unlink()


def the_users_files_are_not_touched(machine: Machine) -> None:
    for file in machine.poisoned:
        check_equal(f"{file.name} is as it was", file.read_text(), POISON)
    read = machine.run("profile", "list", ECS_VNC_HOME="")
    check("without the variable they are read", read.code != 0, read.out)


def names_of_variables_ignore_case(machine: Machine) -> None:
    # Windows calls it Path.
    viewed = machine.run("view", "--profile", "demo", "i-demo-linux", "--viewer", "cmd /c exit 3 {port}")
    check("a viewer is found in Path", viewed.code != 0 and "viewer not found" not in viewed.err, viewed.err)
    missing = machine.run("view", "--profile", "demo", "i-demo-linux", "--viewer", "no-such-viewer {port}")
    check("and one that is not there is not", "viewer not found" in missing.err, missing.err)


def an_unknown_host_is_named(machine: Machine) -> None:
    keys = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "x" * 16, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "y"}
    failed = machine.run("list", "--region", "cn-hangzhou", "--endpoint", "no-such-host.invalid", **keys)
    check("its hint", "that the endpoint no-such-host.invalid" in failed.err, failed.err)


def a_console_is_relayed_and_listed_and_ctrl_break_ends_it(machine: Machine) -> None:
    pressed = machine.root / "pressed"
    relay = machine.terminal(
        str(machine.binary), "relay", "--profile", "demo", "--share", "-o", "json", "i-demo-linux",
        HOST_BREAK=windows(pressed),
    )
    with relay as program:
        line = until("its port", LIMIT, lambda: re.search(r'"Port":(\d+)', shown(program)))
        port = int(line.group(1))
        check("a program that Windows does not know is refused", _is_refused(port, ""))
        with _accepted(machine, port, "", "RFB 003.008\n") as viewer:
            viewer.types("RFB 003.008\n")
            viewer.says("\n\x01\x01")
            viewer.types("\x01")
            viewer.says("\x01\x01\0\0\0\0")
            viewer.types("\x01")
            viewer.says("i-demo-linux")
            listed = machine.run("sessions", "-o", "json")
            check("sessions", listed.code == 0 and "i-demo-linux" in listed.out, listed.out + listed.err)
            records = [file for file in machine.home.rglob("session-*.json") if "Port" in file.read_text()]
            check("their secrets are for the user alone", records and all(map(closed_to_others, records)), records)
        pressed.touch()
        ended = program.ends()
        check_equal("Ctrl-Break ends it as Ctrl-C does", ended.code, 0)
    listed = machine.run("sessions")
    check_equal("and nothing is left", (listed.code, listed.out), (0, ""))


def _is_refused(port: int, told: str) -> bool:
    """Whether the port closes the connection of this program without an answer to what it is told. To Wine this program has no
    process, so that its user is unknown."""
    with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as stranger:
        try:
            stranger.sendall(told.encode())
            return stranger.recv(1) == b""
        except ConnectionError:
            return True


def _accepted(machine: Machine, port: int, told: str, answer: str) -> Program:
    """A program of Windows that is connected to a port, which answers it. To Wine too, a connection has no process before that
    has read or written: on a busy machine the port may look earlier, and refuse it."""
    for _ in range(5):
        program = machine.connect(port)
        program.types(told)
        until("an answer, or the end", LIMIT, lambda: program.wrote(0) or program.process.poll() is not None)
        if answer in program.wrote(0):
            check(f"one of this user is accepted: {answer.strip()}", True)
            return program
        program.__exit__()
    raise CheckFailed(f"port {port} accepts no program of this user")


def the_page_of_open_is_for_this_user(machine: Machine) -> None:
    with machine.start("open", "--profile", "demo", "--page", "local", "--print", "i-demo-linux") as program:
        link = re.match(r"http://127\.0\.0\.1:(\d+)(/\S+)\n", program.says("\n"))
        assert link, program.wrote(0)
        port, path = int(link.group(1)), link.group(2)
        request = f"GET {path}/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        check("a program that Windows does not know gets no page", _is_refused(port, request))
        with _accepted(machine, port, request, "HTTP/1.1 200 OK\n"):
            pass


def ctrl_c_ends_what_serves(machine: Machine) -> None:
    with machine.terminal(str(machine.binary), "demo") as program:
        program.says("serving until Ctrl-C")
        program.types("\x03")
        check_equal("Ctrl-C", program.ends().code, 0)


def the_closing_of_the_window_ends_it_in_order(machine: Machine) -> None:
    with machine.terminal(str(machine.binary), "relay", "--profile", "demo", "--share", "i-demo-linux") as program:
        program.says("serving until Ctrl-C")
        program.closes()
        program.ends()
    listed = machine.run("sessions")
    check_equal("nothing is left", (listed.code, listed.out), (0, ""))


def a_console_draws_and_types(machine: Machine) -> None:
    with machine.terminal(str(machine.binary), "console", "--profile", "demo", "i-demo-linux") as program:
        until("the screen", LIMIT, lambda: "web-01 login:" in shown(program))
        check("escape sequences are understood", "\x1b[" in program.wrote(0))
        program.types("root\r")
        until("the prompt", LIMIT, lambda: "Password:" in shown(program))
        program.types("\x1d\x1d\x1d")
        check_equal("three escape keys leave", program.ends().code, 0)


def colours_are_for_consoles_only(machine: Machine) -> None:
    arguments = ("list", "--profile", "demo", "--region", "cn-hangzhou", "--name", "web-0?")
    with machine.terminal(str(machine.binary), *arguments) as program:
        check_equal("list in a console", program.ends().code, 0)
        check("has colour", "\x1b[32mRunning" in program.wrote(0), program.wrote(0))
    check("and none in a pipe", "\x1b" not in machine.run(*arguments).out)


def the_lines_of_demo_are_for_the_shells_of_windows(machine: Machine) -> None:
    with machine.start("demo") as program:
        lines = program.says("ACCESS_KEY_SECRET")
        check("PowerShell's", lines.startswith("$env:ALIBABA_CLOUD_ENDPOINT = 'http://127.0.0.1:"), lines)
    with machine.start("demo", "--shell", "cmd") as program:
        lines = until("four lines", LIMIT, lambda: program.wrote(0) if program.wrote(0).count("\n") == 4 else None)
        batch = machine.work / "listed.bat"
        command = f'"{windows(machine.binary)}" list --name web-01'
        batch.write_text("@echo off\r\n" + lines.replace("\n", "\r\n") + command + "\r\n", newline="")
        with Program(machine, ["cmd", "/c", "listed.bat"]) as shell:
            listed = shell.ends()
        check("cmd takes its lines", "i-demo-linux  web-01" in listed.out, listed.out + listed.err)


def powershell_is_told_what_there_is(machine: Machine) -> None:
    script = machine.run("completions", "powershell")
    check("completions", script.code == 0 and "Register-ArgumentCompleter -Native" in script.out, script.err)
    for left, right in ("{}", "()", "[]"):
        # Quotes hold some; what is left must be in pairs.
        bare = re.sub(r"'(?:[^']|'')*'", "''", script.out)
        check_equal(f"{left} and {right}", bare.count(left), bare.count(right))
    if pwsh := shutil.which("pwsh"):
        file = machine.work / "completions.ps1"
        file.write_text(script.out)
        parse = f"$e = $null; [void][Management.Automation.Language.Parser]::ParseFile('{file}', [ref]$null, [ref]$e); $e.Count"
        seen = subprocess.run([pwsh, "-NoProfile", "-Command", parse], capture_output=True, text=True, timeout=LIMIT, check=True)
        check_equal("PowerShell parses them", seen.stdout.strip(), "0")
    else:
        print("SAID there is no pwsh here: that PowerShell parses them was not tried", flush=True)


TESTS: list[Callable[[Machine], None]] = [
    an_instance_is_listed_and_its_url_is_printed,
    a_screen_is_drawn_read_and_judged,
    keys_and_text_arrive,
    a_script_writes_to_a_path_of_windows,
    a_profile_is_added_where_the_variable_says,
    names_of_variables_ignore_case,
    an_unknown_host_is_named,
    a_console_is_relayed_and_listed_and_ctrl_break_ends_it,
    the_page_of_open_is_for_this_user,
    ctrl_c_ends_what_serves,
    the_closing_of_the_window_ends_it_in_order,
    a_console_draws_and_types,
    colours_are_for_consoles_only,
    the_lines_of_demo_are_for_the_shells_of_windows,
    powershell_is_told_what_there_is,
    the_users_files_are_not_touched,
]


def main() -> int:
    """The whole suite, or the tests whose names contain a second argument."""
    if len(sys.argv) < 2 or not Path(sys.argv[1]).is_file():
        sys.exit("usage: python wine.py PATH_TO_ECS_VNC_EXE [TEST]")
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-wine-", ignore_cleanup_errors=True) as root:
        machine = Machine(Path(sys.argv[1]).resolve(), Path(root))
        try:
            return run([update_wrapper(partial(test, machine), test) for test in TESTS if wanted in test.__name__])
        finally:
            machine.stop()
            print(f"{time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
