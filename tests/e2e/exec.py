"""`exec` and `cp` on real Linux guests: `python exec.py PATH_TO_ECS_VNC [PICTURES_DIR [all]]`.

The judge is a shell of the guest's that is behind another port: it makes the bytes and says their checksums. With `all`, each
exit code is run in each shell, and there are more long outputs.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from exec_guests import LIMIT, PASSWORDS, bytes_of, runs, says, sha1, verb
from exec_runs import exit_codes, many_outputs
from harness import Demo, bound, check, check_equal, main_with_pictures, sealed, until
from linux_files import FSTAB, USER
from linux_guest import BOCHS, VGA_TEXT, Display, Grub, LinuxGuest, disk, initramfs

# A root that does not exist: the kernel's first shell stays.
INITRAMFS = Display("VGA", append="root=/dev/none")


def check_bytes(binary: str, demo: Demo, guest: LinuxGuest, name: str, count: int) -> None:
    """What comes is what the guest has."""
    true = bytes_of(guest, "/run/bytes", count)
    start = time.monotonic()
    code, out, said = runs(binary, demo, "cat /run/bytes")
    print(f"   {count} bytes in {time.monotonic() - start:.1f} s")
    check_equal(f"exec, {name}: {count} random bytes", (code, sha1(out), said), (0, true, ""))


def is_clean(guest: LinuxGuest, name: str) -> None:
    """Nothing of it is left in the guest."""
    left = guest.run("ls -d /run/????/o /dev/shm/* /tmp/* 2>/dev/null; ps | grep 'eval \"`cat`\"' | grep -v grep")
    check_equal(f"exec, {name}: nothing is left", left, b"")


def vga_text(binary: str, pictures: Path) -> None:
    """80x25, in bash, from the login on."""
    with LinuxGuest(VGA_TEXT) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        guest.boots()
        guest.shows("debian login:")
        done = runs(binary, demo, "true")
        check("exec, no prompt: 255 and why", done[0] == 255 and "no prompt of a shell" in done[2], done)
        done = runs(binary, demo, "echo out; echo err >&2; exit 7", "--user", "root", "--env", "ROOT")
        check_equal("exec, VGA text: logs in; stdout, stderr and the exit code", done, (7, b"out\n", "err\n"))
        for count in (0, 20000):
            check_bytes(binary, demo, guest, "VGA text", count)
        check_equal("exec: a signal", runs(binary, demo, "kill -9 $$")[:2], (137, b""))
        done = runs(binary, demo, "echo 1; echo 2 >&2; echo 3", "--merge")
        check_equal("exec --merge: in their order", done, (0, b"1\n2\n3\n", ""))
        done = runs(binary, demo, "od -An -c", "--stdin", told=b"\0\xff'\"\n")
        check_equal("exec --stdin: any bytes", (done[0], done[1].split()), (0, rb"""\0 377 ' " \n""".split()))
        done = runs(binary, demo, "sleep 100", "--timeout", "1")
        check("exec --timeout: 255 and why", done[0] == 255 and "has not ended within 1 s" in done[2], done)
        files(binary, demo, guest)
        done = runs(binary, demo, "echo " + "it\\'s " * 400)
        check_equal("exec: a command that is longer than the screen, with quotes", done, (0, b"it's " * 399 + b"it's\n", ""))
        is_clean(guest, "VGA text")
        check_equal("exec: a prompt is left", guest.shows("root@debian:~#").rows[0].rstrip(), "root@debian:~#")
        not_shells(binary, demo, guest)


def files(binary: str, demo: Demo, guest: LinuxGuest) -> None:
    """`cp` both ways."""
    data = random.Random(1).randbytes(300)
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as here:
        there = Path(here)
        (there / "up").write_bytes(data)
        (there / "up").chmod(0o751)
        check_equal("cp to the guest", verb(binary, demo, "cp", "up", "i-demo-linux:/data/a file", cwd=here), (0, b"", ""))
        said = guest.run("sha1sum < '/data/a file'; stat -c %a '/data/a file'; ls /data").decode().split()
        check_equal("cp to the guest: bytes, mode, and nothing else", said, [sha1(data), "-", "751", "a", "file"])
        check_equal("cp from the guest", verb(binary, demo, "cp", "i-demo-linux:/data/a file", "down", cwd=here), (0, b"", ""))
        mode = (there / "down").stat().st_mode & 0o777
        check_equal("cp from the guest: bytes and mode", ((there / "down").read_bytes(), mode), (data, 0o751))
        guest.run("head -c 9000000 /dev/zero > /run/long")
        start = time.monotonic()
        done = verb(binary, demo, "cp", "i-demo-linux:/run/long", "long", cwd=here)
        told = done[0] == 30 and "/run/long has 9000000 bytes, and 8 MiB can be copied over a console" in done[2]
        check("cp of a long file: 30 and its length, before it is copied", told and time.monotonic() - start < 30, done)
        guest.run("rm /run/long")
        done = verb(binary, demo, "cp", "i-demo-linux:/no/such", "no", cwd=here)
        check("cp of nothing: 30 and why", done[0] == 30 and "No such file" in done[2], done)


