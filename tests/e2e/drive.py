"""`key`, `type` and `script` before real guests: `python drive.py PATH_TO_ECS_VNC [PICTURES_DIR]`.

QEMU is the server, behind the demo account's proxy. What was typed is read from the guest's text memory, and which keys
went down and up from a guest that shows what its keyboard's controller gives it: neither goes by VNC.
"""

from __future__ import annotations

import re
import sys
import tempfile
from functools import partial
from pathlib import Path

import guests
from harness import TAKEOVER, Demo, Running, bound, check, check_equal, main_with_pictures, run_to_end, sealed, until
from machine import Machine
from PIL import Image
from qemu import STEP, Qemu

# Every key of a US keyboard that has a character, alone and with Shift.
ALL_ASCII = "".join(map(chr, range(0x20, 0x7F)))

# Both ways in which a key is sent; QEMU takes both.
MODES = {"by scancode": [], "by keysym": ["--keysyms"]}

# Scancodes of set 1. IBM's PC/AT reference; E0 stands before the keys that the PC/XT did not have.
CONTROL, ALT, SHIFT, DELETE, UP_ARROW = [0x1D], [0x38], [0x2A], [0xE0, 0x53], [0xE0, 0x48]
ALT_GR = [0xE0, 0x38]
FUNCTION_KEYS = [[0x3B + number] for number in range(10)] + [[0x57], [0x58]]


def chord(*keys: list[int]) -> list[int]:
    """Down in this order, and up in the reverse one."""
    up = [[*key[:-1], key[-1] | 0x80] for key in reversed(keys)]
    return [code for key in (*keys, *up) for code in key]


def verb(binary: str, demo: Demo, *arguments: str, env: dict[str, str] | None = None) -> tuple[int, str, str]:
    """One of the verbs on the simulated account's Linux: how it has ended, and what it has said of its work."""
    name, *rest = arguments
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        argv = [binary, name, "--profile", "demo", "--endpoint", demo.endpoint, "i-demo-linux", *rest]
        done = run_to_end(argv, sealed(home, **(env or {})), 120)
        return done.returncode, done.stdout, done.stderr.removeprefix(TAKEOVER)


