"""A terminal of tmux's: what a program draws on it, cell by cell."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Self

import pyte
from harness import sealed, until

# Time for what a person would do at once, in seconds.
STEP = 30

# pyte's names of the colours, in the order of SGR 30 to 37.
NAMES = ["black", "red", "green", "brown", "blue", "magenta", "cyan", "white"]
COLOURS = {name: index for index, name in enumerate(NAMES)} | {f"bright{name}": index + 8 for index, name in enumerate(NAMES)}

# A character, and the indices of its colours.
Cell = tuple[str, int, int]


class Terminal:
    """A shell in tmux, with a directory that is its home."""

    def __init__(self, columns: int, rows: int, **env: str) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-", ignore_cleanup_errors=True)
        self.home = Path(self._home.name)
        self._tmux = ["tmux", "-S", str(self.home / "tmux"), "-f", "/dev/null"]
        self.env = sealed(str(self.home), TERM="tmux-256color", PS1="shell$ ", **env)
        argv = [*self._tmux, "new-session", "-d", "-x", str(columns), "-y", str(rows), "bash", "--norc"]
        subprocess.run(argv, env=self.env, check=True, cwd=self.home)
        self._do("set-option", "-g", "history-limit", "50000")
        # Only a new window has the new limit.
        self._do("new-window", "-k", "-t", "0", "-c", str(self.home), "bash", "--norc")
        self.resize(columns, rows)
        self.shows("shell$")

    def _do(self, *arguments: str) -> str:
        return subprocess.run([*self._tmux, *arguments], env=self.env, check=True, capture_output=True, text=True).stdout

    def resize(self, columns: int, rows: int) -> None:
        """Another size of the window."""
        self.columns, self.rows = columns, rows
        self._do("resize-window", "-x", str(columns), "-y", str(rows))

    def type(self, text: str) -> None:
        """Characters, as they are."""
        self._do("send-keys", "-l", "--", text)

    def press(self, *keys: str) -> None:
        """Keys by tmux's names, as `Enter` or `C-]`."""
        self._do("send-keys", *keys)

    def paste(self, text: str) -> None:
        """What a person does with the middle button, in brackets if the program asks for them."""
        self._do("set-buffer", text)
        self._do("paste-buffer", "-p")

    def lines(self) -> list[str]:
        """The rows, without the blanks at their ends."""
        return self._do("capture-pane", "-p").split("\n")[: self.rows]

    def history(self) -> list[str]:
        """All lines that have left the screen at the top, and its rows."""
        return self._do("capture-pane", "-p", "-S", "-", "-E", "-").split("\n")

    def coloured(self) -> list[str]:
        """The rows, with the escape sequences of their colours. The first 16 of 256 colours are those of SGR 30 to 37 and 90 to 97."""
        said = self._do("capture-pane", "-p", "-e")
        plain = re.sub(r"\x1b\[38;5;(\d|1[0-5])m", lambda found: f"\x1b[{sgr(int(found[1]))}m", said)
        return plain.split("\n")[: self.rows]

    def cells(self) -> list[list[Cell]]:
        """The rows with their colours."""
        return self._cells(self._do("capture-pane", "-p", "-e", "-N").split("\n")[: self.rows])

    def history_cells(self) -> list[list[Cell]]:
        """The same of all lines that have left the screen at the top, and of its rows."""
        return self._cells(self._do("capture-pane", "-p", "-e", "-N", "-S", "-", "-E", "-").split("\n"))

    def _cells(self, said: list[str]) -> list[list[Cell]]:
        """As another emulator understands what tmux says."""
        screen = pyte.Screen(self.columns, len(said))
        stream = pyte.Stream(screen)
        stream.feed("\r\n".join(said))
        return [[cell_of(screen.buffer[y][x]) for x in range(self.columns)] for y in range(len(said))]

    def cursor(self) -> tuple[int, int] | None:
        """Column and row; nothing while it is hidden."""
        said = self._do("display-message", "-p", "#{cursor_x} #{cursor_y} #{cursor_flag}").split()
        return (int(said[0]), int(said[1])) if said[2] == "1" else None

    def shows(self, text: str, limit: float = STEP) -> None:
        """Waits until some row holds the text."""
        try:
            until(f"{text!r} on the terminal", limit, lambda: any(text in line for line in self.lines()))
        except TimeoutError as error:
            raise TimeoutError(f"{error}: {self.lines()}, cursor {self.cursor()}") from error

    def waits_behind(self, prompt: str) -> None:
        """Waits until the cursor stands behind a prompt, and nothing else in its row."""

        def probe() -> bool:
            cursor, lines = self.cursor(), self.lines()
            return cursor is not None and lines[cursor[1]] == prompt

        until(f"the cursor behind {prompt!r}", STEP, probe)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run([*self._tmux, "kill-server"], env=self.env, check=False, capture_output=True)
        self._home.cleanup()


def sgr(colour: int) -> int:
    """The parameter of SGR for one of 16 colours."""
    return 30 + colour if colour < 8 else 90 + colour - 8


def cell_of(char: pyte.screens.Char) -> Cell:
    """Where a terminal has its own colours, a text console has gray on black."""
    ink = COLOURS[char.fg] if char.fg != "default" else 7
    ground = COLOURS[char.bg] if char.bg != "default" else 0
    return char.data, *((ground, ink) if char.reverse else (ink, ground))