def not_shells(binary: str, demo: Demo, guest: LinuxGuest) -> None:
    """What is in the way is told, and left alone."""
    says(binary, demo, "less /etc/passwd /etc/group")
    guest.shows("root:x:0:0")
    done = runs(binary, demo, "true")
    check("exec, a pager: 255 and why", done[0] == 255 and "no prompt of a shell" in done[2], done)
    verb(binary, demo, "key", "i-demo-linux", "q")
    # A program that prompts as a shell does.
    guest.put("/run/sql", b"while printf 'sql> '; read -r x; do echo no; done\n")
    says(binary, demo, "clear; sh /run/sql")
    until("the prompt of a program", 20, lambda: any(row.rstrip() == "sql>" for row in guest.screen().rows))
    done = runs(binary, demo, "true")
    check("exec, another prompt: 255 and why", done[0] == 255 and "no prompt of a shell" in done[2], done)
    done = runs(binary, demo, "true", "--prompt", "sql> *$")
    check("exec, no shell: 255 and why", done[0] == 255 and "is no shell" in done[2], done)


def kernel_messages(binary: str, pictures: Path) -> None:
    """Messages come onto the console while the output is read."""
    with LinuxGuest(VGA_TEXT) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        guest.boots()
        guest.shows("debian login:")
        true = bytes_of(guest, "/run/bytes", 12000)
        guest.run("echo on > /proc/sys/kernel/printk_devkmsg")
        verb(binary, demo, "login", "i-demo-linux", "--user", "root", "--env", "ROOT")
        guest.send("(while :; do echo a message of a length that goes on in the next row, with 1234 > /dev/kmsg; sleep 0.4; done) &")
        code, out, said = runs(binary, demo, "cat /run/bytes")
        check_equal("exec, kernel messages in between", (code, sha1(out), said), (0, true, ""))


def odd_programs(binary: str, pictures: Path) -> None:
    """A guest whose programs are missing, or do wrong."""
    with LinuxGuest(VGA_TEXT) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        guest.boots()
        # busybox's sh has programs of its own.
        guest.run("mkdir /run/few /run/wrong; cp -d /bin/* /run/few; rm /run/few/sha1sum /run/few/sh")
        guest.run("ln -s /bin/dash /run/few/sh; ln -s /bin/dash /run/wrong/sh")
        # The first pages that are asked for have other bytes than the output, and checksums that fit. There are three: one that
        # comes torn is asked for again.
        tail = '#!/bin/sh\n[ `wc -c</run/was` -gt 2 ]&&exec /bin/tail "$@"\necho -n x>>/run/was;/bin/tail "$@"|tr AB BA\n'
        guest.put("/run/wrong/tail", tail.encode())
        guest.run("chmod 755 /run/wrong/tail; touch /run/was")
        guest.shows("debian login:")
        verb(binary, demo, "login", "i-demo-linux", "--user", "root", "--env", "ROOT")
        says(binary, demo, "PATH=/run/wrong:$PATH")
        true = bytes_of(guest, "/run/bytes", 4000)
        code, out, said = runs(binary, demo, "cat /run/bytes", "-v")
        check("exec: pages are read once more", (code, sha1(out)) == (0, true) and "reading all pages once more" in said, said)
        says(binary, demo, "PATH=/run/few")
        done = runs(binary, demo, "true")
        check("exec, no sha1sum: 255 and why", done[0] == 255 and "the guest has no program `sha1sum`" in done[2], done)
        says(binary, demo, "PATH=/bin:/sbin")
        check_equal("exec: a prompt was left", runs(binary, demo, "echo x"), (0, b"x\n", ""))


def graphics(binary: str, pictures: Path) -> None:
    """The command draws on the screen."""
    with LinuxGuest(BOCHS) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        guest.boots()
        guest.shows("debian login:")
        verb(binary, demo, "login", "i-demo-linux", "--user", "root", "--env", "ROOT")
        done = runs(binary, demo, "head -c 4096000 /dev/urandom >/dev/fb0; sleep 60")
        told = "the screen of i-demo-linux shows no text that can be read any more" in done[2]
        check("exec, a picture in the middle: 255 and what is shown", done[0] == 255 and told, done)
        check("exec, a picture in the middle: what is left is told", "the command may still run" in done[2], done)


