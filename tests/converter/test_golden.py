from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from card import Stored, Tensor
from converter import golden
from converter.errors import BundleError
from converter.golden import Sample
from converter.readers import Source
from tests.converter.building import graph, node


def doubling() -> Source:
    def run(arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return [arrays[0] * 2]

    return Source(graph(node("y", "Mul", "x", "x"), outputs=["y"]), "numpy", run)


def test_arrays_lie_at_multiples_of_four_bytes() -> None:
    sample = Sample(np.array([[1, 3]], np.uint8), 0.5)
    vectors = golden.record(doubling(), [(sample,), (sample,)])
    once = bytes([1, 3, 0, 0]) + np.array([1, 3], "<f4").tobytes()
    assert vectors.data == once * 2
    assert vectors.golden.cases[1].inputs == (Stored(12, (1, 2), "uint8", 0.5),)
    assert vectors.golden.cases[1].outputs == (Stored(16, (1, 2), "float32", 1.0),)
    assert vectors.golden.path.startswith("golden-")


def test_the_model_is_given_the_values_that_a_browser_will_read() -> None:
    vectors = golden.record(doubling(), [(Sample(np.array([[51, 255]], np.uint8), 1 / 255),)])
    stored = vectors.golden.cases[0].inputs[0]
    np.testing.assert_array_equal(vectors.inputs[0][0], stored.values(vectors.data, "float32"))
    assert vectors.inputs[0][0].dtype == np.float32


def test_an_example_must_fit_the_inputs() -> None:
    for shape in ((3,), (1, 3), (1, 0)):
        with pytest.raises(BundleError, match=r"expected inputs of shapes \[\(1, 2\)\], or with"):
            golden.record(doubling(), [(Sample(np.zeros(shape, np.uint8)),)])


def test_a_coarse_example_fills_the_input() -> None:
    vectors = golden.record(doubling(), [(Sample(np.array([[3]], np.uint8)),)])
    assert vectors.golden.cases[0].inputs == (Stored(0, (1, 1), "uint8", 1.0),)
    assert vectors.inputs[0][0].tolist() == [[3, 3]]
    assert vectors.outputs[0][0].tolist() == [[6, 6]]


def test_an_even_choice_of_a_large_output_is_kept() -> None:
    everything = np.arange(golden.LARGEST * 3, dtype=np.float32).reshape(1, -1, 4)
    large = Source(graph(node("y", "Mul", "x", "x"), outputs=["y"]), "x", lambda _: [everything])
    vectors = golden.record(large, [(Sample(np.zeros((1, 2), np.uint8)),)])
    (stored,) = vectors.golden.cases[0].outputs
    assert stored.shape == (1, golden.LARGEST * 3 // 4 // 4, 4)
    values = stored.values(vectors.data, "float32")
    np.testing.assert_array_equal(values, everything[:, ::4])
    np.testing.assert_array_equal(vectors.outputs[0][0], everything)


def test_invented_examples_are_always_the_same_and_in_range() -> None:
    tensors = Tensor("x", (1, 50), "float32"), Tensor("n", (2,), "int32")
    examples = golden.invent(tensors)
    assert len(examples) == golden.INVENTED
    assert [sample.scale for sample in examples[0]] == [1 / 255, 1.0]
    assert [sample.stored.shape for sample in examples[0]] == [(1, 50), (2,)]
    again = golden.invent(tensors)
    np.testing.assert_array_equal(examples[2][0].stored, again[2][0].stored)
    assert examples[0][0].stored.tolist() != examples[1][0].stored.tolist()
