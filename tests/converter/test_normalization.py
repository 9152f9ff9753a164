from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from card import Tensor
from converter import bundle, tfjs
from converter.errors import GraphError
from converter.graph import Node
from converter.normalization import normalizing
from converter.readers import Source
from tests.converter.building import f32, graph, node

MEAN, STD = (100.0, 110.0), (50.0, 60.0)
FILTERS = np.random.default_rng(0).normal(size=(2, 2, 2, 3)).astype(np.float32)


def convolution(padding: str, *more: Node) -> Source:
    """A 2x2 convolution; without padding, numpy computes it as the source."""

    def run(arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        patches = np.lib.stride_tricks.sliding_window_view(arrays[0], (2, 2), axis=(1, 2))
        return [np.einsum("nyxcij,ijco->nyxo", patches, FILTERS)]

    taken = more[-1].name if more else "x"
    made = graph(
        *more,
        node("y", "Conv2D", taken, "w", strides=(1, 1, 1, 1), padding=padding),
        outputs=["y"],
        inputs={"x": (1, 4, 4, 2)},
        weights={"w": FILTERS},
    )
    return Source(made, "numpy", run)


@pytest.mark.parametrize("backend", tfjs.BACKENDS)
def test_pixels_give_what_normalized_pixels_gave(backend: str) -> None:
    original = convolution("VALID")
    made = normalizing(original, MEAN, STD)
    assert [each.op for each in made.graph.nodes] == ["_FusedConv2D"]
    pixels = np.random.default_rng(1).integers(0, 256, (1, 4, 4, 2)).astype(np.float32)
    (expected,) = original.run([(pixels - f32(MEAN)) / f32(STD)])
    np.testing.assert_allclose(made.run([pixels])[0], expected, atol=1e-6)
    tensors = made.graph.inputs, [Tensor("y", (1, 3, 3, 3), "float32")]
    files = bundle.network(made.graph, "net", "none")
    got = tfjs.run(files, backend, tensors, [[pixels]]).outputs[0][0]
    np.testing.assert_allclose(got, expected, atol=1e-5)


def test_one_number_serves_all_channels() -> None:
    made = normalizing(convolution("VALID"), [127.5], [127.5])
    (only,) = made.graph.nodes
    filters = made.graph.weights[only.inputs[1]]
    np.testing.assert_allclose(filters, FILTERS / 127.5, rtol=1e-6)


def test_a_deviation_alone_goes_into_a_layer_that_pads() -> None:
    made = normalizing(convolution("SAME"), [0], STD)
    assert [each.op for each in made.graph.nodes] == ["Conv2D"]


def test_a_mean_before_a_layer_that_pads_is_refused() -> None:
    with pytest.raises(GraphError, match="Conv2D y: cannot take in the mean, because it pads"):
        normalizing(convolution("SAME"), MEAN, STD)


def test_a_first_layer_that_takes_none_is_refused() -> None:
    with pytest.raises(GraphError, match="Exp e: cannot take in the mean"):
        normalizing(convolution("VALID", node("e", "Exp", "x")), MEAN, STD)


@pytest.mark.parametrize(
    ("mean", "std", "message"),
    [
        ((1, 2, 3), STD, "mean: expected one number or 2, one for each channel of x, got 3"),
        (MEAN, (1, 2, 3), "std: expected one number or 2"),
        (MEAN, (1, 0), "std: is zero in a channel"),
    ],
)
def test_numbers_that_do_not_fit_are_refused(
    mean: tuple[float, ...], std: tuple[float, ...], message: str
) -> None:
    with pytest.raises(GraphError, match=message):
        normalizing(convolution("VALID"), mean, std)


def test_two_inputs_are_refused() -> None:
    two = graph(node("y", "AddV2", "a", "b"), outputs=["y"], inputs={"a": (1, 2), "b": (1, 2)})
    with pytest.raises(GraphError, match="expected a model with one input"):
        normalizing(Source(two, "numpy", list), [0], [1])
