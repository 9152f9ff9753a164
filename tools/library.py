"""Runs in Pyodide when the site is built: byte-compiles Python for the pages."""

import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc  # type: ignore[attr-defined]
from pathlib import Path

OPTIMIZE = 2
"""Without docstrings and assertions, as `python -OO`: nobody reads them in a browser."""
NO_HASH = b"\0" * 8


def compile_archive(archive: str, root: str, skipped: list[str]) -> bytes:
    """Return an archive of a zip file's Python modules, compiled and nothing else.

    Args:
        archive: path of the zip file.
        root: folder that tracebacks are to name.
        skipped: folders that are left out wherever they occur.
    """
    target = Path("/tmp/compiled.zip")
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            if name.endswith(".py") and not set(skipped).intersection(name.split("/")):
                code = compile(source.read(name), f"{root}/{name}", "exec", optimize=OPTIMIZE)
                content = bytes(_code_to_hash_pyc(code, NO_HASH, False))
                made.writestr(zipfile.ZipInfo(f"{name}c"), content)
    return target.read_bytes()
