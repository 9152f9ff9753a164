"""Damaged and hostile files: one error message and status 2, no output, no traceback.

Each reader's own error messages are tested with it; these tests cover arbitrary damage.
"""

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import pytest
import tensorflow as tf
import torch
from keras import layers
from tensorflow.core.protobuf import saved_model_pb2
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2
from torch import nn

from converter import bundle, cli, readers
from converter.errors import GraphError, SourceError
from converter.passes import optimise
from tests.converter.building import f32, graph, i32, node, source

FILES = {
    "keras": ("m.keras", ["m.keras"]),
    "h5": ("m.h5", ["m.h5"]),
    "SavedModel": ("saved", ["saved/saved_model.pb", "saved/variables/variables.index"]),
    "pb": ("m.pb", ["m.pb"]),
    "onnx": ("m.onnx", ["m.onnx"]),
    "pt2": ("m.pt2", ["m.pt2"]),
    "tfjs": ("tfjs/model.json", ["tfjs/model.json", "tfjs/weights.bin"]),
}
"""Path to convert and files to damage, by format."""

SEEDS = range(6)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small network in each format."""
    folder = tmp_path_factory.mktemp("whole")
    _write_tensorflow(folder)
    _write_torch(folder)
    files = bundle.network(source().graph, "weights", "none")
    (shard,) = (name for name in files if name.endswith(".bin"))
    (folder / "tfjs").mkdir()
    (folder / "tfjs/weights.bin").write_bytes(files[shard])
    text = files["model.json"].decode().replace(shard, "weights.bin")
    (folder / "tfjs/model.json").write_text(text, "utf-8")
    return folder


def _write_tensorflow(folder: Path) -> None:
    keras.utils.set_random_seed(0)
    image = keras.Input((4, 4, 2), name="image")
    hidden = layers.Flatten()(layers.ReLU()(layers.Conv2D(3, 3)(image)))
    model = keras.Model(image, layers.Dense(4)(hidden))
    model.save(folder / "m.keras")
    model.save(folder / "m.h5")
    called = tf.function(model).get_concrete_function(
        tf.TensorSpec((1, 4, 4, 2), tf.float32, "image")
    )
    tf.saved_model.save(model, folder / "saved", signatures=called)
    graph = convert_variables_to_constants_v2(called).graph.as_graph_def()
    (folder / "m.pb").write_bytes(graph.SerializeToString())


def _write_torch(folder: Path) -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Conv2d(2, 3, 3), nn.ReLU(), nn.Flatten(), nn.Linear(12, 4)).eval()
    given = (torch.rand(1, 2, 4, 4),)
    torch.export.save(torch.export.export(module, given), folder / "m.pt2")
    program: Any = torch.onnx.export(module, given, dynamo=True, verbose=False)
    program.save(folder / "m.onnx")


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) - 1)]


def noise(_: bytes, chance: random.Random) -> bytes:
    return chance.randbytes(chance.randrange(1, 500))


def flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 5, 25])):
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def damage(whole: Path, kind: str, tmp_path: Path, how: Callable[..., bytes], seed: int) -> Path:
    """Return a copy of a model, with one of its files damaged."""
    folder = shutil.copytree(whole, tmp_path / "damaged")
    main, files = FILES[kind]
    chance = random.Random(f"{kind} {how.__name__} {seed}")
    path = folder / chance.choice(files)
    path.write_bytes(how(path.read_bytes(), chance))
    return folder / main


@pytest.mark.parametrize("kind", FILES)
def test_what_is_whole_is_read(kind: str, whole: Path) -> None:
    assert cli.main(["inspect", str(whole / FILES[kind][0])]) == 0


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("how", [cut, noise])
@pytest.mark.parametrize("kind", FILES)
def test_truncated_and_random_files_end_with_a_sentence(  # noqa: PLR0917
    kind: str,
    how: Callable[..., bytes],
    seed: int,
    whole: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path, out = damage(whole, kind, tmp_path, how, seed), tmp_path / "out"
    assert cli.main(["convert", str(path), "--name", "m", "--out", str(out)]) == 2
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error: ")]
    assert len(said) == 1
    assert {each.name for each in tmp_path.iterdir()} == {"damaged"}


# HDF5 itself never returns from some files with flipped bits.
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", [kind for kind in FILES if kind != "h5"])
def test_flipped_bits_never_end_with_a_traceback(
    kind: str, seed: int, whole: Path, tmp_path: Path
) -> None:
    path = damage(whole, kind, tmp_path, flipped, seed)
    assert cli.main(["inspect", str(path)]) in {0, 2}


def test_a_small_frozen_graph_cannot_claim_two_gigabytes(tmp_path: Path) -> None:
    path = tmp_path / "m.pb"
    path.write_bytes(claiming().SerializeToString())
    with pytest.raises(SourceError, match=r"m\.pb: constant c: claims 2,147,483,648 bytes, and "):
        readers.read(path)


def test_a_small_saved_model_cannot_claim_two_gigabytes(tmp_path: Path) -> None:
    saved = saved_model_pb2.SavedModel()
    function = saved.meta_graphs.add().graph_def.library.function.add()
    function.node_def.extend(each for each in claiming().node if each.op == "Const")
    (tmp_path / "saved_model.pb").write_bytes(saved.SerializeToString())
    with pytest.raises(SourceError, match=r"constant c: claims 2,147,483,648 bytes, and holds "):
        readers.read(tmp_path)


def claiming() -> Any:
    """Return a frozen graph whose constant has one value, and a shape for 2 GB of them."""
    with tf.Graph().as_default() as graph:
        tf.add(tf.compat.v1.placeholder(tf.float32, (1, 1), "x"), tf.constant(1.0, name="c"))
    definition = graph.as_graph_def()
    constant = next(each for each in definition.node if each.op == "Const")
    constant.attr["value"].tensor.tensor_shape.dim.add(size=2**29)
    return definition


def test_nodes_whose_inputs_do_not_fit_are_told() -> None:
    weights = {"w": f32([1, 2]), "sides": i32([3])}
    bad = graph(node("y", "Reshape", "w", "sides"), outputs=["y"], weights=weights)
    with pytest.raises(GraphError, match=r"the pass 'fold' cannot .*: ValueError: .*; its file is"):
        optimise(bad)
