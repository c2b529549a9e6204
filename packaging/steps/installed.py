"""What packages install, tried: each in a root of its own, where the program is started."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from steps import build, manifests, wheels
from steps.first_minute import first_minute
from steps.project import Project, expect, run
from steps.roots import Root, as_root, debian, empty, temporary


def works(name: str, root: Root, version: str) -> None:
    """The program in a root says its version, and reads a console of the simulated account."""
    expect(f"{name}: it says its version", root.run("ecs-vnc", "--version").strip() == f"ecs-vnc {version}")
    text = root.run("ecs-vnc", "text", "--profile", "demo", "web-01")
    expect(f"{name}: it reads a console", "login:" in text, text)


def deb(project: Project, cache: Path) -> None:
    """The .deb installs in a fresh Debian, and everything in it is found where Debian looks."""
    package = project.out / f"{project.name}_{project.version}-1_amd64.deb"
    with debian(cache) as root:
        expect("the fresh Debian has no ecs-vnc", not root.path("usr/bin/ecs-vnc").exists())
        seconds = first_minute(root, package)
        expect(f"README's first commands took {seconds:.1f} s, from the .deb to a picture", seconds < 60)
        works("deb", root, project.version)
        chinese = root.path("usr/share/man/zh_CN/man1/ecs-vnc-open.1.gz")
        expect("the Chinese pages are there", chinese.is_file(), chinese)
        for page in ["ecs-vnc", "ecs-vnc-open"]:
            where = root.run("man", "-w", page).strip()
            expect(f"man finds {page}", where == f"/usr/share/man/man1/{page}.1.gz", where)
        script = (
            "source /usr/share/bash-completion/completions/ecs-vnc; COMP_CWORD=4; "
            "COMP_WORDS=(ecs-vnc vnc-url --profile demo i-demo-lin); "
            "_clap_complete_ecs_vnc ecs-vnc i-demo-lin demo; echo ${COMPREPLY[@]}"
        )
        seen = root.run("bash", "-c", script).strip()
        expect("completion of bash knows instances", seen == "i-demo-linux", seen)
        for file in ["copyright", "config.example.toml", "THIRD-PARTY-LICENSES.gz"]:
            expect(f"{file} is there", root.path(f"usr/share/doc/ecs-vnc/{file}").is_file())
        root.run("dpkg", "--purge", "ecs-vnc")
        expect("nothing is left after it is removed", not root.path("usr/share/doc/ecs-vnc").exists())


def rpm(project: Project) -> None:
    """The .rpm installs in an empty root: the program needs no other file."""
    file = project.out / f"{project.name}-{project.version}-1.x86_64.rpm"
    listed = run(["rpm", "-qpl", file], stderr=subprocess.DEVNULL).splitlines()
    for path in [
        "/usr/bin/ecs-vnc",
        "/usr/share/man/man1/ecs-vnc-open.1.gz",
        "/usr/share/man/zh_CN/man1/ecs-vnc-open.1.gz",
        "/usr/share/zsh/site-functions/_ecs-vnc",
    ]:
        expect(f"the rpm has {path}", path in listed, listed)
    with empty() as root:
        as_root(["rpm", "--root", root.directory, "--dbpath", "/var/lib/rpm", "--nodeps", "-i", file])
        works("rpm", root, project.version)


def arch(project: Project, target: str) -> None:
    """makepkg makes a package of the archive by the manifest for Arch, and pacman installs it in an empty root."""
    file = manifests.archive(project, target)
    with temporary() as directory:
        hashes = {each: "0" * 64 for each in build.TARGETS} | {target: manifests.sha256(file)}
        manifests.write(Project(directory), hashes)
        work = directory / "aur"
        # makepkg takes a file beside the manifest for what it would download. It refuses to run as root.
        shutil.copy(file, work)
        as_root(["chown", "--recursive", "nobody:", work])
        # Debian has no database of Arch's packages for it to ask.
        env = ["env", "-C", work, f"HOME={work}", "PACMAN=true"]
        as_root(["runuser", "-u", "nobody", "--", *env, "makepkg", "--nodeps"])
        [package] = work.glob("*.pkg.tar.*")
        with empty() as root:
            database = root.path("var/lib/pacman")
            as_root(["mkdir", "--parents", database])
            options = ["--noconfirm", "--nodeps", "--nodeps", "--noscriptlet"]
            as_root(["pacman", "--root", root.directory, "--dbpath", database, *options, "--upgrade", package])
            works("arch", root, project.version)
            page = root.path("usr/share/man/zh_CN/man1/ecs-vnc-open.1.gz")
            expect("arch: the manual pages are there", page.is_file(), page)


def wheel(project: Project, target: str) -> None:
    """pip installs the wheel in an environment of its own, without a network."""
    with temporary() as directory:
        run([sys.executable, "-m", "venv", directory / "venv"])
        commands = directory / "venv/bin"
        run([commands / "pip", "install", "--quiet", "--no-index", wheels.wheel(project, target)])
        env = {"PATH": str(commands), "HOME": str(directory), "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}
        said = run(["ecs-vnc", "--version"], env=env).strip()
        expect("wheel: it says its version", said == f"ecs-vnc {project.version}", said)
        listed = run([commands / "pip", "show", "--files", project.name])
        expect("wheel: pip knows its files", "ecs-vnc-open.1" in listed and f"Version: {project.version}" in listed, listed)
        run([commands / "pip", "uninstall", "--quiet", "--yes", project.name])
        expect("wheel: nothing is left after it is removed", not list((directory / "venv").rglob("*ecs?vnc*")))


def image(project: Project, target: str, built: Path) -> None:
    """buildah builds the container image, and the program in it starts as its user."""
    manifests.container(project, {target: built})
    # As an archive of container/ is unpacked that was made of files without modes.
    for program in (project.out / "container").glob("*/ecs-vnc"):
        program.chmod(0o644)
    manifests.pack(project)
    shutil.rmtree(project.out / "container")
    stem = f"container-{project.version}"
    shutil.unpack_archive(project.out / f"{stem}.tar.gz", project.out)
    with temporary() as directory:
        buildah = ["buildah", "--storage-driver", "vfs", "--root", directory / "store", "--runroot", directory / "run"]
        # Other kinds of isolation need more rights than some machines of CI give.
        isolation = ["--isolation", "chroot"]
        as_root([*buildah, "build", *isolation, "--tag", "ecs-vnc", project.out / stem / "container"])
        container = as_root([*buildah, "from", "localhost/ecs-vnc"]).strip()

        def inside(*words: str) -> str:
            return as_root([*buildah, "run", *isolation, container, "/usr/bin/ecs-vnc", *words])

        expect("container: it says its version", inside("--version").strip() == f"ecs-vnc {project.version}")
        text = inside("text", "--profile", "demo", "web-01")
        expect("container: it reads a console", "login:" in text, text)
