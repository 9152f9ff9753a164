import json
from pathlib import Path

import pytest

from converter import vocabulary
from converter.errors import UnsupportedError
from tests.converter.building import graph, node

METADATA = "node_modules/@tensorflow/tfjs-converter/metadata/kernel2op.json"


def test_the_list_is_that_of_the_pinned_tfjs() -> None:
    root = Path(vocabulary.__file__).parents[1]
    known = json.loads((root / METADATA).read_text("utf-8"))
    listed = (root / "converter/vocabulary.txt").read_text("utf-8").split()
    assert listed == sorted(known)


def test_every_node_that_tfjs_lacks_is_named_at_once() -> None:
    made = graph(
        node("a", "Frobnicate", "x"),
        node("b", "Relu", "a"),
        node("c", "Roll", "b"),
        node("d", "StatelessIf", "c"),
        outputs=["d"],
    )
    with pytest.raises(
        UnsupportedError, match="no operation for 3 of 4 nodes: Frobnicate a; Roll c; StatelessIf d"
    ):
        vocabulary.check(made)


def test_what_tfjs_knows_passes() -> None:
    vocabulary.check(graph(node("a", "_FusedConv2D", "x"), outputs=["a"]))
