"""Packs files into archives: the same files give the same bytes."""

from __future__ import annotations

import gzip
import io
import tarfile
import time
import zipfile
from pathlib import Path

from steps.layout import Entry


def tar_gz(file: Path, directory: str, entries: list[Entry], epoch: int) -> None:
    """Writes a .tar.gz with all entries in a directory."""
    file.write_bytes(tar_gz_bytes(entries, epoch, directory))


def tar_gz_bytes(entries: list[Entry], epoch: int, directory: str = "") -> bytes:
    """A .tar.gz with all entries, which belong to root, in a directory or at its top."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for entry in entries:
            info = tarfile.TarInfo(f"{directory}/{entry.path}" if directory else entry.path)
            info.size, info.mode, info.mtime = len(entry.content), entry.mode, epoch
            info.uname = info.gname = "root"
            tar.addfile(info, io.BytesIO(entry.content))
    return gzip.compress(plain.getvalue(), 9, mtime=epoch)


def zip_file(file: Path, directory: str, entries: list[Entry], epoch: int) -> None:
    """Writes a .zip with all entries in a directory, or at its top."""
    date = time.gmtime(epoch)[:6]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for entry in entries:
            info = zipfile.ZipInfo(f"{directory}/{entry.path}" if directory else entry.path, date)
            # The mode of Unix, beside the fields of DOS.
            info.create_system, info.external_attr = 3, (0o100000 | entry.mode) << 16
            archive.writestr(info, entry.content, zipfile.ZIP_DEFLATED)


def write_tree(root: Path, entries: list[Entry]) -> None:
    """Writes the entries below a directory."""
    for entry in entries:
        path = root / entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(entry.content)
        path.chmod(entry.mode)
    for path in root.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
