"""The local page before a real guest: what a user types and pastes there is read from the guest's memory.

Part of browser.py, whose console_page.py looks at the messages that the page sends.
"""

from __future__ import annotations

import base64
import io
from pathlib import Path

import guests
from as_browser import Browser
from console_page import ALL_ASCII, SHIFTED, STEP, Local, Page
from harness import Demo, check, check_equal, until
from PIL import Image
from qemu import Qemu
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

# A server whose disk has moved, as systemd tells it. Colours as a PC has them: grey, green, red, yellow.
GREY, GREEN, RED, YELLOW = 7, 10, 12, 14
OK, FAILED, DEPEND = [("[", GREY), ("  OK  ", GREEN), ("] ", GREY)], [("[", GREY), ("FAILED", RED), ("] ", GREY)], [("[", GREY), ("DEPEND", YELLOW), ("] ", GREY)]
EMERGENCY = [
    [("[    1.104552] EXT4-fs (vda1): mounted filesystem with ordered data mode", GREY)],
    [("[    1.486027] systemd[1]: Set hostname to <web-01>.", GREY)],
    [*OK, ("Created slice User and Session Slice.", GREY)],
    [*OK, ("Reached target Local Encrypted Volumes.", GREY)],
    [*OK, ("Reached target Swaps.", GREY)],
    [*OK, ("Listening on Journal Socket.", GREY)],
    [*OK, ("Started Journal Service.", GREY)],
    [*OK, ("Reached target Preparation for Local File Systems.", GREY)],
    [("[    4.812377] /dev/vdb1: Can't open blockdev", GREY)],
    [*FAILED, ("Failed to mount /data.", GREY)],
    [("See 'systemctl status data.mount' for details.", GREY)],
    [*DEPEND, ("Dependency failed for Local File Systems.", GREY)],
    [*OK, ("Reached target Timer Units.", GREY)],
    [*OK, ("Reached target Login Prompts.", GREY)],
    [*OK, ("Started Emergency Shell.", GREY)],
    [*OK, ("Reached target Emergency Mode.", GREY)],
    [('You are in emergency mode. After logging in, type "journalctl -xb" to view', GREY)],
    [('system logs, "systemctl reboot" to reboot, "systemctl default" or "exit"', GREY)],
    [("to boot into default mode.", GREY)],
    [("Press Enter for maintenance", GREY)],
    [("(or press Control-D to continue):", GREY)],
    [],
    [("root@web-01:~# ", GREY)],
]
REPAIR = "sed -i '/vdb1/s/defaults/defaults,nofail/' /etc/fstab"

# The size of the picture that README shows.
WIDTH, HEIGHT = 1280, 800

# Scancodes of set 1; 80h more when the key comes up. E0 stands before the keys that the PC/XT did not have.
CONTROL, ALT, F2, A = 0x1D, 0x38, 0x3C, 0x1E
DELETE_DOWN, DELETE_UP, UP = [0xE0, 0x53], [0xE0, 0xD3], 0x80


def screen_of(page: Page) -> Image.Image:
    """What the page shows of the guest, in the guest's own pixels."""
    url = page.js("return document.querySelector('#screen canvas').toDataURL('image/png')")
    with Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) as image:
        return image.convert("RGB")


def check_picture(name: str, page: Page, guest: Qemu) -> None:
    """The page shows what QEMU shows."""
    is_same = lambda: screen_of(page).tobytes() == guest.picture().tobytes()
    check(f"{name}: shows the guest's screen, pixel for pixel", until("the guest's picture on the page", STEP, is_same))


def by_hand(page: Page, character: str) -> None:
    """A key, with Shift where a US keyboard wants it: the driver alone would send none."""
    chain = ActionChains(page.driver)
    if character in SHIFTED:
        chain.key_down(Keys.SHIFT).send_keys(character).key_up(Keys.SHIFT).perform()
    else:
        chain.send_keys(character).perform()


