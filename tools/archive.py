"""Zip files of Python sources; equal sources give an equal archive, byte by byte."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tools.hashing import files_below

ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""The oldest time that a zip archive can hold."""


def write_python(source: Path, target: Path, only: tuple[str, ...] = ("",)) -> None:
    """Pack the Python sources below a folder.

    Args:
        source: the folder.
        target: the archive.
        only: how a packed file's path within the folder may begin.
    """
    with zipfile.ZipFile(target, "w") as archive:
        for path in files_below(source):
            name = path.relative_to(source).as_posix()
            if path.suffix != ".py" or not name.startswith(only):
                continue
            member = zipfile.ZipInfo(name, ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, path.read_bytes(), compresslevel=9)
