"""Pictures that are compressed, scaled or have no text."""

from __future__ import annotations

import tempfile
from pathlib import Path

import no_text
from harness import Demo, check, check_equal, run_to_end, sealed
from PIL import Image
from reading import NO_TEXT, differences, read_file, read_picture
from text_linux import KEPT

# Pillow's numbers for 4:4:4 and 4:2:0.
SAMPLINGS = {"4:4:4": 0, "4:2:0": 2}

# Screens with text in few colours: at the edges of boxes in strong ones, compression makes shapes of its own.
COMPRESSED = [
    "VGA text, prose", "bochs, the boot log", "bochs, prose", "bochs, dark on light", "bochs, a prompt", "2560x1440, prose",
    "Lat15-Fixed16, prose", "a login prompt", "a shell", "GRUB in text mode, the menu",
    "GRUB on gfxterm of 1024x768, the command line", "the UEFI shell", "the UEFI shell of 80x25",
]  # fmt: skip


def jpeg(binary: str, pictures: Path) -> None:
    """Nothing is wrong, and nothing is said to be exact."""
    for name in COMPRESSED:
        screen, wrong = KEPT[name], []
        for quality in (95, 75, 50):
            for sampling, number in SAMPLINGS.items():
                reading = read_picture(binary, screen.picture, "jpg", quality=quality, subsampling=number)
                differ = differences(reading, screen)
                if (reading.kind, reading.found.get("Exact")) != ("text", False) or differ:
                    wrong.append((quality, sampling, reading.kind, len(differ), differ[:5]))
        check_equal(f"{name}, as JPEG of three qualities, in 4:4:4 and 4:2:0: every character", wrong, [])


def no_console(binary: str, pictures: Path) -> None:
    """None of them is taken for text, nor for a blank screen."""
    several = no_text.pictures()
    check("pictures without text: there are a hundred", len(several) >= 100, len(several))
    wrong = []
    for name, picture in several:
        reading = read_picture(binary, picture)
        if reading.code != NO_TEXT or reading.kind not in ("not-text", "unknown-font"):
            picture.save(pictures / f"text wrong {name}.png")
            wrong.append((name, reading.code, reading.kind))
    check_equal("pictures without text: none is taken for text", wrong, [])


def demo_windows(binary: str, pictures: Path) -> None:
    """The simulated account's Windows shows a desktop."""
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home, Demo(binary) as demo:
        file = Path(home, "windows.png")
        argv = [binary, "screenshot", "--profile", "demo", "--endpoint", demo.endpoint, "i-demo-windows", "-f", str(file)]
        check_equal("the simulated Windows: a screenshot", run_to_end(argv, sealed(home)).returncode, 0)
        reading = read_file(binary, file)
        check_equal("the simulated Windows: no text", (reading.code, reading.kind), (NO_TEXT, "not-text"))


def half_size(binary: str, pictures: Path) -> None:
    """What is too small to be read is not guessed."""
    picture = KEPT["bochs, prose"].picture
    small = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BILINEAR)
    reading = read_picture(binary, small)
    check("half the size: no text", reading.code == NO_TEXT, (reading.kind, reading.found.get("Lines")))
