"""`text` before real guests: `python text.py PATH_TO_ECS_VNC [PICTURES_DIR]`.

The judges are the guests themselves: a kernel's /dev/vcsu1, a VGA's text memory, GRUB's font, the firmware's serial console.
"""

from __future__ import annotations

import sys
from functools import partial

from harness import bound, main_with_pictures
from text_firmware import boot_sector, grub_in_text_mode, grub_on_gfxterm, uefi
from text_linux import a_start, fonts, framebuffers, vga_panic, vga_text
from text_pictures import demo_windows, half_size, jpeg, no_console

# The last ones need the pictures of those before them.
TESTS = [
    boot_sector, vga_text, vga_panic, framebuffers, fonts, a_start, grub_in_text_mode, grub_on_gfxterm, uefi,
    jpeg, no_console, demo_windows, half_size,
]  # fmt: skip

if __name__ == "__main__":
    sys.exit(main_with_pictures("text.py PATH_TO_ECS_VNC [PICTURES_DIR]", partial(bound, TESTS)))
