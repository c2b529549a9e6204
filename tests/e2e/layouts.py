"""Every character of every keyboard layout, typed into another implementation of keyboards: `python layouts.py LAYOUTS`.

LAYOUTS is what the test `the_layouts_are_written_down` has left: for each layout and character the keys to press,
each a keysym and a scancode. Here libxkbcommon, which reads Linux's own tables of layouts and dead keys (Debian:
libxkbcommon0, xkb-data, libx11-data), says what they give.
"""

from __future__ import annotations

import ctypes
import json
import string
import sys
from collections.abc import Callable

from harness import check, check_equal, run

# Our names, and the layout and variant of xkeyboard-config.
LINUX = {
    "us": ("us", ""),
    "uk": ("gb", ""),
    "de": ("de", ""),
    "fr": ("fr", ""),
    "es": ("es", ""),
    "latam": ("latam", ""),
    "jp": ("jp", ""),
    "it": ("it", ""),
    "pt": ("pt", ""),
    "br": ("br", ""),
    "se": ("se", ""),
    "fi": ("fi", ""),
    "dk": ("dk", ""),
    "no": ("no", ""),
    "ch-de": ("ch", ""),
    "ch-fr": ("ch", "fr"),
    "be": ("be", ""),
    "nl": ("nl", ""),
}

# XT scancodes whose Linux key codes are other numbers. Source: Linux, drivers/input/keyboard/atkbd.c.
LINUX_KEYS = {0xE038: 100, 0x73: 89, 0x7D: 124}
# Evdev key codes begin at 8 in X11.
FIRST = 8

CONTROLS = {"Return": "\n", "Tab": "\t"}
UP, DOWN = 0, 1
COMPOSING, COMPOSED, CANCELLED = 1, 2, 3


class RuleNames(ctypes.Structure):
    """xkb_rule_names."""

    _fields_ = [(name, ctypes.c_char_p) for name in ("rules", "model", "layout", "variant", "options")]


def library() -> ctypes.CDLL:
    """libxkbcommon, whose functions give pointers and numbers."""
    xkb = ctypes.CDLL("libxkbcommon.so.0")
    pointer, number = ctypes.c_void_p, ctypes.c_uint32
    signatures: dict[str, tuple[object, list[object]]] = {
        "xkb_context_new": (pointer, [ctypes.c_int]),
        "xkb_keymap_new_from_names": (pointer, [pointer, ctypes.POINTER(RuleNames), ctypes.c_int]),
        "xkb_state_new": (pointer, [pointer]),
        "xkb_state_update_key": (ctypes.c_int, [pointer, number, ctypes.c_int]),
        "xkb_state_key_get_one_sym": (number, [pointer, number]),
        "xkb_keysym_to_utf32": (number, [number]),
        "xkb_keysym_get_name": (ctypes.c_int, [number, ctypes.c_char_p, ctypes.c_size_t]),
        "xkb_compose_table_new_from_locale": (pointer, [pointer, ctypes.c_char_p, ctypes.c_int]),
        "xkb_compose_state_new": (pointer, [pointer, ctypes.c_int]),
        "xkb_compose_state_feed": (ctypes.c_int, [pointer, number]),
        "xkb_compose_state_get_status": (ctypes.c_int, [pointer]),
        "xkb_compose_state_get_utf8": (ctypes.c_int, [pointer, ctypes.c_char_p, ctypes.c_size_t]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(xkb, name)
        function.restype, function.argtypes = result, arguments
    return xkb


XKB = library()
CONTEXT = XKB.xkb_context_new(0)
DEAD_KEYS = XKB.xkb_compose_table_new_from_locale(CONTEXT, b"en_US.UTF-8", 0)


def name_of(keysym: int) -> str:
    """A keysym's X11 name."""
    buffer = ctypes.create_string_buffer(64)
    XKB.xkb_keysym_get_name(keysym, buffer, len(buffer))
    return buffer.value.decode()


class Guest:
    """Linux with a keyboard of this layout: keys go in, text comes out."""

    def __init__(self, layout: str, variant: str) -> None:
        names = RuleNames(b"evdev", b"pc105", layout.encode(), variant.encode(), b"")
        self.keymap = XKB.xkb_keymap_new_from_names(CONTEXT, ctypes.byref(names), 0)
        check(f"libxkbcommon knows {layout} {variant}".rstrip(), bool(self.keymap and DEAD_KEYS))

    def typed(self, strokes: list[list[tuple[int, int]]]) -> str:
        """The text that the strokes give, with nothing left of a dead key."""
        state = XKB.xkb_state_new(self.keymap)
        compose = XKB.xkb_compose_state_new(DEAD_KEYS, 0)
        text = ""
        for keys in strokes:
            codes = [LINUX_KEYS.get(scancode, scancode) + FIRST for _, scancode in keys]
            for held in codes[:-1]:
                XKB.xkb_state_update_key(state, held, DOWN)
            keysym = XKB.xkb_state_key_get_one_sym(state, codes[-1])
            for held in reversed(codes[:-1]):
                XKB.xkb_state_update_key(state, held, UP)
            XKB.xkb_compose_state_feed(compose, keysym)
            status = XKB.xkb_compose_state_get_status(compose)
            if status == COMPOSED:
                buffer = ctypes.create_string_buffer(64)
                XKB.xkb_compose_state_get_utf8(compose, buffer, len(buffer))
                text += buffer.value.decode()
            elif status == CANCELLED:
                text += "(cancelled)"
            elif status != COMPOSING:
                name, character = name_of(keysym), XKB.xkb_keysym_to_utf32(keysym)
                text += CONTROLS.get(name) or (chr(character) if character else f"({name})")
        if XKB.xkb_compose_state_get_status(compose) == COMPOSING:
            text += "(a dead key)"
        return text


def tests(path: str) -> list[Callable[[], None]]:
    """A test for each layout, and one that there is one for each."""
    with open(path, encoding="utf-8") as file:
        layouts: dict[str, dict[str, list[list[tuple[int, int]]]]] = json.load(file)

    def all_are_known() -> None:
        check_equal("each layout has a counterpart", sorted(layouts), sorted(LINUX))

    def test_of(name: str) -> Callable[[], None]:
        def types_what_linux_has() -> None:
            guest, keys = Guest(*LINUX[name]), layouts[name]
            wrong = {character: guest.typed(strokes) for character, strokes in keys.items()}
            wrong = {character: typed for character, typed in wrong.items() if typed != character}
            check_equal(f"{name}: what Linux makes of {len(keys)} characters", wrong, {})
            printable = set(string.printable) - set("\r\v\f")
            check_equal(f"{name}: all of ASCII is among them", sorted(printable - set(keys)), [])

        types_what_linux_has.__name__ = name
        return types_what_linux_has

    return [all_are_known, *map(test_of, LINUX)]


if __name__ == "__main__":
    sys.exit(run(tests(sys.argv[1])))
