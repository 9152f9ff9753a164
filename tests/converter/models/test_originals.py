import hashlib
import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest

from card import Tensor
from converter import bundle, readers
from converter.measure import Form
from converter.passes import optimise
from models import npm, originals
from models.errors import DataError
from tests.converter.building import f32, source


@pytest.fixture
def package(tmp_path: Path) -> npm.Package:
    """A package with a graph model, whose signature has the format of TensorFlow's converter."""
    files = dict(bundle.network(source().graph, "tiny", "none"))
    model = json.loads(files.pop("model.json"))
    signature = model["signature"]
    signature["inputs"] = {"x:0": {**signature["inputs"]["x"], "name": "x:0"}}
    files["tiny.json"] = json.dumps(model).encode()
    path = tmp_path / "tiny-1.0.0.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(f"package/models/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return npm.Package("tiny@1.0.0", hashlib.sha512(path.read_bytes()).hexdigest())


def test_a_published_model_runs_as_it_is(package: npm.Package, tmp_path: Path) -> None:
    original = originals.fetch(package, "package/models/tiny.json", tmp_path)
    assert original.inputs == (Tensor("x:0", (1, 2), "float32"),)
    assert original.outputs == (Tensor("y", (1, 2), "float32"),)
    (answer,) = original.run([(f32([[1, 2]]),)])
    np.testing.assert_allclose(answer[0], [[7, 10]], rtol=1e-6)


def test_what_is_made_of_it_runs_too(package: npm.Package, tmp_path: Path) -> None:
    original = originals.fetch(package, "package/models/tiny.json", tmp_path)
    graph = optimise(readers.read(original.save(tmp_path / "here")).graph)
    form = Form(graph, bundle.network(graph, "m", "none"))
    (answer,) = originals.run(form, [(f32([[1, 2]]),)])
    np.testing.assert_allclose(answer[0], [[7, 10]], rtol=1e-6)


def test_a_model_that_is_not_in_the_package(package: npm.Package, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"has no file package/models/huge\.json"):
        originals.fetch(package, "package/models/huge.json", tmp_path)
