"""The files of the Linux guest's system.

It has Debian's own agetty, login, passwd, sulogin and bash, for how these talk to a person is what the tests are about;
everything else is busybox. A shell behind a virtio port tells what the kernel's memory holds.
"""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from pathlib import Path

from packages import CACHE, libraries, unpacked

# The guest's people; the passwords are in no file of the guest in clear.
ROOT_PASSWORD, USER, USER_PASSWORD = "Ro0t-of-the-guest", "alice", "al1ce-of-the-guest"

HOSTNAME = "debian"

# Programs of this machine that the guest has, and what they load when they run.
PROGRAMS = [
    "/bin/bash", "/bin/dash", "/bin/login", "/sbin/agetty", "/sbin/sulogin", "/usr/bin/passwd", "/bin/mount", "/sbin/unix_chkpwd",
    "/lib/x86_64-linux-gnu/security/pam_unix.so", "/lib/x86_64-linux-gnu/security/pam_deny.so",
    "/lib/x86_64-linux-gnu/security/pam_permit.so",
]  # fmt: skip

# The names by which busybox is called. Every other one is a program's of this machine.
APPLETS = """
    sh cat ls echo clear seq sleep stty dmesg poweroff sync umount hostname sed grep head tail vi ps kill killall
    base64 gzip setsid chroot insmod id uname true false test mkdir rm cp mv ln df free env printf date wc more less top init
    sha1sum od stat chmod tr fold cmp
""".split()

# Without it a shell takes the console for a typewriter of one line.
TERMINFO = "lib/terminfo/l/linux"

# Fonts that the guest can load, of console-setup-linux.
FONTS = """
    Lat15-Fixed16 Uni2-Fixed16 Lat15-VGA16 Uni2-VGA16 Lat15-VGA8 Lat15-Terminus12x6 Lat15-Terminus14 Lat15-Terminus16
    Uni2-Terminus16 Lat15-Terminus20x10 Lat15-Terminus22x11 Lat15-Terminus24x12 Lat15-Terminus28x14 Lat15-Terminus32x16
    Lat15-TerminusBold16 Lat15-TerminusBold32x16
""".split()

# Opening vcsu makes the kernel keep code points from then on, where it would else keep numbers of glyphs.
TRUTH = """
until port=$(ls /dev/vport*p1 2>/dev/null); do sleep 0.1; done
exec <>$port >&0 2>&1
export PATH=/bin:/sbin:/usr/bin HOME=/root TERM=linux
cat /dev/vcsu1 >/dev/null
# What has no disk to write on yet has this.
mount -t tmpfs run /run
echo READY
cat | sh -s
"""

# In place of init.
IDLE = """#!/bin/bash
exec sleep 1000000
"""

# While init waits for a script of its own (sysinit), it heeds no reboot: emergency mode is in one that it does not wait for.
INITTAB = """
tty1::respawn:/etc/rc
::ctrlaltdel:/sbin/reboot
::shutdown:/bin/umount -a -r
"""

# As systemd does it: what cannot be mounted ends in a shell for root, on a root file system that cannot be written to. What
# is in /dev is gone with the kernel.
RC = f"""#!/bin/bash
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
[ ! -e /dev/started ] || exec agetty --noclear tty1 linux
hostname {HOSTNAME}
done_with() {{ echo -e "[\\e[0;32m  OK  \\e[0m] $*"; }}
done_with 'Started \\e[0;1;39mJournal Service\\e[0m.'
done_with 'Reached target \\e[0;1;39mLocal File Systems (Pre)\\e[0m.'
if grep -qwE 'emergency|single' /proc/cmdline; then
    emergency=yes
fi
while [ -n "$emergency" ] || ! mount -a 2>/dev/null; do
    if [ -z "$emergency" ]; then
        echo -e '[\\e[0;1;31m TIME \\e[0m] Timed out waiting for device \\e[0;1;39m/dev/vdb1\\e[0m.'
        echo -e '[\\e[0;1;33mDEPEND\\e[0m] Dependency failed for \\e[0;1;39m/data\\e[0m.'
        echo -e '[\\e[0;1;33mDEPEND\\e[0m] Dependency failed for \\e[0;1;39mLocal File Systems\\e[0m.'
    fi
    emergency=
    echo 'You are in emergency mode. After logging in, type "journalctl -xb" to view'
    echo 'system logs, "systemctl reboot" to reboot, "systemctl default" or "exit"'
    echo 'to boot into default mode.'
    sulogin /dev/tty1
done
mount -o remount,rw /
done_with 'Reached target \\e[0;1;39mLocal File Systems\\e[0m.'
# A start has pauses that are not its end.
sleep 2
done_with 'Started \\e[0;1;39mOpenBSD Secure Shell server\\e[0m.'
done_with 'Reached target \\e[0;1;39mMulti-User System\\e[0m.'
: > /dev/started
exec agetty --noclear tty1 linux
"""

