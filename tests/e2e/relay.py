"""`relay` between real servers and real viewers: `python relay.py PATH_TO_ECS_VNC [PICTURES_DIR]`.

QEMU and Xtigervnc behind the demo account's proxy; TigerVNC's viewer, vncdotool and asyncvnc in front of the relay; and
what must not shake it: silence, halves of messages, takeovers, crowds and faults.
"""

from __future__ import annotations

import os
import sys
import tempfile
from functools import partial, update_wrapper
from pathlib import Path

import relay_crowd
import relay_faults
import relay_keepalive
import relay_sessions
import relay_view
import relay_viewers
from harness import binary_of, run, sealed

ROOMS = [relay_viewers, relay_view, relay_keepalive, relay_sessions, relay_faults, relay_crowd]


def main() -> int:
    binary = binary_of(sys.argv, "relay.py PATH_TO_ECS_VNC [PICTURES_DIR]")
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as temporary:
        pictures = Path(sys.argv[2] if len(sys.argv) > 2 else temporary).resolve()
        pictures.mkdir(parents=True, exist_ok=True)
        os.environ.update(sealed(temporary))
        tests = [test for room in ROOMS for test in room.TESTS]
        return run(update_wrapper(partial(test, binary, pictures), test) for test in tests)


if __name__ == "__main__":
    sys.exit(main())
