"""Rescues of real guests: `python rescue.py PATH_TO_ECS_VNC [PICTURES_DIR [RUNS]]`; each ten times unless told otherwise.

The judges are the guest's kernel (/dev/vcsu1), a shell that is not on the screen, and QEMU's own pictures of it.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from camera import showing
from harness import bound, check, check_equal, main_with_pictures
from linux_files import FSTAB, ROOT_PASSWORD
from linux_guest import BOCHS, VGA_TEXT, Display, Grub, disk
from rescue_runs import EMERGENCY, LOST_PASSWORD, PROMPT, Rescue, Run, perform
from rescue_scrolling import a_screen_that_scrolls

RUNS = int(sys.argv[3]) if len(sys.argv) > 3 else 10

# A guest keeps one processor busy.
AT_ONCE = 2

DISPLAYS: dict[str, Display] = {"VGA text": VGA_TEXT, "bochs": BOCHS}


def check_run(name: str, rescue: Rescue, run: Run) -> None:
    """The guest is as it should be, and no picture of it shows a secret."""
    ended = (run.code, run.out, run.err)
    check(f"{name}: the script", ended == (0, rescue.prints, ""), {"seen": ended, "last": run.read[-1]["Lines"]})
    check(f"{name}: the guest is mended", rescue.is_answer(run.answer), run.answer)
    check(f"{name}: root is logged in", any(row.rstrip() == PROMPT for row in run.rows), run.rows)
    unread = [text["Kind"] for text in run.read if text["Kind"] not in ("text", "blank")]
    check_equal(f"{name}: all of its {len(run.read)} pictures are read", unread, [])
    rows = [row for text in run.read for row in text["Lines"]]
    unseen = [scene for scene in [*rescue.scenes, PROMPT] if not any(scene in row for row in rows)]
    check_equal(f"{name}: the pictures show it", unseen, [])
    check_equal(f"{name}: no picture shows a password", showing(run.read, [ROOT_PASSWORD, rescue.password]), [])


def check_rescue(binary: str, rescue: Rescue) -> None:
    """All runs, on one display and the other in turn."""
    displays = [list(DISPLAYS)[number % len(DISPLAYS)] for number in range(RUNS)]
    for display in set(displays):
        disk(rescue.grub, DISPLAYS[display].driver, rescue.fstab)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = pool.map(lambda display: perform(binary, rescue, DISPLAYS[display]), displays)
        for number, (display, run) in enumerate(zip(displays, runs, strict=True), 1):
            check_run(f"{rescue.name}, {number} of {RUNS}, {display}", rescue, run)


def emergency_mode(binary: str, pictures: Path) -> None:
    """/etc/fstab names a disk that is gone."""
    check_rescue(binary, EMERGENCY)


def a_lost_password(binary: str, pictures: Path) -> None:
    """A shell from GRUB's editor, in which root's password is set anew."""
    check_rescue(binary, LOST_PASSWORD)


def scrolling(binary: str, pictures: Path) -> None:
    """On both displays at once, from one disk."""
    disk(Grub(), "", FSTAB)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda name: a_screen_that_scrolls(binary, name, DISPLAYS[name]), DISPLAYS))


TESTS = [emergency_mode, a_lost_password, scrolling]

if __name__ == "__main__":
    sys.exit(main_with_pictures("rescue.py PATH_TO_ECS_VNC [PICTURES_DIR [RUNS]]", partial(bound, TESTS)))
