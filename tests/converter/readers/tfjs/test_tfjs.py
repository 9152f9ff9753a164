import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from card import Tensor
from converter import bundle, cli, readers
from converter.errors import ConverterError, GraphError, SourceError
from converter.graph import DType, Shape
from converter.passes import optimise
from converter.quantize import SCHEMES, Scheme
from converter.readers import tfjs
from tests.converter.building import MATRIX, f32, graph, node, source


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A matrix product as a graph model in TF.js's files."""
    for name, data in bundle.network(source().graph, "tiny", "none").items():
        (tmp_path / name).write_bytes(data)
    return tmp_path / "model.json"


def change(path: Path, how: Callable[[Any], object]) -> None:
    model = json.loads(path.read_text("utf-8"))
    how(model)
    path.write_text(json.dumps(model), "utf-8")


def test_what_the_converter_writes_it_reads(saved: Path) -> None:
    model = readers.read(saved)
    assert model.runtime == "tfjs 4.22.0"
    assert model.graph.inputs == (Tensor("x", (1, 2), "float32"),)
    assert [output.tensor for output in model.graph.outputs] == [Tensor("y", (1, 2), "float32")]
    assert model.graph.nodes == source().graph.nodes
    np.testing.assert_array_equal(model.graph.weights["w"], MATRIX)
    np.testing.assert_allclose(model.run([f32([[1, 2]])])[0], [[7, 10]], atol=1e-6)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_weights_are_dequantized(scheme: Scheme, tmp_path: Path) -> None:
    weights = np.linspace(-1, 1, 600, dtype=np.float32).reshape(2, 300)
    made = graph(node("y", "MatMul", "x", "w"), outputs=["y"], weights={"w": weights})
    for name, data in bundle.network(made, "m", scheme).items():
        (tmp_path / name).write_bytes(data)
    read = readers.read(tmp_path / "model.json").graph.weights["w"]
    assert read.dtype == np.float32
    np.testing.assert_allclose(read, weights, atol=2 / 255)


def test_open_sides_may_be_said(saved: Path) -> None:
    def how(model: Any) -> None:
        for info in (model["signature"]["inputs"]["x"], model["signature"]["outputs"]["y"]):
            info["tensorShape"] = {"dim": [{"size": "-1"}, {"size": "-1"}]}
        del model["modelTopology"]["node"][0]["attr"]["shape"]  # of the placeholder

    change(saved, how)
    graph = readers.read(saved, {"x": (3, 2)}).graph
    assert graph.inputs == (Tensor("x", (3, 2), "float32"),)
    assert graph.outputs[0].tensor == Tensor("y", (3, 2), "float32")
    with pytest.raises(SourceError, match="has no input z; its inputs are x"):
        readers.read(saved, {"z": (1,)})


def test_told_sides_cannot_be_changed(saved: Path) -> None:
    with pytest.raises(SourceError, match=r"x: has the shape \[1, 2\], which \[1, 3\] does not"):
        readers.read(saved, {"x": (1, 3)})


def test_a_batch_that_is_open_becomes_one_without_a_run(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def how(model: Any) -> None:
        for info in (model["signature"]["inputs"]["x"], model["signature"]["outputs"]["y"]):
            info["tensorShape"]["dim"][0]["size"] = "-1"

    change(saved, how)
    monkeypatch.setattr("converter.tfjs.trace", None)
    assert readers.read(saved).graph.outputs[0].tensor.shape == (1, 2)
    assert readers.read(saved, {"x": (5, 2)}).graph.outputs[0].tensor.shape == (5, 2)


def test_a_signature_without_shapes_is_measured(saved: Path) -> None:
    change(saved, lambda model: model["signature"]["outputs"]["y"].pop("tensorShape"))
    assert readers.read(saved).graph.outputs[0].tensor.shape == (1, 2)
    change(saved, lambda model: model["signature"]["inputs"]["x"].pop("tensorShape"))
    with pytest.raises(SourceError, match=r"x: shape of any rank has open .* x=1,224,224,3"):
        readers.read(saved)


def test_signatures_rename_and_control_edges_go(saved: Path) -> None:
    def how(model: Any) -> None:
        signature = model["signature"]
        signature["inputs"] = {"image:0": {**signature["inputs"]["x"], "name": "x:0"}}
        signature["inputs"]["image:0"]["tensorShape"]["dim"][0]["size"] = "-1"
        signature["outputs"] = {"scores": signature["outputs"]["y"]}
        model["modelTopology"]["node"][-1]["input"] = ["x:0", "w", "^w"]

    change(saved, how)
    model = readers.read(saved)
    assert model.graph.inputs == (Tensor("image", (1, 2), "float32"),)
    assert model.graph.nodes[0].inputs == ("image", "w")
    assert optimise(model.graph).nodes[-1].name == "scores"
    np.testing.assert_allclose(model.run([f32([[1, 2]])])[0], [[7, 10]], atol=1e-6)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ({"s": "U0FNRQ=="}, "SAME"),
        ({"s": [83, 65]}, "SA"),
        ({"i": "-3"}, -3),
        ({"f": 0.5}, 0.5),
        ({"b": True}, True),
        ({"type": "DT_INT32"}, DType("DT_INT32")),
        ({"shape": {"dim": [{"size": "2"}, {}]}}, Shape((2, -1))),
        ({"list": {"i": ["1", "2"]}}, (1, 2)),
        ({"list": {"s": ["QQ==", "Qg=="]}}, ("A", "B")),
        ({"list": {}}, ()),
        ({"func": {"name": "f"}}, None),
    ],
)
def test_attributes(raw: Any, value: object) -> None:
    assert tfjs._attribute(raw) == value


