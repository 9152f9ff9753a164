import json
from typing import Any

import numpy as np
import pytest

import kinds
from card import Card, CardError, Kind
from inputs import latent
from kinds import Body, Context, GivenError
from tests.unit.cards import model

PARTS = {"shape": 2, "kinds": 3}
LABELS = ("shirt", "coat", "bag")


def card(
    shape: tuple[int, ...] = (1, 5),
    labels: tuple[str, ...] = LABELS,
    dtype: str = "float32",
    **options: object,
) -> Card:
    return model({"code": shape}, {"y": (1, 4)}, labels, (Kind("latent", options), None), dtype)


def test_numbers_become_one_row() -> None:
    made = latent.prepare(np.arange(5.0), card())
    assert list(made) == ["code"]
    assert made["code"].dtype == np.float32
    assert made["code"].tolist() == [[0, 1, 2, 3, 4]]


def test_parts_are_put_together_in_the_order_of_the_card() -> None:
    given = {"kinds": np.array([0, 1, 0]), "shape": np.array([0.5, -2])}
    made = latent.prepare(given, card(parts=PARTS))
    assert made["code"].dtype == np.float32
    assert made["code"].tolist() == [[0.5, -2, 0, 1, 0]]


def test_without_names_the_row_is_one_part() -> None:
    assert latent.parts(card()) == {"code": 5}
    assert latent.parts(card(parts=PARTS)) == PARTS
    assert latent.prepare({"code": np.ones(5)}, card())["code"].tolist() == [[1] * 5]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (np.zeros(4), r"expected 5 numbers, got an array of shape \(4,\)"),
        (np.zeros((1, 5)), r"expected 5 numbers, got an array of shape \(1, 5\)"),
        (np.array([0, 0, np.nan, 0, 0]), "expected finite numbers, got NaN or infinity"),
        ({"shape": np.zeros(2)}, "expected the parts {'shape': 2, 'kinds': 3}, got {'shape': 2}"),
        ({"shape": np.zeros(3), "kinds": np.zeros(2)}, "expected the parts .*got {'shape': 3"),
        ({"shape": np.zeros(2), "kinds": np.array([1, np.inf, 0])}, "expected finite numbers"),
    ],
)
def test_other_numbers_are_refused(given: Any, message: str) -> None:
    with pytest.raises(GivenError, match=message):
        latent.prepare(given, card(parts=PARTS))


def test_a_code_says_nothing_to_the_output() -> None:
    assert latent.context(np.zeros(5)) == Context(None)


def test_a_request_gives_numbers() -> None:
    values = latent.parse(Body(fields={"data": [0, -1.5, 2, 3, 1e6]}), card())
    assert values.dtype == np.float32
    assert values.tolist() == [0, -1.5, 2, 3, 1e6]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{}", r'JSON must be {"data": \[numbers\]}'),
        ('{"image": "AAAA"}', "JSON must be"),
        ('{"data": [], "more": 1}', "JSON must be"),
        ('{"data": 5}', "data: expected a list of 5 numbers, got a number"),
        ('{"data": [1, 2]}', "data: expected 5 numbers, got 2"),
        ('{"data": [1, 2, 3, 4, NaN]}', r"data\[4\]: expected a finite number, got NaN"),
        ('{"data": [1, 2, 3, 4, 1e39]}', r"data\[4\]: expected a finite number, got 1e\+39"),
        (
            '{"data": [1, 2, 3, 4, 1%s]}' % ("0" * 400),
            r"data\[4\]: expected a finite number, got 1",
        ),
        ('{"data": [1, 2, 3, 4, true]}', r"data\[4\]: expected a finite number, got true"),
    ],
    ids=lambda part: part[:40],
)
def test_a_request_that_is_made_wrong_is_refused(body: str, message: str) -> None:
    with pytest.raises(GivenError, match=message):
        latent.parse(Body(fields=json.loads(body)), card())


def test_a_file_is_no_code() -> None:
    with pytest.raises(GivenError, match="JSON must be"):
        latent.parse(Body(b"\x89PNG"), card())


def test_a_generator_fits() -> None:
    kinds.check(card())
    kinds.check(card(parts=PARTS, choice="kinds"))


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        (card((1, 5, 1)), r"input code: expected \(1, N\) float32, got \(1, 5, 1\) float32"),
        (card(dtype="int32"), r"expected \(1, N\) float32, got \(1, 5\) int32"),
        (card(parts={"shape": 2}), "option parts: expected 5 numbers together, got {'shape': 2}"),
        (card(parts={"shape": 0}), "option parts: expected whole numbers by name, got"),
        (card(parts={"shape": True}), "option parts: expected whole numbers by name, got"),
        (card(parts=PARTS, choice="colour"), "option choice: expected a part of 3 numbers"),
        (card(parts=PARTS, choice="shape"), "option choice: expected a part of 3 numbers"),
        (card(choice=3), "option choice: expected text, got 3"),
    ],
)
def test_a_model_that_takes_no_code_is_refused(refused: Card, message: str) -> None:
    with pytest.raises(CardError, match=message):
        kinds.check(refused)
