from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from card import Tensor
from converter import bundle, tfjs
from converter.errors import GraphError
from converter.graph import Graph, Node
from converter.passes.sizes import open_sizes
from tests.converter.building import f32, graph, i32, node

POOL = {"padding": "VALID", "data_format": "NHWC"}
HALF = node("half", "MaxPool", "x", ksize=(1, 2, 2, 1), strides=(1, 2, 2, 1), **POOL)
QUARTER = node("quarter", "MaxPool", "half", ksize=(1, 2, 2, 1), strides=(1, 2, 2, 1), **POOL)
LARGER = node(
    "larger", "ResizeBilinear", "quarter", "size", align_corners=False, half_pixel_centers=True
)
SUM = node("sum", "AddV2", "half", "larger")
CELLS = node("cells", "Reshape", "sum", "list", T="float")


def detector(*nodes: Node, cells: int = 16) -> Graph:
    """A detector for 8x8 pictures that adds a half-size and an enlarged quarter-size map."""
    made = graph(
        *(nodes or (HALF, QUARTER, LARGER, SUM, CELLS)),
        outputs=["cells" if not nodes else nodes[-1].name],
        inputs={"x": (1, 8, 8, 1)},
        weights={"size": i32([4, 4]), "list": i32([1, cells, 1]), "w": f32([1])},
    )
    (output,) = made.outputs
    return replace(made, outputs=(replace(output, tensor=Tensor("cells", (1, 16, 1), "float32")),))


def run(made: Graph, picture: NDArray[np.float32]) -> NDArray[np.float32]:
    network = tfjs.Network(
        bundle.network(made, "sizes", "none"),
        [Tensor("x", picture.shape, "float32")],
        ["cells"],
        [(picture,)],
    )
    (answer,) = tfjs.run_all([network], "wasm")
    assert isinstance(answer, tfjs.Answers), answer
    values: NDArray[np.float32] = answer.outputs[0][0]
    return values


def test_it_answers_as_before_for_its_own_size() -> None:
    picture = np.arange(64, dtype=np.float32).reshape(1, 8, 8, 1)
    opened = open_sizes(detector())
    assert opened.open_axes == (1, 2)
    np.testing.assert_array_equal(run(opened, picture), run(detector(), picture))


def test_it_takes_another_size() -> None:
    made = run(open_sizes(detector()), np.full((1, 4, 8, 1), 3, np.float32))
    np.testing.assert_array_equal(made, np.full((1, 8, 1), 6))


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (detector(HALF, QUARTER, LARGER), "nothing says which size is wanted"),
        (detector(HALF, node("m", "Mean", "half", "w", keep_dims=True)), "one size of pictures"),
        (detector(cells=2), "are not the cells of"),
        (detector(cells=3), "expected an image to become"),
    ],
)
def test_what_depends_on_the_size_is_refused(made: Graph, why: str) -> None:
    with pytest.raises(GraphError, match=why):
        open_sizes(made)
