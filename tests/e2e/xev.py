"""What happens on an X server, as it tells programs: xev is one, and knows nothing of VNC."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterable
from typing import Self

from harness import until

# How long xev may take, and an event from the client to it.
LIMIT = 10


class Xev:
    """Events of one kind on a screen without windows: they go to its root window."""

    def __init__(self, display: str, kind: str, selected: str) -> None:
        argv = ["xev", "-display", display, "-root", "-event", kind]
        self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self._reader = threading.Thread(target=lambda: self._read(self.process.stdout), daemon=True)
        self._reader.start()
        listens = ["xwininfo", "-display", display, "-root", "-events"]
        try:
            until("xev", LIMIT, lambda: selected in subprocess.run(listens, capture_output=True, text=True, timeout=LIMIT).stdout)
        except BaseException:
            self.__exit__()
            raise

    def _read(self, lines: Iterable[str]) -> None:
        """Understands what xev prints."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)
        self._reader.join(5)