def all_of_ascii(binary: str, pictures: Path) -> None:
    """What a person could type, in both modes."""
    for mode, flags in MODES.items():
        with Qemu(guests.echo()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
            done = verb(binary, demo, "type", "--env", "TEXT", "--blind", *flags, env={"TEXT": ALL_ASCII})
            check_equal(f"type, {mode}: ends well and says nothing", done, (0, "", ""))
            check_equal(f"type, {mode}: all of printable ASCII arrives", guest.shows(ALL_ASCII), ALL_ASCII.rstrip())


def keys_and_chords(binary: str, pictures: Path) -> None:
    """Down and up, in their order."""
    steps = ["f1", "F12", "up", "ctrl-alt-f2", "shift-a", "ctrl-alt-delete", "alt-sysrq-b"]
    expected = [
        *chord(FUNCTION_KEYS[0]), *chord(FUNCTION_KEYS[11]), *chord(UP_ARROW), *chord(CONTROL, ALT, FUNCTION_KEYS[1]),
        *chord(SHIFT, [0x1E]), *chord(CONTROL, ALT, DELETE),
        # The Print key is 54 while Alt is held, which is what Linux takes for SysRq; keyboards put Alt's end and beginning
        # before it, and behind. QEMU, hw/input/ps2.c.
        *ALT, 0xB8, *ALT, 0x54, *chord([0x30]), 0xD4, 0xB8, *ALT, 0xB8,
    ]
    for mode, flags in MODES.items():
        with Qemu(guests.scancodes()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
            check_equal(f"key, {mode}: ends well and says nothing", verb(binary, demo, "key", *steps, *flags), (0, "", ""))
            check_equal(f"key, {mode}: chords arrive, down and up", guest.hears(expected), expected)
        with Qemu(guests.scancodes()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
            every = [f"f{number}" for number in range(1, 13)]
            expected_keys = [code for key in FUNCTION_KEYS for code in chord(key)]
            check_equal(f"key, {mode}: F1 to F12", verb(binary, demo, "key", *every, *flags)[0], 0)
            check_equal(f"key, {mode}: F1 to F12 arrive", guest.hears(expected_keys), expected_keys)


def one_after_another(binary: str, pictures: Path) -> None:
    """QEMU releases all keys when a session ends: that must not be while the next command holds Shift."""
    count = 20
    with Qemu(guests.scancodes()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        for _ in range(count):
            check_equal("type A: its exit code", verb(binary, demo, "type", "A")[0], 0)
        expected = chord([0x2A], [0x1E]) * count
        check_equal("type after type: each with its Shift", guest.hears(expected), expected)


def a_layout_of_the_guest(binary: str, pictures: Path) -> None:
    """The places of a German keyboard's keys, in both modes: the guest's layout makes characters of them."""
    expected = [*chord([0x15]), *chord(SHIFT, [0x2C]), *chord(ALT_GR, [0x10]), *chord([0x0C])]
    for mode, flags in MODES.items():
        with Qemu(guests.scancodes()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
            done = verb(binary, demo, "type", "--layout", "de", "zY@ß", *flags)
            check_equal(f"type --layout de, {mode}: ends well", done, (0, "", ""))
            check_equal(f"type --layout de, {mode}: the keys are those places", guest.hears(expected), expected)


def ctrl_c_lets_go(binary: str, pictures: Path) -> None:
    """No key stays down."""
    name = "Ctrl-C"
    with Qemu(guests.scancodes()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
            argv = [binary, "key", "--profile", "demo", "--endpoint", demo.endpoint, "i-demo-linux", "hold:ctrl-alt-x:60s"]
            with Running(argv, sealed(home)) as pressing:
                down = [*CONTROL, *ALT, 0x2D]
                # A key that is held repeats.
                seen = guest.hears(down, 5)[:3]
                check_equal(f"{name}: the keys are down", seen, down)
                pressing.interrupt()
                check_equal(f"{name}: the exit code", pressing.ends(STEP), 130)
            up = [0x2D | 0x80, *[code | 0x80 for code in [*ALT, *CONTROL]]]
            until(f"{up} from the keyboard", STEP, lambda: guest.scancodes()[-3:] == up)
            check(f"{name}: they are up again, in the reverse order", True)


def input_events(machine: Machine) -> list[tuple[str, ...]]:
    """What QEMU gives its devices: `abs` and `rel` with the axis and the value, `btn` with the button and whether it is down."""
    pattern = r"input_event_(abs|rel|btn) con -?\d+, (?:axis|button) (\w+), (?:value|down) (-?\w+)"
    return re.findall(pattern, machine.log.read_text(errors="replace"))


def a_tablet_and_a_mouse(binary: str, pictures: Path) -> None:
    """Places for a tablet and motions for a mouse, by what QEMU says that it gives its devices."""
    traced = ["-device", "VGA", "-trace", "input_event_abs", "-trace", "input_event_rel", "-trace", "input_event_btn"]
    tablet = ["-machine", "pc,i8042=off", "-device", "qemu-xhci", "-device", "usb-tablet"]
    pressed = [("left", "1"), ("left", "0")]
    # The BIOS begins with another video mode.
    in_text_mode = lambda machine: until("the text screen", STEP, lambda: machine.picture().size == (720, 400))
    with Machine([*traced, *tablet]) as machine, Demo(binary, "--vnc-target", machine.websocket) as demo:
        in_text_mode(machine)
        done = verb(binary, demo, "click", "300,200", "-o", "json")
        check("tablet: click ends well and warns of nothing", done[0] == 0 and not done[2], done)
        until("the button", STEP, lambda: [event for event in input_events(machine) if event[:3] == ("btn", "left", "0")])
        seen = input_events(machine)
        check_equal("tablet: the button goes down and up", [event[1:] for event in seen if event[0] == "btn"], pressed)
        size = machine.picture().size
        # An axis has 7FFFh units: include/ui/input.h.
        for axis, pixels, place in zip("xy", size, (300, 200), strict=True):
            units = {int(value, 0) for kind, name, value in seen if (kind, name.lower()) == ("abs", axis)}
            check(f"tablet: {axis} is {place}", units and all(abs(unit * pixels / 0x7FFF - place) < 1 for unit in units), (units, size))
        check("tablet: no motions", not [event for event in seen if event[0] == "rel"], seen)
    with Machine(traced) as machine, Demo(binary, "--vnc-target", machine.websocket) as demo:
        in_text_mode(machine)
        code, _, said = verb(binary, demo, "click", "300,200")
        check("mouse: click ends well, and warns", code == 0 and "the guest has a mouse and no tablet" in said, said)
        until("the button", STEP, lambda: [event for event in input_events(machine) if event[:3] == ("btn", "left", "0")])
        seen = input_events(machine)
        check_equal("mouse: the button goes down and up", [event[1:] for event in seen if event[0] == "btn"], pressed)
        for axis, pixels, place in zip("xy", machine.picture().size, (300, 200), strict=True):
            at = 0
            for value in [int(value, 0) for kind, name, value in seen if (kind, name.lower()) == ("rel", axis)]:
                at = min(max(at + value, 0), pixels - 1)
            check_equal(f"mouse: {axis} of a guest that does not accelerate", at, place)
        check("mouse: no places", not [event for event in seen if event[0] == "abs"], seen)


def a_script(binary: str, pictures: Path) -> None:
    """Several verbs, one after another."""
    name = "script"
    with Qemu(guests.echo()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        picture = pictures / "script.png"
        lines = [
            "# Says who is there, and shows it.", "type 'Hello, '", "wait --change --timeout 20", "type --env WHO --blind",
            "key exclam", "wait --still 700ms --timeout 30", f"screenshot {picture}", "log done",
        ]
        script = Path(tempfile.mkdtemp(prefix="ecs-vnc-e2e-"), "script")
        script.write_text("\n".join(lines) + "\n")
        code, out, err = verb(binary, demo, "script", str(script), env={"WHO": "World"})
        check_equal(f"{name}: ends well, with the picture's name", (code, out), (0, f"{picture}\n"))
        check_equal(f"{name}: what it logs is on stderr, and nothing else", err, "done\n")
        check_equal(f"{name}: what it types arrives", guest.text(), "Hello, World!")
        with Image.open(picture) as image:
            check_equal(f"{name}: its picture is of the guest's size", image.size, guest.picture().size)


TESTS = [all_of_ascii, keys_and_chords, one_after_another, a_layout_of_the_guest, ctrl_c_lets_go, a_tablet_and_a_mouse, a_script]

if __name__ == "__main__":
    sys.exit(main_with_pictures("drive.py PATH_TO_ECS_VNC [PICTURES_DIR]", partial(bound, TESTS)))
