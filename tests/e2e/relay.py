"""`relay` between real servers and real viewers: `python relay.py PATH_TO_ECS_VNC [PICTURES_DIR]`.

QEMU and Xtigervnc behind the demo account's proxy; TigerVNC's viewer, vncdotool and asyncvnc in front of the relay; and
what must not shake it: silence, halves of messages, takeovers, crowds and faults. Several viewers share a session.
"""

from __future__ import annotations

import sys
from functools import partial

import relay_crowd
import relay_faults
import relay_keepalive
import relay_sessions
import relay_share
import relay_view
import relay_viewers
from harness import bound, main_with_pictures

ROOMS = [relay_viewers, relay_view, relay_keepalive, relay_sessions, relay_share, relay_faults, relay_crowd]

if __name__ == "__main__":
    tests = [test for room in ROOMS for test in room.TESTS]
    sys.exit(main_with_pictures("relay.py PATH_TO_ECS_VNC [PICTURES_DIR]", partial(bound, tests)))
