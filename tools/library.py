"""Runs in Pyodide when the site is built: byte-compiles Python for the pages."""

import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc  # type: ignore[attr-defined]
from pathlib import Path
from types import CodeType

OPTIMIZE = 2
"""Without docstrings and assertions, as `python -OO`: nobody reads them in a browser."""
NO_HASH = b"\0" * 8


def compile_archive(archive: str, root: str, skipped: list[str], lines: bool) -> bytes:
    """Return an archive of a zip file's Python modules, compiled and nothing else.

    Args:
        archive: path of the zip file.
        root: folder that tracebacks are to name.
        skipped: folders that are left out wherever they occur.
        lines: whether tracebacks are to name lines: the tables that tell are a tenth of a module.
    """
    target = Path("/tmp/compiled.zip")
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            if name.endswith(".py") and not set(skipped).intersection(name.split("/")):
                code = compile(source.read(name), f"{root}/{name}", "exec", optimize=OPTIMIZE)
                kept = code if lines else without_lines(code)
                content = bytes(_code_to_hash_pyc(kept, NO_HASH, False))
                made.writestr(zipfile.ZipInfo(f"{name}c"), content)
    return target.read_bytes()


def without_lines(code: CodeType) -> CodeType:
    """Return code that does not know its line numbers, functions in it included."""
    constants = tuple(
        without_lines(each) if isinstance(each, CodeType) else each for each in code.co_consts
    )
    return code.replace(co_consts=constants, co_linetable=b"")