PROFILE = """
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
. /etc/bash.bashrc
"""

# Of every bash with a terminal: Debian's prompt.
BASHRC = r"""
PS1='\u@\h:\w\$ '
"""

PAM = """
auth required pam_unix.so
account required pam_unix.so
password required pam_unix.so yescrypt
session required pam_permit.so
"""

FSTAB = "/dev/vda1 / ext4 errors=remount-ro 0 1\n"
# It names a disk that is not there.
FAULTY_FSTAB = FSTAB + "/dev/vdb1 /data ext4 defaults 0 2\n"


def is_shown(character: str) -> bool:
    """Whether the kernel puts the character's glyph into one cell: not controls, wide ones, and numbers of glyphs."""
    if unicodedata.category(character) in ("Cc", "Cf", "Mn", "Me", "Cs", "Co"):
        return False
    return unicodedata.east_asian_width(character) not in ("W", "F") and ord(character) < 0x10000


def busybox() -> Path:
    """The one that needs no library."""
    return unpacked("busybox-static") / "bin" / "busybox"


def hashed(password: str) -> str:
    """As it stands in /etc/shadow."""
    argv = [str(busybox()), "mkpasswd", "-m", "sha512", "-P", "0"]
    return subprocess.run(argv, input=password, capture_output=True, text=True, check=True).stdout.strip()


def system(root: Path, fstab: str, grub: str, boot: dict[str, bytes]) -> None:
    """Writes the files of the guest's system."""
    for merged in ("bin", "sbin", "lib", "lib64"):
        (root / "usr" / merged).mkdir(parents=True)
        (root / merged).symlink_to(f"usr/{merged}")
    for directory in f"boot/grub/fonts data dev etc/pam.d home/{USER} proc root run sys tmp usr/share/consolefonts var/log".split():
        (root / directory).mkdir(parents=True)
    (root / "root").chmod(0o700)
    shutil.copy(busybox(), root / "bin")
    for program in [unpacked("kbd") / "bin" / "setfont", *map(Path, PROGRAMS)]:
        for file in [program, *libraries(program)]:
            # A program that was unpacked has its place below the directory of its package.
            target = root / (f"bin/{file.name}" if file.is_relative_to(CACHE) else str(file).lstrip("/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                shutil.copy(file, target)
    for applet in APPLETS:
        if not (root / "bin" / applet).exists():
            (root / "bin" / applet).symlink_to("busybox")
    for font in FONTS:
        shutil.copy(unpacked("console-setup-linux") / f"usr/share/consolefonts/{font}.psf.gz", root / "usr/share/consolefonts")
    (root / TERMINFO).parent.mkdir(parents=True)
    shutil.copy(Path("/", TERMINFO), root / TERMINFO)
    for name in ("init", "reboot"):
        (root / "sbin" / name).symlink_to("../bin/busybox")
    people = {"root": (0, "/root", ROOT_PASSWORD), USER: (1000, f"/home/{USER}", USER_PASSWORD)}
    texts = {
        "etc/passwd": "".join(f"{name}:x:{id_}:{id_}:{name}:{home}:/bin/bash\n" for name, (id_, home, _) in people.items()),
        "etc/group": "".join(f"{name}:x:{number}:\n" for name, (number, _, _) in people.items()),
        "etc/shadow": "".join(f"{name}:{hashed(password)}:20000:0:99999:7:::\n" for name, (_, _, password) in people.items()),
        "etc/issue": "Debian GNU/Linux 12 \\n \\l\n\n", "etc/hostname": f"{HOSTNAME}\n", "etc/motd": "", "etc/login.defs": "",
        "etc/nsswitch.conf": "passwd: files\ngroup: files\nshadow: files\n", "etc/securetty": "tty1\n",
        "etc/inittab": INITTAB, "etc/rc": RC, "usr/lib/idle": IDLE, "etc/profile": PROFILE, "etc/bash.bashrc": BASHRC,
        "etc/fstab": fstab, "usr/lib/truth": TRUTH,
        "etc/pam.d/login": PAM, "etc/pam.d/passwd": PAM, "etc/pam.d/other": PAM, "boot/grub/grub.cfg": grub,
    }  # fmt: skip
    for name, text in texts.items():
        (root / name).write_text(text)
    (root / "etc/shadow").chmod(0o600)
    for script in ("etc/rc", "usr/lib/idle"):
        (root / script).chmod(0o755)
    for name, data in boot.items():
        (root / "boot" / name).write_bytes(data)
