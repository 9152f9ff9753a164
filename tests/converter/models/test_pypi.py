import hashlib
import sys
from pathlib import Path

import pytest

from models import pypi
from models.errors import DataError

CONTENT = b"a wheel"
WHEEL = pypi.PyPIWheel(
    "thing==1.2.3", "thing-1.2.3-py3-none-any.whl", hashlib.sha256(CONTENT).hexdigest()
)


def interpreter(tmp_path: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a fake Python interpreter that runs this script."""
    path = tmp_path / "python"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(path))


def test_a_wheel_is_found_in_the_cache(tmp_path: Path) -> None:
    (tmp_path / WHEEL.file).write_bytes(CONTENT)
    assert pypi.fetch(WHEEL, tmp_path).read_bytes() == CONTENT


def test_a_wheel_is_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache"
    script = f'printf "a wheel" > {cache}/{WHEEL.file}; echo "$@" > {tmp_path}/asked'
    interpreter(tmp_path, script, monkeypatch)
    assert pypi.fetch(WHEEL, cache) == cache / WHEEL.file
    asked = (tmp_path / "asked").read_text().split()
    assert asked[:4] == ["-m", "pip", "download", "--no-deps"]
    assert asked[-3:] == ["--dest", str(cache), "thing==1.2.3"]


@pytest.mark.parametrize("content", [b"another wheel", None])
def test_other_bytes_are_refused(
    tmp_path: Path, content: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    interpreter(tmp_path, "exit 0", monkeypatch)  # pip may bring a file of another name
    if content:
        (tmp_path / WHEEL.file).write_bytes(content)
    with pytest.raises(DataError, match=r"is not thing==1\.2\.3 \(SHA-256 differs\)"):
        pypi.fetch(WHEEL, tmp_path)


def test_a_failed_download_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interpreter(tmp_path, "echo ERROR: the network is down >&2; exit 1", monkeypatch)
    with pytest.raises(DataError, match=r"could not be downloaded \(ERROR: the network is down"):
        pypi.fetch(WHEEL, tmp_path)
