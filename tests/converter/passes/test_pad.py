import numpy as np
import pytest

from converter.graph import Graph
from converter.passes.pad import pad
from converter.passes.prune import prune
from tests.converter.building import f32, graph, i32, node

ROWS = [[0, 0], [1, 2], [3, 4], [0, 0]]


def padded(rows: object = ROWS, op: str = "Conv2D", padding: str = "VALID", by: float = 0) -> Graph:
    return graph(
        node("p", "PadV2", "x", "rows", "by"),
        node("y", op, "p", "w", strides=(1, 1, 1, 1), padding=padding),
        outputs=["y"],
        inputs={"x": (1, 4, 4, 1)},
        weights={"rows": i32(rows), "by": f32(by), "w": np.ones((3, 3, 1, 1), np.float32)},
    )


@pytest.mark.parametrize("op", ["Conv2D", "DepthwiseConv2dNative"])
def test_zeros_around_an_image_become_the_convolution_s(op: str) -> None:
    (conv,) = prune(pad(padded(op=op))).nodes
    assert conv.inputs == ("x", "w")
    assert conv.attributes["padding"] == "EXPLICIT"
    assert conv.attributes["explicit_paddings"] == (0, 0, 1, 2, 3, 4, 0, 0)


@pytest.mark.parametrize(
    "other",
    [
        padded(by=1),
        padded(padding="SAME"),
        padded(op="MaxPool"),
        padded(rows=[[0, 0], [0, 0], [0, 0], [1, 0]]),
        padded(rows=[[0, 0], [-1, 0], [0, 0], [0, 0]]),
    ],
    ids=["not zero", "padded already", "no convolution", "channels", "cropped"],
)
def test_other_padding_stays(other: Graph) -> None:
    assert pad(other) == other