def typed_and_pasted(binary: str, pictures: Path) -> None:
    """By the keyboard, and by the button: the guest has every character."""
    name = "the page before a guest"
    with Qemu(guests.echo()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo, Browser() as browser:
        page = Page(browser)
        with Local(binary, "--endpoint", demo.endpoint, "i-demo-linux") as opening:
            browser.driver.get(opening.link)
            page.is_in("connected")
            typed = ""
            for character in "Type: Aa Zz 09 !@#$%^&*() ~{}|":
                by_hand(page, character)
                typed += character
                # As a user does who looks at the screen.
                until(f"{typed!r} on the guest's screen", STEP, lambda: guest.text() == typed.rstrip())
            check_equal(f"{name}: letters and characters with Shift are typed", guest.text(), typed.rstrip())
            check_picture(name, page, guest)
            page.type(Keys.ENTER)
            page.paste(ALL_ASCII)
            lines = [typed.rstrip(), ALL_ASCII[:80].rstrip(), ALL_ASCII[80:].rstrip()]
            until("what was pasted", 2 * STEP, lambda: guest.screen()[:3] == lines)
            check_equal(f"{name}: all of ASCII is pasted as keystrokes", guest.screen()[:3], lines)
            until("the page's word", STEP, lambda: page.text("typed") == f"Typed {len(ALL_ASCII)} characters.")
            check_picture(f"{name}, after the paste", page, guest)
            browser.picture(str(pictures / "page-guest.png"))
            page.at("ctrl-alt-del").click()
            until("the guest's restart", STEP, guest.has_restarted)
            check(f"{name}: Ctrl+Alt+Del restarts it", True)
            until("the guest", STEP, guest.is_up)
            page.type("b")
            check_equal(f"{name}: and the console goes on", guest.shows("b"), "b")


def chords(binary: str) -> None:
    """Keys that no character tells of, as the guest's keyboard says them."""
    name = "the page's chords"
    with Qemu(guests.scancodes()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo, Browser() as browser:
        page = Page(browser)
        with Local(binary, "--endpoint", demo.endpoint, "i-demo-linux") as opening:
            browser.driver.get(opening.link)
            page.is_in("connected")
            page.type("a")
            codes = [A, A | UP]
            check_equal(f"{name}: a key", guest.hears(codes), codes)
            page.at("ctrl-alt-del").click()
            codes += [CONTROL, ALT, *DELETE_DOWN, *DELETE_UP, ALT | UP, CONTROL | UP]
            check_equal(f"{name}: Ctrl+Alt+Del", guest.hears(codes), codes)
            page.at("function-keys").click()
            page.driver.find_elements("css selector", "#function-key-list button")[1].click()
            codes += [CONTROL, ALT, F2, F2 | UP, ALT | UP, CONTROL | UP]
            check_equal(f"{name}: Ctrl+Alt+F2", guest.hears(codes), codes)
            check_equal(f"{name}: none restarts a guest that does not want it", guest.has_restarted(), False)


def a_picture(binary: str, pictures: Path) -> None:
    """What docs/viewers.md shows of the page: local-page.png."""
    name = "the page before a server in need"
    with Qemu(guests.picture(EMERGENCY)) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo, Browser() as browser:
        page = Page(browser)
        with Local(binary, "--endpoint", demo.endpoint, "i-demo-linux") as opening:
            size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
            browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            browser.driver.get(opening.link)
            page.is_in("connected")
            page.paste(REPAIR)
            prompt = "".join(text for text, _ in EMERGENCY[-1])
            until("the command on the guest's screen", STEP, lambda: guest.screen()[len(EMERGENCY) - 1] == prompt + REPAIR)
            check(f"{name}: a long command is pasted", True)
            until("the page's word on it is gone", STEP, lambda: not page.at("typing").is_displayed())
            check_picture(name, page, guest)
            browser.picture(str(pictures / "local-page.png"))
