import dataclasses

import numpy as np
import pytest

from card import Card, Kind
from exhibits.design import garments
from exhibits.design.garments import Code
from tests.unit.cards import model

KINDS = ("T-shirt", "Trousers", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
         "Ankle boot")  # fmt: skip


def generator(parts: dict[str, int]) -> Card:
    kinds = Kind("latent", {"parts": parts, "choice": "kinds"}), Kind("picture", {})
    return model({"code": (1, sum(parts.values()))}, {"drawing": (1, 28, 28, 1)}, KINDS, kinds)


PARTS = {"shape": 32, "detail": 32, "kinds": 10}
CARD = generator(PARTS)


def one_hot(kind: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    kinds = np.zeros(10, np.float32)
    kinds[kind] = 1
    return kinds


CODE = Code(np.full(32, 0.5, np.float32), np.full(32, -2, np.float32), one_hot(3))


def test_a_code_becomes_shape_then_detail_then_kinds() -> None:
    assert list(garments.prepare(CODE, CARD)) == ["code"]
    row = garments.prepare(CODE, CARD)["code"]
    assert row.dtype == np.float32
    assert row.tolist() == [[0.5] * 32 + [-2.0] * 32 + [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]]


def test_a_generator_of_other_codes_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"card eyes: expected a generator of 32 .*got {'shape': 16, 'detail': 32"
    ):
        garments.prepare(CODE, generator({**PARTS, "shape": 16}))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"shape": np.zeros(31, np.float32)}, r"shape: expected shape \(32,\), got \(31,\)"),
        ({"detail": np.full(32, np.nan, np.float32)}, "detail: expected finite numbers"),
        ({"kinds": np.zeros(10, np.float32)}, "kinds: expected weights with sum 1"),
        ({"kinds": one_hot(2) * 2 - one_hot(1)}, "kinds: expected weights with sum 1"),
    ],
)
def test_what_is_no_code_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(CODE, **change)  # type: ignore[arg-type]


def test_a_mixture_of_kinds_is_a_code() -> None:
    mixed = dataclasses.replace(CODE, kinds=np.full(10, 0.1, np.float32))
    assert garments.prepare(mixed, CARD)["code"][0, 64:].tolist() == [np.float32(0.1)] * 10


def test_a_drawing_is_read_within_0_and_1() -> None:
    output = np.full((1, 28, 28, 1), 0.25, np.float32)
    output[0, 3, 4, 0], output[0, 5, 6, 0] = -0.01, 1.01
    drawing = garments.read({"drawing": output}, CARD)
    assert drawing.shape == (28, 28)
    assert drawing.dtype == np.float32
    assert (drawing[0, 0], drawing[3, 4], drawing[5, 6]) == (0.25, 0, 1)


@pytest.mark.parametrize("shape", [(1, 28, 28), (1, 32, 32, 1), (2, 28, 28, 1)])
def test_an_output_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected shape \((1, h, w, 1 or 3|28, 28, 1)\), got"):
        garments.read({"drawing": np.zeros(shape, np.float32)}, CARD)


def test_what_is_not_finite_is_refused() -> None:
    output = np.zeros((1, 28, 28, 1), np.float32)
    output[0, 1, 1, 0] = np.inf
    with pytest.raises(ValueError, match="drawing: expected finite numbers"):
        garments.read({"drawing": output}, CARD)