def framebuffer(binary: str, pictures: Path) -> None:
    """160x50, as a user without rights."""
    with LinuxGuest(BOCHS) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        guest.boots()
        guest.run("mkdir -m 1777 /dev/shm")
        guest.shows("debian login:")
        guest.run("chmod 755 /run")
        done = runs(binary, demo, "id -un", "--user", USER, "--env", "USER")
        check_equal("exec, framebuffer: as a user", done, (0, f"{USER}\n".encode(), ""))
        check_bytes(binary, demo, guest, "framebuffer", 64 << 10)
        is_clean(guest, "framebuffer")


def shells(binary: str, pictures: Path) -> None:
    """dash, busybox's ash, and the shell of an initramfs that has no terminal of its own."""
    with LinuxGuest(VGA_TEXT) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        guest.boots()
        guest.shows("debian login:")
        verb(binary, demo, "login", "i-demo-linux", "--user", "root", "--env", "ROOT")
        for shell in ("dash", "sh"):
            says(binary, demo, shell)
            done = runs(binary, demo, "echo $0; exit 3")
            check_equal(f"exec, at the prompt of {shell}", done, (3, b"sh\n", ""))
    with LinuxGuest(INITRAMFS) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        code, _, said = verb(binary, demo, "wait", "i-demo-linux", "--text", "^[^ ]*[/~] # *$", "--timeout", "120")
        check_equal("the shell of the initramfs", (code, said), (0, ""))
        done = runs(binary, demo, "cat /proc/cmdline; ls /modules | wc -l; exit 9")
        check("exec, in an initramfs", done[0] == 9 and b"root=/dev/none" in done[1], done)
        # No shell is behind a port yet: what runs is asked by the same way.
        done = runs(binary, demo, "sleep 12345 | cat", "--timeout", "2")
        told = "has not ended within 2 s" in done[2] and "no prompt" not in done[2]
        check("exec --timeout, in an initramfs: 255 and a prompt", done[0] == 255 and told, done)
        typed = "mkdir -pm700"
        interrupt(binary, demo, lambda: until("a part of the script", LIMIT, lambda: typed in "".join(guest.text_screen())))
        check_equal("exec, in an initramfs: a script that was not whole is ended", runs(binary, demo, "echo x"), (0, b"x\n", ""))
        interrupt(binary, demo, lambda: command_runs(guest, typed))
        done = runs(binary, demo, "ps | grep '[s]leep'; ls -d /run/*")
        is_still = b"sleep" not in done[1] and done[1].count(b"/run/") == 1
        check("exec, in an initramfs: nothing is left running", is_still, done)


def interrupt(binary: str, demo: Demo, wait: Callable[[], object]) -> None:
    """Ctrl-C of the user's, after a wait."""
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        argv = [binary, "exec", "--profile", "demo", "--endpoint", demo.endpoint, "i-demo-linux", "--", "sleep 54321"]
        process = subprocess.Popen(argv, env=sealed(home, **PASSWORDS), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait()
        process.send_signal(signal.SIGINT)
        check_equal("exec: Ctrl-C", process.wait(20), 130)


def command_runs(guest: LinuxGuest, typed: str) -> None:
    """Waits until the script clears the screen on which it was typed."""
    until("a part of the script", LIMIT, lambda: typed in "".join(guest.text_screen()))
    until("a screen that was cleared", LIMIT, lambda: not "".join(guest.text_screen()).strip())


def together(*tests: Callable[[str, Path], None]) -> Callable[[str, Path], None]:
    """Tests that have a guest each, at once: they wait for keys most of the time. The first failure is raised at the end."""

    def run_all(binary: str, pictures: Path) -> None:
        initramfs()
        disk(Grub(), "", FSTAB)
        with ThreadPoolExecutor(len(tests)) as pool:
            for done in [pool.submit(test, binary, pictures) for test in tests]:
                done.result()

    run_all.__name__ = " and ".join(test.__name__ for test in tests)
    return run_all


TESTS = [
    together(vga_text, kernel_messages, framebuffer),
    together(odd_programs, graphics, shells),
    many_outputs,
    exit_codes,
]

if __name__ == "__main__":
    sys.exit(main_with_pictures("exec.py PATH_TO_ECS_VNC [PICTURES_DIR [all]]", partial(bound, TESTS)))
