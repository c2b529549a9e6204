"""The pictures of the picker and of Chinese output in the documents: `python doc_pictures.py PATH_TO_ECS_VNC [PICTURES_DIR]`.

It checks that docs/picker.svg and docs/chinese.svg show what the program shows. `python doc_pictures.py --draw PATH_TO_ECS_VNC`
draws them anew.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import cast_picture
from harness import binary_of, bound, check, main_with_pictures, sealed
from tmux import Terminal

DOCS = Path(__file__).parent.parent.parent / "docs"

# The instances that can be picked, in a terminal of so many columns and rows.
PICKER_SIZE = (92, 14)

# What is called in Chinese, and how many lines are shown of what each prints.
CHINESE_SIZE = (100, 24)
CHINESE_CALLS = {"ecs-vnc text office-01": 9, "ecs-vnc key web-01 ctrl-alt-foo": 9, "ecs-vnc stop -h": 13}


def picker(binary: str) -> str:
    """A list, and what a part of a name leaves of it."""
    events = [json.dumps({"version": 2, "width": PICKER_SIZE[0], "height": PICKER_SIZE[1]})]
    path = f"{Path(binary).resolve().parent}:/usr/bin:/bin"
    env = {"ALIBABA_CLOUD_PROFILE": "demo", "ALIBABA_CLOUD_REGION_ID": "cn-hangzhou", "ECS_VNC_COLOR": "always"}
    with Terminal(*PICKER_SIZE, PATH=path, **env) as terminal:

        def keep() -> None:
            cursor = terminal.cursor()
            place = f"\x1b[{cursor[1] + 1};{cursor[0] + 1}H\x1b[?25h" if cursor else "\x1b[?25l"
            rows = "\r\n".join(terminal.coloured()).rstrip()
            events.append(json.dumps([len(events), "o", f"\x1b[m\x1b[H\x1b[2J{rows}{place}"], ensure_ascii=False))

        terminal.type("PS1='$ '\nclear\n")
        terminal.waits_behind("$")
        terminal.type("ecs-vnc text --lines 2")
        terminal.waits_behind("$ ecs-vnc text --lines 2")
        keep()
        terminal.press("Enter")
        terminal.shows("Esc to leave")
        keep()
        for typed, first in (("db", "i-demo-stopped"), ("-02", "i-demo-rescue")):
            terminal.type(typed)
            terminal.shows(f"> {first}")
            keep()
        terminal.press("Enter")
        terminal.shows("Give root password")
    events.append(json.dumps([len(events), "o", ""]))
    return cast_picture.picture("\n".join(events), "ecs-vnc text")


def chinese(binary: str) -> str:
    """Errors with their hints, and the beginning of a help."""
    events = [json.dumps({"version": 2, "width": CHINESE_SIZE[0], "height": CHINESE_SIZE[1]})]
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        env = sealed(home, ALIBABA_CLOUD_PROFILE="demo", ECS_VNC_LANG="zh", ECS_VNC_COLOR="always")
        for number, (call, count) in enumerate(CHINESE_CALLS.items()):
            argv = [binary, *shlex.split(call)[1:]]
            done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False, timeout=60)
            said = "".join((done.stderr + done.stdout).splitlines(keepends=True)[:count])
            text = f"\x1b[1m$\x1b[0m {call}\n{said}".replace("\n", "\r\n")
            events.append(json.dumps([number, "o", text], ensure_ascii=False))
    events.append(json.dumps([len(CHINESE_CALLS), "o", ""]))
    return cast_picture.picture("\n".join(events), "ecs-vnc --lang zh")


PICTURES = {"picker.svg": picker, "chinese.svg": chinese}


def the_pictures_are_those_of_the_program(binary: str, pictures: Path) -> None:
    for name, draw in PICTURES.items():
        drawn = draw(binary)
        (pictures / name).write_text(drawn)
        check(f"{name} is what the program shows", drawn == (DOCS / name).read_text(), "run doc_pictures.py --draw PATH_TO_ECS_VNC")
        check(f"{name} is small", len(drawn.encode()) < 30_000, len(drawn))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--draw"] and len(sys.argv) == 3:
        for file, draw_it in PICTURES.items():
            (DOCS / file).write_text(draw_it(binary_of(sys.argv[1:], "doc_pictures.py --draw PATH_TO_ECS_VNC")))
        sys.exit()
    suite = [the_pictures_are_those_of_the_program]
    sys.exit(main_with_pictures("doc_pictures.py PATH_TO_ECS_VNC [PICTURES_DIR]", lambda *given: bound(suite, *given)))