BAD: dict[str, tuple[Callable[[Any], object], type[ConverterError], str]] = {
    "layers": (
        lambda m: m.update(format="layers-model"),
        SourceError,
        "has the format 'layers-model', expected 'graph-model'",
    ),
    "no signature": (lambda m: m.pop("signature"), SourceError, "has no signature"),
    "no manifest": (lambda m: m.pop("weightsManifest"), SourceError, "KeyError: 'weightsManifest'"),
    "outside": (
        lambda m: m["weightsManifest"][0].update(paths=["../secret"]),
        SourceError,
        "weights path '../secret': leads out of the model's folder",
    ),
    "absolute": (
        lambda m: m["weightsManifest"][0].update(paths=["/etc/passwd"]),
        SourceError,
        "weights path '/etc/passwd': leads out",
    ),
    "backslash": (
        lambda m: m["weightsManifest"][0].update(paths=["..\\secret"]),
        SourceError,
        "leads out",
    ),
    "missing": (
        lambda m: m["weightsManifest"][0].update(paths=["no.bin"]),
        SourceError,
        "no.bin: cannot be read: No such file",
    ),
    "2 GB": (
        lambda m: m["weightsManifest"][0]["weights"][0].update(shape=[2**20, 512]),
        SourceError,
        "weight w: expected 2,147,483,648 bytes in .*, got 16; are the files whole",
    ),
    "negative": (
        lambda m: m["weightsManifest"][0]["weights"][0].update(shape=[-2, -2]),
        SourceError,
        r"weight w: \[-2, -2\] is not a shape",
    ),
    "strings": (
        lambda m: m["weightsManifest"][0]["weights"][0].update(dtype="string"),
        SourceError,
        "weight w: has the type string",
    ),
    "too much": (
        lambda m: m["weightsManifest"][0]["weights"][0].update(shape=[2, 1]),
        SourceError,
        "expected 8 bytes, got 16",
    ),
    "no weight": (
        lambda m: m["weightsManifest"].clear(),
        SourceError,
        "weight w: is not in the weights manifest",
    ),
    "open sides": (
        lambda m: m["signature"]["inputs"]["x"]["tensorShape"]["dim"][1].update(size="-1"),
        SourceError,
        r"x: shape \[1, '\?'\] has open sides; say what they are with --shape x=1,224",
    ),
    "odd type": (
        lambda m: m["signature"]["outputs"]["y"].update(dtype="DT_STRING"),
        SourceError,
        "y: TF.js computes with no DT_STRING",
    ),
    "unlisted input": (
        lambda m: m["modelTopology"]["node"].append({"name": "z", "op": "Placeholder"}),
        SourceError,
        "input z: is not in the signature",
    ),
    "cycle": (
        lambda m: m["modelTopology"]["node"][-1].update(input=["y", "w"]),
        GraphError,
        "nodes wait for each other, or for nothing: y",
    ),
    "dangling": (
        lambda m: m["modelTopology"]["node"][-1].update(input=["x", "nothing"]),
        GraphError,
        "nodes wait for each other, or for nothing: y",
    ),
    "list of nodes": (lambda m: m.update(modelTopology=[]), SourceError, "has the format"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_models_are_refused(what: str, saved: Path, tmp_path: Path) -> None:
    how, error, message = BAD[what]
    change(saved, how)
    with pytest.raises(error, match=message):
        readers.read(saved)
    out = tmp_path / "out"
    assert cli.main(["convert", str(saved), "--name", "m", "--out", str(out)]) == 2
    assert not out.exists()


def test_a_link_that_leads_out_is_refused(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "inside").mkdir()
    model = saved.rename(tmp_path / "inside" / "model.json")
    (shard,) = tmp_path.glob("tiny-*.bin")
    (tmp_path / "inside" / shard.name).symlink_to(shard)
    with pytest.raises(SourceError, match="leads out of the model's folder"):
        readers.read(model)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"null", bytes(range(256))])
def test_other_content_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_bytes(content)
    with pytest.raises(SourceError, match=r"model\.json: is not a TF.js graph model, or is"):
        readers.read(tmp_path / "model.json")


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_truncated_files_are_refused(part: float, saved: Path) -> None:
    whole = saved.read_bytes()
    saved.write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(SourceError):
        readers.read(saved)
    saved.write_bytes(whole)
    (shard,) = saved.parent.glob("*.bin")
    shard.write_bytes(shard.read_bytes()[:-1])
    with pytest.raises(SourceError, match=r"expected 16 bytes in .*, got 15"):
        readers.read(saved)
